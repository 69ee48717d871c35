"""Interrupted work keeps what was done, loses one switching cost an interruption, and is finished by somebody."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy import Environment

from sim.model.ledger import Spell
from sim.model.staff import Role

COST = 0.2


def worked(interruptions: list[tuple[float, float]], speed: float, explore: float) -> list[Spell]:
    """One person's spells: 3 person-days of work, interrupted by visits that begin after a pause and take some effort."""
    env = Environment()
    spells: list[Spell] = []
    role = Role(env, "developer", 0, 1, spells, switch_cost=COST)
    role.set_pace(speed, explore)
    long = role.visit(3.0, "work", 1.0, 0)

    def interrupt() -> Generator[Any, Any, None]:
        for pause, effort in interruptions:
            yield env.timeout(pause)
            yield role.visit(effort, "evaluation", 0.0, 0, interrupting=True)

    env.process(interrupt())
    del long
    env.run()
    role.close(env.now)
    return spells


def days(spells: list[Spell], use: str) -> float:
    return math.fsum((s.end - s.start) * s.speed * (1.0 - s.explored) for s in spells if s.use == use)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1.0)), max_size=8), st.floats(1, 2), st.floats(0, 0.8))
def test_each_interruption_costs_its_switching_and_no_work_is_lost_or_done_twice(
    interruptions: list[tuple[float, float]], speed: float, explore: float
) -> None:
    spells = worked(interruptions, speed, explore)
    assert days(spells, "work") == pytest.approx(3.0)
    assert days(spells, "evaluation") == pytest.approx(math.fsum(effort for _, effort in interruptions))
    switching, interrupted = days(spells, "switching"), round(days(spells, "switching") / COST)
    assert switching == pytest.approx(interrupted * COST, abs=1e-9)
    assert interrupted <= len(interruptions)


def test_an_interruption_while_getting_back_into_it_owes_only_what_is_left_and_one_cost_more() -> None:
    spells = worked([(1.0, 0.5), (0.1, 0.5)], 1.0, 0.0)  # the second comes half-way back
    assert [s.use for s in spells] == ["work", "evaluation", "switching", "evaluation", "switching", "work"]
    assert [s.end - s.start for s in spells] == pytest.approx([1.0, 0.5, 0.1, 0.5, 0.3, 2.0])
