"""When a review is held, and who is heard first at a customer's desk: days worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.policies import Cadence, Evaluators, PolicyOfParts
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.exact.scenarios import FCFS


def world(**values: Any) -> Scenario:
    """Two people, two planned items of 3 pd each, reviews every 10 days; all else is off (``__`` stands for the dot)."""
    said = {key.replace("__", "."): value for key, value in values.items()}
    return Scenario().off().with_values({
        "project.planned_items": 2, "project.planned_effort": 3.0, "project.deadline": 0.0, "project.horizon": 300.0,
        "team.roles.developer.headcount": 2, "customer.request_rate": 0.0, "review.cadence": 10.0, **said})


def test_work_waits_for_the_day_of_its_review_or_has_it_when_nothing_else_is_to_be_done() -> None:
    """Both items are ready on day 3."""
    assert simulate(world(), FCFS).outcome["finish"] == 10.0
    assert simulate(world(review__when_idle=True), FCFS).outcome["finish"] == 3.0


def test_a_review_is_not_called_while_somebody_has_something_to_work_on() -> None:
    """Three items, two people: two are ready on day 3, the last one on day 6; then all three are reviewed together."""
    found = simulate(world(review__when_idle=True, project__planned_items=3, review__team_hours=0.0, review__meeting_hours=8.0), FCFS)
    assert [item.delivered for item in found.ledger.items] == [11.0] * 3  # the customer is there one day in five
    assert [(s[1], s[2]) for s in found.ledger.customer_spells if s[3] == "review"] == [(6.0, 11.0)]


def test_what_fails_such_a_review_is_mended_and_reviewed_again_at_once() -> None:
    """A third item each time that the first two fail together: mending takes .4 of 3 pd."""
    found = simulate(world(review__when_idle=True, project__planned_items=1, team__defect_rate=0.95, review__rework_share=0.4), FCFS)
    [item] = found.ledger.items
    assert item.attempts > 0
    assert found.ledger.end == pytest.approx(3.0 + 1.2 * (item.attempts - item.given_up))


ASKED = PolicyOfParts(name="asked", cadence=Cadence(5.0), evaluators=Evaluators(customer=True))
"""The customer is asked every five days about all that came."""


def flooded() -> Run:
    """Each judgement takes the customer an hour, and a week brings 15 of them; he has eight hours a week."""
    return simulate(world(
        customer__request_rate=3.0, evaluation__customer_hours=1.0, project__planned_items=4, customer__effort_median=0.01,
        review__customer_hours=0.25), ASKED, seed=4)


def test_a_delivery_never_waits_for_more_than_the_judgement_that_has_begun() -> None:
    """In the first world it queued behind all of them, so that whoever asked the customer much never got anything signed off."""
    found = flooded()
    spells = [spell for spell in found.ledger.customer_spells if spell[3] != "idle"]
    reviews = [spell for spell in spells if spell[3] == "review"]
    judgements = [spell for spell in spells if spell[3] == "evaluation"]
    assert judgements[-1][2] > found.ledger.planned_finish  # he had not got through by then
    called = [10.0 * (1 + number) for number in range(len(reviews))]
    for spell, day in zip(reviews, called, strict=True):
        in_progress = [judgement[2] for judgement in judgements if judgement[1] < day < judgement[2]]
        assert spell[1] == pytest.approx(max([day, *in_progress]))
    assert found.ledger.planned_finish < 50.0


def test_a_project_that_lasts_longer_is_asked_for_more_unless_customers_ask_until_its_deadline_only() -> None:
    """A plan of 90 days, promised for day 30: until then both are asked for the same, after it only one is asked for anything."""
    late = {"project__planned_items": 60, "project__deadline": 30.0, "customer__request_rate": 0.4, "customer__effort_median": 0.1}
    done, deadline = (
        [ask.request.number for ask in simulate(world(**late, customer__asks_until=until), FCFS, seed=9).ledger.asks]
        for until in ("done", "deadline"))
    by_then = [ask.request.number for ask in simulate(world(**late), FCFS, seed=9).ledger.asks if ask.request.day <= 30.0]
    assert deadline == by_then == done[: len(by_then)]
    assert len(done) > 2 * len(by_then) > 0


def test_an_idea_that_is_heard_when_the_last_item_is_signed_off_is_built_before_the_project_ends() -> None:
    """In the first world such a project counted as done, with work left open."""
    fond = world(
        innovation__exploration_share=0.5, innovation__idea_rate=1.0, relationship__trust_start=1.0, project__planned_items=1,
        team__roles__developer__headcount=1)
    found = simulate(fond, FCFS, seed=1)
    ideas = [item for item in found.ledger.items if item.kind == "idea"]
    assert ideas
    assert all(idea.admitted == found.ledger.planned_finish == 10.0 for idea in ideas)
    assert not found.outcome["censored"]
    assert all(idea.delivered > 10.0 for idea in ideas)
