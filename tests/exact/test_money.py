"""What is paid, what it was paid for, and what it brought: examples worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.policies import PolicyOfParts
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.exact.scenarios import FCFS


def project(**values: Any) -> Scenario:
    """Two people at .5 k€ a day, four planned items of 3 pd each; all else is off (``__`` stands for the dot)."""
    said = {key.replace("__", "."): value for key, value in values.items()}
    return Scenario().off().with_values({
        "project.planned_items": 4, "project.planned_effort": 3.0, "project.planned_benefit": 2.0, "project.deadline": 50.0,
        "project.horizon": 100.0, "team.roles.developer.headcount": 2, "team.roles.developer.day_rate": 0.5,
        "customer.request_rate": 0.0, **said})


def run(scenario: Scenario, policy: PolicyOfParts = FCFS) -> Run:
    return simulate(scenario, policy, seed=3)


def test_a_project_of_three_items_for_two_people_pays_one_of_them_for_waiting() -> None:
    """Days 0-3: both work; days 3-6: one of them does, so that of 6 paid days of two people 3 person-days are idle."""
    found = run(project(project__planned_items=3)).outcome
    assert found["finish"] == 6.0
    assert found["cost"] == pytest.approx(0.5 * 2 * 6)
    assert found["effort_cost"] == pytest.approx(0.5 * 3 * 3)
    assert found["idle_cost"] == pytest.approx(0.5 * 3)
    assert found["benefit"] == pytest.approx(3 * 3 * 2.0)
    assert found["net_benefit"] == pytest.approx(18.0 - 6.0)
    assert found["net_of_effort"] == pytest.approx(18.0 - 4.5)


def last_request_alone(after_plan: str) -> Run:
    """The plan takes days 0 to 6; what was asked for before is done after it by whoever comes first, one item a person."""
    scenario = project(
        project__planned_items=4, customer__request_rate=0.3, customer__effort_median=5.0, team__after_plan=after_plan)
    for seed in range(100):
        found = simulate(scenario, FCFS, seed=seed)
        if len(found.ledger.asks) == 1:
            return found
    raise AssertionError("no seed with one request")


def test_after_the_plan_who_is_released_costs_nothing_and_who_is_kept_is_paid_for_waiting() -> None:
    """Four items of 3 pd take two people to day 6; one request of 5 pd takes one of them to day 11, while the other one waits."""
    kept, released = last_request_alone("kept").outcome, last_request_alone("released").outcome
    assert kept["finish"] == released["finish"] == pytest.approx(11.0)
    assert kept["cost"] == pytest.approx(0.5 * 2 * 11)
    assert released["cost"] == pytest.approx(0.5 * (12 + 5))
    assert kept["effort_cost"] == released["effort_cost"] == pytest.approx(0.5 * 17)
    assert kept["idle_cost"] == pytest.approx(0.5 * 5)
    assert released["idle_cost"] == pytest.approx(0.0)
    assert released["net_of_effort"] == kept["net_of_effort"]


def test_released_or_kept_is_a_matter_of_pay_and_of_nothing_else() -> None:
    """Also where people explore: nobody's work takes longer, and no request fares otherwise."""
    scenario = Scenario().with_values({
        "project.planned_items": 15, "project.deadline": 40.0, "customer.request_rate": 0.3, "innovation.exploration_share": 0.2})
    for policy in ("always-accept", "co-evaluated"):
        kept, released = (
            simulate(scenario.with_values({"team.after_plan": state}), policy, seed=5) for state in ("kept", "released"))
        assert [spell[:3] for spell in kept.ledger.spells if spell.use not in ("idle", "released")] == [
            spell[:3] for spell in released.ledger.spells if spell.use not in ("idle", "released")]
        same = set(kept.outcome) - {
            "cost", "effort_cost", "idle_cost", "overrun", "cost_per_request", "net_benefit", "net_of_effort", "utilisation", "exploration"}
        assert {name: repr(kept.outcome[name]) for name in same} == {name: repr(released.outcome[name]) for name in same}
        assert released.outcome["cost"] < kept.outcome["cost"]
        gone = [spell for spell in released.ledger.spells if spell.use == "released"]
        assert gone
        assert all(spell.start >= released.ledger.planned_finish and not spell.explored for spell in gone)


