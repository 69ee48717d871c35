"""The tutorial's commands, one after the other in an empty folder, print what the tutorial shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/tutorial.md"


def alike(text: str) -> str:
    """Words and layout; a last digit may differ between machines."""
    return re.sub(r"\s+", " ", re.sub(r"\d", "0", text)).strip()


def test_the_tutorial_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    shutil.copy(ROOT / "docs/examples/board.csv", "board.csv")
    printed = ""
    blocks = re.findall(r"```(console|text)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    for kind, block in blocks:
        if kind == "console":
            result = CliRunner().invoke(app, shlex.split(block)[1:])
            assert result.exit_code == 0, result.output
            printed = alike(result.output)
        else:
            for shown in block.split("...\n"):
                assert alike(shown) in printed, shown
    page = Path("decision.html").read_text(encoding="utf-8")
    for head in ("DO", "BRINGS", "SURE", "FIRST", "NOT"):
        assert f"<dt>{head}</dt>" in page
    assert "On Monday" in page
    assert [kind for kind, _ in blocks].count("console") == 4
