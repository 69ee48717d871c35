"""The bits of the tape and of all policies' outcomes are pinned; see `tests.reproducibility.golden` for rewriting them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.reproducibility import golden

PINNED: dict[str, Any] = json.loads(golden.FILE.read_text(encoding="utf-8"))


def test_the_tape_has_the_pinned_bits() -> None:
    assert golden.tape() == PINNED["tape"]


@pytest.mark.parametrize("name", list(golden.scenarios()))
def test_every_policy_has_the_pinned_outcome(name: str) -> None:
    now, pinned = golden.outcomes(golden.scenarios()[name]), PINNED["outcomes"][name]
    assert list(now) == list(pinned)
    moved = {f"{policy}: {metric}" for policy in now for metric in now[policy] if now[policy][metric] != pinned[policy][metric]}
    assert not moved


def test_the_pinned_outcomes_tell_the_policies_apart() -> None:
    for outcomes in PINNED["outcomes"].values():
        assert len({json.dumps(outcome) for outcome in outcomes.values()}) == len(outcomes)
