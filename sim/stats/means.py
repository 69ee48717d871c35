"""Means, paired differences and what common random numbers are worth: plain functions on arrays of replications.

What is called *real*: a difference whose simultaneous interval excludes zero. The intervals of several differences hold together
(`sim.stats.choosing.joint`), metric by metric: with 95% confidence none of them misses its true value. So the interval that is
printed and the word beside it can never disagree. Across metrics nothing is corrected: each metric is a question of its own.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.outcome import METRICS

CONFIDENCE = 0.95
YES_OR_NO = frozenset(name for name, metric in METRICS.items() if metric.yes_or_no)
"""Metrics that are 0 or 1 in each run; their mean is a share of runs."""
ROUNDING = 1e-9
"""Two outcomes that differ by less than this relative to their size are the same up to rounding."""


class Interval(NamedTuple):
    """A mean over `n` replications with its interval; NaN limits where nothing can be claimed (fewer than two)."""

    n: int
    mean: float
    low: float
    high: float

    def __neg__(self) -> Interval:
        return Interval(self.n, -self.mean, -self.high, -self.low)

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        return (self.high - self.low) / 2.0

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0.0 or self.high < 0.0


def corrected(confidence: float, comparisons: int) -> float:
    """Confidence of each of so many intervals that hold together with `confidence` (Bonferroni)."""
    return 1.0 - (1.0 - confidence) / max(comparisons, 1)


def mean_interval(values: ArrayLike, confidence: float = CONFIDENCE, yes_or_no: bool = False) -> Interval:
    """Mean of replications with a t-interval; for shares of runs with Wilson's interval.

    Parameters
    ----------
    values
        One number per replication; NaNs (the metric has no meaning in that run) are left out and not counted.
    confidence
        Confidence of the interval.
    yes_or_no
        Whether the numbers are 0 or 1. A share of 0 in 20 runs is no proof of never, which Wilson's interval knows.
    """
    x = np.asarray(values, dtype=np.float64)
    x = x[np.isfinite(x)]
    n = len(x)
    if n == 0:
        return Interval(0, math.nan, math.nan, math.nan)
    if n > 1 and yes_or_no:
        return _wilson(float(x.mean()), n, confidence)
    return _t_interval(x, confidence)


def paired_difference(a: ArrayLike, b: ArrayLike, confidence: float = CONFIDENCE, yes_or_no: bool = False) -> Interval:
    """Mean of a - b over replications with the same luck, with the t-interval of the paired differences.

    Parameters
    ----------
    a, b
        One number per replication, in the same order; pairs with a NaN on either side are left out.
    confidence
        Confidence of the interval; see `corrected`.
    yes_or_no
        Whether the numbers are 0 or 1: then the interval is Agresti and Min's (2005) for paired shares, half a run added to
        each of the four cells, which does not collapse where all pairs agree.
    """
    d = gaps(a, b)
    d = d[np.isfinite(d)]
    if len(d) == 0:
        return Interval(0, math.nan, math.nan, math.nan)
    if len(d) > 1 and yes_or_no:
        return _paired_shares(d, confidence)
    return _t_interval(d, confidence)


def gaps(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """The difference a - b in each replication, equal up to rounding being equal; NaN where either has no number."""
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    return np.where(np.abs(x - y) <= ROUNDING * np.maximum(np.abs(x), np.abs(y)), 0.0, x - y)


def variance_removed(a: ArrayLike, b: ArrayLike) -> float:
    """Share of the variance of a - b that common random numbers removed: 1 - Var(a - b) / (Var a + Var b).

    0 is what independent runs would give; below 0 the common luck did harm; NaN where there is nothing to remove.
    """
    paired, apart = _variances(a, b)
    return 1.0 - paired / apart if apart > 0.0 else math.nan


def pooled_variance_removed(pairs: list[tuple[ArrayLike, ArrayLike]]) -> float:
    """The same over several pairs: 1 - sum of Var(a - b) / sum of (Var a + Var b)."""
    found = [(paired, apart) for paired, apart in (_variances(a, b) for a, b in pairs) if math.isfinite(apart)]
    apart = math.fsum(part[1] for part in found)
    return 1.0 - math.fsum(part[0] for part in found) / apart if apart > 0.0 else math.nan


def _variances(a: ArrayLike, b: ArrayLike) -> tuple[float, float]:
    x, y = _pairs(a, b)
    if len(x) < 2:
        return math.nan, math.nan
    return float((x - y).var(ddof=1)), float(x.var(ddof=1) + y.var(ddof=1))


def _pairs(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    both = np.isfinite(x) & np.isfinite(y)
    return x[both], y[both]


def _t_interval(x: NDArray[np.float64], confidence: float) -> Interval:
    n = len(x)
    if n < 2:
        return Interval(n, float(x[0]), math.nan, math.nan)
    if (x == x[0]).all():  # the same in every run; adding up would only bring rounding
        return Interval(n, float(x[0]), float(x[0]), float(x[0]))
    mean = float(x.mean())
    half = t_quantile(0.5 + confidence / 2.0, n - 1) * float(x.std(ddof=1)) / math.sqrt(n)
    return Interval(n, mean, mean - half, mean + half)


def _wilson(share: float, n: int, confidence: float) -> Interval:
    z2 = normal_quantile(0.5 + confidence / 2.0) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Interval(n, share, max(centre - half, 0.0), min(centre + half, 1.0))


def _paired_shares(d: NDArray[np.float64], confidence: float) -> Interval:
    n = len(d)
    up, down, total = float((d > 0).sum()) + 0.5, float((d < 0).sum()) + 0.5, n + 2.0
    centre = (up - down) / total
    half = normal_quantile(0.5 + confidence / 2.0) * math.sqrt(up + down - (up - down) ** 2 / total) / total
    return Interval(n, float(d.mean()), max(centre - half, -1.0), min(centre + half, 1.0))


@lru_cache(maxsize=1024)
def t_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


@lru_cache(maxsize=1024)
def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(probability))
