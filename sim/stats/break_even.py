"""Where a lead is gone: the share of a gain that must be lost for it, with Fieller's interval."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from sim.stats.means import CONFIDENCE, Interval, t_quantile


def break_even(lead: ArrayLike, gain: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """The share x of a gain at which a lead is gone: mean(lead) = x mean(gain).

    A lead of 10, of which the gain makes 40, is gone where a quarter of the gain is lost. The luck of both counts: the interval
    is the set of all x that the paired t-test of lead - x gain does not reject (Fieller 1954).

    Parameters
    ----------
    lead, gain
        One number a replication, in the same order; pairs with a NaN are left out.
    confidence
        Of the interval.

    Returns
    -------
    Interval
        Limits are infinite where the gain cannot be told from nothing, so that no share can be excluded; all is NaN with
        fewer than two pairs.

    Examples
    --------
    >>> break_even([9.0, 10.0, 11.0], [40.0, 40.0, 40.0]).mean
    0.25
    """
    x, y = np.asarray(lead, dtype=np.float64), np.asarray(gain, dtype=np.float64)
    both = np.isfinite(x) & np.isfinite(y)
    x, y = x[both], y[both]
    n = len(x)
    if n < 2:
        return Interval(n, math.nan, math.nan, math.nan)
    t = t_quantile(0.5 + confidence / 2.0, n - 1)
    top, bottom = float(x.mean()), float(y.mean())
    of_top, of_both, _, of_bottom = (np.cov(x, y) * t * t / n).ravel().tolist()
    a, b, c = bottom**2 - of_bottom, top * bottom - of_both, top**2 - of_top
    if not a > 0.0:
        return Interval(n, top / bottom if bottom else math.nan, -math.inf, math.inf)
    half = math.sqrt(max(b * b - a * c, 0.0)) / a
    return Interval(n, top / bottom, b / a - half, b / a + half)
