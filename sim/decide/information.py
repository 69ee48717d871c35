"""What it is worth to know something before one decides: plain functions on tables of rows and policies.

A row is a world drawn from what is not known, lived through once under each policy with the same luck. Knowing x is worth what a
rule that decides by x gains over the one decision that is best on average. The rule is learnt on some rows and paid on others
(cross-fitting, Chernozhukov et al. 2018), by regression of the paired differences on x (Strong, Oakley & Brennan 2014): splines
for a single parameter, with trees boosted on what those leave for several. Luck is most of what differs between rows, so that
predictions are drawn towards the mean as far as rows that they did not see say (calibration). The best policy of a single row is
not what knowing would choose: it was lucky there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.stats.means import CONFIDENCE, Interval, corrected, normal_quantile
from sim.stats.responses import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5
KNOTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Quantiles at which the pieces of a spline meet."""
MANY, LET_THROUGH = 10, 0.5
"""Of more parameters those are used that say something on their own; of those that say nothing so many get through."""
PENALTIES = tuple(10.0 ** (step / 2.0) for step in range(-2, 9))
"""Of the ridge, chosen by generalised cross-validation on the training rows."""


@dataclass(frozen=True)
class Value:
    """What a piece of knowledge is worth, in the goal's unit.

    Attributes
    ----------
    raw, error
        Mean gain of the rule on held-out rows, which luck can make negative, and its standard error.
    plug_in
        Mean of the best fitted values less the best mean: a diagnostic. It counts what the regression overfits as knowledge.
    rows
        How many there were.
    """

    raw: float
    error: float
    plug_in: float
    rows: int

    @property
    def mean(self) -> float:
        """The estimate: whoever knows more need not decide worse."""
        return max(self.raw, 0.0)

    def interval(self, among: int = 1) -> Interval:
        """The 95% interval; of a value that is picked out of so many, one that holds for all of them together."""
        half = normal_quantile(0.5 + corrected(CONFIDENCE, among) / 2.0) * self.error
        return Interval(self.rows, self.mean, max(self.raw - half, 0.0), max(self.raw + half, 0.0))


@dataclass(frozen=True)
class Rule:
    """A rule that decides by what is known.

    Attributes
    ----------
    value
        What it gains over the decision that is best on average in the rows that it was learnt on.
    expected
        For each row the expected differences of all policies to that one, from regressions that did not see the row.
    """

    value: Value
    expected: Array


def differences(outcomes: Array) -> tuple[int, Array]:
    """The policy (column) that is best on average, and all differences to it.

    Examples
    --------
    >>> best, gaps = differences(np.array([[1.0, 4.0], [3.0, 2.0]]))
    >>> best, gaps.tolist()
    (1, [[-3.0, 0.0], [1.0, 0.0]])
    """
    best = int(outcomes.mean(axis=0).argmax())
    return best, outcomes - outcomes[:, [best]]


