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
    shutil.copy(ROOT / "docs/examples/hadoop.csv", "tracker.csv")
    printed = ""
    blocks = re.findall(r"```(console|text)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    for kind, block in blocks:
        if kind == "console":
            result = CliRunner().invoke(app, shlex.split(block)[1:])
            assert result.exit_code == 0, result.output
            printed = alike(result.output)
            scenario = Path("my-project.toml")
            text = scenario.read_text(encoding="utf-8")
            scenario.write_text(text.replace("#effort_median = 1.5", "effort_median = 0.8"), encoding="utf-8")
        else:
            for shown in block.split("...\n"):
                assert alike(shown) in printed, shown
    assert "effort_median = 0.8" in Path("my-project.toml").read_text(encoding="utf-8")
    assert Path("decision.html").stat().st_size > 100_000
    assert [kind for kind, _ in blocks].count("console") == 3
