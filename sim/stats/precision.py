"""Sequential precision: replications are added until the paired differences are as sure as was asked.

Looking at the data to decide when to stop biases what follows a little: samples whose variance looks small by luck stop early,
so intervals computed afterwards cover somewhat less than they say (the means of symmetric data stay unbiased). A floor of at
least 10 replications and looks in batches keep that small; the tests measure it. Intervals here are corrected for the number of
policies compared with the reference (Bonferroni), as in the tables of `intakelab compare`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.errors import StudyError
from sim.stats.means import CONFIDENCE, corrected, paired_difference
from sim.stats.paired_effects import paired
from sim.stats.responses import Array, responses

if TYPE_CHECKING:
    import pandas as pd

Scale = Literal["absolute", "relative"]
LEAST_FLOOR = 10
GROWTH = 2.0
"""A step at most doubles the replications: the first variances are rough."""


@dataclass(frozen=True)
class PrecisionRule:
    """How sure the paired differences to the reference must be, at every design point.

    Parameters
    ----------
    metrics
        Half-width asked for each metric: ("absolute", in its unit) or relative to the size of the reference's mean there.
    floor
        Replications at every point before anything is judged; at least 10.
    budget
        Most replications at a point.
    batch
        Replications are added in multiples of this.
    confidence
        Of the intervals, together for all policies of a point and metric.
    """

    metrics: Mapping[str, tuple[float, Scale]]
    floor: int = 20
    budget: int = 1000
    batch: int = 10
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        if not self.metrics:
            raise StudyError("precision: at least one metric is needed")
        for metric, (half_width, scale) in self.metrics.items():
            if not 0.0 < half_width < math.inf or scale not in ("absolute", "relative"):
                raise StudyError(f'precision of {metric}: a half-width above 0, "absolute" or "relative", is needed')
        if not LEAST_FLOOR <= self.floor <= self.budget:
            raise StudyError(f"precision: floor = {self.floor} — from {LEAST_FLOOR} to the budget ({self.budget}) is needed")
        if self.batch < 1:
            raise StudyError(f"precision: batch = {self.batch} — at least 1 is needed")
        if not 0.0 < self.confidence < 1.0:
            raise StudyError(f"precision: confidence = {self.confidence} — a number between 0 and 1 is needed")

    def needs_more(self, frame: pd.DataFrame, reference: str, done: Mapping[int, int] | None = None) -> dict[int, int]:
        """How many more replications each design point needs now; only points that need some. Ask again after running them.

        Parameters
        ----------
        frame
            The tidy frame so far.
        reference
            The policy that differences are taken to.
        done
            Replications run at each point, failed ones included, and points that have none yet (0). None: as the frame has it.
        """
        counts = _counts(frame) if done is None else dict(done)
        status = self.status(frame, reference, counts)
        more = {point: self.floor - n for point, n in counts.items() if n < self.floor}
        for point, needed in zip(status["point"], status["needed"].where(status["state"] == "open", 0.0), strict=True):
            n = counts[int(point)]
            if n >= self.floor and needed > 0.0:
                step = max(math.ceil((min(needed, GROWTH * n) - n) / self.batch), 1) * self.batch
                more[int(point)] = max(more.get(int(point), 0), min(step, self.budget - n))
        return {point: more[point] for point in sorted(more)}

    def status(self, frame: pd.DataFrame, reference: str, done: Mapping[int, int] | None = None) -> pd.DataFrame:
        """How far each paired difference is.

        Returns
        -------
        pandas.DataFrame
            point, policy, metric, n (pairs with numbers), half_width, target, needed (replications foreseen), and state: "met",
            "open", "out of budget", or "no numbers" (after the floor no pair at all has a number: more would not help).
        """
        import pandas as pd

        counts = _counts(frame) if done is None else dict(done)
        ran = {(int(point), str(policy)) for point, policy in zip(frame["point"], frame["policy"], strict=True)}
        others = [name for name in dict.fromkeys(policy for _, policy in sorted(ran)) if name != reference]
        comparisons = Counter(point for point, policy in ran if policy != reference)
        rows = []
        for metric in self.metrics if ran else ():
            base = responses(frame, metric, reference)
            for policy in others:
                gaps = paired(frame, metric, policy, reference).reindex(base.index)
                for point in sorted(at for at, name in ran if name == policy):
                    found = self._one(metric, _row(gaps, point), _row(base, point), counts[point], comparisons[point])
                    rows.append((point, policy, metric, *found))
        return pd.DataFrame(rows, columns=["point", "policy", "metric", "n", "half_width", "target", "needed", "state"])

    def _one(self, metric: str, gaps: Array, base: Array, done: int, comparisons: int) -> tuple[int, float, float, float, str]:
        found = paired_difference(gaps, np.zeros(len(gaps)), corrected(self.confidence, comparisons))
        asked, scale = self.metrics[metric]
        known = base[np.isfinite(base)]
        target = asked if scale == "absolute" else asked * abs(float(known.mean())) if len(known) else math.nan
        width = found.half_width
        needed = self._foreseen(done, width, target)
        if width <= target and done >= self.floor:
            state = "met"
        elif found.n == 0 and done >= self.floor:
            state = "no numbers"
        else:
            state = "out of budget" if done >= self.budget else "open"
        return found.n, width, target, needed, state

    def _foreseen(self, done: int, width: float, target: float) -> float:
        """Replications at which the half-width, which shrinks with their root, would be what was asked."""
        if width <= target:
            return float(done)
        return min(done * (width / target) ** 2, float(self.budget)) if width > target > 0.0 else float(self.budget)


def _row(table: pd.DataFrame, point: int) -> Array:
    """A point's numbers; none where it had no run of the reference."""
    return table.loc[point].to_numpy(dtype=np.float64) if point in table.index else np.empty(0)


def _counts(frame: pd.DataFrame) -> dict[int, int]:
    """Replications at each point, by any policy."""
    keys = frame[["point", "seed", "replication"]].drop_duplicates()
    return {int(point): n for point, n in Counter(keys["point"]).items()}
