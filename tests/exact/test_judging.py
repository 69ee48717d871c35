"""What judges can see of a request, and what choosing by it gains."""

from __future__ import annotations

import math
from typing import Any

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
SPREAD, UPKEEP, RATE = 0.95, 0.3, 0.6
VALUE = formulas.value_for(1 / 3, SPREAD, UPKEEP + RATE)  # one request in three is worth building


def judged(quality: float, judges: int = 1, horizon: float = 2_500.0, **overrides: Any) -> Scenario:
    """Experts judge the need only, which is all there is to see, in a world in which nothing else happens."""
    roles = {f"judge{i}": {"headcount": 1} for i in range(judges)}
    return textbook(1, 5.0, mean=0.001, horizon=horizon, overrides={
        **{f"team.roles.{name}": role for name, role in roles.items()},
        "evaluation.judges": list(roles), "evaluation.expert_need_quality": quality, "evaluation.facilitation": 1.0,
        "evaluation.error_correlation": 0.0, "customer.value": VALUE, "customer.value_spread": SPREAD, "customer.upkeep": UPKEEP,
        **{key.replace("__", "."): value for key, value in overrides.items()},
    })


def worths_of(scenario: Scenario, replications: int = 12) -> list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Worth of each request, and which were admitted, by replication."""
    found = []
    for run in ledgers(scenario, POLICY, replications):
        worth = np.array([ask.request.worth for ask in run.asks])
        found.append((worth, np.array([ask.item is not None for ask in run.asks])))
    return found


def test_the_value_for_a_share_worth_building_and_the_share_for_a_value_are_one_formula() -> None:
    assert formulas.worth_building(VALUE, SPREAD, UPKEEP + RATE) == pytest.approx(1 / 3)
    assert formulas.worth_building(UPKEEP + RATE, SPREAD, UPKEEP + RATE) == pytest.approx(norm.cdf(-SPREAD / 2)), (
        "where the average request just pays for itself, a good deal fewer than half of them do")


@pytest.mark.parametrize("share", [0.2, 1 / 3, 0.8])
def test_the_share_worth_building_is_what_the_lognormal_says(share: float) -> None:
    """Phi((ln(v / (u + c')) - tau^2 / 2) / tau), of the true worth."""
    value = formulas.value_for(share, SPREAD, UPKEEP + RATE)
    good = [float((worth > RATE).mean()) for worth, _ in worths_of(judged(0.5, customer__value=value))]
    assert estimate(good).agrees(share)
    assert not estimate(good).holds(formulas.worth_building(value, SPREAD, RATE)), "as if nothing were to be owned"
    assert not estimate(good).holds(formulas.worth_building(value, 1.3 * SPREAD, UPKEEP + RATE)), "a wider spread"


def test_the_bar_rises_by_the_overhead() -> None:
    with_overhead = judged(1.0, evaluation__overhead=0.4)
    share = formulas.worth_building(VALUE, SPREAD, UPKEEP + 1.4 * RATE)
    admitted = [float(taken.mean()) for _, taken in worths_of(with_overhead)]
    assert estimate(admitted).agrees(share), "who sees everything admits what is worth building and nothing else"
    assert not estimate(admitted).holds(1 / 3), "as without overhead"


@pytest.mark.parametrize("quality", [0.35, 0.8])
def test_what_is_admitted_on_a_signal_is_worth_what_its_quality_says(quality: float) -> None:
    """E[w; S >= s] = v Phi(r tau - s) - u Phi(-s), s the signal at which what is seen is just worth the bar."""
    s = formulas.signal_at(VALUE, SPREAD, UPKEEP + RATE)
    rows = [(float((worth * taken).mean()), float(taken.mean()), float(worth.mean())) for worth, taken in worths_of(judged(quality), 24)]
    gain, share, average = zip(*rows, strict=True)
    assert estimate(share).agrees(1 / 3)
    assert estimate(average).holds(VALUE - UPKEEP)
    found = estimate(gain, [share, average], [1 / 3, VALUE - UPKEEP])
    assert found.agrees(formulas.admitted_worth(VALUE, SPREAD, UPKEEP, quality, s)), found
    assert not found.holds(formulas.admitted_worth(VALUE, SPREAD, UPKEEP, quality - 0.1, s)), "a slightly worse judge"
    assert not found.holds(formulas.admitted_worth(VALUE, SPREAD, UPKEEP, quality, s + 0.2)), "a stricter board"


@pytest.mark.parametrize(("judges", "errors"), [(1, 0.0), (3, 0.0), (3, 0.4), (3, 1.0)])
def test_pooling_judges_gains_exactly_what_their_errors_allow(judges: int, errors: float) -> None:
    """r_k = r sqrt(k) / sqrt(1 + (k-1) rho), rho = r^2 + (1 - r^2) error correlation: nothing gained as errors become one."""
    scenario = judged(0.5, judges, horizon=1_200.0, evaluation__error_correlation=errors)
    seen, spreads = [], []
    for replication in range(12):
        run = run_policy(scenario, POLICY, draw(scenario, 1, replication), logged=True)
        need = {ask.request.number: ask.request.need for ask in run.ledger.asks}
        pairs = [(entry.estimate.need, need[entry.request]) for entry in run.ledger.decisions]
        signals, needs = np.array(pairs, dtype=float).T
        seen.append(float(np.corrcoef(signals, needs)[0, 1]))
        spreads.append(float(signals.std()))
    assert estimate(spreads).agrees(1.0), "however many judge, a threshold admits the same share"
    found = estimate(seen)
    assert found.agrees(formulas.pooled_quality(0.5, judges, errors)), found
    assert not found.holds(formulas.pooled_quality(0.5, judges + 1, 0.0)), "as if there were one more, with an error of his own"
    assert found.holds(0.5) is (judges == 1 or errors == 1.0)
    if judges > 1 and errors:
        assert not found.holds(0.5 * math.sqrt(judges) / math.sqrt(1.0 + (judges - 1) * 0.25)), "as if errors were independent"
