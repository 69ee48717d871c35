"""What is seen of a request, and how requests come, have the distributions that the sources report."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from sim.model.run import draw, run_policy
from sim.model.truth import Request
from sim.policies import Evaluators, PolicyOfParts
from sim.policies.admission import Threshold
from sim.scenario import Scenario
from tests.exact import formulas
from tests.exact.textbook import SHARP, estimate, textbook

EXPERTS = Evaluators(experts=True)
MEAN = float(norm.ppf(1 / 3))  # benefit per effort with P(benefit > 0) = 1/3 and spread 1


def judged(quality: float, judges: int = 1, error_correlation: float = 0.0, horizon: float = 6_000.0) -> Scenario:
    roles = {f"judge{i}": {"headcount": 1} for i in range(judges)}
    return textbook(1, 5.0, mean=0.001, horizon=horizon, overrides={
        **{f"team.roles.{name}": role for name, role in roles.items()},
        "evaluation.judges": list(roles), "evaluation.expert_quality": quality, "evaluation.facilitation": 1.0,
        "evaluation.error_correlation": error_correlation, "customer.benefit_mean": MEAN, "customer.benefit_spread": 1.0,
    })  # fmt: skip


@pytest.mark.parametrize("quality", [0.6, 0.9])
def test_admitting_the_top_share_on_a_signal(quality: float) -> None:
    """E[benefit per effort | admitted] = mu + r sigma phi(z_q) / q; at P(B > 0) = 1/3 and q = 1/3: -.4307 + 1.091 r."""
    policy = PolicyOfParts(name="threshold", evaluators=EXPERTS, admission=Threshold(0.0))
    gains, shares = [], []
    for replication in range(10):
        scenario = judged(quality, horizon=3_000)
        asks = run_policy(scenario, policy, draw(scenario, 1, replication)).ledger.asks
        admitted = [ask.request.worth for ask in asks if ask.item is not None]
        gains.append(math.fsum(admitted) / len(admitted) - math.fsum(a.request.worth for a in asks) / len(asks))
        shares.append(len(admitted) / len(asks))
    share, gain = estimate(shares), estimate(gains)
    exact = formulas.selected_merit(MEAN, quality, 1 / 3)
    assert exact == pytest.approx(-0.4307 + 1.091 * quality, abs=1e-3)
    assert share.agrees(1 / 3), share
    assert gain.agrees(exact - MEAN, SHARP), (gain, exact - MEAN)
    assert not gain.agrees(formulas.selected_merit(MEAN, quality - 0.05, 1 / 3) - MEAN)


def test_break_even_quality_for_the_top_third() -> None:
    assert formulas.selected_merit(MEAN, 0.395, 1 / 3) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("judges", "errors"), [(1, 0.0), (3, 0.0), (3, 0.4), (3, 1.0)])
def test_pooling_judges_gains_exactly_what_their_errors_allow(judges: int, errors: float) -> None:
    scenario = judged(0.5, judges, errors, horizon=1_500)
    policy = PolicyOfParts(name="look", evaluators=EXPERTS, admission=Threshold(0.0))
    qualities = []
    for replication in range(10):
        run = run_policy(scenario, policy, draw(scenario, 1, replication), logged=True)
        merit = {ask.request.number: ask.request.merit for ask in run.ledger.asks}
        pairs = [(entry.estimate.value, merit[entry.request]) for entry in run.ledger.decisions]
        qualities.append(float(np.corrcoef(np.array(pairs, dtype=float).T)[0, 1]))
    found = estimate(qualities)
    assert found.agrees(formulas.pooled_quality(0.5, judges, errors)), found
    if judges > 1:
        assert not found.agrees(formulas.pooled_quality(0.5, judges, 0.7))
        assert errors == 1.0 or not found.agrees(0.5)


def requests(scenario: Scenario, replication: int = 0) -> list[Request]:
    truth = draw(scenario, 1, replication).truth
    return [request for occasions in truth.occasions for occasion in occasions for request in occasion.requests]


def test_actual_effort_regresses_on_the_estimate_as_was_fitted() -> None:
    """ln actual = .066 + .941 ln estimate + N(0, .797), in hours."""
    scenario = Scenario().with_values({"project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 8_000.0,
                                       "customer.request_rate": 5.0})  # fmt: skip
    slopes, intercepts, spreads = [], [], []
    for replication in range(8):
        pairs = [(math.log(8 * r.estimate), math.log(8 * r.effort)) for r in requests(scenario, replication)]
        x, y = np.array(pairs).T
        slope, intercept = np.polyfit(x, y, 1)
        slopes.append(float(slope))
        intercepts.append(float(intercept))
        spreads.append(float(np.std(y - slope * x - intercept)))
    assert estimate(slopes).agrees(0.941), estimate(slopes)
    assert estimate(spreads).agrees(0.797), estimate(spreads)
    assert abs(estimate(intercepts).value - 0.066) < 0.02
    assert not estimate(slopes).agrees(0.85)
    assert not estimate(spreads).agrees(0.85)


@pytest.mark.parametrize("dispersion", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("window", [5.0, 65.0])
def test_counts_have_the_index_of_dispersion_that_was_asked_for_over_any_window(dispersion: float, window: float) -> None:
    horizon = 2_000.0 * window
    scenario = Scenario().with_values({
        "project.planned_items": 0, "project.deadline": 0.0, "project.horizon": horizon, "customer.request_rate": 10.0 / window,
        "customer.burstiness": dispersion, "customer.appetite": 0.0,
    })  # fmt: skip
    found = []
    for replication in range(8):
        days = [request.day for request in requests(scenario, replication)]
        counts = np.histogram(days, bins=np.arange(0.0, horizon + window / 2, window))[0]
        found.append(float(counts.var() / counts.mean()))
    assert estimate(found).agrees(dispersion, 3 * SHARP), estimate(found)
    assert not estimate(found).agrees(dispersion * 1.2, 3 * SHARP)


def test_effort_is_lognormal() -> None:
    scenario = Scenario().with_values({"project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 20_000.0,
                                       "customer.request_rate": 5.0})  # fmt: skip
    logs = np.log([request.effort for request in requests(scenario)])
    assert np.mean(logs) == pytest.approx(math.log(1.5), abs=0.02)
    assert np.std(logs) == pytest.approx(1.4, rel=0.01)
    for q in (0.05, 0.5, 0.95):
        assert np.quantile(logs, q) == pytest.approx(math.log(1.5) + 1.4 * norm.ppf(q), abs=0.04)
