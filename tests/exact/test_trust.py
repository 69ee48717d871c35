"""Trust by hand: what was delivered, failed, refused, put off and waited for, one after the other."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from sim.model import effects
from sim.model.calendar import WEEK
from sim.policies import PolicyOfParts
from sim.policies.admission import AfterPlanned
from sim.policies.parts import Cadence, Promise
from sim.runs.simulate import Run, simulate
from tests.not_rigged.worlds import bits, stream

START, RATE, AVERSION = 0.6, 0.05, 1.5
MOVES = {
    "relationship.trust_start": START, "relationship.trust_rate": RATE, "relationship.loss_aversion": AVERSION,
    "team.promise": "none", "project.horizon": 120.0}
"""Trust moves; what moves it is what a test says."""
REQUESTS = stream(**{**MOVES, "customer.request_rate": 0.5, "customer.value_spread": 0.95, "customer.upkeep": 0.3})


def trust(run: Run) -> list[float]:
    """The levels of trust, from the first on."""
    return [START, *(level for _, _, quantity, level in run.ledger.levels if quantity == "trust")]


def gained(experiences: list[float]) -> float:
    """Trust after so many gains."""
    return 1.0 - (1.0 - START) * math.prod(1.0 - RATE * x for x in experiences)


def lost(experiences: list[float]) -> float:
    """Trust after so many losses."""
    return START * math.prod(1.0 - RATE * AVERSION * x for x in experiences)


def test_delivering_what_works_builds_trust_whatever_had_been_hoped_for() -> None:
    hopeful = REQUESTS.with_values({"relationship.ability_weight": 0.5, "customer.optimism": 1.0})
    run = simulate(hopeful, "accept-all")
    levels = trust(run)
    assert len(levels) > 30
    assert all(after > before for before, after in pairwise(levels))
    sober = simulate(hopeful.with_values({"customer.optimism": 0.0}), "accept-all")
    assert levels == trust(sober)


def test_a_request_delivered_counts_by_what_it_is_worth() -> None:
    run = simulate(REQUESTS.with_values({"relationship.ability_weight": 0.5}), "accept-all")
    met = [effects.appeal(ask.request.merit) for ask in run.ledger.asks if ask.fate == "delivered"]
    assert run.outcome["trust_end"] == pytest.approx(gained([0.5 * x for x in met]))


@pytest.mark.parametrize("items", [4, 20])
def test_the_plan_delivered_counts_once_however_it_is_cut(items: int) -> None:
    plan = {"project.planned_items": items, "project.planned_effort": 60.0 / items, "project.planned_sigma": 0.5}
    scenario = REQUESTS.with_values({
        **plan, "customer.request_rate": 0.0, "relationship.ability_weight": 0.5, "relationship.plan_weight": 8.0})
    run = simulate(scenario, "accept-all")
    total = sum(item.effort for item in run.ledger.items)
    traits = scenario.customer
    merit = effects.merit_of_worth(traits.value, traits.value_spread, traits.upkeep, scenario.project.planned_benefit)
    shares = [item.effort / total for item in run.ledger.items]
    assert sum(shares) == pytest.approx(1.0)
    assert run.outcome["trust_end"] == pytest.approx(gained([0.5 * 8.0 * share * effects.appeal(merit) for share in shares]))


def test_failed_reviews_and_work_that_is_given_up_cost_trust() -> None:
    never = REQUESTS.with_values({
        "customer.feasibility": 0.0, "review.rework_share": 0.2, "review.max_rework": 2,
        "relationship.ability_weight": 0.5, "relationship.failure_weight": 0.2})
    run = simulate(never, "accept-all")
    failed = sum(min(item.attempts, 2) for item in run.ledger.items)
    given_up = sum(item.given_up for item in run.ledger.items)
    assert given_up > 30
    assert run.outcome["trust_end"] == pytest.approx(lost([0.5 * 0.2] * failed + [0.5] * given_up))


def test_waiting_is_felt_by_the_week_when_the_answer_comes_or_never_does() -> None:
    waiting = REQUESTS.with_values({"relationship.waiting_weight": 0.2, "customer.withdrawal_rate": 0.02})
    run = simulate(waiting, PolicyOfParts(name="slow", cadence=Cadence(30.0, 9)))
    fates = {"waiting": 0, "withdrawn": 0, "answered": 0}
    waits = []
    for ask in run.ledger.asks:
        fate = ask.status if ask.status in fates else "answered"
        fates[fate] += 1
        until = {"waiting": run.ledger.end, "withdrawn": ask.left, "answered": ask.answered}[fate]
        waits.append((until - ask.request.day) / WEEK)
    assert all(fates.values()), fates
    assert max(waits) * 0.2 > 1.0  # no wait is felt as worse than a promise missed
    assert run.outcome["trust_end"] == pytest.approx(lost([min(0.2 * weeks, 1.0) for weeks in waits]))


def test_a_later_is_a_part_of_a_no_once_for_each_time_that_it_is_asked() -> None:
    frozen = PolicyOfParts(name="frozen", admission=AfterPlanned(), explanation=0.5, promise=Promise("none"))
    scenario = REQUESTS.with_values({
        "project.planned_items": 10, "project.planned_effort": 40.0, "customer.request_rate": 0.3,
        "relationship.refusal_weight": 0.5, "relationship.explanation_effect": 0.4, "relationship.deferral_weight": 0.3})
    run = simulate(scenario, frozen)
    assert len(run.ledger.asks) > 10
    assert run.outcome["trust_end"] == pytest.approx(lost([0.3 * 0.5 * 0.8] * len(run.ledger.asks)))


def test_whoever_stays_on_the_agenda_hears_later_only_once() -> None:
    full = {"relationship.refusal_weight": 0.5, "relationship.deferral_weight": 0.3, "project.horizon": 50.0}
    run = simulate(REQUESTS.with_values(full), "value-ranked:k=0,days=5")
    later = [entry.request for entry in run.ledger.decisions if entry.decision.answer == "defer"]
    refused = sum(ask.status == "declined" for ask in run.ledger.asks)
    assert len(later) > 2 * len(set(later)) > 0
    assert run.outcome["trust_end"] == pytest.approx(lost([0.3 * 0.5] * len(set(later)) + [0.5] * refused))


@pytest.mark.parametrize("policy", ["accept-all", "refuse-all"])
def test_an_answer_at_once_is_no_wait_and_pleases_nobody(policy: str) -> None:
    felt = REQUESTS.with_values({"relationship.satisfaction_rate": 0.1, "relationship.satisfaction_start": 0.3})
    waiting = felt.with_values({"relationship.waiting_weight": 1.0})
    assert bits(simulate(waiting, policy)) == bits(simulate(felt, policy))


def test_a_wait_and_a_later_lower_the_satisfaction_of_who_had_been_content() -> None:
    felt = REQUESTS.with_values({
        "relationship.satisfaction_rate": 0.1, "relationship.satisfaction_start": 0.7, "project.planned_items": 10,
        "project.planned_effort": 40.0, "relationship.refusal_weight": 1.0})
    for weight in ("waiting_weight", "deferral_weight"):
        ends = [simulate(felt.with_values({f"relationship.{weight}": value}), "frozen-scope").outcome["satisfaction_end"]
                for value in (0.0, 0.05, 0.2)]
        assert ends[0] > ends[1] > ends[2]
