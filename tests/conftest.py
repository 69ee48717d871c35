"""What tests share that type commands: a project that takes milliseconds, and the command as somebody would type it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from hypothesis import settings

from sim.cli import app
from sim.cli.failures import guarded
from tests.tiers import QUICK, UNTRACED

settings.register_profile("intakelab", deadline=None)  # a busy machine is no counterexample
settings.load_profile("intakelab")

REPOSITORY = Path(__file__).resolve().parents[1]
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(QUICK) and not item.get_closest_marker("long"):
            item.add_marker("quick")
        if item.nodeid.startswith(UNTRACED):
            item.add_marker("no_cover")


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


def obey_ctrl_c() -> None:
    """Which a job in the background does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command as a process of its own, in a folder that holds small.toml; none of them outlives its test."""
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **variables: str) -> subprocess.Popen[str]:
        quiet = {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": ""}
        started.append(subprocess.Popen(
            [sys.executable, "-m", "sim.cli", *words], cwd=tmp_path, text=True, encoding="utf-8", stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=os.environ | quiet | variables,
            preexec_fn=None if os.name == "nt" else obey_ctrl_c))
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            for child in psutil.Process(one.pid).children(recursive=True):
                child.kill()
            one.kill()
