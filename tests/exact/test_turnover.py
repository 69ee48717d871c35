"""People who join are slow at first and take others' time, and people who leave hand over: one small case of each, by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.tally import person_days
from sim.model.turnover import Strength
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.exact.scenarios import FCFS, textbook

PLAN = {"project.planned_effort": 5.0, "project.deadline": 100.0, "team.roles.developer.day_rate": 1.0}
NEWCOMERS = {"team.newcomer_speed": 0.5, "team.ramp_days": 10.0, "team.mentoring": 0.2}


def plan(people: int, items: int, **role: Any) -> Scenario:
    said = {f"team.roles.developer.{key}": value for key, value in role.items()}
    return textbook(people, 0.0, horizon=100.0, sigma=0.0, overrides={**PLAN, **NEWCOMERS, "project.planned_items": items, **said})


def delivered(run: Run) -> list[float]:
    return [item.delivered for item in run.ledger.items]


def test_a_newcomer_joins_one_person_on_day_2() -> None:
    """Four items of 5 days. The old hand does 2 days, then .8 a day until day 12: items on days 5.75 and 12. The newcomer does
    .5 a day at first and 1 from day 12 on, in a line: x days of it are .5 x + .025 x² days of work."""
    run = simulate(plan(1, 4, joins=[[2, 1]]), FCFS)
    newcomers_first = 2.0 + (math.sqrt(0.75) - 0.5) / 0.05
    assert delivered(run) == pytest.approx([5.75, newcomers_first, 12.0, 14.5], abs=1e-9)
    assert run.outcome["cost"] == pytest.approx(14.5 + 12.5)
    days = person_days(run.ledger.spells)
    assert days["work"] == pytest.approx(20.0)
    assert days["onboarding"] == pytest.approx(2.5 + 2.0), "what the newcomer was too slow for, and a fifth of the other's ten days"
    assert days["idle"] == pytest.approx(2.5)


def test_who_leaves_hands_over_and_somebody_else_gets_into_it() -> None:
    """Two people, an item of 5 days each; one leaves on day 3. The other finishes his own, then loses half a day and does the 2 left."""
    run = simulate(plan(2, 2, leaves=[[3, 1]]).with_values({"team.switch_cost": 4.0}), FCFS)
    assert delivered(run) == pytest.approx([7.5, 5.0])
    assert run.outcome["cost"] == pytest.approx(3.0 + 7.5)
    assert run.outcome["switching"] == pytest.approx(0.5)


def test_who_is_free_takes_up_at_once_what_the_leaver_worked_on() -> None:
    run = simulate(plan(2, 1, leaves=[[3, 1]]), FCFS)
    [item] = run.ledger.items
    assert item.delivered == pytest.approx(5.0)
    assert {person for person, _, _, use, *_ in run.ledger.spells if use == "work"} == {0, 1}


def test_a_review_meeting_that_somebody_leaves_is_taken_up_by_another() -> None:
    """It begins on day 5 and takes the rest of its day of the one who stays; getting back into a meeting costs nothing."""
    run = simulate(plan(2, 1, leaves=[[5.5, 1]]).with_values({"review.team_hours": 8.0, "team.switch_cost": 4.0}), FCFS)
    assert run.ledger.end == pytest.approx(6.0)
    assert run.outcome["meetings"] == pytest.approx(1.0)


def test_newcomers_who_are_as_good_as_the_others_are_simply_more_people() -> None:
    good = {"team.newcomer_speed": 1.0, "team.mentoring": 0.0}
    run = simulate(plan(1, 40, joins=[[50, 1]]).with_values(good), FCFS)
    assert run.ledger.end == 100.0
    assert sum(item.delivered > 0.0 for item in run.ledger.items) == pytest.approx((50 + 2 * 50) / 5, abs=1)


def test_each_newcomer_takes_a_share_of_one_persons_time_spread_over_the_others() -> None:
    """Two newcomers, four old hands: each gives a tenth of his time."""
    days = delivered(simulate(plan(4, 12, joins=[[4, 2]]), FCFS))
    assert days[:4] == pytest.approx([4.0 + 1.0 / 0.9] * 4)
    assert days[6:10] == pytest.approx([4.0 + 6.0 / 0.9] * 4)


def test_nobody_gives_newcomers_more_than_half_of_his_time() -> None:
    assert delivered(simulate(plan(1, 20, joins=[[4, 9]]), FCFS))[0] == pytest.approx(4.0 + 1.0 / 0.5)


def test_what_a_policy_sees_as_capacity_is_that_of_the_day() -> None:
    scenario = plan(2, 40, joins=[[20, 1]], leaves=[[40, 2]]).with_values({"customer.request_rate": 2.0})
    run = simulate(scenario, FCFS)
    seen = {entry.day: entry.project.capacity for entry in run.ledger.decisions}
    assert len(seen) > 100
    for day, capacity in seen.items():
        learning = 2.0 * 0.9 + 0.5 + 0.05 * (day - 20.0)  # two old hands give a tenth each
        assert capacity == pytest.approx(2.0 if day < 20.0 else learning if day < 30.0 else 3.0 if day < 40.0 else 1.0)


points = st.lists(st.tuples(st.floats(0.1, 30.0), st.floats(0.05, 1.0), st.floats(0.0, 0.05)), min_size=1, max_size=6)


@given(points, st.floats(0.0, 100.0), st.floats(0.0, 50.0))
def test_the_days_that_work_takes_are_the_days_in_which_it_is_done(pieces: list[tuple[float, float, float]], start: float, work: float) -> None:
    days = [0.0]
    for gap, _, _ in pieces[1:]:
        days.append(days[-1] + gap)
    last = (pieces[-1][0], pieces[-1][1], 0.0)
    strength = Strength([(day, share, rise) for day, (_, share, rise) in zip(days, [*pieces[:-1], last], strict=True)])
    assert strength.between(start, start + strength.days_for(work, start)) == pytest.approx(work, abs=1e-9)


def test_where_nobody_joins_or_leaves_newcomers_terms_change_no_bit() -> None:
    one, other = (simulate(Scenario().with_values(values), "co-evaluated") for values in (NEWCOMERS, {"team.mentoring": 0.9}))
    assert one.ledger.spells == other.ledger.spells
    assert one.outcome == pytest.approx(other.outcome, nan_ok=True, rel=0.0, abs=0.0)
