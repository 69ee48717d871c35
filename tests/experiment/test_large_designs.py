"""A design that is too large says so at once; the largest that is allowed can be stopped at any moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.design import DESIGNS
from sim.design.point import MOST_POINTS

Type = Callable[..., Any]
HEAD = 'name = "big"\nquestion = "?"\nscenarios = ["classroom"]\nreference = "always-accept"\n[design]\nkind = '
RANGE = '[[factors]]\nkey = "{}"\nlow = 0.1\nhigh = 0.2\n'
FOUR = "".join(RANGE.format(f"customer.{key}") for key in ("request_rate", "appetite", "urgency", "drift"))
SIXTY = "".join(RANGE.format(f"customer.none{at}") for at in range(60))
LEVELS = '[[factors]]\nkey = "customer.request_rate"\nlevels = [{}]\n'


def levels(count: int) -> str:
    return LEVELS.format(", ".join(f"{0.1 + at * 1e-6:.6f}" for at in range(count)))


@pytest.mark.parametrize(("design", "said"), [
    ('"latin"\nsamples = 100000\n' + FOUR, "samples = 100000 — a whole number of points is needed, 2 to 50000"),
    ('"morris"\nsamples = 100000\n' + FOUR, "samples = 100000 — a whole number of points is needed, 2 to 16666"),
    ('"saltelli"\nsamples = 65536\n' + FOUR, "samples = 65536 — a whole number of points is needed, 2 to 12500"),
    ('"morris"\nsamples = 16000\n' + FOUR, "80,000 design points are too many: at most 50,000 are possible"),
    ('"saltelli"\nsamples = 8192\n' + SIXTY, "507,904 design points are too many"),
    ('"factorial"\nsteps = 100\n' + FOUR, "100,000,000 design points are too many"),
    ('"sweep"\n' + levels(50_000), "50,001 design points are too many"),
    ('"factorial"\n' + levels(60_000), "60,000 design points are too many"),
    ('"fractional"\ngenerators = ["C=AB"]\n' + RANGE.format("a.b") + "".join(RANGE.format(f"a.c{at}") for at in range(24)),
     "16,777,216 design points are too many"),
], ids=lambda text: text[:25])
def test_a_design_that_is_too_large_says_so_at_once(typed: Type, tmp_path: Path, design: str, said: str) -> None:
    (tmp_path / "big.toml").write_text(HEAD + design, encoding="utf-8")
    start = time.process_time()
    answer = typed("check", "big.toml")
    assert time.process_time() - start < 20.0
    assert answer.code == 2
    assert said in answer.err


def test_the_limit_is_said_in_the_schema() -> None:
    most = {kind: design.model_json_schema()["properties"]["samples"]["maximum"] for kind, design in DESIGNS.items()
            if "samples" in design.model_fields}
    assert most == {"latin": MOST_POINTS, "saltelli": MOST_POINTS // 4, "morris": MOST_POINTS // 3}


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process")
@pytest.mark.parametrize(("design", "after"), [
    ('"latin"\nsamples = 2000\n' + SIXTY, 3.0), ('"latin"\nsamples = 50000\n' + FOUR, 3.0),
    ('"morris"\nsamples = 10000\n' + FOUR, 3.0), ('"saltelli"\nsamples = 8192\n' + FOUR, 4.0), ('"factorial"\n' + levels(49_999), 2.0),
], ids=lambda text: str(text)[:25])
def test_ctrl_c_stops_the_largest_designs_within_a_second(
    process: Callable[..., subprocess.Popen[str]], tmp_path: Path, design: str, after: float
) -> None:
    (tmp_path / "big.toml").write_text(HEAD + design, encoding="utf-8")
    running = process("run", "big.toml", "--workers", "1", "--replications", "2", "--quiet")
    time.sleep(after)
    assert running.poll() is None, "it ended before it could be stopped"
    pressed = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert time.monotonic() - pressed < 2.0  # a second, and one more for a busy machine
    assert running.returncode == 130
    assert "Traceback" not in said
