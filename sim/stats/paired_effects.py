"""An effect over several design points: a weighted sum of their means over replications, with its standard error.

Common random numbers make replication 7 alike at every point, so points are not independent and no point adds replications:
the replication is what is drawn at random. Per replication the points are averaged first (or contrasted), and replications
after that. `weighted_mean` says the same through each replication's influence on the sum, which also serves where points have
different numbers of replications (sequential precision) or some runs have no such number: nothing is thrown away, and where
all points have the same replications it is exactly the mean and the t-interval of the per-replication averages.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.stats.means import ROUNDING, Interval, t_quantile
from sim.stats.responses import Array, responses

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Effect:
    """A number found, and how sure it is.

    Attributes
    ----------
    mean
        The estimate; NaN without data.
    error
        Its standard error; NaN with fewer than two replications, 0 where no replication differs from another.
    n
        Replications behind it: those of the point that has the fewest. It has n - 1 degrees of freedom, which is exact where
        all points have the same replications and cautious elsewhere.
    """

    mean: float
    error: float
    n: int

    def __neg__(self) -> Effect:
        return Effect(-self.mean, self.error, self.n)

    def lower_limit(self, tail: float) -> float:
        """One-sided confidence limit: the truth is below it with probability `tail`."""
        return self.mean - t_quantile(1.0 - tail, self.n - 1) * self.error

    def interval(self, confidence: float) -> Interval:
        """Two-sided t-interval; NaN limits where there is no standard error."""
        if not math.isfinite(self.error):
            return Interval(self.n, self.mean, math.nan, math.nan)
        half = t_quantile(0.5 + confidence / 2.0, self.n - 1) * self.error
        return Interval(self.n, self.mean, self.mean - half, self.mean + half)

    def p_above(self, value: float) -> float:
        """One-sided p-value against "the truth is at most `value`": small where it is really above. Needs error > 0."""
        from scipy.special import stdtr

        return float(stdtr(self.n - 1, (value - self.mean) / self.error))


class Influence(NamedTuple):
    """A weighted mean, and how much each replication moved it away from what all others say."""

    mean: float
    of_replication: Array
    n: int


def influence(table: pd.DataFrame, weights: Array) -> Influence:
    """The sum over points of weight times mean, and each replication's share in its error.

    Parameters
    ----------
    table
        Design points (rows) by replications (columns); NaN where there is no number.
    weights
        One number a point.
    """
    y = table.to_numpy(dtype=np.float64)
    known = np.isfinite(y)
    counts = known.sum(axis=1)
    fewest = int(counts.min()) if len(counts) else 0
    if fewest == 0:
        return Influence(math.nan, np.full(y.shape[1], math.nan), 0)
    means = np.where(known, y, 0.0).sum(axis=1) / counts
    apart = np.where(known, y - means[:, None], 0.0)
    apart[np.abs(apart) <= ROUNDING * np.abs(means)[:, None]] = 0.0  # the same in every run, up to the rounding of the mean
    return Influence(float(weights @ means), (weights / counts) @ apart, fewest)


def weighted_mean(table: pd.DataFrame, weights: Array) -> Effect:
    """The weighted sum of the points' means over replications, with the standard error of the replications' common luck."""
    return _effect(influence(table, weights))


def ratio(above: pd.DataFrame, above_weights: Array, below: pd.DataFrame, below_weights: Array) -> Effect:
    """A weighted mean relative to the size of another one, the luck of both counted (delta method).

    Taking the reference's mean for a known number would make the interval too narrow wherever the claim is "20% less". The
    columns of both tables must be the same replications.
    """
    top, base = influence(above, above_weights), influence(below, below_weights)
    size = abs(base.mean)
    if not size > 0.0:
        return Effect(math.nan, math.nan, min(top.n, base.n))
    share = top.mean / size
    moved = (top.of_replication - share * math.copysign(1.0, base.mean) * base.of_replication) / size
    return _effect(Influence(share, moved, min(top.n, base.n)))


def _effect(found: Influence) -> Effect:
    if found.n < 2:
        return Effect(found.mean, math.nan, found.n)
    error = math.sqrt(float((found.of_replication**2).sum()) * found.n / (found.n - 1))
    return Effect(found.mean, error, found.n)


def paired(frame: pd.DataFrame, metric: str, policy: str, against: str | None) -> pd.DataFrame:
    """A metric by point and replication; with `against`, the paired difference, equal up to rounding being equal."""
    first = responses(frame, metric, policy)
    if against is None:
        return first
    first, second = first.align(responses(frame, metric, against), join="inner")
    x, y = first.to_numpy(dtype=np.float64), second.to_numpy(dtype=np.float64)
    gap = first - second
    return gap.mask(np.abs(x - y) <= ROUNDING * np.maximum(np.abs(x), np.abs(y)), 0.0)


class Contrast(NamedTuple):
    """Weights of design points that turn a metric into the change that a factor makes.

    Attributes
    ----------
    weights, low
        For the change, and for the mean at the low end (of a slope: over all points); in the order of the points.
    ends
        The lowest and the highest level of the factor.
    slope
        Whether the change is along the least-squares line; otherwise it is the plain difference of the ends.
    """

    weights: Array
    low: Array
    ends: tuple[float, float]
    slope: bool


def contrast(points: pd.DataFrame, factor: str) -> Contrast:
    """The change of a mean from the lowest to the highest level of a factor.

    Where every other setting (scenario and other factors) that occurs at the one end occurs at the other too, as in a sweep or
    a factorial, it is the plain difference of the two ends. Elsewhere (Latin hypercube, Sobol) it is the least-squares slope
    over all points, taken within each scenario, times the range. Levels in between do not count in a plain difference.

    Parameters
    ----------
    points
        One row a design point: `point`, `scenario`, `label`, and one column a factor.
    factor
        The factor's column.

    Raises
    ------
    StudyError
        Where the factor has no numbers, or is the same at all points.
    """
    x = levels(points, factor)
    low, high = float(x.min()), float(x.max())
    if not high > low:
        raise StudyError(f"factor {factor} is {low:g} at every design point of the hypothesis: two levels are needed")
    at_low, at_high = x == low, x == high
    settings = _others(points, factor)
    if set(settings[at_low]) == set(settings[at_high]):
        down, up = _each_once(at_low, settings), _each_once(at_high, settings)
        return Contrast(up - down, down, (low, high), slope=False)
    centred = x - points.groupby("scenario")[factor].transform("mean").to_numpy(dtype=np.float64)
    spread = float((centred**2).sum())
    if not spread > 0.0:
        raise StudyError(f"factor {factor} does not change within any scenario of the hypothesis")
    weights = centred * (high - low) / spread
    return Contrast(weights, np.full(len(x), 1.0 / len(x)), (low, high), slope=True)


def levels(points: pd.DataFrame, factor: str) -> Array:
    """A factor's value at each point, as numbers."""
    if factor not in points.columns:
        raise StudyError(f"factor {factor!r} is not in the design")
    try:
        return points[factor].to_numpy(dtype=np.float64)
    except (TypeError, ValueError):
        raise StudyError(f"factor {factor} has levels that are no numbers; a low and a high level are needed") from None


def _others(points: pd.DataFrame, factor: str) -> NDArray[np.str_]:
    """Every setting but that of the factor as a text, one a point."""
    columns = [name for name in points.columns if name not in ("point", "label", "role", factor)]
    return np.array([str(tuple(map(str, row))) for row in points[columns].itertuples(index=False)])


def _each_once(chosen: NDArray[np.bool_], settings: NDArray[np.str_]) -> Array:
    """Weights by which every setting counts the same, also where a sweep has it twice (its base is a level of each factor)."""
    there, count = np.unique(settings[chosen], return_counts=True)
    often = dict(zip(there, count, strict=True))
    return np.array([1.0 / (len(there) * often[setting]) if at else 0.0 for at, setting in zip(chosen, settings, strict=True)])
