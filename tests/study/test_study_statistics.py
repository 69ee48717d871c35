"""Intervals and paired differences against scipy, against known numbers, and against what must hold for every sample."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from sim.stats.means import corrected, mean_interval, paired_difference, pooled_variance_removed, variance_removed

A = [12.1, 9.8, 14.2, 11.0, 10.3, 13.7, 9.1, 12.9]
B = [10.0, 9.9, 11.7, 9.2, 8.8, 12.1, 8.5, 10.4]
numbers = st.floats(-1e6, 1e6)


def test_the_interval_of_a_mean_is_the_one_of_scipy() -> None:
    expected = stats.ttest_1samp(A, 0.0).confidence_interval(0.95)
    found = mean_interval(A)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.half_width == pytest.approx((expected.high - expected.low) / 2)


@pytest.mark.parametrize("confidence", [0.95, corrected(0.95, 13)])
def test_the_paired_interval_is_the_one_of_scipy(confidence: float) -> None:
    expected = stats.ttest_rel(A, B).confidence_interval(confidence)
    found = paired_difference(A, B, confidence)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_an_interval_is_real_exactly_where_the_corrected_paired_t_test_rejects() -> None:
    rng = np.random.default_rng(5)
    for shift in np.linspace(0.0, 1.5, 40):
        a = rng.normal(shift, 1.0, 12)
        b = rng.normal(0.0, 1.0, 12)
        rejected = stats.ttest_rel(a, b).pvalue < 0.05 / 13
        assert paired_difference(a, b, corrected(0.95, 13)).excludes_zero == rejected


def test_wilsons_interval_is_the_one_of_scipy() -> None:
    expected = stats.binomtest(3, 20).proportion_ci(0.95, method="wilson")
    found = mean_interval([1.0] * 3 + [0.0] * 17, yes_or_no=True)
    assert (found.mean, found.low, found.high) == pytest.approx((0.15, expected.low, expected.high))


def test_never_in_twenty_runs_is_no_proof_of_never() -> None:
    assert mean_interval([0.0] * 20, yes_or_no=True).high == pytest.approx(0.161, abs=1e-3)
    assert not paired_difference([1.0, 1.0], [0.0, 0.0], yes_or_no=True).excludes_zero
    assert paired_difference([1.0] * 20, [0.0] * 20, yes_or_no=True).excludes_zero


def test_agresti_and_mins_interval_is_the_formula_by_hand() -> None:
    """Ten pairs: four go up, one down, five agree; half a run added to each of the four cells."""
    a, b = [1.0] * 4 + [0.0] + [1.0] * 5, [0.0] * 4 + [1.0] * 6
    centre = (4.5 - 1.5) / 12
    half = stats.norm.ppf(0.975) * math.sqrt(4.5 + 1.5 - 3.0**2 / 12) / 12
    found = paired_difference(a, b, yes_or_no=True)
    assert (found.mean, found.low, found.high) == pytest.approx((0.3, centre - half, centre + half))


def test_one_replication_claims_no_interval() -> None:
    found = mean_interval([3.0])
    assert (found.n, found.mean) == (1, 3.0)
    assert math.isnan(found.half_width)
    assert not paired_difference([3.0], [1.0]).excludes_zero


def test_missing_runs_are_left_out_pair_by_pair() -> None:
    nan = math.nan
    assert mean_interval([1.0, nan, 3.0])[:2] == (2, 2.0)
    assert paired_difference([1.0, nan, 3.0, 4.0], [0.0, 5.0, nan, 1.0])[:2] == (2, 2.0)
    assert paired_difference([nan, 1.0], [1.0, nan]).n == 0
    assert math.isnan(mean_interval([nan, nan]).mean)


def test_a_difference_without_spread_is_known_exactly() -> None:
    assert paired_difference([0.3] * 6, [0.1] * 6).half_width == 0.0
    assert paired_difference([0.3] * 6, [0.1] * 6).excludes_zero
    assert not paired_difference([5.0] * 6, [5.0] * 6).excludes_zero


def test_rounding_is_no_difference() -> None:
    assert not paired_difference([1000.0 + 1e-9] * 5, [1000.0] * 5).excludes_zero


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=30))
def test_for_every_sample_turning_the_pair_round_turns_the_interval_round(pairs: list[tuple[float, float]]) -> None:
    a, b = zip(*pairs, strict=True)
    there, back = paired_difference(a, b), paired_difference(b, a)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), rel=1e-9, abs=1e-9)


@given(st.lists(numbers, min_size=3, max_size=30), st.integers(2, 100))
def test_for_every_sample_correction_only_widens(values: list[float], comparisons: int) -> None:
    assume(len(set(values)) > 1)
    plain, wide = mean_interval(values), mean_interval(values, corrected(0.95, comparisons))
    assert wide.low <= plain.low <= plain.high <= wide.high


def test_common_luck_removes_the_variance_it_shares() -> None:
    rng = np.random.default_rng(1)
    luck, own = rng.normal(0, 3, 20_000), rng.normal(0, 1, 20_000)
    assert variance_removed(luck, luck + own) == pytest.approx(1 - 1 / (9 + 10), abs=0.01)
    assert variance_removed(luck, own) == pytest.approx(0.0, abs=0.03)
    assert variance_removed(luck, -luck) == pytest.approx(-1.0)
    assert math.isnan(variance_removed([1.0, 1.0], [2.0, 2.0]))


def test_pooling_weighs_each_pair_by_its_variance() -> None:
    a, b, c = np.array(A), np.array(B), np.array(B[::-1])
    by_hand = 1 - ((a - b).var(ddof=1) + (c - b).var(ddof=1)) / (a.var(ddof=1) + c.var(ddof=1) + 2 * b.var(ddof=1))
    assert pooled_variance_removed([(a, b), (c, b)]) == pytest.approx(by_hand)
