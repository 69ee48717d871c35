"""Which three assumptions carry each headline: every mechanism switched off, every important number halved and doubled."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from sim.design.knockout import BASE, NOTHING_LEFT, knockout
from sim.errors import ScenarioError
from sim.policies.catalogue import make
from sim.report.choice import by_mean
from sim.report.levers import ranges
from sim.report.numbers import with_range
from sim.scenario import Scenario
from sim.scenario.overrides import override
from sim.stats.choosing.many import simultaneous_means
from sim.stats.responses import Array
from sim.study.comparison import REFUSE_ALL, Comparison
from validation.not_rigged.size import Size
from validation.not_rigged.worlds import lead, outcomes
from validation.table import markdown

SEED = 4
SHOWN = 3


class Move(NamedTuple):
    """An assumption moved: what was done, and the world that comes of it."""

    what: str
    world: Scenario


def moves(scenario: Scenario) -> Iterator[Move]:
    """The scenario as it is first, then without each of its mechanisms, then with half and twice each number."""
    for point in knockout({scenario.name: scenario}):
        if point.label != NOTHING_LEFT:
            yield Move(point.label, scenario if point.label == BASE else scenario.with_values(dict(point.values)))
    for moved in ranges(scenario):
        for value, change in moved.ends:
            try:
                yield Move(f"{moved.row.key} = {value:.3g} ({moved.value:.3g})", override(scenario, change))
            except ScenarioError:
                continue  # the rules between values forbid it


def pair_of(found: Comparison) -> tuple[str, str]:
    """The headline: the best policy against refusing everything, or that against the best of the others."""
    first, second, *_ = by_mean(found, found.deciding, found.adoptable)
    return (first, second) if REFUSE_ALL in (first, second) else (first, REFUSE_ALL)


def section(found: list[Comparison], size: Size, executor: Executor | None) -> str:
    """One row for each of the three widest moves of each headline."""
    rows = []
    for one in found:
        if one.scenario.project.planned_items:
            rows += rows_of(one, size.moves, executor)
    return markdown(["headline", "as it is, k€", "moved", "then, k€", "the change, k€"], rows)


def rows_of(found: Comparison, replications: int, executor: Executor | None) -> list[list[str]]:
    """The moves that change a headline most, of those that really do; as many as there are, up to three."""
    first, second = pair_of(found)
    tried = list(moves(found.scenario))
    values = outcomes({at: move.world for at, move in enumerate(tried)}, (make(first), make(second)), found.deciding, SEED,
                      replications, executor)
    leads = lead(values, first, second)
    shifts = simultaneous_means((leads[1:] - leads[0]).T, method="fitting")
    order = np.argsort(-shifts["difference"].abs().to_numpy(), kind="stable")
    real = [int(at) for at in order if shifts["real"].iloc[at]]
    head, base = f"{first} minus {second}", told(leads[0])
    rows = []
    for at in real[:SHOWN]:
        row = shifts.iloc[at]
        change, limits = with_range(row["difference"], row["low"], row["high"], sign=True)
        rows.append([head, base, tried[at + 1].what, told(leads[at + 1]), f"{change} ({limits})"])
        head = base = ""
    return rows or [[head, base, f"none of {len(tried) - 1} moves can be told from luck", "", ""]]


def told(gap: Array) -> str:
    """A difference with its own 95% interval."""
    row = simultaneous_means(gap[:, None], method="Bonferroni").iloc[0]
    mean, limits = with_range(row["difference"], row["low"], row["high"], sign=True)
    return f"{mean} ({limits})"
