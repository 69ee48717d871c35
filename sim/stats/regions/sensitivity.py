"""Which factors move a metric, or the difference between two policies: Morris screening and Sobol indices.

A simulation answers with noise. What the means over replications say is not what the model says: noise adds to the variance
that the indices share out, makes total indices too large and first ones too small, and gives a factor without any effect a
mu* above zero. Both analyses here use the replications to take that out. A quadratic form Q of the n-replication means is
expected to be too large by the noise in it, and (1 / (n(n - 1))) * sum over replications of Q(y_r - mean) estimates just that,
also where common random numbers make the noise at neighbouring points alike. `Noise` says how much there was.

Elementary effects and indices are those of SALib (a test compares them), here with the noise taken out and without a global
random state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.design.factor import Factor
from sim.design.point import DesignPoint
from sim.errors import StudyError
from sim.stats.means import CONFIDENCE, normal_quantile
from sim.stats.responses import Array, Noise, complete, noise, responses

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 400


@dataclass(frozen=True)
class Sensitivity:
    """What each factor does.

    Attributes
    ----------
    method
        "Morris" or "Sobol".
    table
        One row a factor; see `morris_effects` and `sobol_indices` for the columns.
    noise
        How much of the variance between design points is luck.
    """

    method: str
    table: pd.DataFrame
    noise: Noise

    @property
    def known(self) -> bool:
        """Whether there is a number for every factor; there is none where all of the variance is noise."""
        return bool(np.isfinite(self.table.select_dtypes("number").to_numpy()).all())


Analyse = Callable[..., Sensitivity]
"""Called with frame, points, factors, metric, policy and against."""


def morris_effects(
    frame: pd.DataFrame, points: Sequence[DesignPoint], factors: Sequence[Factor], metric: str, policy: str,
    against: str | None = None, confidence: float = CONFIDENCE, seed: int = 1,
) -> Sensitivity:
    """Elementary effects of a Morris design: change of the metric over the whole range of a factor.

    Parameters
    ----------
    frame, points, factors
        Results (tidy frame), the design by `sim.design.morris` in one scenario, and its factors.
    metric, policy, against
        What is explained; with `against` the paired difference policy - against.
    confidence
        Of the intervals: bootstrap over trajectories.
    seed
        Of the bootstrap.

    Returns
    -------
    Sensitivity
        Columns: factor; mu (mean effect, in the metric's unit); mu_star (mean of its size) with mu_star_low, mu_star_high;
        sigma (spread of the effect: interactions, bends; noise taken out); noise (the mu_star that noise alone would give);
        stands_out (whether mu_star_low is above that; None with one replication, where nobody can tell).
    """
    import pandas as pd

    cube, y = _answers(frame, points, factors, metric, policy, against)
    effects = _elementary_effects(cube, y.to_numpy(dtype=np.float64), len(factors))  # factor, trajectory, replication
    mean = effects.mean(axis=2)
    size = np.abs(mean)
    n = effects.shape[2]
    error2 = effects.var(axis=2, ddof=1) / n if n > 1 else np.full_like(mean, np.nan)
    low, high = _bootstrap(lambda chosen: size[:, chosen].mean(axis=1), size.shape[1], size.mean(axis=1), confidence, seed)
    spread2 = mean.var(axis=1, ddof=1) - (error2.mean(axis=1) if n > 1 else 0.0)
    floor = np.sqrt(2.0 / np.pi) * np.sqrt(error2).mean(axis=1)
    table = pd.DataFrame({
        "factor": [factor.name for factor in factors], "mu": mean.mean(axis=1), "mu_star": size.mean(axis=1),
        "mu_star_low": np.maximum(low, 0.0), "mu_star_high": high, "sigma": np.sqrt(np.maximum(spread2, 0.0)), "noise": floor,
        "stands_out": [None if np.isnan(f) else bool(lo > f) for lo, f in zip(low, floor, strict=True)],
    })
    return Sensitivity("Morris", table, noise(y))


def sobol_indices(
    frame: pd.DataFrame, points: Sequence[DesignPoint], factors: Sequence[Factor], metric: str, policy: str,
    against: str | None = None, confidence: float = CONFIDENCE, seed: int = 1,
) -> Sensitivity:
    """First and total Sobol indices of a Saltelli design, with the noise of the replications taken out.

    Parameters
    ----------
    frame, points, factors, metric, policy, against, confidence, seed
        As for `morris_effects`; the design is that of `sim.design.saltelli`, and the bootstrap is over base samples (the
        replications stay as they are).

    Returns
    -------
    Sensitivity
        Columns: factor; first (share of the variance that goes when this factor is known; Saltelli et al. 2010) with
        first_low, first_high; total (share that stays when all others are known; Jansen 1999) with total_low, total_high;
        first_raw, total_raw: without taking out the noise. With one replication both are the same.
    """
    import pandas as pd

    cube, y = _answers(frame, points, factors, metric, policy, against)
    k = len(factors)
    _check_saltelli(cube, k)
    blocks = y.to_numpy(dtype=np.float64).reshape(-1, k + 2, y.shape[1])  # base sample; A, AB_1, ..., AB_k, B; replication
    raw, clean = _shares(blocks, correct=False), _shares(blocks, correct=True)
    low, high = _bootstrap(lambda chosen: _shares(blocks[chosen], correct=True), len(blocks), clean, confidence, seed)
    table = pd.DataFrame({
        "factor": [factor.name for factor in factors], "first": clean[0], "first_low": low[0], "first_high": high[0],
        "total": clean[1], "total_low": low[1], "total_high": high[1], "first_raw": raw[0], "total_raw": raw[1],
    })
    return Sensitivity("Sobol", table, noise(y))


def _answers(
    frame: pd.DataFrame, points: Sequence[DesignPoint], factors: Sequence[Factor], metric: str, policy: str, against: str | None
) -> tuple[Array, pd.DataFrame]:
    """Places in the unit cube, and the answers there, in the order of the design."""
    if len({point.scenario for point in points}) != 1:
        raise StudyError("one scenario at a time can be analysed; choose the design points of one")
    if any(len(point.cube) != len(factors) for point in points):
        raise StudyError(f"these design points are not of a design with {len(factors)} factors on the unit cube")
    table = responses(frame, metric, policy, against)
    missing = [point.number for point in points if point.number not in table.index]
    if missing:
        raise StudyError(f"{len(missing)} of {len(points)} design points have no results, among them {missing[0]}")
    table = complete(table.loc[[point.number for point in points]], f"metric {metric}")
    return np.array([point.cube for point in points], dtype=np.float64), table


def _elementary_effects(cube: Array, y: Array, k: int) -> Array:
    """Effects by factor, trajectory and replication: change of y over change of u, each trajectory's one step a factor."""
    if len(cube) % (k + 1):
        raise StudyError(f"these {len(cube)} design points are no Morris design of {k} factors")
    walks = cube.reshape(-1, k + 1, k)
    answers = y.reshape(len(walks), k + 1, -1)
    steps = np.diff(walks, axis=1)
    if not ((np.abs(steps) > 1e-9).sum(axis=2) == 1).all() or not (np.abs(steps).sum(axis=1) > 1e-9).all():
        raise StudyError(f"these {len(cube)} design points are no Morris design of {k} factors (a step moves one)")
    moved = np.abs(steps).argmax(axis=2)  # trajectory, step -> factor
    size = np.take_along_axis(steps, moved[:, :, None], axis=2)
    slopes = np.diff(answers, axis=1) / size
    by_factor = np.take_along_axis(slopes, np.argsort(moved, axis=1)[:, :, None], axis=1)
    return by_factor.transpose(1, 0, 2)


def _check_saltelli(cube: Array, k: int) -> None:
    if len(cube) % (k + 2) == 0:
        samples = cube.reshape(-1, k + 2, k)
        twins = np.eye(k, dtype=np.bool_)
        if (samples[:, 1:-1] == np.where(twins, samples[:, -1:], samples[:, :1])).all():
            return
    raise StudyError(f"these {len(cube)} design points are no Saltelli design of {k} factors")


def _shares(blocks: Array, correct: bool) -> Array:
    """First (row 0) and total (row 1) indices; NaN where there is no variance left to share out."""
    n = blocks.shape[2]
    forms = _forms(blocks.mean(axis=2, keepdims=True))[:, 0]
    if correct and n > 1:
        forms = forms - _forms(blocks - blocks.mean(axis=2, keepdims=True)).sum(axis=1) / (n * (n - 1))
    k = blocks.shape[1] - 2
    variance = forms[0]
    if not variance > 1e-12 * float(np.square(blocks).mean()):
        return np.full((2, k), np.nan)
    shares: Array = forms[1:].reshape(2, k) / variance
    return shares


def _forms(blocks: Array) -> Array:
    """The quadratic forms behind the indices, for each replication: variance, k first-order parts, k total parts."""
    a, ab, b = blocks[:, 0], blocks[:, 1:-1], blocks[:, -1]
    centre = blocks.mean(axis=(0, 1))
    variance = np.concatenate([a, b]).var(axis=0)
    first = ((b - centre)[:, None] * (ab - a[:, None])).mean(axis=0)
    total = 0.5 * np.square(a[:, None] - ab).mean(axis=0)
    return np.concatenate([variance[None], first, total])


def _bootstrap(
    estimate: Callable[[NDArray[np.int64]], Array], count: int, centre: Array, confidence: float, seed: int
) -> tuple[Array, Array]:
    """Estimate -+ z standard deviations over resamples of the units that the design is made of."""
    rng = np.random.default_rng(seed)
    drawn = np.array([estimate(rng.integers(count, size=count)) for _ in range(RESAMPLES)])
    half = normal_quantile(0.5 + confidence / 2.0) * drawn.std(axis=0, ddof=1)
    return centre - half, centre + half
