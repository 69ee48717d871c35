"""What is read out of what judges see: calibrated, the mean worth of what looks so; at face value, too much of the good."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.model import effects
from sim.policies import Authority, Decision, Evaluators, PolicyOfParts, ProjectView
from sim.policies import Estimate as Seen
from sim.policies.admission import Everything
from sim.runs.simulate import draw, run_policy
from sim.scenario import Scenario
from tests.exact import formulas
from tests.exact.estimates import Estimate, estimate
from tests.exact.scenarios import textbook

VALUE, SPREAD, UPKEEP, SHARE = 1.3, 0.95, 0.3, 0.5
QUALITIES = {
    "evaluation.customer_need_quality": 0.45, "evaluation.customer_fit_quality": 0.15, "evaluation.expert_need_quality": 0.2,
    "evaluation.expert_fit_quality": 0.5}
PANELS = {
    "customer": Evaluators(customer=True), "one expert": Evaluators(experts=True), "three experts": Evaluators(experts=True),
    "together": Evaluators(customer=True, experts=True)}


def world(experts: int = 1, **overrides: Any) -> Scenario:
    return textbook(1, 5.0, mean=0.001, horizon=2_500.0, overrides={
        **{f"team.roles.judge{i}": {"headcount": 1} for i in range(experts)},
        "evaluation.judges": [f"judge{i}" for i in range(experts)], "customer.value": VALUE, "customer.value_spread": SPREAD,
        "customer.upkeep": UPKEEP, "customer.need_share": SHARE, "evaluation.facilitation": 1.0,
        "evaluation.error_correlation": 0.0, **QUALITIES,
        **{key.replace("__", "."): value for key, value in overrides.items()}})


def seen_and_true(scenario: Scenario, replications: int = 12, **parts: Any) -> list[tuple[Any, Any]]:
    """Worth as read and true worth of every request, by replication."""
    found = []
    for replication in range(replications):
        policy = PolicyOfParts(name="reader", admission=Everything(), **parts)
        run = run_policy(scenario, policy, draw(scenario, 1, replication), logged=True)
        worth = {ask.request.number: ask.request.worth * ask.request.feasible for ask in run.ledger.asks}
        pairs = [(entry.estimate.value, worth[entry.request]) for entry in run.ledger.decisions]
        found.append(tuple(np.array(pairs, dtype=float).T))
    return found


def of_panel(name: str) -> tuple[float, float]:
    """A and B, the qualities of the panel for the need and for the fit."""
    a, b, c, d = QUALITIES.values()
    if name == "customer":
        return a, b
    if name == "together":
        return ((a + c) / math.sqrt(2.0 + 2.0 * a * c), (b + d) / math.sqrt(2.0 + 2.0 * b * d))
    judges = 3 if name == "three experts" else 1
    return formulas.pooled_quality(c, judges, 0.0), formulas.pooled_quality(d, judges, 0.0)


def best_third(pairs: list[tuple[Any, Any]]) -> Estimate:
    """True worth over worth as read, of the third that looks best."""
    ratios = []
    for seen, true in pairs:
        best = seen >= np.quantile(seen, 2 / 3)
        ratios.append(float((true[best] + UPKEEP).mean() / (seen[best] + UPKEEP).mean()))
    return estimate(ratios)


@pytest.mark.parametrize("name", PANELS)
def test_what_looks_so_is_on_average_worth_so_whoever_judges(name: str) -> None:
    """The posterior mean v exp(tau m - tau^2 r*^2 / 2) - u, r*^2 = q A^2 + (1 - q) B^2."""
    scenario = world(3 if name == "three experts" else 1)
    pairs = seen_and_true(scenario, evaluators=PANELS[name], reading="calibrated")
    need, fit = of_panel(name)
    known = math.sqrt(SHARE * need**2 + (1.0 - SHARE) * fit**2)
    spread = estimate([float(np.log(seen + UPKEEP).std()) for seen, _ in pairs])
    assert spread.agrees(SPREAD * known), (spread, SPREAD * known)
    if name != "together":  # who see need and fit equally well
        assert not spread.holds(SPREAD * (SHARE * need + (1.0 - SHARE) * fit)), "as if need and fit were seen as one sum"
    assert best_third(pairs).agrees(1.0), best_third(pairs)


@pytest.mark.parametrize("name", PANELS)
def test_at_face_value_the_winner_is_cursed(name: str) -> None:
    scenario = world(3 if name == "three experts" else 1)
    ratio = best_third(seen_and_true(scenario, 6, evaluators=PANELS[name]))
    assert ratio.value + ratio.half_width < 0.85


def test_a_calibrated_reading_takes_known_biases_off_and_counts_in_what_cannot_be_built() -> None:
    odd = {"customer__optimism": 1.0, "evaluation__expert_bias": 0.5, "customer__feasibility": 0.7, "evaluation__detection": 0.0}
    together = {"evaluators": PANELS["together"], "reading": "calibrated"}
    pairs = seen_and_true(world(**odd), **together)
    ratio = estimate([float(true.mean() / seen.mean()) for seen, true in pairs])
    assert ratio.agrees(1.0), ratio
    blind = seen_and_true(world(**odd), 4, evaluators=PANELS["together"])
    assert all(true.mean() < 0.7 * seen.mean() for seen, true in blind)


def test_one_side_may_speak_for_the_need_and_another_for_the_fit() -> None:
    """Then A is the customer's quality for the need, and B the experts' for the fit."""
    scenario = world()
    parts = {"authority": Authority(1.0, 0.0, 0.0), "fit_authority": Authority(0.0, 1.0, 0.0), "reading": "calibrated"}
    spread = estimate([
        float(np.log(seen + UPKEEP).std()) for seen, _ in seen_and_true(scenario, evaluators=PANELS["together"], **parts)])
    apart = math.sqrt(SHARE * 0.45**2 + (1.0 - SHARE) * 0.5**2)
    assert spread.agrees(SPREAD * apart)
    equals = of_panel("together")
    assert not spread.holds(SPREAD * math.sqrt(SHARE * equals[0] ** 2 + (1.0 - SHARE) * equals[1] ** 2)), "as if both spoke for both"


# --- looking longer ---


@pytest.mark.parametrize(("hours", "factor"), [(0.25, math.sqrt(1.0 / 3.25)), (1.0, 1.0), (4.0, math.sqrt(16.0 / 7.0))])
def test_who_looks_longer_sees_more(hours: float, factor: float) -> None:
    """a sqrt(h (1 + k) / (h + k)), k = 3."""
    scenario = world(evaluation__insight_hours=3.0, evaluation__expert_hours=hours, evaluation__charged=0.0,
                     customer__need_share=1.0, evaluation__expert_need_quality=0.5)
    spread = estimate([
        float(np.log(seen + UPKEEP).std())
        for seen, _ in seen_and_true(scenario, evaluators=PANELS["one expert"], reading="calibrated")])
    assert spread.agrees(SPREAD * 0.5 * factor), spread
    assert spread.holds(SPREAD * 0.5) is (hours == 1.0)


def test_without_insight_a_look_of_any_length_sees_as_much_and_no_look_sees_it_all() -> None:
    assert [effects.insight(0.4, hours, 0.0) for hours in (0.0, 1.0, 9.0)] == [0.4] * 3
    assert effects.insight(0.4, 0.0, 3.0) == 0.0
    assert effects.insight(0.9, 1e9, 3.0) == 0.99


def test_judging_can_be_free_and_still_be_judging() -> None:
    hours = {"evaluation__insight_hours": 3.0, "evaluation__expert_hours": 4.0}
    runs = [
        run_policy(scenario, PolicyOfParts(name="board", evaluators=Evaluators(experts=True)), draw(scenario, 1, 0), logged=True)
        for scenario in (world(**hours, evaluation__charged=0.0), world(**hours, evaluation__charged=0.1))]
    free, dear = ([entry.estimate.value for entry in run.ledger.decisions] for run in runs)
    assert free[:100] == dear[:100]
    assert runs[0].outcome["meetings"] == 0.0
    looked = sum(end - start for _, start, end, use, *_ in runs[1].ledger.spells if use == "evaluation")
    assert looked == pytest.approx(0.1 * 4.0 / 8.0 * len(dear), rel=0.03)  # looks scatter too


# --- another solution for the same need ---


def test_another_solution_keeps_the_need_and_has_a_fit_of_its_own() -> None:
    scenario = world(
        evaluation__counter_fit=0.6, customer__flexibility=0.99, relationship__trust_start=1.0, relationship__voice_start=1.0)
    shifts, kept, old = [], [], []
    for replication in range(12):
        run = run_policy(scenario, Counter(name="other"), draw(scenario, 1, replication), logged=False)
        done = [(ask.request, ask.item) for ask in run.ledger.asks if ask.item is not None and ask.item.form == "counter-proposal"]
        merits = [effects.merit_of_worth(VALUE, SPREAD, UPKEEP, item.benefit / item.effort) for _, item in done]
        fits = np.array([
            (merit - math.sqrt(SHARE) * request.need) / math.sqrt(1.0 - SHARE)
            for merit, (request, _) in zip(merits, done, strict=True)])
        shifts.append(float(fits.mean()))
        kept.append(float(fits.std()))
        old.append(float(np.corrcoef(fits, [request.fit for request, _ in done])[0, 1]))
    assert estimate(shifts).agrees(0.6)
    assert not estimate(shifts).holds(0.5)
    assert estimate(kept).agrees(1.0), "all that is not the need is a fit of unit variance"
    assert estimate(old).holds(0.0), "and nothing of the old fit is left"


class Counter(PolicyOfParts):
    """Proposes another solution to everybody."""

    def decide(self, estimate: Seen, project: ProjectView) -> Decision:
        return Decision("counter-propose", "always")


def test_what_another_solution_is_expected_to_be_worth_is_what_it_is_worth() -> None:
    scenario = world(
        evaluation__counter_fit=0.6, customer__flexibility=0.99, relationship__trust_start=1.0, relationship__voice_start=1.0)
    policy = Counter(name="other", evaluators=PANELS["together"], reading="calibrated")
    ratios = []
    for replication in range(12):
        run = run_policy(scenario, policy, draw(scenario, 1, replication), logged=True)
        told = {entry.request: entry.estimate.alternative for entry in run.ledger.decisions}
        done = [ask for ask in run.ledger.asks if ask.item is not None and ask.item.form == "counter-proposal"]
        expected = sum(told[ask.request.number] + UPKEEP for ask in done)
        ratios.append(sum(ask.item.benefit / ask.item.effort + UPKEEP for ask in done) / expected)
    assert estimate(ratios).agrees(1.0), estimate(ratios)
