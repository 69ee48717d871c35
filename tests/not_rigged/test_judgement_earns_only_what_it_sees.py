"""Judgement is worth what its signals are worth: nothing where there is nothing to see, nothing from the same eyes twice."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from scipy import stats

from sim.policies import POLICY_NAMES, Evaluators, Policy, PolicyOfParts, make
from sim.policies.admission import Threshold
from sim.policies.controls import Placebo
from sim.runs.simulate import Run, simulate, simulate_all
from tests.not_rigged.worlds import SMALL, admitted, bits, paired_interval, stream

JUDGES = [
    Evaluators(customer=True), Evaluators(experts=True), Evaluators(ai=True), Evaluators(customer=True, experts=True),
    Evaluators(customer=True, experts=True, ai=True)]
WORTH = {
    "customer__value": math.exp(0.5), "customer__value_spread": 1.0, "customer__upkeep": 0.4, "customer__need_share": 1.0,
    "evaluation__customer_need_quality": 0.5, "evaluation__expert_need_quality": 0.5, "evaluation__facilitation": 1.0,
    "evaluation__insight_hours": 0.0}
"""The need is all, and whatever of it is above the average is worth more than the bar of .6."""
REPLICATIONS = range(24)


def judged_by(evaluators: Evaluators, at_least: float = 0.0) -> Policy:
    return PolicyOfParts(name=str(evaluators), evaluators=evaluators, admission=Threshold(at_least))


def benefit_per_effort(run: Run) -> float:
    items = [ask.item for ask in run.ledger.asks if ask.item is not None]
    return math.fsum(item.benefit for item in items) / math.fsum(item.effort for item in items)


def mean_merit(evaluators: Evaluators, **values: float) -> list[float]:
    """Mean merit of what these judges admit, one value a replication."""
    world = stream(**{**WORTH, **values})
    means = []
    for replication in REPLICATIONS:
        run = simulate(world, judged_by(evaluators), replication=replication, logged=False)
        merits = [ask.request.merit for ask in run.ledger.asks if ask.item is not None]
        means.append(math.fsum(merits) / len(merits))
    return means


# --- no spread of merit ---


@pytest.mark.parametrize("name", [name for name in POLICY_NAMES if name not in ("placebo", "refuse-all")])
def test_without_spread_of_merit_no_policy_gets_more_benefit_from_a_person_day(name: str) -> None:
    same = SMALL.with_values({"customer.value_spread": 0.0, "customer.value": 1.3, "customer.upkeep": 0.3, "customer.core_value": 1.0})
    found = [benefit_per_effort(simulate(same, name, replication=r, logged=False)) for r in range(2)]
    assert found == pytest.approx([1.0, 1.0])


def test_with_spread_of_merit_a_judge_does_get_more_benefit_from_a_person_day() -> None:
    for name in ("change-board", "co-evaluated", "clairvoyant"):
        gains = [
            benefit_per_effort(judged) - benefit_per_effort(everything)
            for replication in range(40)
            for everything, judged in [simulate_all(
                SMALL, [make("always-accept"), make(name)], seed=1, replication=replication)]
        ]
        assert paired_interval(gains, 0.95)[0] > 0.0


# --- what a judge cannot see ---


@pytest.mark.parametrize("evaluators", JUDGES, ids=str)
def test_judges_who_know_nothing_admit_the_average_request(evaluators: Evaluators) -> None:
    low, high = paired_interval(mean_merit(evaluators, evaluation__expert_need_quality=0.0, evaluation__customer_need_quality=0.0), 0.999)
    assert low < 0.0 < high
    assert high - low < 0.25


@pytest.mark.parametrize("evaluators", JUDGES[:2], ids=str)
def test_one_judge_of_quality_r_lifts_the_merit_of_the_better_half_by_what_theory_says(evaluators: Evaluators) -> None:
    low, high = paired_interval(mean_merit(evaluators), 0.999)
    assert low < 0.5 * stats.norm.pdf(0.0) / 0.5 < high
    assert low > 0.2


# --- a second pair of the same eyes ---


@pytest.mark.parametrize("more", JUDGES[3:], ids=str)
def test_judges_with_the_same_errors_decide_as_one_of_them(more: Evaluators) -> None:
    world = stream(**WORTH, evaluation__error_correlation=1.0)
    for replication in range(3):
        alone, together = simulate_all(
            world, [judged_by(Evaluators(experts=True)), judged_by(more)], seed=1, replication=replication)
        assert admitted(together) == admitted(alone)
        assert 0 < len(admitted(alone)) < len(alone.ledger.asks)


def test_two_judges_with_errors_of_their_own_gain_what_pooling_gives() -> None:
    alone = mean_merit(Evaluators(experts=True), evaluation__error_correlation=0.0)
    together = mean_merit(Evaluators(customer=True, experts=True), evaluation__error_correlation=0.0)
    low, high = paired_interval([b - a for a, b in zip(alone, together, strict=True)], 0.999)
    rho = 0.5 * 0.5  # two signals of quality r agree by r^2 where their errors do not
    gain = (0.5 * math.sqrt(2.0) / math.sqrt(1.0 + rho) - 0.5) * stats.norm.pdf(0.0) / 0.5
    assert low < gain < high
    assert low > 0.0


def test_two_experts_with_the_same_errors_decide_as_one() -> None:
    world = stream(**WORTH, evaluation__error_correlation=1.0)
    two = world.with_values({"evaluation.judges": ["developer", "developer"]})
    policy = judged_by(Evaluators(experts=True))
    assert admitted(simulate(two, policy)) == admitted(simulate(world, policy))


# --- the AI aid ---


def test_an_ai_aid_that_sees_what_people_see_is_worth_nothing_and_costs_its_price() -> None:
    world = stream(
        **WORTH, evaluation__error_correlation=1.0, evaluation__ai_cost=0.02, evaluation__ai_gain=0.0,
        evaluation__automation_bias=0.0)
    people = judged_by(Evaluators(customer=True, experts=True))
    without, with_aid = simulate_all(
        world, [people, people.with_parts(evaluators=Evaluators(customer=True, experts=True, ai=True))], seed=1, replication=0)
    assert admitted(with_aid) == admitted(without)
    assert with_aid.outcome["benefit"] == without.outcome["benefit"]
    price = 0.02 * len(with_aid.ledger.asks)
    assert price > 0.0
    assert with_aid.outcome["ai_cost"] == pytest.approx(price)
    assert without.outcome["net_benefit"] - with_aid.outcome["net_benefit"] == pytest.approx(price)


def test_the_ai_aid_takes_experts_hours_and_days_of_waiting() -> None:
    people, aided = (judged_by(Evaluators(experts=True, ai=ai)) for ai in (False, True))
    world = stream(**WORTH, evaluation__ai_hours=2.0, evaluation__ai_latency=0.0)
    without, with_aid = simulate_all(world, [people, aided], seed=1, replication=0)
    checking = 2.0 / 8.0 * len(with_aid.ledger.asks)
    assert without.outcome["meetings"] == 0.0
    assert with_aid.outcome["meetings"] == pytest.approx(checking, rel=0.02)
    waits = stream(**WORTH, evaluation__ai_latency=3.0)
    assert simulate(waits, people).outcome["answer_time"] == 0.0
    assert simulate(waits, aided).outcome["answer_time"] == pytest.approx(3.0, rel=0.02)


@pytest.mark.parametrize("days", [0.0, 4.0])
def test_the_ai_aid_is_paid_for_at_once_and_in_sessions_even_if_it_costs_nobodys_time(days: float) -> None:
    policy = judged_by(Evaluators(ai=True))
    run = simulate(stream(**WORTH, evaluation__ai_cost=0.5), policy.with_parts(cadence=replace(policy.cadence, days=days)))
    decided = sum(ask.status in ("admitted", "declined") for ask in run.ledger.asks)
    assert run.outcome["ai_cost"] == pytest.approx(0.5 * decided)
    assert decided > 100


# --- the controls ---


def test_the_placebo_admits_the_references_share() -> None:
    world = stream(**WORTH, evaluation__expert_hours=1.0, evaluation__customer_hours=0.5, customer__hours_per_week=40.0)
    for replication in range(5):
        reference, control = simulate_all(
            world, [make("co-evaluated"), make("placebo")], seed=2, replication=replication)
        share = reference.outcome["admitted"]
        error = math.sqrt(share * (1.0 - share) / len(control.ledger.asks))
        assert 0.2 < share < 0.9
        assert abs(control.outcome["admitted"] - share) < 3.5 * error
        assert admitted(control) != admitted(reference)


def test_the_placebo_pays_for_the_same_sessions() -> None:
    world = stream(
        **WORTH, evaluation__expert_hours=1.0, evaluation__session_hours=1.0, evaluation__customer_hours=0.5,
        customer__hours_per_week=40.0)
    reference, control = simulate_all(world, [make("co-evaluated"), make("placebo")], seed=2, replication=0)
    for measure in ("evaluation_cost", "customer_hours", "meetings"):
        assert control.outcome[measure] == pytest.approx(reference.outcome[measure], rel=1e-9)
        assert control.outcome[measure] > 0.0


def test_the_placebo_judges_nothing_what_it_admits_is_average() -> None:
    means = []
    for replication in REPLICATIONS:
        run = simulate(stream(**WORTH), "placebo", replication=replication, logged=False)
        assert isinstance(run.policy, Placebo)
        merits = [ask.request.merit for ask in run.ledger.asks if ask.item is not None]
        means.append(math.fsum(merits) / len(merits))
    low, high = paired_interval(means, 0.999)
    assert low < 0.0 < high


def test_the_clairvoyant_admits_all_that_is_worth_building_and_nothing_else() -> None:
    sees = simulate(SMALL.with_values({"customer.mandatory_share": 0.0}), "clairvoyant", replication=3)
    assert sees.outcome["precision"] == 1.0
    assert sees.outcome["recall"] == 1.0
    assert sees.outcome["benefit_declined"] == sees.outcome["waste_admitted"] == 0.0
    obliged = simulate(SMALL.with_values({"customer.mandatory_share": 0.3}), "clairvoyant", replication=3)
    assert obliged.outcome["precision"] < 1.0
    assert bits(sees) != bits(obliged)
