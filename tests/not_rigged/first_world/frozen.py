"""What became of each request, and what everybody did all day, in two scenarios of the first world: pinned before it was replaced.

    python -m tests.not_rigged.first_world.frozen --write

writes it anew. That is never needed: what has come since is off in these scenarios, and off it changes no bit of the work.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario

HERE = Path(__file__).parent
FILE = HERE / "first_world.json"
SCENARIOS = ("project", "stream")
POLICIES = ("always-accept", "capacity-limit:k=8", "change-budget", "frozen-scope")
"""None of them asks anybody what a request is worth."""
REPLICATIONS = (0, 1)
SEED = 1992


def requests_of(run: Run) -> list[list[Any]]:
    """Each request's number, fate and days, exact."""
    return [
        [ask.request.number, ask.fate, *map(repr, (ask.request.day, ask.answered, ask.left, item.admitted if item else -1.0,
         item.promised if item else -1.0, item.delivered if item else -1.0))]
        for ask in run.ledger.asks for item in [ask.item]]


def spells_of(run: Run) -> str:
    """SHA-256 of every stretch of everybody's time."""
    spells = [[value if isinstance(value, str) else float(value) for value in spell] for spell in run.ledger.spells]
    return hashlib.sha256(repr(spells).encode()).hexdigest()


def content() -> dict[str, Any]:
    """What the file should say."""
    return {
        f"{name}, {policy}, {replication}": {"requests": requests_of(run), "spells": spells_of(run), "end": repr(run.ledger.end)}
        for name in SCENARIOS for policy in POLICIES for replication in REPLICATIONS
        for run in [simulate(Scenario.load(HERE / f"{name}.toml"), policy, seed=SEED, replication=replication, logged=False)]}


if __name__ == "__main__" and "--write" in sys.argv[1:]:
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in content().items())
    FILE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
