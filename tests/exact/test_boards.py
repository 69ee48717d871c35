"""Boards that meet every so many days."""

from __future__ import annotations

import pytest

from sim.policies import Cadence, PolicyOfParts
from tests.exact import formulas
from tests.exact.estimates import all_controlled, controlled, decision_wait, wait
from tests.exact.neighbours import equal_work, fast_server, one_server
from tests.exact.scenarios import textbook


@pytest.mark.parametrize(("days", "printed"), [(5.0, 7.40), (10.0, 11.45), (20.0, 19.86)])
def test_a_board_every_so_many_days_makes_half_a_period_and_a_queue_of_batches(days: float, printed: float) -> None:
    """The model's page prints 7.40, 11.45, 19.86; Spitzer's identity gives 7.446, 11.460, 19.875."""
    scenario = textbook(1, 0.8, horizon=6_000)
    board = PolicyOfParts(name="board", cadence=Cadence(days))
    beside = [*one_server(0.8, 1.0), fast_server(0.8, 1.0, 2.0, 1.0)]
    waits, decided = all_controlled(scenario, board, 16, [wait, decision_wait], beside)
    exact = formulas.board_wait(0.8, days)
    assert exact == pytest.approx(printed, rel=0.01)
    assert waits.agrees(exact), waits
    assert not waits.holds(formulas.wait_mmc(1, 0.8, 1.0) + days / 2), "as if a board did not bunch the work"
    assert decided.agrees(days / 2), decided
    assert not decided.holds(days / 2 * 1.05)


@pytest.mark.parametrize(("at_most", "printed"), [(6, 4.0270), (8, 2.66162)])
def test_a_board_that_decides_at_most_so_many_is_a_bulk_service_queue(at_most: int, printed: float) -> None:
    scenario = textbook(50, 1.0, mean=0.01, horizon=5_000)
    policy = PolicyOfParts(name="board", cadence=Cadence(5.0, at_most))
    pace = 5.0 / at_most  # beside it: one server that decides as many a day, one at a time
    found = controlled(scenario, policy, 20, decision_wait, [equal_work(1.0, pace)], (0.01, 0.0002))
    exact = formulas.bulk_decision_wait(1.0, 5.0, at_most)
    assert exact == pytest.approx(printed, abs=5e-5)
    assert found.agrees(exact), found
    assert not found.holds(formulas.bulk_decision_wait(1.0, 5.0, at_most + 1))
