"""Means of several metrics under several policies, and how they would have come out with other luck.

One array serves the Pareto front, the ranking and the regret: replications by policies by metrics, averaged over design points
(equal weight) within a replication. Resampling draws whole replications, so that common random numbers stay paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import StudyError
from sim.model.outcome import METRICS
from sim.stats.choosing.many import draws
from sim.stats.responses import Array, responses

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 1000


@dataclass(frozen=True)
class Averages:
    """Metrics by replication, policy and metric.

    Attributes
    ----------
    policies, metrics
        Names along the second and third axis of `values`.
    signs
        +1 for each metric of which more is better, -1 where less is.
    values
        Replications by policies by metrics; no NaN.
    left_out
        Replications that are not in `values`, because some policy has no number for some metric there.
    """

    policies: tuple[str, ...]
    metrics: tuple[str, ...]
    signs: Array
    values: Array
    left_out: int

    @property
    def means(self) -> Array:
        """Policies by metrics."""
        result: Array = self.values.mean(axis=0)
        return result

    def resampled(self, resamples: int = RESAMPLES) -> Array:
        """Means with other luck: resamples by policies by metrics."""
        n = len(self.values)
        counts = draws(np.random.default_rng(0), n, resamples)
        centre = self.means  # resample what is left after it: equal columns stay equal to the last digit that matters
        moved = counts @ (self.values - centre).reshape(n, -1) / n
        result: Array = centre + moved.reshape(resamples, *centre.shape)
        return result


def averages(frame: pd.DataFrame, metrics: Sequence[str], policies: Sequence[str] = ()) -> Averages:
    """Collect what is needed from the tidy frame.

    Parameters
    ----------
    frame
        The tidy frame; choose its rows first for one design point or scenario.
    metrics
        Columns.
    policies
        Which, in which order; empty: all in the frame.

    Raises
    ------
    StudyError
        For an unknown name, a metric without direction, or fewer than two replications with all numbers.
    """
    names = tuple(policies) or tuple(str(name) for name in dict.fromkeys(frame["policy"]))
    signs = np.array([sign_of(metric) for metric in metrics])
    columns = [responses(frame, metric, name).mean(axis=0, skipna=False) for name in names for metric in metrics]
    replications = sorted(set().union(*(column.index for column in columns)))
    table = np.column_stack([column.reindex(replications).to_numpy(dtype=np.float64) for column in columns])
    kept = table[np.isfinite(table).all(axis=1)]
    if len(kept) < 2:
        raise StudyError(f"only {len(kept)} replications have numbers for all of {', '.join(metrics)} under all policies")
    shape = (len(kept), len(names), len(metrics))
    return Averages(names, tuple(metrics), signs, kept.reshape(shape), len(table) - len(kept))


def sign_of(metric: str) -> float:
    """+1 for a metric of which more is better, -1 where less is."""
    direction = METRICS[metric].better if metric in METRICS else ""
    if not direction:
        raise StudyError(f"metric {metric!r}: neither more nor less of it is better; say which")
    return 1.0 if direction == "higher" else -1.0


def interval_of(draws_of: Array, confidence: float) -> tuple[float, float]:
    """Percentile interval of a resampled number."""
    low, high = np.quantile(draws_of, [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0])
    return float(low), float(high)