def decide_by(known: Array, gaps: Array, seed: int = 1) -> Rule:
    """The rule that decides by what is known, and what it is worth.

    Parameters
    ----------
    known
        rows x parameters.
    gaps
        rows x policies: differences to the policy that is best on average, more is better (see `differences`).
    seed
        Of the folds.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    moving = [at for at in range(gaps.shape[1]) if np.ptp(gaps[:, at]) > 0.0]
    known = known[:, [at for at in range(known.shape[1]) if np.ptp(known[:, at]) > 0.0]]
    folds = list(_folds(len(gaps), seed))
    means, moves, fitted = np.zeros_like(gaps), np.zeros_like(gaps), np.zeros_like(gaps)
    with threadpool_limits(1):  # threads that wait for each other take a hundred times as long for so little
        for train, test in folds:
            mean = gaps[train].mean(axis=0)
            means[test] = mean
            fitted[train] += mean / (FOLDS - 1)
            used = _telling(known[train], gaps[train][:, moving])
            if used:
                predict = _regression(known[train][:, used], gaps[train][:, moving])
                moves[test[:, None], moving] = predict(known[test][:, used]) - mean[moving]
                fitted[train[:, None], moving] += (predict(known[train][:, used]) - mean[moving]) / (FOLDS - 1)
    expected = means + _calibrated(moves, gaps - means, folds)
    rows = np.arange(len(gaps))
    gains = gaps[rows, expected.argmax(axis=1)] - gaps[rows, means.argmax(axis=1)]
    plug_in = float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max())
    error = float(gains.std(ddof=1)) / math.sqrt(len(gains))
    return Rule(Value(float(gains.mean()), error, plug_in, len(gains)), expected)


def at_least(own: Value, parts: Iterable[Value]) -> Value:
    """A whole is worth no less than any part: who knows the whole can decide by the part."""
    return replace(max((own, *parts), key=lambda one: one.raw), plug_in=own.plug_in)


def _folds(rows: int, seed: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    order = np.random.default_rng([seed, 0xF01D]).permutation(rows)
    for test in np.array_split(order, FOLDS):
        yield np.setdiff1d(order, test), np.sort(test)


def _telling(known: Array, gaps: Array) -> list[int]:
    """Which of many parameters say something on their own (a parabola of them, by its F-test, about some difference)."""
    from scipy.stats import f

    rows, count = known.shape
    if count <= MANY or not gaps.size:
        return list(range(count if gaps.size else 0))
    centred = gaps - gaps.mean(axis=0)
    total, found = (centred**2).sum(axis=0), []
    for at, column in enumerate(known.T):
        z = (column - column.mean()) / (column.std() or 1.0)
        basis = np.linalg.qr(np.column_stack([np.ones(rows), z, z * z]))[0][:, 1:]
        explained = ((basis.T @ centred) ** 2).sum(axis=0)
        p_values = f.sf(explained / 2.0 / np.maximum((total - explained) / (rows - 3), 1e-300), 2, rows - 3)
        if p_values.min() * gaps.shape[1] < LET_THROUGH / count:
            found.append(at)
    return found


def _calibrated(moves: Array, gaps: Array, folds: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]) -> Array:
    """Predicted moves off the mean, each policy's times the slope of what came on what was predicted, of the other folds."""
    calibrated = np.zeros_like(moves)
    for train, test in folds:
        size = (moves[train] ** 2).mean(axis=0)
        slope = (moves[train] * gaps[train]).mean(axis=0) / np.where(size > 0.0, size, 1.0)
        calibrated[test] = np.clip(slope, 0.0, 1.0) * moves[test]
    return calibrated


def _regression(known: Array, gaps: Array) -> Any:
    """Ridge on splines of each parameter and, for several, trees boosted on what that leaves."""
    from sklearn.linear_model import RidgeCV  # type: ignore[import-untyped]
    from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

    bases = [_basis(column) for column in known.T]

    def spread(x: Array) -> Array:
        return np.hstack([basis(column) for basis, column in zip(bases, x.T, strict=True)])

    scale = StandardScaler().fit(spread(known))
    size = np.asarray(gaps.std(axis=0))
    ridge = RidgeCV(alphas=PENALTIES, alpha_per_target=True).fit(scale.transform(spread(known)), gaps / size)

    def additive(x: Array) -> Array:
        predicted: Array = np.asarray(ridge.predict(scale.transform(spread(x))) * size, dtype=np.float64)
        return predicted.reshape(len(x), -1)

    if known.shape[1] == 1:
        return additive
    trees = _trees(known, gaps - additive(known))
    return lambda x: additive(x) + np.column_stack([tree.predict(x) for tree in trees])


def _basis(column: Array) -> Any:
    """Cubic splines with knots at quantiles; a line where there are too few different values for that."""
    from sklearn.preprocessing import SplineTransformer

    knots = np.unique(np.quantile(column, KNOTS))
    if len(knots) < 3:
        return lambda x: x[:, None]
    splines = SplineTransformer(knots=knots[:, None], degree=3, extrapolation="linear", include_bias=False).fit(column[:, None])
    return lambda x: splines.transform(x[:, None])


def _trees(known: Array, left: Array) -> Sequence[Any]:
    from sklearn.ensemble import HistGradientBoostingRegressor  # type: ignore[import-untyped]

    return [
        HistGradientBoostingRegressor(
            learning_rate=0.05, max_iter=200, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=10.0, early_stopping=True,
            n_iter_no_change=5, random_state=1).fit(known, column)
        for column in left.T]
