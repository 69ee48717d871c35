"""Selection of the best policy with a stated probability of being right: the procedure KN of Kim & Nelson (2001).

*A fully sequential procedure for indifference-zone selection in simulation*, ACM TOMACS 11(3), 251-273. If the best policy's
mean is better than every other by at least the indifference zone, it is selected with at least the stated probability, for
normal observations with unknown and unequal variances, and under common random numbers, which also make it fast: what counts
is the variance of paired differences. Policies that are clearly behind are dropped on the way. If some are within the
indifference zone of the best, one of the near-best is what it aims to select (Kim & Nelson prove no more than the above).
Looking less often than after every replication (`batch`) changes nothing in the guarantee.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.errors import StudyError
from sim.stats.responses import Array

if TYPE_CHECKING:
    import pandas as pd

More = Callable[[tuple[str, ...], int], "pd.DataFrame"]
"""Gives the next n replications of these policies: one row a replication (the same luck for all), one column a policy."""


@dataclass(frozen=True)
class Stage:
    """What was left after one look."""

    replications: int
    survivors: tuple[str, ...]


@dataclass(frozen=True)
class Selected:
    """The policy selected, and on what grounds.

    Attributes
    ----------
    policy
        The one with the best mean among the survivors.
    guaranteed
        Whether the procedure came to its end; False if the budget ran out, and then nothing is promised.
    stages
        Survivors after each look.
    replications
        Replications used by each policy.
    means
        Each policy's mean over the replications that it was given.
    """

    policy: str
    guaranteed: bool
    stages: tuple[Stage, ...]
    replications: dict[str, int]
    means: dict[str, float]


@dataclass(frozen=True)
class Selection:
    """The settings of the procedure.

    Parameters
    ----------
    better
        Whether "lower" or "higher" is better.
    indifference
        Smallest difference of means worth telling apart, in the metric's unit; above 0.
    confidence
        Probability of selecting the best where it is better than all others by at least `indifference`.
    first
        Replications before anybody may be dropped; variances are estimated from them (n0; 20 or more is sensible).
    batch
        Replications between two looks.
    budget
        Most replications of any policy; None: until it is decided.
    """

    better: Literal["lower", "higher"]
    indifference: float
    confidence: float = 0.95
    first: int = 20
    batch: int = 10
    budget: int | None = None

    def __post_init__(self) -> None:
        if self.better not in ("lower", "higher"):
            raise StudyError(f'selection: better = {self.better!r} — "lower" or "higher" is needed')
        if not 0.0 < self.indifference < math.inf:
            raise StudyError(f"selection: indifference = {self.indifference} — a number above 0 is needed")
        if not 0.0 < self.confidence < 1.0:
            raise StudyError(f"selection: confidence = {self.confidence} — a number between 0 and 1 is needed")
        if self.first < 2 or self.batch < 1:
            raise StudyError("selection: at least 2 first replications and a batch of at least 1 are needed")
        if self.budget is not None and self.budget < self.first:
            raise StudyError(f"selection: the budget of {self.budget} is below the {self.first} first replications")

    def run(self, policies: Sequence[str], more: More) -> Selected:
        """Ask for replications until one policy is left.

        Parameters
        ----------
        policies
            At least two names, each once. ``1 - confidence`` below ``(number - 1) / 2`` is needed, which any sensible one is.
        more
            Called with the survivors and a number; see `More`.

        Raises
        ------
        StudyError
            Where policies are too few or an observation is missing or no number.
        """
        if len(policies) < 2 or len(set(policies)) < len(policies):
            raise StudyError("selection: two or more different policies are needed")
        sign = 1.0 if self.better == "higher" else -1.0
        h2 = h_squared(self.confidence, len(policies), self.first)
        alive = tuple(policies)
        seen = _ask(more, alive, self.first)
        variances = h2 * _variances_of_differences(np.column_stack([seen[name] for name in alive]))
        scaled = {(i, j): float(variances[a, b]) for a, i in enumerate(policies) for b, j in enumerate(policies)}
        r, stages = self.first, list[Stage]()
        while True:
            means = {name: sign * float(seen[name].mean()) for name in alive}
            alive = tuple(
                i for i in alive if all(means[i] >= means[j] - margin(r, self.indifference, scaled[i, j]) for j in alive))
            stages.append(Stage(r, alive))
            last = math.floor(max(scaled[i, j] for i in alive for j in alive) / self.indifference**2)
            decided = len(alive) == 1 or r > last
            n = self.batch if self.budget is None else min(self.batch, self.budget - r)
            if decided or n == 0:
                counts = {name: len(values) for name, values in seen.items()}
                averages = {name: float(values.mean()) for name, values in seen.items()}
                return Selected(max(alive, key=means.__getitem__), decided, tuple(stages), counts, averages)
            for name, values in _ask(more, alive, n).items():
                seen[name] = np.concatenate([seen[name], values])
            r += n


def eta(confidence: float, policies: int, first: int) -> float:
    """The constant of KN with c = 1: ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2."""
    share = 2.0 * (1.0 - confidence) / (policies - 1)
    if not share < 1.0:
        raise StudyError(f"selection: confidence = {confidence} is no more than guessing among {policies}")
    return 0.5 * (math.pow(share, -2.0 / (first - 1)) - 1.0)


def h_squared(confidence: float, policies: int, first: int) -> float:
    """h^2 = 2 eta (n0 - 1), which scales variances into numbers of replications."""
    return 2.0 * eta(confidence, policies, first) * (first - 1)


def margin(replications: int, indifference: float, scaled_variance: float) -> float:
    """How far behind a policy may be after r replications: max(0, delta / (2 r) (h^2 S^2 / delta^2 - r))."""
    return max(0.0, indifference / (2.0 * replications) * (scaled_variance / indifference**2 - replications))


def _ask(more: More, names: tuple[str, ...], n: int) -> dict[str, Array]:
    given = more(names, n)
    missing = [name for name in names if name not in given.columns]
    if missing or len(given) != n:
        raise StudyError(f"selection: {n} replications of {', '.join(names)} were asked for, and not all were given")
    values = {name: given[name].to_numpy(dtype=np.float64) for name in names}
    for name, x in values.items():
        if not np.isfinite(x).all():
            raise StudyError(f"selection: {name} has replications without a number; choose a metric that every run has")
    return values


def _variances_of_differences(x: Array) -> Array:
    """Sample variance of the paired difference of each two columns."""
    variances: Array = (x[:, :, None] - x[:, None, :]).var(axis=0, ddof=1)
    return variances
