"""docs/claims.md says of each hypothesis what the ledger says of it, and leaves none out."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULINGS = "supported|contradicted|equivalent|inconclusive"


def in_the_ledger() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    experiment = ""
    for line in (ROOT / "experiments/README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            experiment = line[3:].strip()
        if row := re.match(rf"\| `([\w-]+)` .*? \| \**({RULINGS})\** \|", line):
            found[experiment, row[1]] = row[2]
    return found


def in_the_claims() -> dict[tuple[str, str], str]:
    text = " ".join((ROOT / "docs/claims.md").read_text(encoding="utf-8").split())
    found: dict[tuple[str, str], str] = {}
    experiment = ""
    for match in re.finditer(rf"([\w-]+): (?=[^`:]{{0,80}}`)|`([\w-]+)`,? ({RULINGS})", text):
        if match[1]:
            experiment = match[1] if (ROOT / f"experiments/{match[1]}.toml").exists() else experiment
        else:
            found[experiment, match[2]] = match[3]
    return found


def test_every_verdict_is_told_as_it_is() -> None:
    ledger, told = in_the_ledger(), in_the_claims()
    assert len(ledger) > 90
    assert {key: told.get(key) for key in ledger} == ledger
    assert set(told) <= set(ledger)
