"""Many policies at once: paired differences whose intervals hold together, by max-t over a bootstrap of replications.

With many comparisons some interval misses by luck. Bonferroni pays for that as if the differences had nothing to do with each
other; but differences to one reference share that reference, and under common random numbers nearly everything else. The max-t
method (Romano & Wolf 2005; Dunnett's idea without his assumptions) finds the critical value from the replications themselves:
resample whole replications (all policies, all design points of each together), take the largest |t| over all differences, and
use its quantile. It takes skewness and any dependence into account; fewer than about 20 replications are too few for it.
A difference that is zero in nearly every replication has resamples without spread, and so a |t| without bound; where the method is
chosen to fit, it gets Bonferroni's interval and leaves the rest of the error probability to the others.

Over several design points differences are averaged over points (equal weight) within a replication first.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.stats.means import CONFIDENCE, ROUNDING, corrected, t_quantile
from sim.stats.paired_effects import paired
from sim.stats.responses import Array

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["max-t", "Bonferroni", "fitting"]
RESAMPLES = 2000
FEWEST = 20
"""Replications below which a resampled max-t is worth nothing."""
SPARSE = 10
"""Values other than zero below which a difference is left to Bonferroni: a resample misses ten of them once in 20,000 times."""
LARGE = 1000
"""Replications from which the resampled t's are normal with the correlation of the differences, and are drawn as such."""
CHUNK = 2_000_000
"""Cells of the resampling table held at a time (16 MB)."""


def against_reference(
    frame: pd.DataFrame, metric: str, reference: str, confidence: float = CONFIDENCE, method: Method = "max-t"
) -> pd.DataFrame:
    """Paired difference of every policy to the reference, with simultaneous intervals.

    Parameters
    ----------
    frame
        The tidy frame.
    metric, reference
        A column, and the policy that differences are taken to.
    confidence
        Probability that all intervals of the table cover.
    method
        "max-t", which needs 20 replications; "Bonferroni" with t-quantiles, which serves for any number; or "fitting": max-t
        for the differences that have 20 values, ten of them other than zero, and Bonferroni for the rest.

    Returns
    -------
    pandas.DataFrame
        policy, against, n, difference, low, high, p_value (adjusted; consistent with the interval), real (the interval
        excludes zero). A difference without any spread has its own value as both limits and no p-value.
    """
    import pandas as pd

    others = [str(name) for name in dict.fromkeys(frame["policy"]) if name != reference]
    table = pd.DataFrame({name: paired(frame, metric, name, reference).mean(axis=0, skipna=False) for name in others})
    found = simultaneous_means(table.to_numpy(dtype=np.float64), confidence, method)
    found.insert(0, "against", reference)
    found.insert(0, "policy", others)
    return found


def simultaneous_means(
    values: Array, confidence: float = CONFIDENCE, method: Method = "max-t", seed: int = 0
) -> pd.DataFrame:
    """Means of columns with intervals that hold together.

    Parameters
    ----------
    values
        Replications (rows) by quantities (columns); NaN where a replication has none.
    confidence, method
        As in `against_reference`.
    seed
        Of the resampling.

    Returns
    -------
    pandas.DataFrame
        n, difference, low, high, p_value, real: one row a column of `values`.

    Raises
    ------
    StudyError
        With max-t where a column with spread has fewer than 20 numbers.
    """
    import pandas as pd

    n, mean, error = (row[0] for row in _moments(values, np.ones((1, len(values)))))
    spread = error > ROUNDING * np.abs(mean)
    known = (n >= 2) & ~spread
    low, high = np.where(known, mean, math.nan), np.where(known, mean, math.nan)
    p_value = np.full(len(mean), math.nan)
    t = np.abs(mean) / np.where(spread, error, 1.0)
    resampled = spread & _resampled(values, n, method)
    rest = spread & ~resampled
    critical = np.full(len(mean), math.nan)
    if resampled.any():
        if n[resampled].min() < FEWEST:
            raise StudyError(f"max-t needs {FEWEST} replications, here are {int(n[resampled].min())}; use Bonferroni")
        share = 1.0 - int(rest.sum()) / len(mean)
        largest = np.sort(_max_t(values[:, resampled], seed))
        # The share of the resamples at least as far out, the sample itself counted: never 0.
        further = (1 + len(largest) - np.searchsorted(largest, t[resampled])) / (len(largest) + 1)
        p_value[resampled] = np.minimum(further / share, 1.0)
        critical[resampled] = largest[_rank(len(largest), 1.0 - (1.0 - confidence) * share)]
    for at in np.flatnonzero(rest):
        critical[at] = t_quantile(0.5 + corrected(confidence, len(mean)) / 2, int(n[at]) - 1)
        p_value[at] = _bonferroni(t[at], int(n[at]), len(mean))
    low[spread], high[spread] = (mean - critical * error)[spread], (mean + critical * error)[spread]
    real = (low > 0.0) | (high < 0.0)
    return pd.DataFrame({"n": n.astype(int), "difference": mean, "low": low, "high": high, "p_value": p_value, "real": real})


def _resampled(values: Array, n: Array, method: Method) -> NDArray[np.bool_]:
    """Which columns are left to max-t."""
    if method != "fitting":
        return np.full(len(n), method == "max-t")
    apart = (np.isfinite(values) & (values != 0.0)).sum(axis=0)
    return np.asarray((n >= FEWEST) & (apart >= SPARSE), dtype=np.bool_)


def _rank(resamples: int, confidence: float) -> int:
    """Place of the quantile that makes "p <= 1 - confidence" and "the interval excludes zero" the same thing."""
    return min(math.ceil(confidence * (resamples + 1)) - 1, resamples - 1)


def _bonferroni(t: float, n: int, comparisons: int) -> float:
    from scipy.special import stdtr

    return min(2.0 * comparisons * float(stdtr(n - 1, -t)), 1.0)


def _max_t(values: Array, seed: int, resamples: int = RESAMPLES) -> Array:
    """The largest |t| over the columns in each resample, each centred at the mean of the sample."""
    rng = np.random.default_rng(seed)
    rows = len(values)
    if rows >= LARGE and np.isfinite(values).all():
        correlation = np.atleast_2d(np.corrcoef(values, rowvar=False))
        normal: Array = rng.multivariate_normal(np.zeros(len(correlation)), correlation, size=resamples, method="eigh")
        largest_of: Array = np.abs(normal).max(axis=1)
        return largest_of
    centred = values - np.nanmean(values, axis=0)
    largest = []
    for start in range(0, resamples, size := max(CHUNK // rows, 1)):
        _, mean, error = _moments(centred, draws(rng, rows, min(size, resamples - start)))
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(error > 0.0, np.abs(mean) / error, np.where(np.abs(mean) > 0.0, math.inf, 0.0))
        largest.append(t.max(axis=1))
    return np.concatenate(largest)


def draws(rng: np.random.Generator, rows: int, resamples: int) -> NDArray[np.float64]:
    """How often each row is in each resample: resamples by rows; every line sums to `rows`."""
    return rng.multinomial(rows, np.full(rows, 1.0 / rows), size=resamples).astype(np.float64)


def _moments(values: Array, counts: Array) -> tuple[Array, Array, Array]:
    """Numbers, mean and standard error of each column in each resample; NaN where there are too few."""
    known = np.isfinite(values)
    centre = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    y = np.where(known, values - centre, 0.0)  # centred before squaring, which would cost digits
    n = counts @ known.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (counts @ y) / n
        error = np.sqrt(np.maximum((counts @ y**2) / n - mean**2, 0.0) / (n - 1.0))
    return n, mean + centre, error
