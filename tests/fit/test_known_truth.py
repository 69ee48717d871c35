"""A stream whose truth is known is simulated, exported as Jira would, and fitted: the truth lies inside the intervals."""

from __future__ import annotations

import pytest

from sim.fit.replay import replay
from tests.fit.exports import fitted_to, simulated_export

SEEDS = range(1, 21)
TRUTH = {"rate": 1.5, "dispersion": 2.0, "median": 0.4, "sigma": 1.1, "intercept": 0.066, "slope": 0.941, "error": 0.797}


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    path = tmp_path_factory.mktemp("truth") / "jira.csv"
    return [fitted_to(simulated_export(path, seed), draws=200) for seed in SEEDS]


def intervals(fit):
    return {
        "rate": fit.arrivals.rate, "dispersion": fit.arrivals.dispersion, "median": fit.effort.median, "sigma": fit.effort.sigma,
        "intercept": fit.estimates.intercept, "slope": fit.estimates.slope, "error": fit.estimates.sigma}


def test_the_truth_lies_inside_at_about_the_nominal_rate(fits):
    inside = {name: sum(intervals(fit)[name].low <= truth <= intervals(fit)[name].high for fit in fits) for name, truth in TRUTH.items()}
    assert all(count >= 16 for count in inside.values()), inside  # a 95% interval misses five of twenty once in 400 times
    assert sum(inside.values()) >= 0.88 * len(TRUTH) * len(fits), inside  # below that is no chance: 140 intervals, though not independent


def test_the_estimates_have_no_bias_to_speak_of(fits):
    for name, truth in TRUTH.items():
        mean = sum(intervals(fit)[name].value for fit in fits) / len(fits)
        assert mean == pytest.approx(truth, rel=0.06, abs=0.03), name


def test_intervals_are_not_so_wide_that_they_say_nothing(fits):
    for fit in fits:
        for name in ("rate", "median", "sigma"):
            value = intervals(fit)[name]
            assert (value.high - value.low) / value.value < 0.6


def test_a_wrong_truth_is_excluded(fits):
    """The twin: had the world been another, the same intervals would have said so."""
    assert sum(intervals(fit)["rate"].low <= 2.0 <= intervals(fit)["rate"].high for fit in fits) <= 4
    assert sum(intervals(fit)["sigma"].low <= 1.4 <= intervals(fit)["sigma"].high for fit in fits) == 0


def test_the_model_reproduces_what_it_has_made_itself(tmp_path):
    """Fitted to a log of the model, the model gives back throughput, work in progress, lead times and dispersion."""
    found = replay(fitted_to(simulated_export(tmp_path / "x.csv", 3, review__cadence=0.0)), 8, 1)
    missed = [row.key for row in found.rows if not row.reproduced]
    assert len(missed) <= 1, found
    assert found.reproduced
    assert bool(found.sentences) == bool(missed)
