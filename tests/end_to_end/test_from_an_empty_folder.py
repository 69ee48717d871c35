"""The command as a process of its own, in a folder that holds nothing but a scenario."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Start = Callable[..., subprocess.Popen[str]]


def test_a_comparison_prints_its_numbers_and_leaves_nothing_behind(process: Start, tmp_path: Path) -> None:
    started = process("compare", "small.toml", "--replications", "4", "--workers", "2", "--json")
    out, _ = started.communicate(timeout=120)
    assert started.returncode == 0
    assert json.loads(out)
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]


def test_an_experiment_is_run_and_repeated_to_the_last_bit(process: Start, tmp_path: Path) -> None:
    run = process("run", "success-measures", "--replications", "4", "--workers", "1", "--quiet")
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0, err
    assert "success-measures" in out
    (folder,) = (tmp_path / "results").iterdir()
    verify = process("verify", str(folder))
    out, err = verify.communicate(timeout=120)
    assert verify.returncode == 0, err
    assert "the same to the last bit" in out
