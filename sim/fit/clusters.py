"""Errors that hold where things drift: what differs from quarter to quarter counts as luck of the quarters, not of weeks or rows.

Standard errors of clusters, the larger one where weeks (or rows) and quarters tell different ones, and t on the quarters'
freedom: Korn & Graubard, Survey Methodology 24 (1998) 193-201, for shares; Cameron & Miller, J. Human Resources 50 (2015) 317-372.
Quarters are cut where the calendar happens to cut them, so neighbours are alike: their covariance is added where it is positive.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from sim.fit.bootstrap import NORMAL, Array

QUARTER = 13
"""Weeks of a cluster."""
FEWEST_QUARTERS = 4
"""With fewer, nothing can be said about how quarters differ."""


class Error(NamedTuple):
    """A standard error with its degrees of freedom."""

    size: float
    freedom: float

    @property
    def as_normal(self) -> float:
        """The standard deviation of a normal distribution with the same 95% interval."""
        return self.size * float(stats.t.ppf(0.975, self.freedom)) / NORMAL


def quarters_of(counts: Array) -> list[Array]:
    """Weekly counts in blocks of about 13 weeks."""
    return list(np.array_split(counts, max(1, round(len(counts) / QUARTER))))


def error_of_mean(counts: Array, last: int | None = None) -> Error:
    """Of the mean of weekly counts (or of the mean of the last so many weeks), relative to it.

    Parameters
    ----------
    counts
        Of all weeks: how quarters differ is learnt from all of them.
    last
        Weeks whose mean it is; None for all.
    """
    part = counts if last is None else counts[-last:]
    n, mean = len(part), float(part.mean())
    if n < 2 or mean == 0.0:
        return Error(1.0, 1)
    weeks = Error(math.sqrt(float(counts.var(ddof=1)) / float(counts.mean()) * mean / n) / mean, n - 1)
    means = np.array([quarter.mean() for quarter in quarters_of(counts)])
    if len(means) < FEWEST_QUARTERS:
        return weeks
    number = n / QUARTER
    variance = _variance(means - counts.mean(), 1.0 - min(1.0 / number, 1.0))
    quarters = Error(math.sqrt(variance / number) / mean, len(means) - 1)
    return max(weeks, quarters)


def effective_size(hits: Array, sizes: Array) -> float:
    """Rows that would tell a share as well if they were drawn one by one.

    Parameters
    ----------
    hits, sizes
        Yeses and rows in each quarter.
    """
    n = float(sizes.sum())
    share = float(hits.sum()) / max(n, 1.0)
    filled = int((sizes > 0).sum())
    if filled < FEWEST_QUARTERS or not 0.0 < share < 1.0:
        return n
    variance = _variance(hits - share * sizes, 1.0) * len(sizes) / n**2
    by_rows = share * (1.0 - share) / n
    if variance <= by_rows:
        return n
    return n * by_rows / variance * (NORMAL / float(stats.t.ppf(0.975, filled - 1))) ** 2


def _variance(off: Array, neighbours: float) -> float:
    """Of quarters, and twice the covariance of neighbours where it is positive."""
    freedom = len(off) - 1
    return float((off**2).sum() / freedom + 2.0 * neighbours * max(float((off[1:] * off[:-1]).sum()) / freedom, 0.0))
