"""What judges can see of a request, and what choosing by it gains."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from sim.policies import Evaluators, PolicyOfParts
from sim.policies.admission import Threshold
from sim.runs.simulate import draw, run_policy
from sim.scenario import Scenario
from tests.exact import formulas
from tests.exact.estimates import estimate, ledgers
from tests.exact.scenarios import textbook

POLICY = PolicyOfParts(name="threshold", evaluators=Evaluators(experts=True), admission=Threshold(0.0))
MEAN = float(norm.ppf(1 / 3))  # benefit per effort with P(benefit > 0) = 1/3 and spread 1


def judged(quality: float, judges: int = 1, error_correlation: float = 0.0, horizon: float = 2_500.0) -> Scenario:
    roles = {f"judge{i}": {"headcount": 1} for i in range(judges)}
    return textbook(1, 5.0, mean=0.001, horizon=horizon, overrides={
        **{f"team.roles.{name}": role for name, role in roles.items()},
        "evaluation.judges": list(roles), "evaluation.expert_quality": quality, "evaluation.facilitation": 1.0,
        "evaluation.error_correlation": error_correlation, "customer.benefit_mean": MEAN, "customer.benefit_spread": 1.0,
    })


def test_break_even_quality_for_the_top_third() -> None:
    assert formulas.selected_merit(MEAN, 0.395, 1 / 3) == pytest.approx(0.0, abs=1e-3)
    for quality in (0.0, 0.3, 0.395, 1.0):
        assert formulas.selected_merit(MEAN, quality, 1 / 3) == pytest.approx(-0.4307 + 1.091 * quality, abs=1e-3)


@pytest.mark.parametrize("quality", [0.395, 0.8])
def test_admitting_the_top_share_on_a_signal(quality: float) -> None:
    """E[benefit per effort | admitted] = mu + r sigma phi(z_q) / q; at P(B > 0) = 1/3 and q = 1/3: -.4307 + 1.091 r."""
    rows = []
    for run in ledgers(judged(quality), POLICY, 12):
        worth = np.array([ask.request.worth for ask in run.asks])
        admitted = np.array([ask.item is not None for ask in run.asks])
        rows.append((float(worth[admitted].mean()), float(worth.mean()), float(admitted.mean()), float((worth > 0.0).mean())))
    chosen, average, share, good = zip(*rows, strict=True)
    assert estimate(average).holds(MEAN)
    assert estimate(share).agrees(1 / 3)
    assert estimate(good).agrees(1 / 3)
    gain = estimate([c - MEAN for c in chosen], [average, share, good], [MEAN, 1 / 3, 1 / 3])
    assert gain.agrees(formulas.selected_merit(0.0, quality, 1 / 3)), gain
    assert not gain.holds(formulas.selected_merit(0.0, quality - 0.05, 1 / 3)), "a slightly worse judge"
    assert not gain.holds(formulas.selected_merit(0.0, quality, 0.4)), "another share"
    if quality == 0.395:
        assert abs(MEAN + gain.value) < 0.01, "break-even: the admitted third is worth just what it costs"


@pytest.mark.parametrize(("judges", "errors"), [(1, 0.0), (3, 0.0), (3, 0.4), (3, 1.0)])
def test_pooling_judges_gains_exactly_what_their_errors_allow(judges: int, errors: float) -> None:
    """r_k = r sqrt(k) / sqrt(1 + (k-1) rho), rho = r^2 + (1 - r^2) error correlation: nothing gained as errors become one."""
    scenario = judged(0.5, judges, errors, horizon=1_200.0)
    seen, spreads = [], []
    for replication in range(12):
        run = run_policy(scenario, POLICY, draw(scenario, 1, replication), logged=True)
        merit = {ask.request.number: ask.request.merit for ask in run.ledger.asks}
        pairs = [(entry.estimate.value, merit[entry.request]) for entry in run.ledger.decisions]
        signals, merits = np.array(pairs, dtype=float).T
        seen.append(float(np.corrcoef(signals, merits)[0, 1]))
        spreads.append(float(signals.std()))
    assert estimate(spreads).agrees(1.0), "however many judge, a threshold admits the same share"
    found = estimate(seen)
    assert found.agrees(formulas.pooled_quality(0.5, judges, errors)), found
    assert not found.holds(formulas.pooled_quality(0.5, judges + 1, 0.0)), "as if there were one more, with an error of his own"
    assert found.holds(0.5) is (judges == 1 or errors == 1.0)
    if judges > 1 and errors:
        assert not found.holds(0.5 * math.sqrt(judges) / math.sqrt(1.0 + (judges - 1) * 0.25)), "as if errors were independent"
