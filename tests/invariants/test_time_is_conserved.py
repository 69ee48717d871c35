"""In every run, people's time is accounted for: nothing is lost, invented or spent twice."""

from __future__ import annotations

import math
import operator
from itertools import pairwise

import pytest
from hypothesis import given, settings

from sim.model.ledger import USES, Spell
from sim.model.tally import person_days
from sim.runs.simulate import Run
from tests.strategies import runs

MANY = settings(max_examples=60, deadline=None)
PLAIN_WORK = {"team": {"complexity": 0.0, "visit_spread": "none"}}


def assert_tiles(spells: list[Spell], there: list[tuple[float, float]]) -> None:
    """Each person's spells follow one another from the first to the last day, bit for bit."""
    for person, (first, last) in enumerate(there):
        own = [spell for spell in spells if spell.person == person]
        if first >= last:
            assert not own
            continue
        assert own[0].start == first
        assert own[-1].end == last
        assert all(before.end == after.start for before, after in pairwise(own))
        assert all(spell.start <= spell.end for spell in own)
    assert {spell.person for spell in spells} == {person for person, (first, last) in enumerate(there) if first < last}


def days_there(run: Run) -> list[tuple[float, float]]:
    """First and last day of everybody in the team, as the scenario says it."""
    days: list[tuple[float, float]] = []
    for role in run.scenario.team.roles.values():
        first = [0.0] * role.headcount + [day for day, people in role.joins for _ in range(people)]
        last = [day for day, people in role.leaves for _ in range(people)]
        last += [run.ledger.end] * (len(first) - len(last))
        days += [(one, min(other, run.ledger.end)) for one, other in zip(first, last, strict=True)]
    return days


def paid_days(run: Run) -> list[float]:
    return [max(last - first, 0.0) for first, last in days_there(run)]


def day_rates(run: Run) -> list[float]:
    """Of everybody who is ever in the team."""
    roles = run.scenario.team.roles.values()
    return [role.day_rate for role in roles for _ in range(role.headcount + sum(people for _, people in role.joins))]


def team_of(run: Run) -> list[Spell]:
    return [Spell(*spell) for spell in run.ledger.spells]


@MANY
@given(runs())
def test_everybody_in_the_team_does_one_thing_at_any_time(run: Run) -> None:
    assert_tiles(team_of(run), days_there(run))


@MANY
@given(runs())
def test_every_representative_of_a_customer_does_one_thing_at_any_time(run: Run) -> None:
    people = sum(group.representatives for _, group in run.scenario.customers)
    spells = [Spell(*spell) for spell in run.ledger.customer_spells]
    assert_tiles(spells, [(0.0, run.ledger.end)] * people)
    assert {spell.use for spell in spells} <= {"idle", "evaluation", "review"}


@MANY
@given(runs())
def test_person_days_paid_are_the_person_days_of_all_uses(run: Run) -> None:
    spells = team_of(run)
    overtime = math.fsum((s.end - s.start) * (s.speed - 1.0) for s in spells)
    used = person_days(run.ledger.spells)
    assert set(used) == set(USES)
    assert math.fsum(used.values()) == pytest.approx(math.fsum(paid_days(run)) + overtime, rel=1e-9)
    assert min(used.values()) >= 0.0


@MANY
@given(runs())
def test_overtime_stays_within_its_cap_and_is_paid_with_its_premium(run: Run) -> None:
    team = run.scenario.team
    rate = day_rates(run)
    spells = team_of(run)
    assert all(1.0 <= s.speed <= 1.0 + team.overtime_cap for s in spells)
    surcharge = math.fsum((s.end - s.start) * (s.speed - 1.0) * rate[s.person] for s in spells) * (1.0 + team.overtime_premium)
    assert run.outcome["overtime_cost"] == pytest.approx(surcharge, abs=1e-9)
    unpaid = math.fsum((s.end - s.start) * rate[s.person] for s in spells if s.use == "released")
    expected = math.fsum(map(operator.mul, rate, paid_days(run))) - unpaid + surcharge + run.ledger.ai_cost
    assert run.outcome["cost"] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def free(spell: Spell) -> float:
    """Days of a spell in which its person does nothing."""
    return (spell.end - spell.start) * (1.0 - spell.explored) * (spell.use in ("idle", "released"))


@MANY
@given(runs())
def test_what_is_paid_is_the_time_used_and_the_idle_time_whatever_the_policy(run: Run) -> None:
    """Time used: every stretch that is neither idle nor released, at the day rates, with the whole of overtime and the AI aid."""
    team, outcome = run.scenario.team, run.outcome
    rate = day_rates(run)
    used = math.fsum(rate[s.person] * (
        s.end - s.start - free(s) + (s.end - s.start) * (s.speed - 1.0) * (1.0 + team.overtime_premium)) for s in team_of(run))
    idle = math.fsum(rate[s.person] * free(s) for s in team_of(run) if s.use == "idle")
    assert outcome["effort_cost"] == pytest.approx(used + run.ledger.ai_cost, rel=1e-9, abs=1e-9)
    assert outcome["idle_cost"] == pytest.approx(idle, rel=1e-9, abs=1e-9)
    assert outcome["cost"] == pytest.approx(used + run.ledger.ai_cost + idle, rel=1e-9, abs=1e-9)


@MANY
@given(runs())
def test_nobody_is_released_before_the_plan_is_done_and_nobody_idles_at_its_price_after_it(run: Run) -> None:
    finish, spells = run.ledger.believed_finish, team_of(run)
    if run.scenario.team.after_plan == "kept" or finish < 0.0:
        assert "released" not in {s.use for s in spells}
        return
    assert all(s.start >= finish and not s.explored for s in spells if s.use == "released")
    assert all(s.end <= finish for s in spells if s.use == "idle")


def days_spent_on_items(run: Run, use: str) -> dict[int, float]:
    spent: dict[int, list[float]] = {}
    for s in team_of(run):
        if s.use == use and s.item >= 0:
            spent.setdefault(s.item, []).append((s.end - s.start) * s.speed * (1.0 - s.explored))
    return {item: math.fsum(days) for item, days in spent.items()}


@MANY
@given(runs(**PLAIN_WORK))
def test_a_closed_item_took_exactly_its_effort_and_its_rework(run: Run) -> None:
    work, rework = days_spent_on_items(run, "work"), days_spent_on_items(run, "rework")
    share = run.scenario.review.rework_share
    for item in run.ledger.items:
        if item.closed >= 0.0:
            mended = item.attempts - item.given_up - item.flawed  # what made them give up, or is not yet seen, is not mended
            assert work[item.number] == pytest.approx(item.effort, rel=1e-6, abs=1e-9)
            assert rework.get(item.number, 0.0) == pytest.approx(item.effort * share * mended, rel=1e-6, abs=1e-9)


@MANY
@given(runs(**PLAIN_WORK))
def test_no_item_takes_more_than_its_effort_however_often_it_is_interrupted(run: Run) -> None:
    for number, days in days_spent_on_items(run, "work").items():
        assert days <= run.ledger.items[number].effort * (1.0 + 1e-6) + 1e-9


@MANY
@given(runs())
def test_every_stretch_of_work_lies_between_admission_and_closing(run: Run) -> None:
    items = run.ledger.items
    for s in team_of(run):
        if s.item >= 0:
            assert items[s.item].admitted <= s.start
            assert items[s.item].closed < 0.0 or s.end <= items[s.item].closed
