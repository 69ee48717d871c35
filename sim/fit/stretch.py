"""The stretch of a log that all parameters of the scenario come from: all of it, or the last year of one whose rate drifts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.fit.arrivals import Arrivals
from sim.fit.bootstrap import Array
from sim.fit.clean import Log

START_UP, LEAST_AFTER = 13, 26
"""Weeks at the start of a log in which closings are too few, because what was open before is not in it; they are left out where so
many weeks are left after them."""


@dataclass(frozen=True)
class Stretch:
    """Full weeks of a log, since its origin: the first one, and how many; and how many full weeks the log has."""

    first: int
    weeks: int
    of: int

    @property
    def begin(self) -> float:
        """Its first day, since the log's origin."""
        return self.first * 7.0

    @property
    def end(self) -> float:
        """The day after its last."""
        return (self.first + self.weeks) * 7.0

    @property
    def whole(self) -> bool:
        """Whether it is the whole log."""
        return self.weeks == self.of


def stretch_of(arrivals: Arrivals) -> Stretch:
    """The last year of a log whose rate drifts; otherwise all of it."""
    weeks = arrivals.now.n
    return Stretch(arrivals.first_week + arrivals.weeks - weeks, weeks, arrivals.weeks)


def part_of(log: Log, stretch: Stretch, by: str) -> Log:
    """The log's rows that came (`created`) or were closed (`resolved`) in a stretch; all of them where it is the whole log."""
    if stretch.whole:
        return log
    days = log.frame[by].to_numpy(dtype=np.float64)
    return replace(log, frame=log.frame[(days >= stretch.begin) & (days < stretch.end)])


def done_by_week(log: Log, stretch: Stretch) -> Array:
    """Accepted requests closed in each week of a stretch, without the start-up of the log."""
    days = log.frame.loc[log.frame["outcome"] == "accepted", "resolved"].to_numpy(dtype=np.float64)
    weeks = np.floor(days / 7.0).astype(np.int64) - stretch.first
    counts = np.bincount(weeks[(weeks >= 0) & (weeks < stretch.weeks)], minlength=stretch.weeks).astype(np.float64)
    return counts[START_UP:] if stretch.whole and stretch.weeks >= START_UP + LEAST_AFTER else counts
