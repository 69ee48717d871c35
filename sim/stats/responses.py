"""What a design answers: one number for each design point and replication, for a policy or for the difference of two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.model.outcome import METRICS

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


def responses(frame: pd.DataFrame, metric: str, policy: str, against: str | None = None) -> pd.DataFrame:
    """A metric as a table of design points (rows, by number) and replications (columns: seed, replication).

    Parameters
    ----------
    frame
        The tidy frame: columns point, policy, seed, replication and the metrics.
    metric
        A column of the frame.
    policy, against
        The policy; with `against`, the difference policy - against, paired by replication.

    Returns
    -------
    pandas.DataFrame
        NaN where a run has no such number (or was not made).

    Raises
    ------
    StudyError
        For an unknown metric or policy.
    """
    if metric not in frame.columns:
        raise StudyError(f"metric {metric!r} is not in the results")
    table = _table(frame, metric, policy)
    return table if against is None else table - _table(frame, metric, against)


def gains(frame: pd.DataFrame, metric: str, first: str, second: str) -> pd.DataFrame:
    """How much better `first` is than `second`: the paired difference, its sign turned where less is better."""
    better = METRICS[metric].better if metric in METRICS else ""
    if not better:
        raise StudyError(f"metric {metric!r}: neither more nor less of it is better, so that no policy can win")
    difference = responses(frame, metric, first, second)
    return difference if better == "higher" else -difference


def _table(frame: pd.DataFrame, metric: str, policy: str) -> pd.DataFrame:
    rows = frame[frame["policy"] == policy]
    if rows.empty:
        raise StudyError(f"policy {policy!r} is not in the results; there are {', '.join(map(str, frame['policy'].unique()))}")
    if rows.duplicated(["point", "seed", "replication"]).any():
        raise StudyError(f"policy {policy!r} has two rows for one design point and replication")
    # Not pivot_table, which drops what is not a number without a word.
    table: pd.DataFrame = rows.set_index(["point", "seed", "replication"])[metric].unstack(["seed", "replication"])  # noqa: PD010
    return table.sort_index(axis=0).sort_index(axis=1)


def complete(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """The replications that every design point has; at least one is needed."""
    known = np.isfinite(table.to_numpy(dtype=np.float64))
    kept: pd.DataFrame = table.loc[:, known.all(axis=0)]
    if kept.shape[1] == 0:
        holes = int((~known.all(axis=1)).sum())
        raise StudyError(
            f"{what}: no replication has a number at all design points ({holes} of {len(table)} points lack some); "
            "the metric has no meaning in some runs, or runs are missing")
    return kept


@dataclass(frozen=True)
class Noise:
    """How much of what differs between design points is luck.

    The replications of a complete table split into what each point does (wanted), what each replication does at all points
    alike (common luck: common random numbers take it out of every comparison) and the rest. By the law of total variance the
    variance of the point means is that of the effects plus the rest's variance / n.

    Attributes
    ----------
    replications
        n, at every design point.
    variance_of_means
        Variance over points of their mean over replications.
    of_luck
        The part of it that is noise: variance of the rest / n; NaN with one replication (then nobody can tell).
    """

    replications: int
    variance_of_means: float
    of_luck: float

    @property
    def share(self) -> float:
        """Share of the variance of the point means that is noise: 0 to 1; NaN where it cannot be told."""
        if not self.variance_of_means > 0.0:
            return float("nan")
        return min(self.of_luck / self.variance_of_means, 1.0)

    def needed(self, share: float) -> float:
        """Replications at which noise would be that share; infinite where no number would do."""
        effect = self.variance_of_means - self.of_luck
        return self.replications * self.of_luck * (1.0 - share) / (share * effect) if effect > 0.0 else float("inf")


def noise(table: pd.DataFrame | Array) -> Noise:
    """Split the variance of a complete table (see `complete`) into effects and luck."""
    y = np.asarray(table, dtype=np.float64)
    points, n = y.shape
    if points < 2:
        raise StudyError("at least two design points are needed")
    means = y.mean(axis=1)
    if n < 2:
        return Noise(n, float(means.var(ddof=1)), float("nan"))
    rest = y - means[:, None] - y.mean(axis=0) + y.mean()
    left = float((rest**2).sum() / ((points - 1) * (n - 1)))
    return Noise(n, float(means.var(ddof=1)), left / n)
