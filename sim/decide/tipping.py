"""Where the answer tips: one assumption through its whole range, and which of two policies is better where.

Both policies are run at a few values of the assumption, each with the same replications, so that luck is shared by all points.
A curve is laid through each replication's paired differences: a cubic, or straight lines from point to point where a cubic
cannot be told to fit the means (Hotelling's T²). Mean and standard error of these curves say at each value who is ahead, or that it
cannot be told (t, 95% at each value). The values where it cannot be told are a confidence set of the tipping values, inverted
from the tests as Fieller's is: none, several or open ones are answers as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import StudyError
from sim.runs.runner import Progress, Work, run_all
from sim.runs.span import Span, cut
from sim.stats.means import CONFIDENCE, Interval, mean_interval, t_quantile
from sim.stats.responses import Array, gains

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

POINTS = 9
"""Values at which an assumption is tried."""
LEAST = 6
"""Values below which no fit of a cubic can be judged."""
FINE = 1001
"""Values at which the curve is looked at."""
UNFIT = 0.25
"""A cubic is kept only where differences as large as those from it had a larger chance: the level at which such a first test costs
little (Bancroft & Han 1977). On a kink .01 gave coverage .93, this .945, for sets that are 2% wider."""
TOGETHER = 10
"""Replications that travel together."""


class Stretch(NamedTuple):
    """A part of the range.

    Attributes
    ----------
    low, high
        From where to where.
    side
        1 where the first policy is ahead, -1 where it is behind, 0 where that cannot be told.
    roots
        Where the mean curve crosses zero in it; none where it crosses nowhere, and elsewhere than at side 0.
    """

    low: float
    high: float
    side: int
    roots: tuple[float, ...] = ()


@dataclass(frozen=True)
class Tipping:
    """Which of two policies is better through the range of an assumption.

    Attributes
    ----------
    values, gaps
        The values tried, ascending, and how much better the first policy is there.
    stretches
        The range from end to end: who is ahead where.
    shape
        The curve that was laid through the differences.
    """

    values: tuple[float, ...]
    gaps: tuple[Interval, ...]
    stretches: tuple[Stretch, ...]
    shape: Literal["cubic", "lines"]

    @property
    def tips(self) -> tuple[Stretch, ...]:
        """Where it surely tips: one policy is ahead before, the other behind it. `low` to `high` holds the tipping value."""
        return tuple(self.stretches[at] for at in range(1, len(self.stretches) - 1)
                     if self.stretches[at - 1].side * self.stretches[at + 1].side == -1)

    @property
    def open(self) -> tuple[Stretch, ...]:
        """Where it may tip, or at an end of the range would beyond: nobody is ahead, and not on two different sides of it."""
        return tuple(one for one in self.stretches if one.side == 0 and one not in self.tips)

    @property
    def steady(self) -> bool:
        """Whether the same policy is ahead in the whole range: there is no tipping in it."""
        return len(self.stretches) == 1 and self.stretches[0].side != 0

    def side_at(self, value: float) -> int:
        """Who is ahead at a value of the range, as in `Stretch`.

        Raises
        ------
        StudyError
            Outside the range.
        """
        for one in sorted(self.stretches, key=lambda stretch: stretch.side != 0):
            if one.low <= value <= one.high:
                return one.side
        raise StudyError(f"{value:g} lies outside the range that was tried, {self.values[0]:g} to {self.values[-1]:g}")


def evenly(low: float, high: float, points: int = POINTS) -> tuple[float, ...]:
    """So many values from end to end, the ends among them."""
    return tuple(float(f"{value:.6g}") for value in np.linspace(low, high, points))


def tipping(
    worlds: Mapping[float, Scenario], first: Policy, rivals: Sequence[Policy], metric: str, *, replications: int = 100,
    seed: int = 1, executor: Executor | None = None, progress: Progress | None = None,
) -> dict[str, Tipping]:
    """Run policies through the range of an assumption, the first against each other one.

    Parameters
    ----------
    worlds
        The scenario by the value of the assumption.
    first, rivals, metric
        Who is looked at, against whom, in which measure; more than none of it has to be better.
    replications, seed
        The same at all values; 40 to 200 replications.
    executor, progress
        As in `sim.study.compare.compare`.

    Returns
    -------
    dict
        By the rival's name.

    Raises
    ------
    StudyError
        Where neither more nor less of the measure is better, or too little of it has a number.
    Interrupted
        On Ctrl-C.
    """
    values = sorted(worlds)
    policies = (first, *rivals)
    spans = cut([Span(at, 0, replications) for at in range(len(values))], TOGETHER)
    done = run_all(spans, lambda at: Work(worlds[values[at]], policies, seed), executor, progress=progress)
    found = {}
    for rival in rivals:
        table = gains(done.outcomes, metric, first.name, rival.name).reindex(range(len(values)))
        found[rival.name] = tipping_of(values, table.to_numpy(dtype=np.float64))
    return found


def tipping_of(values: Sequence[float], gaps: ArrayLike) -> Tipping:
    """Who is ahead where, from paired differences.

    Parameters
    ----------
    values
        Ascending.
    gaps
        A row for each value, a column a replication: how much better the first policy is. Replications with a hole are left out.

    Raises
    ------
    StudyError
        With fewer than 6 values, or than 10 whole replications.

    Examples
    --------
    >>> luck = np.random.default_rng(1).normal(size=40)
    >>> found = tipping_of(range(9), np.arange(9.0)[:, None] - 4.0 + 0.1 * luck)
    >>> [(tip.side, round(tip.roots[0], 1)) for tip in found.tips]
    [(0, 4.0)]
    """
    x, y = np.asarray(values, dtype=np.float64), np.asarray(gaps, dtype=np.float64)
    y = y[:, np.isfinite(y).all(axis=0)]
    if len(x) < LEAST or y.shape[1] < 10 or not (np.diff(x) > 0.0).all():
        raise StudyError(f"tipping: {len(x)} values and {y.shape[1]} whole replications; {LEAST} ascending ones and 10 are needed")
    fine = np.linspace(x[0], x[-1], FINE)
    fits = _cubic_fits(x, y)
    curves = (_cubic(x, fine) if fits else _lines(x, fine)) @ y
    mean = curves.mean(axis=1)
    half = t_quantile(0.5 + CONFIDENCE / 2.0, y.shape[1] - 1) * curves.std(axis=1, ddof=1) / math.sqrt(y.shape[1])
    sides = np.where(np.abs(mean) > half, np.sign(mean), 0.0).astype(int)
    return Tipping(tuple(map(float, x)), tuple(map(mean_interval, y)), tuple(_stretches(fine, mean, sides)),
                   "cubic" if fits else "lines")


def _scaled(x: Array, at: Array) -> Array:
    return np.asarray(2.0 * (at - x[0]) / (x[-1] - x[0]) - 1.0)


def _cubic(x: Array, fine: Array) -> Array:
    """The matrix that makes a least-squares cubic at the fine values of what stands at x."""
    basis, wanted = (np.polynomial.legendre.legvander(_scaled(x, at), 3) for at in (x, fine))
    return np.asarray(wanted @ np.linalg.pinv(basis))


def _lines(x: Array, fine: Array) -> Array:
    """The same for straight lines from point to point."""
    return np.column_stack([np.interp(fine, x, one) for one in np.eye(len(x))])


def _cubic_fits(x: Array, y: Array) -> bool:
    """Whether what a cubic leaves of the means may be luck: Hotelling's T² over the directions that no cubic reaches."""
    from scipy.stats import f

    basis = np.polynomial.legendre.legvander(_scaled(x, x), 3)
    beyond = np.linalg.svd(basis)[0][:, 4:].T @ y
    n, mean, covariance = y.shape[1], beyond.mean(axis=1), np.atleast_2d(np.cov(beyond))
    p = int(np.linalg.matrix_rank(covariance))
    if p == 0 or n <= p:
        return bool(np.allclose(mean, 0.0, atol=1e-9 * max(float(np.abs(y).max()), 1e-300)))
    square = n * float(mean @ np.linalg.pinv(covariance, hermitian=True) @ mean)
    return bool(f.sf(square * (n - p) / (p * (n - 1)), p, n - p) > UNFIT)


