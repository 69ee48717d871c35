"""Whatever has come since: with all that is new off, every request's fate and days, and every spell, are those of the first world."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from sim.runs.arithmetic import arithmetic
from tests.not_rigged.first_world import frozen
from tests.reproducibility.test_golden import PINNED_WHERE

PINNED: dict[str, Any] = json.loads(frozen.FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    return json.loads(json.dumps(frozen.content()))


@pytest.mark.parametrize("key", PINNED)
def test_every_request_has_the_fate_and_the_days_that_it_had(key: str, now: dict[str, Any]) -> None:
    if arithmetic() == PINNED_WHERE:
        assert now[key] == PINNED[key]
    assert [request[:2] for request in now[key]["requests"]] == [request[:2] for request in PINNED[key]["requests"]]


def test_there_is_enough_in_it_to_be_changed() -> None:
    fates = Counter(request[1] for run in PINNED.values() for request in run["requests"])
    assert set(fates) >= {"delivered", "failed", "in work", "declined", "withdrawn"}
    assert len({run["spells"] for run in PINNED.values()}) >= len(PINNED) - 2  # a stream has no plan to freeze its scope for
