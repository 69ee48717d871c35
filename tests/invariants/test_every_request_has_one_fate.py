"""In every run, each request that arrived is somewhere, once; and its days come in order."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

from sim.model.ledger import FATES, NEVER, Ask
from sim.model.tally import left_system
from sim.runs.simulate import Run
from tests.strategies import runs

MANY = settings(max_examples=60, deadline=None)


def measured_in(run: Run) -> list[Ask]:
    """Requests that arrived after warm-up; all of them, those open at the start too, where there is none."""
    warm_up = run.scenario.project.warm_up
    return [ask for ask in run.ledger.asks if not warm_up or ask.request.day >= warm_up]


@MANY
@given(runs())
def test_the_fates_add_up_to_the_requests_that_arrived(run: Run) -> None:
    measured = measured_in(run)
    assert run.outcome["requests"] == len(measured)
    for fate in FATES:
        assert run.outcome[fate.replace(" ", "_")] == sum(ask.fate == fate for ask in measured)
    assert math.fsum(run.outcome[fate.replace(" ", "_")] for fate in FATES) == len(measured)


@MANY
@given(runs())
def test_no_request_arrives_twice_and_each_admitted_one_is_one_item(run: Run) -> None:
    numbers = [ask.request.number for ask in run.ledger.asks]
    assert len(set(numbers)) == len(numbers)
    admitted = [ask.item for ask in run.ledger.asks if ask.item is not None]
    assert {id(item) for item in admitted} == {id(item) for item in run.ledger.items if item.kind == "request"}
    assert len({id(item) for item in admitted}) == len(admitted)
    assert [item.number for item in run.ledger.items] == list(range(len(run.ledger.items)))


@MANY
@given(runs())
def test_the_days_of_a_request_come_in_order(run: Run) -> None:
    for ask in run.ledger.asks:
        days = [ask.request.day]
        if ask.fate in ("delivered", "in work", "failed", "declined"):
            assert ask.answered != NEVER
            days.append(ask.answered)
        if ask.item is not None:
            days += [day for day in (ask.item.admitted, ask.item.started, ask.item.delivered) if day != NEVER]
        if ask.left != NEVER:
            days.append(ask.left)
        days.append(run.ledger.end)
        assert days == sorted(days)


@MANY
@given(runs())
def test_only_what_was_admitted_is_delivered_and_the_refused_costs_no_work(run: Run) -> None:
    for ask in run.ledger.asks:
        assert (ask.item is not None) == (ask.fate in ("delivered", "failed", "in work"))
        assert (ask.left != NEVER) == (ask.fate in ("declined", "withdrawn"))
        if ask.item is not None:
            assert (ask.item.delivered != NEVER) == (ask.fate == "delivered")
            assert (ask.item.closed != NEVER) == (ask.fate in ("delivered", "failed"))


@MANY
@given(runs(customer={"mandatory_share": 0.5}))
def test_a_mandatory_request_is_never_declined_or_lost(run: Run) -> None:
    for ask in run.ledger.asks:
        if ask.request.mandatory:
            assert ask.fate in ("delivered", "failed", "in work", "waiting")
            assert ask.returns == 0


@MANY
@given(runs())
def test_the_mean_number_of_requests_in_the_system_is_their_rate_times_their_mean_time(run: Run) -> None:
    """L = lambda W, with L counted by events over time; what was open at the start has been there from day 0 as far as L goes."""
    warm_up, end = run.scenario.project.warm_up, run.ledger.end
    asks = measured_in(run)
    if not asks or end <= warm_up:
        return
    before_the_start = math.fsum(max(-ask.request.day, 0.0) for ask in asks)
    events = sorted([(max(ask.request.day, 0.0), 1) for ask in asks] + [(left_system(ask, math.inf), -1) for ask in asks])
    present, before, areas = 0, warm_up, []
    for day, change in events:
        areas.append(present * (min(day, end) - before))
        before = min(day, end)
        present += change if day < math.inf else 0
    areas.append(present * (end - before))
    assert present == run.outcome["waiting"] + run.outcome["in_work"]
    in_system = math.fsum(areas) / (end - warm_up)
    assert run.outcome["wip"] == pytest.approx(in_system, rel=1e-9, abs=1e-12)
    in_all = len(asks) * run.outcome["time_in_system"]
    assert in_system == pytest.approx((in_all - before_the_start) / (end - warm_up), rel=1e-9, abs=1e-9)


@MANY
@given(runs())
def test_what_is_open_at_the_start_is_asked_once_on_day_0_before_all_others(run: Run) -> None:
    ages = sorted(age for _, group in run.scenario.customers for age, *_ in group.opening)
    first = run.ledger.asks[: len(ages)]
    assert [-ask.request.day for ask in first] == pytest.approx(ages[::-1])
    assert all(ask.request.day >= 0.0 for ask in run.ledger.asks[len(ages) :])
