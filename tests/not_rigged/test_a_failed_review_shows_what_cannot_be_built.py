"""Work that cannot be built is given up once a review shows it; in the first world it was mended four times first."""

from __future__ import annotations

import pytest

from sim.model.ledger import Ledger
from sim.policies import make
from sim.runs.simulate import draw, run_policy, simulate
from tests.not_rigged.worlds import stream

REWORK = {"review__rework_share": 0.4, "customer__effort_sigma": 0.0, "customer__effort_median": 1.0, "customer__request_rate": 1.0}


def effort_of_the_infeasible(revealed: float) -> float:
    """Person-days that an item took which cannot be built, per person-day of its effort."""
    scenario = stream(customer__feasibility=0.0, review__revealed=revealed, **REWORK)
    ledger: Ledger = simulate(scenario, "always-accept", seed=1).ledger
    closed = {item.number for item in ledger.items if item.given_up}
    assert len(closed) > 100
    took = sum((end - start) * speed for _, start, end, use, item, speed, _ in ledger.spells
               if use in ("work", "rework") and item in closed)
    return took / len(closed)


def test_what_cannot_be_built_took_2_6_times_its_effort_before_it_was_given_up_and_now_takes_it_once() -> None:
    assert effort_of_the_infeasible(0.0) == pytest.approx(1.0 + 4 * 0.4)
    assert effort_of_the_infeasible(1.0) == pytest.approx(1.0)


def test_where_a_failed_review_may_not_show_it_the_work_goes_on_until_one_does() -> None:
    """Chance 1/2 a review, at most four times mended: 1 + .4 (1/2 + 1/4 + 1/8 + 1/16) on average."""
    assert effort_of_the_infeasible(0.5) == pytest.approx(1.0 + 0.4 * (1.0 - 0.5**4), rel=0.06)


def test_giving_it_up_is_a_fate_and_the_only_thing_that_changes() -> None:
    scenario = stream(customer__feasibility=0.7, review__revealed=1.0, **REWORK)
    run = simulate(scenario, "always-accept", seed=1)
    for ask in run.ledger.asks:
        if ask.fate in ("delivered", "failed"):
            assert (ask.fate == "delivered") == ask.request.feasible
            assert ask.item is not None
            assert ask.item.attempts == (0 if ask.request.feasible else 1)


def test_what_can_be_built_is_never_given_up_by_it() -> None:
    scenario = stream(team__defect_rate=0.4, **REWORK)
    one, other = (
        run_policy(scenario.with_values({"review.revealed": revealed}), make("always-accept"), draw(scenario, 1, 0))
        for revealed in (0.0, 1.0))
    assert one.ledger.spells == other.ledger.spells
