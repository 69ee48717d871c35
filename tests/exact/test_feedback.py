"""Work that comes back from its review."""

from __future__ import annotations

import math

import pytest

from sim.model.ledger import Ledger
from tests.exact import formulas
from tests.exact.estimates import all_controlled, estimate, ledgers, mean_of, served, time_in_system
from tests.exact.neighbours import one_server
from tests.exact.scenarios import FCFS, textbook

REWORK = {"review.rework_share": 1.0, "review.max_rework": 10_000, "review.repeat_failure": 1.0}


def passes(run: Ledger) -> float:
    return mean_of([1.0 + item.attempts for item in run.items if item.delivered >= 0])


def test_bernoulli_feedback() -> None:
    """Rate .4, service 1, 40% come back: T = 1 / (.6 - .4) = 5. (All passes together are exponential again, of mean 1 / .6.)"""
    mean = 1.0 / 0.6
    scenario = textbook(1, 0.4, horizon=12_000, overrides={"team.defect_rate": 0.4, **REWORK})
    time, turns = all_controlled(scenario, FCFS, 20, [time_in_system, passes], one_server(0.4, mean), (mean, 2.0 * mean**2))
    assert time.agrees(5.0), time
    assert turns.agrees(mean), turns
    assert not time.holds(1.0 + formulas.wait_mmc(1, 0.4, 1.0)), "as if nothing came back"
    assert not time.holds(mean * (1.0 + formulas.wait_mmc(1, 0.4, 1.0))), "as if coming back did not fill the queue"
    assert not time.holds(1.0 / (0.59 - 0.4)), "one in a hundred comes back more often"


@pytest.mark.parametrize("correct", [0.9, 0.6])
def test_rework_cycle_with_immediate_discovery_takes_base_over_fraction_correct(correct: float) -> None:
    scenario = textbook(1, 0.2, horizon=15_000, sigma=0.0, overrides={"team.defect_rate": 1.0 - correct, **REWORK})
    work = []
    for run in ledgers(scenario, FCFS, 8):
        work.append(float(served(run)[1].mean()))
        assert work[-1] == pytest.approx(passes(run), rel=1e-9), "every pass is the whole work again"
    found = estimate(work)
    assert found.agrees(1.0 / correct), found
    assert not found.holds(2.0 - correct), "as if rework could not fail"


def test_a_planned_project_lasts_base_over_fraction_correct() -> None:
    """400 equal items, 3 people: nobody is idle but at the end, so duration is work over people."""
    correct, items, people = 0.7, 400, 3
    scenario = textbook(people, 0.0, horizon=1_000_000, sigma=0.0, overrides={
        "project.planned_items": items, "project.planned_effort": 1.0, "team.defect_rate": 1.0 - correct, **REWORK,
    })
    found = estimate([run.planned_finish for run in ledgers(scenario, FCFS, 30)])
    base = items / people
    assert found.half_width < 0.04 * base
    assert base / correct <= found.value + found.half_width
    assert found.value - found.half_width <= base / correct + 1.0 / correct * math.log(people) + 1.0, "but for the last ones"
    assert not found.holds(base * (2.0 - correct))
