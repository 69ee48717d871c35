"""The version stands in sim/version.py; what cannot read it says the same."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import sim

ROOT = Path(__file__).parents[2]


def test_what_is_installed_cited_and_noted_is_this_version() -> None:
    noted = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert noted
    assert cited
    assert {version("intakelab"), noted[1], cited[1]} == {sim.__version__}
