"""In every run, each request that arrived is somewhere, once; and its days come in order."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

from sim.model.ledger import FATES, NEVER
from sim.model.tally import left_system
from sim.runs.simulate import Run
from tests.strategies import runs

MANY = settings(max_examples=60, deadline=None)


@MANY
@given(runs())
def test_the_fates_add_up_to_the_requests_that_arrived(run: Run) -> None:
    measured = [ask for ask in run.ledger.asks if ask.request.day >= run.scenario.project.warm_up]
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
    """L = lambda W, with L counted by events over time."""
    warm_up, end = run.scenario.project.warm_up, run.ledger.end
    asks = [ask for ask in run.ledger.asks if ask.request.day >= warm_up]
    if not asks or end <= warm_up:
        return
    events = sorted([(ask.request.day, 1) for ask in asks] + [(left_system(ask, math.inf), -1) for ask in asks])
    present, before, areas = 0, warm_up, []
    for day, change in events:
        areas.append(present * (min(day, end) - before))
        before = min(day, end)
        present += change if day < math.inf else 0
    areas.append(present * (end - before))
    assert present == run.outcome["waiting"] + run.outcome["in_work"]
    in_system = math.fsum(areas) / (end - warm_up)
    assert run.outcome["wip"] == pytest.approx(in_system, rel=1e-9, abs=1e-12)
    assert in_system == pytest.approx(len(asks) / (end - warm_up) * run.outcome["time_in_system"], rel=1e-9, abs=1e-12)
