"""Whatever is wrong with a file: one message, no traceback, and an end."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource")

from benchmarks import damage, damaged_inputs

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is measured as Linux does")


def examine(*words: str, keep: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, ROOT / "benchmarks/damaged_inputs.py", *words, "--keep", keep], capture_output=True, text=True,
                          timeout=1800, check=False)


@LINUX
def test_two_hundred_damaged_inputs_are_answered(tmp_path):
    done = examine("200", "--seed", "11", "--workers", "1", keep=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 damaged inputs, 0 not as demanded" in done.stdout


@LINUX
@pytest.mark.long
def test_ten_thousand_damaged_inputs_are_answered(tmp_path):
    done = subprocess.run([sys.executable, ROOT / "benchmarks/damaged_inputs.py", "--keep", tmp_path], capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("said", "fault"), [
    ((0, "fine", ""), ""), ((2, "", "intakelab: no such file"), ""),
    ((2, "", "intakelab: unexpected KeyError: 'x'\n(a defect of IntakeLab; ...)"), "a defect"),
    ((1, "", "Traceback (most recent call last)"), "a traceback"), ((-9, "", "x"), "exit code -9"), ((2, "", ""), "without a word"),
    ((0, "\x1b[2J", ""), "an escape byte"), ((0, "", "x.py:3: FutureWarning: y"), "a library warns: FutureWarning: y"),
])
def test_what_is_not_as_demanded_is_seen(said, fault):
    found = damaged_inputs.fault_of(*said, seconds=1.0, megabytes=100.0)
    assert fault in found
    assert bool(found) == bool(fault)


def test_what_takes_too_long_or_too_much_is_seen():
    assert "takes 21 s" in damaged_inputs.fault_of(0, "", "", 21.0, 1.0)
    assert "takes 1001 MB" in damaged_inputs.fault_of(0, "", "", 1.0, 1001.0)


@pytest.mark.parametrize("way", {*damage.TEXT, damage.json_changed, damage.at_its_limits}, ids=lambda way: way.__name__)
def test_the_same_seed_damages_in_the_same_way(way):
    good = b'{"name": "a", "seed": 7,\n "texts": ["x", 1.5]}\n'
    assert [way(random.Random(seed), good) for seed in range(20)] == [way(random.Random(seed), good) for seed in range(20)]
    assert len({way(random.Random(seed), good) for seed in range(20)}) > 1


def test_what_is_nested_too_deep_to_be_read_can_still_be_damaged():
    assert damage.json_changed(random.Random(1), b"[" * 100_000)
