"""Several people who share a backlog, without and with a limit on what is open, and two roles in a row."""

from __future__ import annotations

import math

import pytest

from sim.model.ledger import Ledger
from sim.policies import QueueRule, make
from tests.exact import formulas
from tests.exact.estimates import (
    all_controlled,
    controlled,
    estimate,
    ledgers,
    mean_of,
    measured,
    share_of,
    time_in_system,
    wait,
    warm_up,
)
from tests.exact.neighbours import fast_server
from tests.exact.scenarios import FCFS, textbook


@pytest.mark.parametrize(
    ("servers", "rate", "sigma"), [(1, 0.8, None), (3, 2.4, None), (6, 5.1, None), (1, 0.7, 0.6), (4, 3.0, 1.0)])
def test_every_single_wait_is_that_of_the_textbook_recursion(servers: int, rate: float, sigma: float | None) -> None:
    """Lindley's recursion (Kiefer and Wolfowitz's for several servers) on the same arrivals and services.

    Nobody comes first, so nobody is interrupted although the rule would allow it.
    """
    (run,) = ledgers(textbook(servers, rate, sigma=sigma, horizon=2_000), FCFS.with_parts(queue=QueueRule("fcfs", preempt=True)), 1)
    service = {item: end - start for _, start, end, _, item, _, _ in run.spells if item >= 0}
    free = [0.0] * servers
    waited = 0
    for item in run.items:
        if item.delivered < 0:
            break
        soonest = min(range(servers), key=free.__getitem__)
        start = max(item.arrived, free[soonest])
        assert item.started == pytest.approx(start, abs=1e-8)
        free[soonest] = start + service[item.number]
        waited += start > item.arrived
    assert waited > 500


def share_that_waits(run: Ledger) -> float:
    return mean_of([float(a.item.started > a.request.day + 1e-9) for a in measured(run) if a.item is not None])


@pytest.mark.parametrize(("servers", "load", "horizon"), [(3, 2.4, 3_000.0), (6, 5.1, 1_500.0)])
def test_many_servers_erlang_c(servers: int, load: float, horizon: float) -> None:
    scenario = textbook(servers, load, horizon=horizon)
    beside = [fast_server(load, 1.0, 2.0, servers)]
    waits, share = all_controlled(scenario, FCFS, 16, [wait, share_that_waits], beside)
    assert waits.agrees(formulas.wait_mmc(servers, load, 1.0)), waits
    assert not waits.holds(formulas.wait_mmc(servers, load, 1.0) * load / servers)
    assert share.agrees(formulas.erlang_c(servers, load)), share
    assert not share.holds(formulas.erlang_b(servers, load))


def number_inside(run: Ledger) -> float:
    """Requests admitted and not delivered, averaged over the days that count (the area of a step function)."""
    start = warm_up(run)
    stays = [(item.admitted, item.closed if item.closed > 0 else run.end) for item in run.items]
    return math.fsum(max(left - max(came, start), 0.0) for came, left in stays) / (run.end - start)


def test_capacity_policy_is_a_queue_with_so_many_places() -> None:
    loss, number, time = formulas.finite_queue(3, 8, 3.6)
    rows = [
        (share_of(measured(run), "declined"), number_inside(run), time_in_system(run), len(run.asks) / run.end)
        for run in ledgers(textbook(3, 3.6, horizon=2_000), make("capacity-limit:k=8"), 16)]
    lost, level, inside, rate = zip(*rows, strict=True)
    for values, exact, wrong in zip((lost, level, inside), (loss, number, time), formulas.finite_queue(3, 9, 3.6), strict=True):
        found = estimate(values, [rate], [3.6])
        assert found.agrees(exact), found
        assert not found.holds(wrong), "one place more"


@pytest.mark.parametrize("sigma", [None, 0.8])
def test_erlang_b_knows_only_the_mean_of_service(sigma: float | None) -> None:
    rows = [
        (share_of(measured(run), "declined"), len(run.asks) / run.end)
        for run in ledgers(textbook(3, 2.4, sigma=sigma, horizon=3_000), make("capacity-limit:k=3"), 16)]
    lost, rate = zip(*rows, strict=True)
    found = estimate(lost, [rate], [2.4])
    assert found.agrees(formulas.erlang_b(3, 2.4)), found
    assert not found.holds(formulas.erlang_b(3, 2.6))


def test_tandem_of_two_stages_is_a_jackson_network() -> None:
    scenario = textbook(1, 1.4, horizon=4_000, overrides={
        "team.roles.tester": {"headcount": 1},
        "team.workflow": [
            {"name": "build", "role": "developer", "share": 0.5}, {"name": "test", "role": "tester", "share": 0.5}],
    })
    found = controlled(
        scenario, FCFS, 24, time_in_system, [fast_server(1.4, 1.0, 1.5, 2.0), fast_server(1.4, 1.0, 1.5, 1.7)], (1.0, 1.5))
    exact = 2 / (2.0 - 1.4)
    assert found.agrees(exact), found
    assert not found.holds(1.0 + formulas.wait_mg1(1.4, 0.5, 0.5)), "as if nobody waited at the second stage"
    assert not found.holds(2 / (2.0 - 1.45))
