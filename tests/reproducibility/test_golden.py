"""The bits of the tape and of all policies' outcomes are pinned; see `tests.reproducibility.golden` for rewriting them.

They come out wherever the C library calculates as it did where they were pinned; elsewhere the same fates do, and numbers that
agree to 1e-12.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from sim.runs.arithmetic import arithmetic, close
from sim.runs.simulate import draw
from tests.conftest import REPOSITORY
from tests.reproducibility import golden

PINNED: dict[str, Any] = json.loads(golden.FILE.read_text(encoding="utf-8"))
PINNED_WHERE = "5ade66644c22"
"""`arithmetic()` of the machine on which they were pinned: the GNU C library with fused multiply-add."""
COUNTS = ("requests", "delivered", "failed", "in_work", "declined", "withdrawn", "waiting", "innovations", "ideas_delivered")


def same(now: str, pinned: str) -> bool:
    if arithmetic() == PINNED_WHERE:
        return now == pinned
    return close(float(now), float(pinned))


def test_the_tape_has_the_pinned_bits() -> None:
    now, pinned = golden.tape(), PINNED["tape"]
    assert list(now) == list(pinned)
    moved = {purpose for purpose in now for a, b in zip(now[purpose], pinned[purpose], strict=True)
             if not same(repr(float.fromhex(a)), repr(float.fromhex(b)))}
    assert not moved


@pytest.mark.parametrize("name", list(golden.scenarios()))
def test_every_policy_has_the_pinned_outcome(name: str) -> None:
    now, pinned = golden.outcomes(golden.scenarios()[name]), PINNED["outcomes"][name]
    assert list(now) == list(pinned)
    moved = {f"{policy}: {metric}" for policy in now for metric in now[policy] if not same(now[policy][metric], pinned[policy][metric])}
    assert not moved
    assert all(now[policy][count] == pinned[policy][count] for policy in now for count in COUNTS)


def test_the_pinned_outcomes_tell_the_policies_apart() -> None:
    for outcomes in PINNED["outcomes"].values():
        named = {name: json.dumps(outcome) for name, outcome in outcomes.items()}
        assert len(set(named.values())) == len(named) - (named["as-today"] == named["accept-all"])  # where nothing is said of today
    assert PINNED["outcomes"]["default"]["as-today"] == PINNED["outcomes"]["default"]["accept-all"]


WITHOUT_FUSED = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2"}


def python(code: str) -> str:
    """What it prints where the C library does without fused multiply-add."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120, cwd=REPOSITORY,
                          env=os.environ | WITHOUT_FUSED | {"PYTHONPATH": str(REPOSITORY)}).stdout.strip()


def truths() -> str:
    """All that is decided in that scenario before any policy acts, exact."""
    return repr(draw(golden.scenarios()["everything on"], golden.SEED, golden.REPLICATION).truth)


def test_with_another_arithmetic_the_fates_are_the_same_and_the_numbers_within_a_hair() -> None:
    """Of all policies, in the scenario in which every mechanism has something to do."""
    if arithmetic() == python("from sim.runs.arithmetic import arithmetic; print(arithmetic())"):
        pytest.skip("this machine has one arithmetic only")
    there: dict[str, dict[str, str]] = json.loads(python(
        "import json; from tests.reproducibility import golden\n"
        "print(json.dumps(golden.outcomes(golden.scenarios()['everything on'])))"))
    here = golden.outcomes(golden.scenarios()["everything on"])
    drawn = python("from tests.reproducibility.test_golden import truths; print(truths())")
    assert drawn != truths(), "what a run is made of differs in its last bits, even where its measures round that away"
    assert all(close(float(here[policy][name]), float(value)) for policy in here for name, value in there[policy].items())
    assert all(here[policy][count] == there[policy][count] for policy in here for count in COUNTS)


@pytest.mark.parametrize(("one", "other", "said"), [
    (1.0, 1.0 + 9e-13, True), (1.0, 1.0 + 2e-12, False), (1e6, 1e6 + 9e-7, True), (1e6, 1e6 + 2e-6, False), (1e-9, 2e-9, False),
    (1e-13, 2e-13, True), (0.0, -0.0, True), (float("nan"), float("nan"), True), (float("nan"), 1.0, False), (7.0, 8.0, False),
])
def test_a_hair_is_1e_12_relative_and_below_1_absolute(one: float, other: float, said: bool) -> None:
    assert close(one, other) is said
