"""Are these results what the program gives? Sampled replications are run again and compared number by number.

The same scenario, policy, seed and replication give the same bits wherever the C library calculates alike (see
`sim.runs.arithmetic`). Elsewhere what holds is the same fate of every request, and numbers that agree to 1e-12.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.runs.arithmetic import close
from sim.runs.outcome_table import KEYS
from sim.runs.runner import WorkOf, run_spans
from sim.runs.span import Span

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

    @property
    def close(self) -> bool:
        """Whether other arithmetic explains it; a count of fates that differs, differs by 1 at least."""
        return bool(self.metric) and close(self.stored, self.again)


class Verification(NamedTuple):
    """Which (point, replication) were run again, and every difference that was found."""

    checked: tuple[tuple[int, int], ...]
    differences: tuple[Difference, ...]

    @property
    def identical(self) -> bool:
        """Whether something was checked and all of it is the same to the last bit."""
        return bool(self.checked) and not self.differences

    @property
    def close(self) -> bool:
        """Whether something was checked, every fate is the same, and no number differs by more than other arithmetic explains."""
        return bool(self.checked) and all(one.close for one in self.differences)


def verify(folder: ResultsFolder, sample: int, rerun: Callable[[int, int], pd.DataFrame]) -> Verification:
    """Run sampled replications again.

    Parameters
    ----------
    folder
        The results.
    sample
        How many (point, replication); all, where there are no more.
    rerun
        Runs one replication of a design point and gives its rows, tidy; see `rerun`.

    Returns
    -------
    Verification
        NaN equals NaN; of other numbers every bit counts, the sign of a zero too.
    """
    there = [(span.point, replication) for span in folder.spans for replication in span.replications]
    chosen = sorted(random.Random(0).sample(there, min(sample, len(there))))
    frame = folder.frame().set_index(["point", "replication"], drop=False)
    stored = dict(list(frame[frame.index.isin(chosen)].reset_index(drop=True).groupby(["point", "replication"])))
    differences: list[Difference] = []
    for point, replication in chosen:
        again = rerun(point, replication)
        differences += _differences(point, replication, stored.get((point, replication), again.iloc[:0]), again)
    return Verification(tuple(chosen), tuple(differences))


def rerun(work_of: WorkOf) -> Callable[[int, int], pd.DataFrame]:
    """Runs one replication of a design point again, in this process."""

    def again(point: int, replication: int) -> pd.DataFrame:
        [(_, done)] = run_spans([Span(point, replication, 1)], work_of)
        return done.outcomes

    return again


def _differences(point: int, replication: int, stored: pd.DataFrame, again: pd.DataFrame) -> list[Difference]:
    metrics = [name for name in stored.columns if name not in KEYS]
    was, now = stored.set_index("policy")[metrics], again.set_index("policy").reindex(columns=metrics)  # one may be gone since
    alone = was.index.symmetric_difference(now.index)
    both = was.index.intersection(now.index, sort=False)
    a, b = was.loc[both].to_numpy(np.float64), now.loc[both].to_numpy(np.float64)
    differ = (a.view(np.int64) != b.view(np.int64)) & ~(np.isnan(a) & np.isnan(b))
    return [
        *(Difference(point, replication, str(policy), "", np.nan, np.nan) for policy in alone),
        *(Difference(point, replication, str(both[row]), metrics[at], float(a[row, at]), float(b[row, at]))
          for row, at in np.argwhere(differ)),
    ]
