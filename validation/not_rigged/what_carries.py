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
from sim.stats.means import mean_interval
from sim.stats.responses import Array
from sim.study.comparison import REFUSE_ALL, Comparison
from validation.not_rigged.size import Size
from validation.not_rigged.worlds import lead, outcomes
from validation.table import markdown

LOOK, AGAIN = 5, 6
"""Seeds of the look at all moves, and of that at the widest."""
SHORT_LIST, SHOWN = 8, 3
THESIS = ("co-evaluated", "change-board")


class Move(NamedTuple):
    """An assumption moved: what was done, and the world that comes of it."""

    what: str
    world: Scenario


def moves(scenario: Scenario) -> list[Move]:
    """The scenario as it is first, then without each of its mechanisms, then with half and twice each number; each world once."""
    found: dict[str, Move] = {}
    for move in (*without_mechanisms(scenario), *with_other_numbers(scenario)):
        found.setdefault(move.world.digest(), move)
    return list(found.values())


def without_mechanisms(scenario: Scenario) -> Iterator[Move]:
    """The scenario, and without each mechanism that is on."""
    for point in knockout({scenario.name: scenario}):
        if point.label != NOTHING_LEFT:
            yield Move(point.label, scenario if point.label == BASE else scenario.with_values(dict(point.values)))


def with_other_numbers(scenario: Scenario) -> Iterator[Move]:
    """With half and with twice each number that `intakelab report` moves, too."""
    for moved in ranges(scenario):
        for value, change in moved.ends:
            try:
                yield Move(f"{moved.row.key} = {value:.3g} ({moved.value:.3g})", override(scenario, change))
            except ScenarioError:
                continue  # the rules between values forbid it


def headlines(found: Comparison) -> list[tuple[str, str]]:
    """The best policy against refusing everything (or that, where it is the best, against the next), and the thesis."""
    first, second, *_ = by_mean(found, found.deciding, found.adoptable)
    return list(dict.fromkeys([(first, second if first == REFUSE_ALL else REFUSE_ALL), THESIS]))


def section(found: list[Comparison], size: Size, executor: Executor | None) -> str:
    """One row for each of the three widest moves of each headline."""
    projects = [one for one in found if one.scenario.project.planned_items][: size.knocked]
    rows = [row for one in projects for row in rows_of(one, size, executor)]
    return markdown(["project", "headline", "as it is, k€", "moved", "then, k€", "the change, k€"], rows)


def rows_of(found: Comparison, size: Size, executor: Executor | None) -> list[list[str]]:
    """The headlines of a project: all moves are looked at, the widest again with new luck."""
    tried, pairs = moves(found.scenario), headlines(found)
    worlds = {at: move.world for at, move in enumerate(tried)}
    together = [make(name) for name in dict.fromkeys(name for pair in pairs for name in pair)]
    looked = outcomes(worlds, together, found.deciding, LOOK, size.moves, executor)
    rows = []
    for pair in pairs:
        short = widest(lead(looked, *pair))
        values = outcomes({at: worlds[at] for at in (0, *short)}, [make(name) for name in pair], found.deciding, AGAIN, size.moved,
                          executor)
        rows += told_moves(pair, lead(values, *pair), [tried[at].what for at in short])
    return [[found.scenario.name if at == 0 else "", *row] for at, row in enumerate(rows)]


def widest(leads: Array) -> list[int]:
    """The moves that change a lead most, and those that do so most surely; the lead as it is comes first in `leads`."""
    shifts = leads[1:] - leads[0]
    change = np.abs(np.nanmean(shifts, axis=1))
    error = np.nanstd(shifts, axis=1, ddof=1)
    sure = np.divide(change, error, out=np.zeros_like(change), where=error > 0.0)
    by_size, by_sureness = (np.argsort(-of, kind="stable") for of in (change, sure))
    ranked = dict.fromkeys([*by_size[: SHORT_LIST // 2], *by_sureness])
    return [int(at) + 1 for at in ranked][:SHORT_LIST]


def told_moves(pair: tuple[str, str], leads: Array, what: list[str]) -> list[list[str]]:
    """A row for each of the three widest moves whose change is really there; all that were run again hold together."""
    base, moved = leads[0], leads[1:]
    shifts = simultaneous_means((moved - base).T, method="fitting")
    order = np.argsort(-shifts["difference"].abs().to_numpy(), kind="stable")
    head = [f"{pair[0]} minus {pair[1]}", told(base)]
    rows = []
    for at in [int(at) for at in order if shifts["real"].iloc[at]][:SHOWN]:
        row = shifts.iloc[at]
        change, limits = with_range(row["difference"], row["low"], row["high"], sign=True)
        rows.append([*head, what[at], told(moved[at]), f"{change} ({limits})"])
        head = ["", ""]
    return rows or [[*head, "no change can be told from luck", "", ""]]


def told(gap: Array) -> str:
    """A difference with its own 95% interval."""
    _, mean, low, high = mean_interval(gap)
    text, limits = with_range(mean, low, high, sign=True)
    return f"{text} ({limits})"
