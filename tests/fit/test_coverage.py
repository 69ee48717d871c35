"""95% intervals hold the truth about as often as they say, drifting or not: a small version of benchmarks/coverage.py."""

from __future__ import annotations

import pytest
from scipy import stats

from benchmarks.coverage import WORLDS, World, coverage, intervals

LOGS = 40
LEAST = int(stats.binom.ppf(0.001, LOGS, 0.95)) / LOGS
"""A true 95% interval holds the truth less often once in a thousand times."""


@pytest.mark.parametrize("world", [WORLDS[1], WORLDS[4]], ids=lambda world: world.name)
def test_intervals_hold_the_truth_about_as_often_as_they_say(world: World) -> None:
    found = coverage(world, LOGS)
    assert set(found) == {"rate", "dispersion", "share", "sigma", "mean effort"}
    assert all(share >= LEAST for share in found.values()), found
    assert sum(found.values()) / len(found) >= 0.91


def test_intervals_of_what_drifts_are_wider_but_say_something() -> None:
    steady, drifting = (intervals(world, 3) for world in (WORLDS[2], World("three years, strongly drifting", 156, 0.4)))
    for name in ("rate", "share"):
        (narrow, _), (wide, _) = steady[name], drifting[name]
        assert wide.high - wide.low > 1.3 * (narrow.high - narrow.low)
    assert steady["rate"][0].high / steady["rate"][0].low < 1.4
