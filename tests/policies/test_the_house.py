"""Queue and promise are the house's: the same under every policy, unless a policy is its queue or its promise."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies import POLICY_NAMES, PolicyOfParts, Promise, QueueRule, Ticket, make
from sim.policies.parts import EXPEDITE, WISH
from sim.policies.policy_file import PolicyTable
from sim.runs.simulate import simulate, simulate_all
from sim.scenario import Scenario
from tests.not_rigged.worlds import bits

QUEUES = ("by-date", "planned-first", "wsjf", "fcfs")
BUSY = Scenario().with_values({
    "project.planned_items": 20, "project.horizon": 150.0, "project.deadline": 50.0, "customer.request_rate": 0.8})


def world(**values: Any) -> Scenario:
    return BUSY.with_values({key.replace("__", "."): value for key, value in values.items()})


def test_only_what_is_its_queue_or_its_promise_has_one_of_its_own() -> None:
    queues = {name: make(name).queue for name in POLICY_NAMES if make(name).queue is not None}
    promises = {name: make(name).promise for name in POLICY_NAMES if make(name).promise is not None}
    assert queues == {"always-accept": EXPEDITE, "value-ranked": QueueRule("wsjf")}
    assert promises == {"always-accept": WISH}


@pytest.mark.parametrize("order", QUEUES)
def test_the_houses_queue_is_the_same_as_that_queue_of_ones_own(order: Literal["by-date", "planned-first", "wsjf", "fcfs"]) -> None:
    theirs, own = make("change-board"), make("change-board").with_parts(queue=QueueRule(order))
    assert bits(simulate(world(team__queue=order), theirs)) == bits(simulate(world(team__queue=order), own))


def test_every_queue_of_the_house_is_another_one_where_there_is_a_plan_but_first_come_first_served_is_planned_first() -> None:
    found = {order: bits(simulate(world(team__queue=order, innovation__exploration_share=0.0), "accept-all")) for order in QUEUES}
    assert found["fcfs"] == found["planned-first"]
    assert len(set(found.values())) == 3


@pytest.mark.parametrize("order", QUEUES)
def test_policies_that_differ_only_in_a_queue_agree_when_the_house_has_one(order: str) -> None:
    plain = make("co-evaluated")
    own = [plain.with_parts(queue=QueueRule(rule)) for rule in ("fcfs", "wsjf", "requests-first")]
    apart = [bits(run) for run in simulate_all(world(), own, seed=1, replication=0)]
    assert len(set(apart)) == 3
    given_up = [policy.with_parts(queue=None) for policy in own]
    together = [bits(run) for run in simulate_all(world(team__queue=order), given_up, seed=1, replication=0)]
    assert len(set(together)) == 1


@pytest.mark.parametrize("name", ["always-accept", "value-ranked"])
def test_a_policy_that_is_its_queue_does_not_hear_of_the_houses(name: str) -> None:
    assert len({bits(simulate(world(team__queue=order), name)) for order in QUEUES}) == 1


@given(st.integers(1, 200), st.floats(0.1, 50), st.integers(1, 20))
def test_by_date_planned_item_i_of_n_stands_at_i_nths_of_the_plan_and_a_request_at_the_day_that_it_was_asked(
    n: int, effort: float, people: int,
) -> None:
    plan = Scenario().off().with_values({
        "team.queue": "by-date", "project.planned_items": n, "project.planned_effort": effort, "project.deadline": 0.0,
        "team.roles.developer.headcount": people, "project.horizon": 30.0, "customer.request_rate": 0.3})
    run = simulate(plan, "change-board:days=7", logged=False)
    ranks = [item.rank for item in run.ledger.items if item.kind == "planned"]
    assert ranks == pytest.approx([i / n * (n * effort / people) for i in range(n)])
    asked = [ask for ask in run.ledger.asks if ask.item is not None]
    assert all(ask.item is not None and ask.item.rank == ask.request.day < ask.item.admitted for ask in asked)


@pytest.mark.parametrize("before", ["always-accept", "value-ranked"])
def test_when_a_policy_is_adopted_all_open_work_goes_by_its_queue(before: str) -> None:
    """One person, no rework: whatever is begun after the change is the earliest of all that is open, from before or after it."""
    day = 20.0
    plan = Scenario().off().with_values({
        "team.queue": "by-date", "team.roles.developer.headcount": 1, "project.planned_items": 20, "project.planned_effort": 2.0,
        "project.deadline": 0.0, "project.horizon": 60.0, "customer.request_rate": 0.5, "customer.effort_median": 1.0,
        "adoption.day": day, "adoption.before": before})
    items = simulate(plan, "accept-all").ledger.items
    begun = [item for item in items if item.started > day]
    assert {item.kind for item in begun} == {"planned", "request"}
    for item in begun:
        open_then = [other for other in items if other.admitted <= item.started and not 0.0 <= other.started < item.started]
        assert item.ticket.date == min(other.ticket.date for other in open_then)


def test_by_date_nobody_waits_for_a_date_while_there_is_work() -> None:
    run = simulate(world(team__queue="by-date", customer__request_rate=0.0, innovation__exploration_share=0.0), "accept-all")
    began: dict[int, float] = {}
    for spell in sorted(run.ledger.spells, key=lambda spell: spell.start):
        if spell.use == "work":
            began.setdefault(spell.item, spell.start)
    assert sorted(began) == list(began)
    assert min(spell.start for spell in run.ledger.spells if spell.use == "idle") > began[max(began)]


def test_the_houses_promise_is_the_policies_own_of_the_first_world_by_forecast_and_always_accepts_by_wish() -> None:
    board = make("change-board")
    for says, part in (("forecast", Promise("forecast", 1.25)), ("wish", WISH), ("none", Promise("none"))):
        own = simulate(world(), board.with_parts(promise=part))
        assert bits(simulate(world(team__promise=says), board)) == bits(own)
    days = {says: {item.promised for item in simulate(world(team__promise=says), board).ledger.items if item.kind == "request"}
            for says in ("forecast", "none")}
    assert days["none"] == {-1.0}
    assert min(days["forecast"]) > 0.0


def test_a_policy_file_may_leave_queue_and_promise_to_the_house_or_have_its_own() -> None:
    def made(**table: Any) -> PolicyOfParts:
        found = PolicyTable.model_validate(table).called("mine")
        assert isinstance(found, PolicyOfParts)
        return found

    assert (made(base="change-board").queue, made(base="change-board").promise) == (None, None)
    assert made(base="change-board", queue={"order": "wsjf"}).queue == QueueRule("wsjf")
    assert made(base="change-board", promise={"safety": 2.0}).promise == Promise("forecast", 2.0)
    assert made(base="always-accept", queue={"preempt": False}).queue == QueueRule("requests-first")
    assert made(base="always-accept", promise={"basis": "forecast"}).promise == Promise("forecast", 1.0)


def test_a_queue_of_ones_own_may_go_by_the_date_too() -> None:
    late = QueueRule("by-date").rank(Ticket("request", "customer", 1.0, 5.0, 0.1, 40.0))
    assert late > QueueRule("by-date").rank(Ticket("planned", "customer", 8.0, 1.0, 0.0, 12.0))
