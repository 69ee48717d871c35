"""Withdrawn, declined and unfinished requests count: no policy looks better by not answering, not finishing or saying no."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from sim.policies import PolicyOfParts
from sim.policies.admission import AfterPlanned, Capacity
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.not_rigged.worlds import SMALL
from tests.strategies import runs

HOPELESS = Scenario().with_values({
    "project.planned_items": 60, "project.horizon": 60.0, "project.deadline": 30.0, "customer.withdrawal_rate": 0.0,
    "customer.mandatory_share": 0.0,
})
"""The plan cannot be done by the horizon."""


@settings(max_examples=80, deadline=None)
@given(runs(project={"warm_up": 0.0}))
def test_time_in_system_and_answer_time_are_means_over_all_requests_until_they_left_or_the_run_ended(run: Run) -> None:
    asks, end = run.ledger.asks, run.ledger.end
    if not asks:
        return
    lead, latency = [], []
    for ask in asks:
        gone = {"delivered": lambda a=ask: a.item.delivered, "failed": lambda a=ask: a.item.closed,
                "declined": lambda a=ask: a.left, "withdrawn": lambda a=ask: a.left}
        lead.append(gone.get(ask.fate, lambda: end)() - ask.request.day)
        first = ask.answered if ask.answered >= 0.0 else ask.left if ask.fate == "withdrawn" else end
        latency.append(first - ask.request.day)
    assert run.outcome["time_in_system"] == pytest.approx(math.fsum(lead) / len(asks))
    assert run.outcome["answer_time"] == pytest.approx(math.fsum(latency) / len(asks))
    done = [ask.item.delivered - ask.request.day for ask in asks if ask.fate == "delivered"]
    if done:
        assert run.outcome["lead_time_delivered"] == pytest.approx(math.fsum(done) / len(done))
        assert run.outcome["lead_time_delivered_p85"] == pytest.approx(np.percentile(done, 85))


@settings(max_examples=80, deadline=None)
@given(runs(project={"warm_up": 0.0}))
def test_precision_and_recall_are_shares_of_all_admitted_and_of_all_worth_building(run: Run) -> None:
    asks = run.ledger.asks
    good = {ask.request.number for ask in asks if ask.request.feasible and ask.request.worth > run.scenario.bar}
    taken = {ask.request.number for ask in asks if ask.item is not None}
    if taken:
        assert run.outcome["precision"] == pytest.approx(len(good & taken) / len(taken))
    if good:
        assert run.outcome["recall"] == pytest.approx(len(good & taken) / len(good))
    lost = [a.request.benefit for a in asks if a.request.number in good and a.fate in ("declined", "withdrawn")]
    assert run.outcome["benefit_declined"] == pytest.approx(math.fsum(lost))


def test_who_never_answers_keeps_everybody_the_longest_and_no_recall() -> None:
    mute, prompt = simulate(HOPELESS, "frozen-scope"), simulate(HOPELESS, "expert-veto")
    assert mute.outcome["waiting"] == mute.outcome["requests"] > 10
    assert mute.outcome["recall"] == 0.0 < prompt.outcome["recall"]
    arrived = [ask.request.day for ask in mute.ledger.asks]
    assert mute.outcome["time_in_system"] == pytest.approx(60.0 - math.fsum(arrived) / len(arrived))
    assert mute.outcome["answer_time"] == mute.outcome["time_in_system"]


def test_a_request_that_gave_up_waiting_counts_as_lost() -> None:
    impatient = HOPELESS.with_values({"customer.withdrawal_rate": 1.0})
    run = simulate(impatient, "frozen-scope")
    assert run.outcome["withdrawn"] > 0.9 * run.outcome["requests"]
    assert run.outcome["recall"] == 0.0
    assert run.outcome["benefit_declined"] > 0.0
    assert run.outcome["time_in_system"] == pytest.approx(1.0, rel=0.5)  # mean patience: they waited a day for nothing


def test_a_refused_request_counts_with_the_time_it_took_to_refuse_it() -> None:
    closed = PolicyOfParts(name="closed", admission=Capacity(0))
    run = simulate(SMALL.with_values({"customer.mandatory_share": 0.0, "customer.escalation": 0.0}), closed)
    assert run.outcome["declined"] == run.outcome["requests"] > 0
    assert run.outcome["time_in_system"] == run.outcome["answer_time"] == 0.0
    assert math.isnan(run.outcome["lead_time_delivered"])
    assert run.outcome["benefit_declined"] > 0.0


def test_unfinished_work_counts_until_the_end_and_brings_nothing() -> None:
    run = simulate(HOPELESS, PolicyOfParts(name="last in the queue"))
    assert run.outcome["in_work"] == run.outcome["requests"] - run.outcome["delivered"] - run.outcome["failed"] > 10
    open_since = [60.0 - ask.request.day for ask in run.ledger.asks if ask.fate == "in work"]
    assert run.outcome["time_in_system"] * run.outcome["requests"] >= math.fsum(open_since)
    assert run.outcome["benefit_asked"] == 0.0 or run.outcome["delivered"] > 0


def test_a_project_that_does_not_finish_says_so_and_its_delay_reaches_to_the_horizon() -> None:
    run = simulate(HOPELESS, PolicyOfParts(name="frozen", admission=AfterPlanned()))
    assert run.outcome["censored"] == 1.0
    assert run.outcome["delay"] == 60.0 - 30.0
    assert run.outcome["on_time"] == 0.0


def test_a_customer_who_walks_away_makes_no_project_look_early_or_done() -> None:
    touchy = SMALL.with_values({
        "relationship.walk_away": 0.6, "relationship.refusal_weight": 2.0, "relationship.trust_rate": 0.3})
    for planned in (15, 0):
        run = simulate(touchy.with_values({"project.planned_items": planned}), PolicyOfParts(name="no", admission=Capacity(0)))
        assert run.ledger.walked_away
        assert run.ledger.end < 90.0
        assert run.outcome["censored"] == 1.0
        assert run.outcome["finish"] == 90.0
