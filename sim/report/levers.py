"""What would change the answer: one assumption at a time, from one end of its range to the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.errors import ScenarioError
from sim.runs.runner import Work, run_all
from sim.runs.span import Span
from sim.scenario.acting import acting
from sim.scenario.overrides import override
from sim.scenario.register import rows
from sim.scenario.rows import Row
from sim.stats.means import CONFIDENCE, Interval, corrected, paired_difference
from sim.stats.responses import responses

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

KEYS = (
    "customer.request_rate", "customer.effort_median", "customer.value", "customer.value_spread", "customer.upkeep",
    "customer.appetite", "customer.drift", "customer.urgency", "customer.feasibility", "evaluation.expert_fit_quality",
    "evaluation.customer_need_quality", "evaluation.expert_hours", "understanding.sessions", "team.complexity",
    "team.defect_rate", "team.switch_cost", "review.rework_share", "project.benefit_window",
)
"""How much is asked for and what it is worth, how well that can be seen, what disturbance costs."""
RANGE = ("half to twice the scenario's value, within what the register allows; where a mechanism can be switched off, "
         "the end on that side is off")
State = Literal["holds", "unsure", "flips"]


@dataclass(frozen=True)
class End:
    """One end of a range: the value there, the paired difference rival - best, and what it does to the answer."""

    value: float
    gap: Interval
    state: State


@dataclass(frozen=True)
class Lever:
    """An assumption over its range.

    Attributes
    ----------
    row
        Its line in the register.
    value
        What the scenario says (with customer groups: the first group's value; all groups move by the same factor).
    low, high
        The two ends.
    """

    row: Row
    value: float
    low: End
    high: End

    @property
    def swing(self) -> float:
        """How far the difference moves from end to end."""
        return abs(self.high.gap.mean - self.low.gap.mean)

    @property
    def ends(self) -> tuple[End, End]:
        """Both ends."""
        return self.low, self.high

    def flip_point(self, base: Interval) -> float | None:
        """Where the mean difference crosses zero on the way to an end that flips, by a straight line; None where none does."""
        for end in self.ends:
            if end.state == "flips" and base.mean * end.gap.mean < 0.0:
                return self.value + (end.value - self.value) * base.mean / (base.mean - end.gap.mean)
        return None


@dataclass(frozen=True)
class Range:
    """An assumption that can be moved: what the scenario says (in the first group), and for both ends the value and all changes."""

    row: Row
    value: float
    ends: tuple[tuple[float, dict[str, float]], tuple[float, dict[str, float]]]


def pull(
    scenario: Scenario, rival: Policy, best: Policy, metric: str, base: Interval, *, seed: int, replications: int,
    executor: Executor | None = None, progress: Callable[[int, int], None] | None = None, keys: Sequence[str] = KEYS,
) -> tuple[Lever, ...]:
    """Run both ends of each assumption; the widest swing first.

    Parameters
    ----------
    scenario, rival, best, metric
        The paired difference rival - best in this metric is looked at.
    base
        The same difference as the comparison has it: an end flips where its interval lies wholly on the other side of zero.
    seed, replications, executor, progress, keys
        As for a comparison; each end has the same luck as the comparison's first replications.
    """
    plans = ranges(scenario, keys)
    worlds = dict(enumerate(_changed(scenario, change) for plan in plans for _, change in plan.ends))
    possible = {at: world for at, world in worlds.items() if world is not None}
    if not possible:
        return ()
    done = run_all([Span(at, 0, replications) for at in possible], lambda at: Work(possible[at], (rival, best), seed),
                   executor, progress=progress)
    theirs, ours = (responses(done.outcomes, metric, policy.name).reindex(list(worlds)) for policy in (rival, best))
    theirs, ours = theirs.align(ours)
    confidence = corrected(CONFIDENCE, len(worlds))
    gaps = [paired_difference(theirs.loc[at], ours.loc[at], confidence) for at in worlds]
    levers = []
    for at, plan in enumerate(plans):
        low, high = gaps[2 * at], gaps[2 * at + 1]
        if low.n and high.n:
            ends = [End(value, gap, _state(gap, base)) for (value, _), gap in zip(plan.ends, (low, high), strict=True)]
            levers.append(Lever(plan.row, plan.value, ends[0], ends[1]))
    return tuple(sorted(levers, key=lambda lever: -lever.swing))


def _state(gap: Interval, base: Interval) -> State:
    if not gap.excludes_zero:
        return "unsure"
    return "flips" if (gap.mean > 0.0) != (base.mean > 0.0) else "holds"


def ranges(scenario: Scenario, keys: Sequence[str] = KEYS) -> list[Range]:
    """The assumptions of these that are not switched off in a scenario, from half to twice their value (see `RANGE`)."""
    register = {row.key: row for row in rows()}
    found = []
    for key in keys:
        values = {place.key: float(place.value) for place in acting(scenario, key)}
        first = next(iter(values.values()))
        if first == 0.0:
            continue  # switched off here: half and twice of nothing are nothing
        row = register[key]
        ends = []
        for factor in sorted((0.5, 2.0), reverse=first < 0.0):
            change = {place: _end(row, value, factor) for place, value in values.items()}
            ends.append((next(iter(change.values())), change))
        found.append(Range(row, first, (ends[0], ends[1])))
    return found


def _end(row: Row, value: float, factor: float) -> float:
    moved = value * factor
    off = row.off
    if isinstance(off, int | float) and ((off <= value and moved < value) or (off >= value and moved > value)):
        moved = float(off)
    low = -np.inf if row.low is None else row.low
    high = np.inf if row.high is None else row.high
    return float(min(max(moved, low), high))


def _changed(scenario: Scenario, change: dict[str, float]) -> Scenario | None:
    try:
        return override(scenario, change)
    except ScenarioError:
        return None  # the rules between values forbid this end; the assumption is left out
