"""Designs that are too large are refused from the file, and planning a large one ends with Ctrl-C at once."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.cli.schemas import schema_of

Type = Callable[..., Any]
HEAD = """
name = "large"
question = "How many points are too many?"
scenarios = ["small.toml"]
[design]
kind = "{kind}"
{settings}
{factors}
"""
RANGES = "".join(
    f'[[factors]]\nkey = "customer.{name}"\nlow = 0.1\nhigh = 0.9\n' for name in ("request_rate", "appetite", "trust_start"))
LEVELS = f'[[factors]]\nkey = "customer.request_rate"\nlevels = {[number / 1e4 for number in range(1, 100_001)]}\n'
MANY = "".join(f'[[factors]]\nkey = "groups.g{number}.request_rate"\nlow = 0.1\nhigh = 0.9\n' for number in range(24))


def file(folder: Path, kind: str, settings: str = "", factors: str = RANGES) -> None:
    (folder / "large.toml").write_text(HEAD.format(kind=kind, settings=settings, factors=factors), encoding="utf-8")


@pytest.mark.parametrize(("kind", "settings", "factors", "said"), [
    ("morris", "samples = 100_000", RANGES, "400,000 design points"), ("saltelli", "samples = 65_536", RANGES, "327,680 design"),
    ("factorial", "steps = 100", RANGES, "1,000,000 design points"), ("fractional", 'generators = ["D=ABC"]', MANY, "8,388,608"),
    ("sweep", "", LEVELS, "0 to 1000 entries"),
])  # fmt: skip
def test_a_design_of_too_many_points_is_refused_before_any_is_made(
    typed: Type, tmp_path: Path, kind: str, settings: str, factors: str, said: str
) -> None:
    file(tmp_path, kind, settings, factors)
    start = time.process_time()
    found = typed("check", "large.toml")
    assert found.code == 2
    assert said in found.err, found.err
    assert time.process_time() - start < 10


def test_points_are_counted_over_all_scenarios(typed: Type, tmp_path: Path) -> None:
    file(tmp_path, "latin", "samples = 60_000")
    text = (tmp_path / "large.toml").read_text(encoding="utf-8").replace('["small.toml"]', '["small.toml", "classroom"]')
    (tmp_path / "large.toml").write_text(text, encoding="utf-8")
    assert "60,000 design points in each of 2 scenarios, at most 100,000 in all" in typed("check", "large.toml").err


@pytest.mark.parametrize(("kind", "samples"), [("latin", 100_000), ("morris", 25_000), ("saltelli", 16_384)])
def test_planning_the_largest_design_ends_within_a_second_of_ctrl_c(
    process: Callable[..., subprocess.Popen[str]], tmp_path: Path, kind: str, samples: int
) -> None:
    file(tmp_path, kind, f"samples = {samples}")
    running = process("run", "large.toml")
    time.sleep(4.0)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130, said
    assert time.monotonic() - start < 2.5  # a second, where nothing else takes the machine
    assert "Traceback" not in said


def test_the_schema_says_how_many_points_there_may_be() -> None:
    assert "in all at most 100,000 points" in json.dumps(schema_of("experiment"))


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.csv", "link.csv", "secret.txt"])
def test_no_file_but_a_csv_beside_the_experiment_is_read_as_a_table(typed: Type, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text("hidden-word\n1\n", encoding="utf-8")
    (folder / "secret.txt").write_text("hidden-word\n1\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    text = HEAD.format(kind="table", settings=f'table = "{name}"', factors="").replace("small.toml", "classroom")
    (folder / "large.toml").write_text(text, encoding="utf-8")
    found = typed("check", "inside/large.toml")
    assert found.code == 2
    assert "a CSV file beside the experiment is needed" in found.err
    assert "hidden-word" not in found.err
    assert "root:" not in found.err
