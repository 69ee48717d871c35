"""Textbook queues come out of the real world and the real policies."""

from __future__ import annotations

import math

import pytest

from sim.policies import Cadence, PolicyOfParts, make
from tests.exact import formulas
from tests.exact.textbook import (
    FCFS,
    SHARP,
    WAITS,
    controlled,
    estimate,
    ledgers,
    mean_of,
    measured,
    textbook,
    time_in_system,
)

EVERY_QUEUE = [(1, 0.8, None), (3, 2.4, None), (6, 5.1, None), (1, 0.7, 0.6), (4, 3.0, 1.0)]


def test_the_formulas_give_the_published_numbers() -> None:
    assert formulas.wait_mmc(1, 0.8, 1.0) == pytest.approx(4.0)
    assert formulas.erlang_c(3, 2.4) == pytest.approx(0.64719, abs=5e-6)
    assert formulas.wait_mmc(3, 2.4, 1.0) == pytest.approx(1.07865, abs=5e-6)
    assert formulas.erlang_c(6, 5.1) == pytest.approx(0.62405, abs=5e-6)
    assert formulas.wait_mmc(6, 5.1, 1.0) == pytest.approx(0.69339, abs=5e-6)
    assert formulas.finite_queue(3, 8, 3.6) == pytest.approx((0.21914, 5.45314, 1.93987), abs=5e-6)
    assert formulas.erlang_b(3, 2.4) == pytest.approx(0.268406, abs=5e-7)
    assert formulas.cobham([0.3, 0.5]) == pytest.approx([1.142857, 5.714286], abs=5e-7)
    assert formulas.cobham([0.3, 0.5], preemptive=True) == pytest.approx([1.428571, 7.142857], abs=5e-7)
    assert formulas.bulk_decision_wait(1.0, 5.0, 6) == pytest.approx(4.0270, abs=5e-5)


def test_one_server() -> None:
    found = controlled(textbook(1, 0.8, horizon=3_000), FCFS, 20, lambda run: time_in_system(run) - 1.0)
    assert found.agrees(formulas.wait_mmc(1, 0.8, 1.0), WAITS), found
    assert not found.agrees(formulas.wait_mg1(0.8, 1.0, 1.0), WAITS), "constant service waits half as long"


@pytest.mark.parametrize(("servers", "rate", "sigma"), EVERY_QUEUE)
def test_every_single_wait_is_that_of_the_textbook_recursion(servers: int, rate: float, sigma: float | None) -> None:
    """Lindley's recursion (Kiefer and Wolfowitz's for several servers) on the same arrivals and services, to the last digits."""
    (run,) = ledgers(textbook(servers, rate, sigma=sigma, horizon=2_000), FCFS, 1)
    service: dict[int, float] = {}
    for _, start, end, _, item, _, _ in run.spells:
        if item >= 0:
            service[item] = end - start
    free = [0.0] * servers
    compared = 0
    for ask in run.asks:
        assert ask.item is not None
        soonest = min(range(servers), key=free.__getitem__)
        start = max(ask.request.day, free[soonest])
        if ask.item.delivered < 0:
            break
        assert ask.item.started == pytest.approx(start, abs=1e-8)
        free[soonest] = start + service[ask.item.number]
        compared += 1
    assert compared > 1_000


@pytest.mark.parametrize(("servers", "load", "horizon"), [(3, 2.4, 1_500.0), (6, 5.1, 1_000.0)])
def test_many_servers_erlang_c(servers: int, load: float, horizon: float) -> None:
    scenario = textbook(servers, load, horizon=horizon)
    found = controlled(scenario, FCFS, 20, lambda run: time_in_system(run) - 1.0)
    assert found.agrees(formulas.wait_mmc(servers, load, 1.0), 2 * WAITS), found
    assert not found.agrees(formulas.wait_mmc(1, load / servers, 1.0), 2 * WAITS), "one fast server is another queue"

    waits = controlled(
        scenario, FCFS, 20,
        lambda run: mean_of([float(a.item.started > a.request.day + 1e-9) for a in measured(run) if a.item is not None]))
    assert waits.agrees(formulas.erlang_c(servers, load), WAITS / 2), waits
    assert not waits.agrees(formulas.erlang_b(servers, load), WAITS / 2)


