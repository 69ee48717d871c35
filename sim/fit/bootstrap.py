"""Values with what is not known about them: bootstrap draws and the intervals that they give.

Where a function takes `draws` and `seed`: the number of resamples (of requests; of weeks in runs), and what fixes them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Places = NDArray[np.int64]
TAIL = 0.025
"""Beyond each end of an interval: 95% confidence."""
NORMAL = 1.959963984540054
"""Standard deviations from the middle of a normal distribution to the ends of its 95% interval."""
FEW = 30
"""With fewer rows a value is fitted with a warning, with fewer than `FEWEST` not at all."""
FEWEST = 10
SIMULATED = 199
"""Simulations for a p-value."""


@dataclass(frozen=True)
class Fitted:
    """A value that was fitted.

    Attributes
    ----------
    value, low, high
        The value and its 95% interval; inf: not reached.
    n, of
        From how many of what (weeks, requests).
    unit
        Its unit.
    columns
        The columns it comes from.
    test
        How well it fits, in words.
    draws
        What it might as well be: one value for each draw.
    """

    value: float
    low: float
    high: float
    n: int
    of: str
    unit: str
    columns: str
    test: str
    draws: Array


def fitted(value: float, draws: Array, n: int, of: str, unit: str, columns: str, test: str = "") -> Fitted:
    """A value with the percentiles of its draws (at k / (draws + 1), so that few draws do not make intervals too short)."""
    known = draws[np.isfinite(draws)]
    low, high = np.quantile(known, [TAIL, 1.0 - TAIL], method="weibull") if len(known) > 1 else (np.nan, np.nan)
    return Fitted(float(value), float(low), float(high), n, of, unit, columns, test, draws)


def reached(value: float, draws: Array, n: int, of: str, unit: str, columns: str) -> Fitted:
    """The same of a value that some draws never reach (NaN): they lie above all others, so that an end may be inf."""
    ordered = np.sort(np.where(np.isnan(draws), np.inf, draws))
    low, high = ordered[int(TAIL * (len(draws) + 1))], ordered[min(math.ceil((1.0 - TAIL) * (len(draws) + 1)) - 1, len(draws) - 1)]
    return Fitted(float(value), float(low), float(high), n, of, unit, columns, "", draws)


def on_log_scale(
    value: float, error: float, draws: int, rng: np.random.Generator, n: int, of: str, unit: str, columns: str, test: str = ""
) -> Fitted:
    """A positive value whose logarithm is normal about it with this standard deviation."""
    drawn = value * np.exp(error * rng.standard_normal(draws))
    factor = math.exp(NORMAL * error)
    return Fitted(float(value), value / factor, value * factor, n, of, unit, columns, test, drawn)


def widened(value: float, draws: Array, n: int, parameters: int = 1, least: float = 0.0) -> Array:
    """Draws of a resampled sample moved out, as far as resampling n rows is too narrow: by sqrt(n / (n - p)) and from normal to t.

    (Hesterberg, The American Statistician 69 (2015) 371-386.) `least` is a standard deviation that they have at least.
    """
    freedom = max(n - parameters, 1)
    factor = math.sqrt(n / freedom) * float(stats.t.ppf(1.0 - TAIL, freedom)) / NORMAL
    spread = float(np.nanstd(draws)) if len(draws) > 1 else 0.0
    return value + factor * max(1.0, least / spread if spread > 0.0 else 1.0) * (draws - value)


def share_beyond(seen: float, simulated: Iterable[float]) -> float:
    """The p-value of a gap by gaps that were simulated where the model is true; the one that was seen counts as one of them."""
    others = list(simulated)
    return (1 + sum(other >= seen for other in others)) / (1 + len(others))


def luck(seed: int, purpose: str) -> np.random.Generator:
    """Random numbers of their own for each purpose, so that what is fitted beside them changes nothing."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def resamples(n: int, draws: int, rng: np.random.Generator) -> Iterator[Places]:
    """Rows drawn with replacement."""
    for _ in range(draws):
        yield rng.integers(0, n, n)


def block_resamples(n: int, draws: int, rng: np.random.Generator) -> Iterator[Places]:
    """Weeks drawn in runs of about the cube root of their number, round the end: neighbours that are alike stay together."""
    length = max(1, round(n ** (1.0 / 3.0)))
    for _ in range(draws):
        starts = rng.integers(0, n, -(-n // length))
        yield ((starts[:, None] + np.arange(length)) % n).ravel()[:n]
