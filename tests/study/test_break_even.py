"""Where a lead is gone: by hand, in the cases that cannot be told, and by drawing studies again and again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.stats.break_even import break_even
from sim.stats.means import paired_difference


def test_a_lead_of_ten_of_which_the_gain_makes_forty_is_gone_with_a_quarter_of_it() -> None:
    found = break_even([9.0, 10.0, 11.0], [36.0, 40.0, 44.0])
    assert found.mean == pytest.approx(0.25)
    assert (found.low, found.high) == pytest.approx((0.25, 0.25), abs=1e-7), "the luck of both is the same luck"


def test_at_its_limits_the_lead_is_just_not_told_from_nothing() -> None:
    rng = np.random.default_rng(1)
    lead, gain = rng.normal(10.0, 5.0, 30), rng.normal(40.0, 8.0, 30)
    found = break_even(lead, gain)
    assert found.low < found.mean < found.high
    for share, side in ((found.low, "low"), (found.high, "high")):
        left = paired_difference(lead - share * gain, np.zeros(30))
        assert getattr(left, side) == pytest.approx(0.0, abs=1e-9)


def test_where_the_gain_may_be_nothing_no_share_is_excluded() -> None:
    rng = np.random.default_rng(2)
    found = break_even(rng.normal(10.0, 1.0, 20), rng.normal(0.0, 1.0, 20))
    assert (found.low, found.high) == (-math.inf, math.inf)


def test_one_replication_tells_nothing() -> None:
    assert math.isnan(break_even([1.0, math.nan], [4.0, 4.0]).mean)


def test_the_interval_covers_in_95_of_100_studies() -> None:
    rng, held, studies = np.random.default_rng(3), 0, 1000
    for _ in range(studies):
        luck = rng.standard_normal(25)
        found = break_even(10.0 + 6.0 * luck + rng.normal(0.0, 6.0, 25), 40.0 + 20.0 * luck)
        held += found.low <= 0.25 <= found.high
    assert held / studies == pytest.approx(0.95, abs=0.02)


@given(st.integers(0, 10_000), st.floats(0.01, 100.0))
def test_for_every_sample_the_unit_of_money_does_not_matter(seed: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    lead, gain = rng.normal(3.0, 2.0, 12), rng.normal(20.0, 3.0, 12)
    assert break_even(unit * lead, unit * gain) == pytest.approx(tuple(break_even(lead, gain)))
