"""Staff over time: who is there from when to when, and how much of a day is full work while newcomers learn from the others."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sim.model.effects import share_left_by_mentoring

if TYPE_CHECKING:
    from sim.scenario.team import Role as RoleTerms
    from sim.scenario.team import Team


class Stint(NamedTuple):
    """One person's time with the team: what a day costs, the first day, and the day on which he leaves (infinity: he stays)."""

    day_rate: float
    first: float
    last: float

    def days(self, start: float, end: float) -> float:
        """Days from `start` to `end` on which he is there."""
        return max(min(self.last, end) - max(self.first, start), 0.0)


def stints_of(role: RoleTerms) -> list[Stint]:
    """Of all who are ever in a role, in the order in which they come; who has been there longest leaves first."""
    first = [0.0] * role.headcount + [day for day, people in role.joins for _ in range(people)]
    last = [day for day, people in role.leaves for _ in range(people)]
    last += [math.inf] * (len(first) - len(last))
    return [Stint(role.day_rate, *days) for days in zip(first, last, strict=True)]


class Strength:
    """How much of a day of a person's work is full work, over time: piecewise linear, and constant at the end.

    Parameters
    ----------
    points
        Days, in order, with the share of full work from that day on and its rise per day.

    Examples
    --------
    >>> newcomer = Strength([(10.0, 0.5, 0.05), (20.0, 1.0, 0.0)])  # half as fast at first, as fast as the others in ten days
    >>> newcomer.at(15.0), newcomer.between(10.0, 20.0), newcomer.days_for(8.5, 10.0)
    (0.75, 7.5, 11.0)
    """

    __slots__ = ("_days", "_done", "_rises", "_shares")

    def __init__(self, points: Sequence[tuple[float, float, float]]) -> None:
        self._days = [day for day, _, _ in points]
        self._shares = [share for _, share, _ in points]
        self._rises = [rise for _, _, rise in points]
        self._done = [0.0]  # full days from the first point to each
        for at, (day, following) in enumerate(pairwise(self._days)):
            self._done.append(self._done[-1] + self._piece(at, following - day))

    def at(self, day: float) -> float:
        """Share of full work on a day."""
        at = self._before(day)
        return self._shares[at] + self._rises[at] * (day - self._days[at])

    def between(self, start: float, end: float) -> float:
        """Days of full work that come out of the time from `start` to `end`."""
        return self._until(end) - self._until(start)

    def days_for(self, full: float, start: float) -> float:
        """Days, from `start` on, that so many days of full work take; none, to the bit, where there is none."""
        if full <= 0.0:
            return 0.0
        goal = self._until(start) + full
        at = max(bisect_right(self._done, goal) - 1, 0)
        left, share, rise = goal - self._done[at], self._shares[at], self._rises[at]
        # The root of share x + rise x²/2 = left, written so that a rise of 0 is no special case.
        return self._days[at] + 2.0 * left / (share + math.sqrt(share * share + 2.0 * rise * left)) - start

    def _until(self, day: float) -> float:
        at = self._before(day)
        return self._done[at] + self._piece(at, day - self._days[at])

    def _before(self, day: float) -> int:
        return max(bisect_right(self._days, day) - 1, 0)

    def _piece(self, at: int, days: float) -> float:
        return (self._shares[at] + 0.5 * self._rises[at] * days) * days


def strengths(stints: Sequence[Stint], team: Team) -> list[Strength | None]:
    """Of everybody who is ever in a role; None where it is 1 all the time."""
    ramp, start = team.ramp_days, team.newcomer_speed
    newcomers = [stint for stint in stints if stint.first > 0.0]
    if not newcomers or ramp <= 0.0:
        return [None] * len(stints)
    changes = {stint.first for stint in stints} | {stint.first + ramp for stint in newcomers} | {stint.last for stint in stints}
    days = sorted(changes - {math.inf})
    experienced = [(day, _left_by_mentoring(stints, day, team), 0.0) for day in days]
    made: list[Strength | None] = []
    for stint in stints:
        learnt = stint.first + ramp if stint.first > 0.0 else 0.0
        learning = [(stint.first, start, (1.0 - start) / ramp)] if stint.first > 0.0 else []
        points = learning + [point for point in experienced if point[0] >= learnt]
        made.append(Strength(points) if any(share < 1.0 for _, share, _ in points) else None)
    return made


def _left_by_mentoring(stints: Sequence[Stint], day: float, team: Team) -> float:
    there = [stint for stint in stints if stint.first <= day < stint.last]
    learning = sum(stint.first > 0.0 and day < stint.first + team.ramp_days for stint in there)
    return share_left_by_mentoring(learning, len(there) - learning, team.mentoring)