@pytest.mark.parametrize("sigma", [0.3, 0.6])
def test_general_service_pollaczek_khinchine(sigma: float) -> None:
    found = controlled(textbook(1, 0.7, sigma=sigma, horizon=3_000), FCFS, 20, lambda run: time_in_system(run) - 1.0)
    assert found.agrees(formulas.wait_mg1(0.7, 1.0, formulas.lognormal_second_moment(1.0, sigma)), WAITS), found
    assert not found.agrees(formulas.wait_mg1(0.7, 1.0, formulas.lognormal_second_moment(1.0, sigma + 0.5)), WAITS)


def test_capacity_policy_is_a_queue_with_so_many_places() -> None:
    loss, number, time = formulas.finite_queue(3, 8, 3.6)
    runs = ledgers(textbook(3, 3.6, horizon=1_500), make("capacity-limit:k=8"), 12)
    lost = estimate([mean_of([float(a.status == "declined") for a in measured(run)]) for run in runs])
    inside = estimate([time_in_system(run) for run in runs])
    level = estimate([math.fsum(a.item.closed - a.request.day for a in run.asks if a.item and a.item.closed > 0) / run.end
                      for run in runs])
    assert lost.agrees(loss, 3 * SHARP), lost
    assert inside.agrees(time), inside
    assert level.agrees(number), level
    assert not lost.agrees(formulas.finite_queue(3, 12, 3.6)[0], 3 * SHARP)
    assert not inside.agrees(formulas.finite_queue(3, 12, 3.6)[2])
    assert not level.agrees(formulas.finite_queue(3, 12, 3.6)[1])


@pytest.mark.parametrize("sigma", [None, 0.8])
def test_erlang_b_knows_only_the_mean_of_service(sigma: float | None) -> None:
    runs = ledgers(textbook(3, 2.4, sigma=sigma, horizon=2_500), make("capacity-limit:k=3"), 10)
    found = estimate([mean_of([float(a.status == "declined") for a in measured(run)]) for run in runs])
    assert found.agrees(formulas.erlang_b(3, 2.4), 2 * SHARP), found
    assert not found.agrees(formulas.erlang_b(3, 3.0), 2 * SHARP)


def test_tandem_of_two_stages_is_a_jackson_network() -> None:
    scenario = textbook(1, 1.4, horizon=1_500, overrides={
        "team.roles.tester": {"headcount": 1},
        "team.workflow": [{"name": "build", "role": "developer", "share": 0.5}, {"name": "test", "role": "tester", "share": 0.5}],
    })  # fmt: skip
    found = controlled(scenario, FCFS, 20, time_in_system)
    exact = 2 / (2.0 - 1.4)
    assert found.agrees(exact, WAITS), found
    assert not found.agrees(exact / 2, WAITS)


@pytest.mark.parametrize("days", [5.0, 10.0, 20.0])
def test_a_board_every_so_many_days_makes_half_a_period_and_a_queue_of_batches(days: float) -> None:
    """Reference values by Spitzer's identity: 7.446, 11.460, 19.875 (the design page has 7.40, 11.45, 19.86: rounded)."""
    scenario = textbook(1, 0.8, horizon=2_500)
    board = PolicyOfParts(name="board", cadence=Cadence(days))
    found = controlled(scenario, board, 16, lambda run: time_in_system(run) - 1.0)
    assert found.agrees(formulas.board_wait(0.8, days), WAITS), found
    assert not found.agrees(formulas.board_wait(0.8, days) - days / 2, WAITS), "as if the board were always in session"
    decided = estimate([mean_of([a.answered - a.request.day for a in measured(run)]) for run in ledgers(scenario, board, 8)])
    assert decided.agrees(days / 2, 2 * SHARP), decided
    assert not decided.agrees(days / 2 * 1.2, 2 * SHARP)


@pytest.mark.parametrize(("at_most", "printed"), [(6, 4.0270), (8, 2.66162)])
def test_a_board_that_decides_at_most_so_many_is_a_bulk_service_queue(at_most: int, printed: float) -> None:
    scenario = textbook(50, 1.0, mean=0.01, horizon=3_000)
    policy = PolicyOfParts(name="board", cadence=Cadence(5.0, at_most))
    runs = ledgers(scenario, policy, 20)
    waits = [mean_of([a.answered - a.request.day for a in measured(run)]) for run in runs]
    found = estimate(waits, [[len(run.asks) / run.end for run in runs]], [1.0])
    exact = formulas.bulk_decision_wait(1.0, 5.0, at_most)
    assert exact == pytest.approx(printed, abs=5e-5)
    assert found.agrees(exact, WAITS / 2), found
    assert not found.agrees(formulas.bulk_decision_wait(1.0, 5.0, 2 * at_most) * 0.9, WAITS / 2)
