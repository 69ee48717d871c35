"""How requests come, how large they are, and how they are estimated: the distributions that the sources report."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, norm, poisson

from sim.model.truth import Request
from sim.runs.simulate import draw
from sim.scenario import Scenario
from tests.exact.estimates import estimate

STREAM = Scenario().with_values({
    "project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 3_000.0, "customer.request_rate": 5.0,
    "customer.appetite": 0.0,
})


def requests(scenario: Scenario, replication: int = 0) -> list[Request]:
    truth = draw(scenario, 1, replication).truth
    return [request for occasions in truth.occasions for occasion in occasions for request in occasion.requests]


def counts(scenario: Scenario, window: float, replication: int) -> np.ndarray:
    days = [request.day for request in requests(scenario, replication)]
    return np.histogram(days, bins=np.arange(0.0, scenario.project.horizon + window / 2, window))[0]


@pytest.mark.parametrize(
    ("dispersion", "window", "windows"), [(1.0, 5.0, 1_600), (2.0, 5.0, 2_000), (4.0, 5.0, 2_000), (2.0, 20.0, 1_300)],
)
def test_counts_have_the_index_of_dispersion_that_was_asked_for(dispersion: float, window: float, windows: int) -> None:
    """Over a week or a month alike; the mean rate, one a day, does not depend on it."""
    scenario = STREAM.with_values({
        "project.horizon": windows * window, "customer.request_rate": 1.0, "customer.burstiness": dispersion})
    found = [counts(scenario, window, replication) for replication in range(24)]
    means = [float(count.mean()) for count in found]
    mean = estimate(means)
    index = estimate([float(((count - window) ** 2).mean() / window) for count in found], [means], [window])
    assert mean.agrees(window), mean
    assert index.agrees(dispersion), index
    assert not index.holds(dispersion * 1.1)


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_weekly_counts_are_negative_binomial_and_poisson_without_bursts(dispersion: float) -> None:
    weeks, mean = 20_000, 5.0
    scenario = STREAM.with_values({
        "project.horizon": 5.0 * weeks, "customer.request_rate": mean / 5.0, "customer.burstiness": dispersion})
    seen = Counter(counts(scenario, 5.0, 0).tolist())
    bursty = nbinom(mean / (2.0 - 1.0), 1.0 / 2.0)
    right, wrong = (poisson(mean), bursty) if dispersion == 1.0 else (bursty, poisson(mean))

    def largest_gap(law: object) -> float:
        gaps, upto = [], 0
        for n in range(40):
            upto += seen[n]
            gaps.append(abs(upto / weeks - law.cdf(n)))  # type: ignore[attr-defined]
        return max(gaps)

    assert largest_gap(right) < 1.95 / math.sqrt(weeks), "Kolmogorov-Smirnov at 99.9%"
    assert largest_gap(wrong) > 0.05


@settings(max_examples=25, deadline=None)
@given(
    slope=st.floats(0.5, 1.5), intercept=st.floats(-1.0, 1.0), sigma=st.floats(0.1, 1.2), spread=st.floats(1.25, 2.0),
    median=st.floats(0.1, 20.0),
)
def test_for_every_fitted_equation_actual_regresses_on_estimate_just_so(
    slope: float, intercept: float, sigma: float, spread: float, median: float
) -> None:
    """ln actual = a + b ln estimate + N(0, sigma), in hours, whatever a, b, sigma and the spread of effort."""
    scenario = STREAM.with_values({
        "project.horizon": 2_000.0, "customer.effort_sigma": spread, "customer.effort_median": median,
        "evaluation.estimate_slope": slope, "evaluation.estimate_intercept": intercept, "evaluation.estimate_sigma": sigma,
    })
    x, y = np.log([(8.0 * request.estimate, 8.0 * request.effort) for request in requests(scenario)]).T
    fitted, level = np.polyfit(x, y, 1)
    left = y - fitted * x - level
    error = sigma / math.sqrt(len(x))
    assert abs(fitted - slope) < 5.0 * error / x.std()
    assert abs(y.mean() - slope * x.mean() - intercept) < 5.0 * error
    assert abs(left.std() - sigma) < 5.0 * error / math.sqrt(2.0)
    assert abs(np.mean(left**3) / sigma**3) < 5.0 * math.sqrt(6.0 / len(x)), "as symmetric as a normal"


def test_the_equation_that_was_fitted_is_recovered() -> None:
    """ln actual = .066 + .941 ln estimate + N(0, .797), in hours; a neighbouring equation is not."""
    slopes, spreads, levels = [], [], []
    for replication in range(10):
        x, y = np.log([(8.0 * request.estimate, 8.0 * request.effort) for request in requests(STREAM, replication)]).T
        slope, level = np.polyfit(x, y, 1)
        slopes.append(float(slope))
        spreads.append(float(np.std(y - slope * x - level)))
        levels.append(float(np.mean(y) - 0.941 * np.mean(x)))
    assert estimate(slopes).agrees(0.941), estimate(slopes)
    assert estimate(spreads).agrees(0.797), estimate(spreads)
    assert estimate(levels).holds(0.066), estimate(levels)
    assert not estimate(slopes).holds(0.92)
    assert not estimate(spreads).holds(0.82)
    assert not estimate(levels).holds(0.0)


@pytest.mark.parametrize("quantile", [0.05, 0.25, 0.5, 0.75, 0.95])
def test_effort_is_lognormal(quantile: float) -> None:
    """Median 1.5 and sigma 1.4: ln effort at each quantile is ln 1.5 + 1.4 z."""
    logs = np.log([request.effort for request in requests(STREAM.with_values({"project.horizon": 8_000.0}))])
    below = float((logs < math.log(1.5) + 1.4 * norm.ppf(quantile)).mean())
    error = math.sqrt(quantile * (1.0 - quantile) / len(logs))
    assert abs(below - quantile) < 3.3 * error
    wrong = float((logs < math.log(1.7) + 1.4 * norm.ppf(quantile)).mean())
    assert abs(wrong - quantile) > 3.3 * error, "a neighbouring median"
