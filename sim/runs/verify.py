"""Are these results what the program gives? Sampled replications are run again and compared bit by bit."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.runs.span_files import KEYS

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder


class Difference(NamedTuple):
    """A number that came out otherwise; `metric` is "" (and both numbers NaN) where one side has no such run."""

    point: int
    replication: int
    policy: str
    metric: str
    stored: float
    again: float


class Verification(NamedTuple):
    """Which (point, replication) were run again, and every difference that was found."""

    checked: tuple[tuple[int, int], ...]
    differences: tuple[Difference, ...]

    @property
    def identical(self) -> bool:
        """Whether something was checked and all of it is the same to the last bit."""
        return bool(self.checked) and not self.differences


def verify(folder: ResultsFolder, sample: int, rerun: Callable[[int, int], pd.DataFrame], *, seed: int = 0) -> Verification:
    """Run sampled replications again.

    Parameters
    ----------
    folder
        The results.
    sample
        How many (point, replication); all, where there are no more.
    rerun
        Runs one replication of a design point and gives its rows, tidy; see `sim.runs.batch.rerun`.
    seed
        Of the sample.

    Returns
    -------
    Verification
        NaN equals NaN; of other numbers every bit counts, the sign of a zero too.
    """
    there = [(span.point, replication) for span in folder.spans for replication in span.replications]
    chosen = sorted(random.Random(seed).sample(there, min(sample, len(there))))
    frame = folder.frame().set_index(["point", "replication"], drop=False)
    stored = dict(list(frame[frame.index.isin(chosen)].reset_index(drop=True).groupby(["point", "replication"])))
    differences: list[Difference] = []
    for point, replication in chosen:
        again = rerun(point, replication)
        differences += _differences(point, replication, stored.get((point, replication), again.iloc[:0]), again)
    return Verification(tuple(chosen), tuple(differences))


def _differences(point: int, replication: int, stored: pd.DataFrame, again: pd.DataFrame) -> list[Difference]:
    metrics = [name for name in stored.columns if name not in KEYS]
    was, now = stored.set_index("policy")[metrics], again.set_index("policy")[metrics]
    alone = was.index.symmetric_difference(now.index)
    both = was.index.intersection(now.index, sort=False)
    a, b = was.loc[both].to_numpy(np.float64), now.loc[both].to_numpy(np.float64)
    differ = (a.view(np.int64) != b.view(np.int64)) & ~(np.isnan(a) & np.isnan(b))
    return [
        *(Difference(point, replication, str(policy), "", np.nan, np.nan) for policy in alone),
        *(Difference(point, replication, str(both[row]), metrics[at], float(a[row, at]), float(b[row, at]))
          for row, at in np.argwhere(differ)),
    ]  # fmt: skip
