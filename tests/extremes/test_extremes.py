"""The edges of the world: nobody asks, everything is mandatory, one person, floods, giants, changes half-way, ends."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any

import pytest

from sim.errors import PolicyError, ScenarioError
from sim.policies import POLICY_NAMES, Cadence, Decision, Evaluators, Policy, PolicyOfParts, all_policies, make
from sim.policies.admission import Capacity, Threshold
from sim.runs.simulate import Run, simulate, simulate_all
from sim.scenario import Customer, Scenario

BASE = Scenario().with_values({"project.planned_items": 10, "project.horizon": 100.0, "project.deadline": 40.0})


def world(**values: Any) -> Scenario:
    return BASE.with_values({key.replace("__", "."): value for key, value in values.items()})


def all_runs(scenario: Scenario) -> list[Run]:
    return simulate_all(scenario, all_policies(), seed=1, replication=0)


def test_without_requests_all_policies_are_the_same_but_for_their_queue() -> None:
    runs = all_runs(world(customer__request_rate=0.0, innovation__exploration_share=0.0))
    assert len({repr((run.outcome, run.ledger.spells)) for run in runs}) == 1
    assert runs[0].outcome["requests"] == 0.0
    assert runs[0].outcome["on_time"] == 1.0
    assert math.isnan(runs[0].outcome["time_in_system"])
    assert len(runs[0].requests) == 0


def test_without_plan_and_requests_everybody_is_idle_to_the_horizon() -> None:
    for run in all_runs(world(
        customer__request_rate=0.0, project__planned_items=0, project__deadline=0.0, innovation__exploration_share=0.0)):
        assert run.ledger.end == 100.0
        assert run.outcome["utilisation"] == 0.0
        assert {spell.use for spell in run.ledger.spells} == {"idle"}
        assert run.outcome["cost"] == pytest.approx(4 * 0.6 * 100.0)


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_where_everything_is_mandatory_every_policy_admits_everything_it_got_to(name: str) -> None:
    run = simulate(world(customer__mandatory_share=1.0), name)
    assert run.outcome["declined"] == run.outcome["withdrawn"] == 0.0
    assert all(ask.item is not None or ask.fate == "waiting" for ask in run.ledger.asks)
    assert sum(ask.item is not None for ask in run.ledger.asks) > 10


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_one_person_can_run_any_policy(name: str) -> None:
    run = simulate(world(team__roles__developer__headcount=1, customer__request_rate=0.3), name)
    assert {spell.person for spell in run.ledger.spells} == {0}
    assert run.outcome["utilisation"] > 0.5


def test_more_judges_than_people_take_turns() -> None:
    alone = world(team__roles__developer__headcount=1, evaluation__judges=["developer"] * 5)
    run = simulate(alone, "change-board")
    assert run.ledger.decisions
    assert run.outcome["evaluation_cost"] > simulate(
        world(team__roles__developer__headcount=1), "change-board").outcome["evaluation_cost"]


def test_a_role_without_people_is_refused_in_words() -> None:
    with pytest.raises(ScenarioError, match="headcount"):
        world(team__roles__developer__headcount=0)


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_a_flood_of_requests_is_censored_in_finite_time(name: str) -> None:
    flood = world(customer__request_rate=20.0, customer__effort_median=20.0, team__queue="planned-first")
    run = simulate(flood, name, logged=False)
    assert run.ledger.end <= 100.0
    assert run.outcome["requests"] > 400
    if name in ("always-accept", "gatekeeper", "expert-veto"):
        assert run.outcome["censored"] == 1.0
        if name == "gatekeeper":  # reviews come first at the customer's desk, so that his flood of judgements starves no plan
            assert run.outcome["delay"] < 0.0
        else:
            assert run.outcome["delay"] == 60.0


def test_memory_of_a_flood_is_proportional_to_its_requests() -> None:
    def peak_per_request(rate: float) -> float:
        tracemalloc.start()
        run = simulate(world(customer__request_rate=rate, customer__effort_median=20.0), "always-accept", logged=False)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak / run.outcome["requests"]

    assert peak_per_request(20.0) < 1.5 * peak_per_request(5.0)


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_the_shortest_horizon_ends_in_good_order(name: str) -> None:
    run = simulate(world(project__horizon=1.0, project__deadline=1.0), name)
    assert run.ledger.end == 1.0
    assert run.outcome["censored"] == 1.0
    assert run.outcome["delay"] == 0.0


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_giants_are_split_and_swallow_the_project(name: str) -> None:
    giant = world(customer__effort_median=100.0, customer__effort_sigma=2.0, customer__value=50.0)
    run = simulate(giant, name, logged=False)
    assert all(math.isfinite(item.effort) for item in run.ledger.items)
    if name == "always-accept":
        assert run.outcome["censored"] == 1.0


def test_dwarfs_are_delivered() -> None:
    run = simulate(world(customer__effort_median=0.001, customer__effort_sigma=0.0, customer__feasibility=1.0), "always-accept")
    assert run.outcome["delivered"] + run.outcome["failed"] == run.outcome["requests"] > 10


# --- a change of policy half-way ---


def test_before_the_day_of_adoption_the_old_policy_decides_and_after_it_the_new_one() -> None:
    run = simulate(
        world(adoption__day=15.0, adoption__before="always-accept", customer__mandatory_share=0.0),
        PolicyOfParts(name="closed", admission=Capacity(0)))
    answers = {early: {e.decision.answer for e in run.ledger.decisions if (e.day < 15.0) is early} for early in (True, False)}
    assert answers == {True: {"accept"}, False: {"decline"}}


def test_a_policy_adopted_from_itself_at_a_meeting_day_meets_as_often_as_before() -> None:
    free = {"evaluation__expert_hours": 0.0, "evaluation__session_hours": 0.0, "evaluation__customer_hours": 0.0}
    terms = {**free, "customer__request_rate": 3.0, "project__planned_items": 60, "customer__mandatory_share": 0.0}
    for day in (20.0, 23.0):
        run = simulate(world(adoption__day=day, adoption__before="change-board", **terms), "change-board:at_least=9")
        meetings = sorted({round(entry.day, 6) for entry in run.ledger.decisions if entry.day > day})
        assert len(meetings) > 5
        assert meetings == [day + 10.0 * n for n in range(1, len(meetings) + 1)]


def test_requests_that_wait_for_the_old_policys_session_go_through_the_new_ones_door() -> None:
    run = simulate(
        world(adoption__day=7.0, adoption__before="change-board", customer__withdrawal_rate=0.0), "always-accept")
    early = [ask for ask in run.ledger.asks if ask.request.day < 7.0]
    assert early
    assert all(ask.answered == 7.0 for ask in early)


def test_learning_makes_sessions_dearer_for_a_while() -> None:
    terms = {"adoption__day": 10.0, "adoption__before": "always-accept", "adoption__learning_cost": 2.0}
    slow, fast = (simulate(world(**terms, adoption__learning_days=days), "change-board") for days in (60.0, 0.0))
    assert slow.outcome["evaluation_cost"] > 1.2 * fast.outcome["evaluation_cost"]


# --- ends and edges ---


def test_a_customer_who_has_lost_all_trust_ends_the_project() -> None:
    run = simulate(
        world(relationship__walk_away=0.5, relationship__trust_rate=0.3, relationship__refusal_weight=2.0),
        PolicyOfParts(name="closed", admission=Capacity(0)))
    assert run.ledger.walked_away
    assert run.outcome["trust_end"] < 0.5
    assert run.outcome["censored"] == 1.0
    assert run.outcome["delay"] == 60.0
    assert run.outcome["finish"] == 100.0


def test_a_policy_that_meets_with_each_review_decides_at_once_where_reviews_are_at_once() -> None:
    policy = PolicyOfParts(name="with reviews", cadence=Cadence(None))
    at_once = simulate(world(review__cadence=0.0), policy)
    assert {ask.answered - ask.request.day for ask in at_once.ledger.asks} == {0.0}
    with_reviews = simulate(world(review__cadence=10.0), policy)
    assert {entry.day % 10.0 for entry in with_reviews.ledger.decisions} == {0.0}


def test_who_has_no_authority_may_still_be_several() -> None:
    two = world(evaluation__judges=["developer", "developer"])
    for share in (0, 1):
        assert simulate(two, f"co-evaluated:expert_share={share}").ledger.decisions


def test_a_request_withdrawn_before_anybody_looked_costs_nobodys_time() -> None:
    slow = world(evaluation__latency=50.0, evaluation__latency_sigma=0.0, customer__withdrawal_rate=5.0,
                 customer__mandatory_share=0.0, project__planned_items=0, project__deadline=0.0)
    run = simulate(slow, PolicyOfParts(name="ai", evaluators=Evaluators(experts=True, ai=True), admission=Threshold()))
    assert run.outcome["withdrawn"] == run.outcome["requests"] > 5
    assert run.outcome["ai_cost"] == run.outcome["evaluation_cost"] == 0.0


def test_a_project_does_not_wait_for_requests_that_were_withdrawn() -> None:
    run = simulate(world(customer__withdrawal_rate=0.5, customer__mandatory_share=0.0), "change-board:days=20")
    assert run.outcome["withdrawn"] > 5
    assert run.outcome["censored"] == 0.0
    assert run.ledger.end < 100.0


def test_many_customer_groups_each_have_their_own_desk() -> None:
    groups = {f"group {n}": Customer(request_rate=0.1, representatives=2) for n in range(20)}
    scenario = Scenario(project=BASE.project, groups=groups)
    run = simulate(scenario, "co-evaluated")
    assert {spell.person for spell in run.ledger.customer_spells} == set(range(40))
    assert {ask.request.group for ask in run.ledger.asks} <= set(range(20))


def test_full_exploration_pressure_and_rework_still_end() -> None:
    run = simulate(world(
        innovation__exploration_share=0.9, innovation__idea_rate=10.0, review__max_rework=10_000, team__defect_rate=0.95,
        review__rework_share=2.0), "always-accept", logged=False)
    assert run.outcome["censored"] == 1.0
    assert 0.0 < run.outcome["rework_share"] < 1.0


class Shuffler(Policy):
    def agenda(self, estimates: Any) -> list[int]:
        return [0] * len(estimates)


class Dreamer(Policy):
    def decide(self, estimate: Any, project: Any) -> Decision:
        return Decision("defer", "some day", until=math.nan)


@pytest.mark.parametrize(("policy", "words"), [(Shuffler(cadence=Cadence(20.0)), "each, once"), (Dreamer(), "a day is needed")])
def test_the_world_itself_refuses_what_would_break_its_books(policy: Policy, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        simulate(world(customer__mandatory_share=0.0), policy)


@pytest.mark.parametrize(("seed", "replication"), [(-1, 0), (0, -1)])
def test_seed_and_replication_are_numbers_from_0_on(seed: int, replication: int) -> None:
    with pytest.raises(ValueError, match="whole numbers from 0 on"):
        simulate(BASE, make("always-accept"), seed=seed, replication=replication)
