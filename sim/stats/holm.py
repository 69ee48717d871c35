"""Intervals that hold together and agree with Holm's test: the verdicts of a file of hypotheses are read off them.

Each hypothesis i has an effect and a bar b_i >= 0 (its smallest effect of interest, or its margin). Half of alpha goes to the
question "is the effect above its bar?" for all hypotheses, half to "is it below minus its bar?". Each half is Holm's procedure
at alpha / 2, and its simultaneous confidence limits are those of Strassburger & Bretz (2008, Statistics in Medicine 27) and
Guilbaud (2008, Biometrical Journal 50): with K of m hypotheses not rejected,

- not rejected: the one-sided t-limit at alpha / (2 K);
- rejected: the bar itself while K > 0; if all are rejected, the t-limit at alpha / (2 m) where that lies beyond the bar.

With probability 1 - alpha at least, whatever the dependence between hypotheses, *every* interval covers its effect, so no
verdict of the file is wrong, including verdicts of the wrong sign (for which Holm with two-sided p-values gives no such
guarantee). The price is that a limit which Holm's step-down won often stops at the bar; the plain interval stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.stats.paired_effects import Effect
from sim.stats.responses import Array


class Bounded(NamedTuple):
    """An effect (None where none could be found) in the direction of the claim, and the bar that it is held against."""

    effect: Effect | None
    bar: float


class Limits(NamedTuple):
    """A simultaneous interval."""

    low: float
    high: float


def simultaneous(family: Sequence[Bounded], alpha: float) -> list[Limits]:
    """Intervals which all cover with probability 1 - alpha; a hypothesis without an effect counts and gets (-inf, inf)."""
    mirrored = [_mirrored(one) for one in family]
    return [Limits(low, 0.0 - high) for low, high in zip(_lower(family, alpha / 2), _lower(mirrored, alpha / 2), strict=True)]


def _lower(family: Sequence[Bounded], alpha: float) -> list[float]:
    """Lower limits that hold together with probability 1 - alpha and agree with Holm's test of "above the bar"."""
    rejected = holm([_p_above(one, one.bar) for one in family]) <= alpha
    left = int((~rejected).sum())
    limits = []
    for won, (effect, bar) in zip(rejected, family, strict=True):
        if effect is None:
            limits.append(-math.inf)
        elif not won:
            limits.append(effect.lower_limit(alpha / left))
        else:
            limits.append(bar if left else max(bar, effect.lower_limit(alpha / len(family))))
    return limits


def adjusted_p(family: Sequence[Bounded], at: int, equivalence: bool) -> float:
    """The smallest alpha at which the whole procedure accepts the claim of hypothesis `at`: to be above its bar.

    With `equivalence` the claim is to be between minus bar and bar, and both one-sided tests (TOST) must reject.
    """
    if not equivalence:
        return _two_halves(family, at, family[at].bar)
    mirrored = [_mirrored(one) for one in family]
    return max(_two_halves(side, at, -side[at].bar) for side in (family, mirrored))


def _two_halves(family: Sequence[Bounded], at: int, value: float) -> float:
    """Holm's adjusted p-value against "effect `at` is at most `value`", for the half of alpha that this side has."""
    p_values = [_p_above(one, value if i == at else one.bar) for i, one in enumerate(family)]
    return min(2.0 * float(holm(p_values)[at]), 1.0)


def holm(p_values: Sequence[float]) -> Array:
    """Adjusted p-values of Holm's step-down procedure, in the order given.

    Those of statsmodels' ``multipletests`` (a test compares them), which collects garbage at each call: 0.1 s a time.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def _p_above(one: Bounded, value: float) -> float:
    return 1.0 if one.effect is None else one.effect.p_above(value)


def _mirrored(one: Bounded) -> Bounded:
    return one if one.effect is None else Bounded(-one.effect, one.bar)