def _stretches(fine: Array, mean: Array, sides: Array) -> list[Stretch]:
    """The range cut where it changes who is ahead; what lies between two who are surely ahead cannot be told."""
    sure = [(side, [at for at, _ in run]) for side, run in groupby(enumerate(sides.tolist()), key=lambda one: one[1]) if side]
    if not sure:
        return [_unsure(fine, mean, 0, len(fine) - 1)]
    found = [] if sure[0][1][0] == 0 else [_unsure(fine, mean, 0, sure[0][1][0])]
    for at, (side, run) in enumerate(sure):
        found.append(Stretch(float(fine[run[0]]), float(fine[run[-1]]), side))
        end = sure[at + 1][1][0] if at + 1 < len(sure) else len(fine) - 1
        if end > run[-1]:
            found.append(_unsure(fine, mean, run[-1], end))
    return found


def _unsure(fine: Array, mean: Array, first: int, last: int) -> Stretch:
    x, y = fine[first : last + 1], mean[first : last + 1]
    crossed = np.flatnonzero(y[:-1] * y[1:] < 0.0)
    roots = [*(x[crossed] - y[crossed] * (x[crossed + 1] - x[crossed]) / (y[crossed + 1] - y[crossed])), *x[y == 0.0]]
    return Stretch(float(x[0]), float(x[-1]), 0, tuple(sorted(map(float, roots))) if np.ptp(y) > 0.0 else ())
