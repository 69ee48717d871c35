"""A need goes stale from the last talk about it; in the first world any meeting about other things kept it fresh."""

from __future__ import annotations

import math

from sim.model.effects import drift_chance
from sim.policies import make
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.not_rigged.worlds import stream

DRIFT = 0.01
ONE_REVIEW = {"review__cadence": 5.0, "review__max_rework": 0, "customer__effort_median": 1.0}
"""What fails its first review is given up, so that the day on which anything is closed is that of its one review."""


def queue(**values: object) -> Scenario:
    """One person who is nearly always busy, requests of a day each that wait for him, and a review every five days."""
    said = {
        "customer__drift": DRIFT, "customer__request_rate": 0.95, "project__horizon": 1000.0, "team__roles__developer__headcount": 1}
    return stream(**{**said, **ONE_REVIEW, **values})


def z_score(run: Run, talked: dict[int, float]) -> float:
    """How far the number of failed reviews is from what the days since the last talk say, in standard errors."""
    items = [item for item in run.ledger.items if item.closed >= 0.0]
    assert len(items) > 100
    chances = [drift_chance(DRIFT, item.closed - talked[item.number]) for item in items]
    failed = sum(item.given_up for item in items)
    return (failed - math.fsum(chances)) / math.sqrt(math.fsum(p * (1.0 - p) for p in chances))


def test_meetings_about_other_things_do_not_keep_a_need_fresh() -> None:
    run = simulate(queue(), "always-accept", seed=1)
    asked = {item.number: item.arrived for item in run.ledger.items}
    assert max(item.started - item.arrived for item in run.ledger.items if item.started >= 0.0) > 15.0
    assert abs(z_score(run, asked)) < 3.3
    met_before = {item.number: max(item.arrived, 5.0 * math.floor(item.started / 5.0)) for item in run.ledger.items}
    assert z_score(run, met_before) > 3.3, "as if every review meeting were a talk about everything"


def test_a_group_that_was_not_in_the_room_has_not_talked() -> None:
    """The quiet group asks once in a while; the loud one fills the reviews."""
    loud, quiet = {"request_rate": 0.9, "drift": 0.0}, {"request_rate": 0.1}
    scenario = queue(project__horizon=3000.0).with_values({"groups": {"loud": loud, "quiet": quiet}})
    run = simulate(scenario, "always-accept", seed=2)
    quiet = {item.number for item in run.ledger.items if item.group == 1}
    assert not any(item.given_up for item in run.ledger.items if item.number not in quiet)
    run.ledger.items = [item for item in run.ledger.items if item.number in quiet]
    assert abs(z_score(run, {item.number: item.arrived for item in run.ledger.items})) < 3.3


def test_a_judgement_with_the_customer_is_a_talk_about_it() -> None:
    board, together = (make(name).with_parts(explanation=0.0) for name in ("change-board:at_least=-1000", "co-evaluated:at_least=-1000"))
    scenario = queue(evaluation__expert_hours=0.0)
    alone, joint = simulate(scenario, board, seed=3), simulate(scenario, together, seed=3)
    assert abs(z_score(alone, {item.number: item.arrived for item in alone.ledger.items})) < 3.3
    assert abs(z_score(joint, {item.number: item.admitted for item in joint.ledger.items})) < 3.3
    assert joint.ledger.items[0].admitted > joint.ledger.items[0].arrived


def test_what_the_plan_does_last_is_stalest() -> None:
    """The plan was talked about on day 0."""
    scenario = queue(
        customer__request_rate=0.0, project__planned_items=400, project__planned_effort=1.0)
    run = simulate(scenario, "always-accept", seed=4)
    assert abs(z_score(run, {item.number: 0.0 for item in run.ledger.items})) < 3.3
    closed = sorted((item.closed, item.given_up) for item in run.ledger.items)
    assert sum(failed for _, failed in closed[:100]) < sum(failed for _, failed in closed[-100:]) - 20
