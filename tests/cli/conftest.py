"""What the tests of the command line share: a project that takes milliseconds, and the command as somebody would type it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli import app
from sim.console.errors import guarded

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = """
name = "small"
[project]
planned_items = 10
deadline = 30.0
horizon = 120.0
"""


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Type = Callable[..., Said]


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Type:
    """Type a command in an empty folder that holds small.toml, on 80 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")

    def run(*words: str) -> Said:
        code = guarded(lambda: app([*words], standalone_mode=False, prog_name="intakelab"))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start the command as a process of its own, in a folder that holds small.toml."""
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")

    def start(*words: str, **variables: str) -> subprocess.Popen[str]:
        quiet = {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": ""}
        return subprocess.Popen(
            [sys.executable, "-m", "sim.cli", *words], cwd=tmp_path, text=True, encoding="utf-8", stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=os.environ | quiet | variables)

    return start