@pytest.mark.parametrize("cost", [0.0, 0.001, 0.0026])
def test_each_day_of_the_plans_finish_takes_its_share_of_the_planned_benefit(cost: float) -> None:
    """24 k€ are planned; the plan is done on day 6, well before the deadline."""
    found = run(project(project__delay_cost=cost)).outcome
    assert found["benefit_planned"] == pytest.approx(24.0 * (1.0 - 6.0 * cost))


def test_a_plan_that_is_not_done_loses_at_least_what_the_horizon_takes() -> None:
    found = run(project(project__planned_items=40, project__deadline=0.0, project__horizon=6.0, project__delay_cost=0.002)).outcome
    assert found["benefit_planned"] == pytest.approx(4 * 3 * 2.0 * (1.0 - 0.002 * 6.0))


def test_slipping_before_the_deadline_does_not_make_a_loss_smaller() -> None:
    found = run(project(project__planned_benefit=-2.0, project__delay_cost=0.0026)).outcome
    assert found["benefit_planned"] == pytest.approx(-24.0)


def stream(**values: Any) -> Run:
    """One person, one request a day of half a day each; the first 50 of 250 days are not measured."""
    said = {key.replace("__", "."): value for key, value in values.items()}
    return run(Scenario().off().with_values({
        "project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 250.0, "project.warm_up": 50.0,
        "team.roles.developer.headcount": 1, "team.roles.developer.day_rate": 0.5, "customer.request_rate": 1.0,
        "customer.effort_median": 0.5, **said}))


def test_the_growth_of_a_backlog_is_what_came_less_what_left_a_month() -> None:
    """Counted by hand from the days on which requests came and left; two-day requests overload one person by about half a day a day."""
    found = stream(customer__effort_median=2.0, project__horizon=2_050.0)
    left = [(ask.request.day, ask.item.closed) for ask in found.ledger.asks if ask.item is not None]
    assert len(left) == len(found.ledger.asks)
    came = sum(day >= 50.0 for day, _ in left)
    gone = sum(closed >= 50.0 for _, closed in left)
    assert found.outcome["backlog_growth"] == pytest.approx((came - gone) * 21.0 / 2_000.0)
    assert found.outcome["backlog_growth"] == pytest.approx(21.0 * 0.5, rel=0.15)
    assert found.outcome["backlog"] == sum(closed < 0.0 for _, closed in left)


def test_a_stream_that_the_team_can_carry_does_not_grow_and_a_project_has_no_growth() -> None:
    assert abs(stream().outcome["backlog_growth"]) < 1.0
    planned = run(project()).outcome
    assert all(math.isnan(planned[name]) for name in ("backlog_growth", "net_per_month", "net_of_effort_per_month"))


def test_the_net_of_a_stream_is_told_a_month_of_its_measured_days() -> None:
    """21 working days a month; cost runs evenly, .5 k€ a day, and of 250 days 200 are measured."""
    found = stream().outcome
    months = 200.0 / 21.0
    assert found["net_per_month"] == pytest.approx((found["benefit"] - 0.5 * 200.0) / months)
    assert found["net_of_effort_per_month"] == pytest.approx((found["benefit"] - found["effort_cost"] * 0.8) / months)
    assert found["net_of_effort_per_month"] - found["net_per_month"] == pytest.approx(found["idle_cost"] * 0.8 / months)


def test_novel_work_that_pays_is_innovation_and_novel_work_that_loses_is_waste() -> None:
    """What the two measures take apart adds up to benefit times novelty, and neither is ever negative."""
    found = simulate(Scenario().with_values({"project.planned_items": 10, "project.benefit_window": 0.0, "project.delay_cost": 0.0}), "always-accept", seed=2)
    terms, gains, losses = found.scenario.project, [], []
    for item in found.ledger.items:
        if item.delivered >= 0.0:
            worth = item.benefit * (math.exp(-item.urgency * (item.delivered - item.arrived)) if item.benefit > 0.0 else 1.0)
            (gains if worth > 0.0 else losses).append(worth * item.novelty)
    assert not terms.benefit_window
    assert found.outcome["innovation"] == pytest.approx(math.fsum(gains))
    assert found.outcome["novel_waste"] == pytest.approx(-math.fsum(losses))
    assert min(found.outcome["innovation"], found.outcome["novel_waste"]) > 0.0
