"""Regions of the factors' space: boxes of few restrictions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.stats.responses import Array

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]
NOT_FACTORS = ("point", "scenario", "label", "role", "policies")


@dataclass(frozen=True)
class Restriction:
    """One factor from `low` to `high`, both included; -inf or inf where there is no limit.

    `quasi_p`: chance that a limit without any meaning would raise the density this much (Bryant and Lempert 2010), the larger
    one of two limits; NaN where it was not worked out.
    """

    factor: int
    low: float = -math.inf
    high: float = math.inf
    quasi_p: float = math.nan


@dataclass(frozen=True)
class Box:
    """All restrictions hold; none: everywhere."""

    restrictions: tuple[Restriction, ...] = ()

    def contains(self, x: Array) -> Mask:
        """Which rows are inside."""
        inside = np.ones(len(x), dtype=np.bool_)
        for limit in self.restrictions:
            inside &= (x[:, limit.factor] >= limit.low) & (x[:, limit.factor] <= limit.high)
        return inside


@dataclass(frozen=True)
class Region:
    """At least one of the boxes holds; none: nowhere."""

    boxes: tuple[Box, ...] = ()

    def contains(self, x: Array) -> Mask:
        """Which rows are inside."""
        return np.logical_or.reduce([box.contains(x) for box in self.boxes]) if self.boxes else np.zeros(len(x), dtype=np.bool_)


@dataclass(frozen=True)
class Places:
    """Design points as numbers: one row a point, one column a factor that varies; texts as the number of their level.

    Attributes
    ----------
    factors
        The dotted keys.
    x
        The numbers.
    levels
        For a factor of texts (or yes and no) its levels in order; empty for numbers.
    """

    factors: tuple[str, ...]
    x: Array
    levels: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, points: pd.DataFrame, factors: Sequence[str] | None = None) -> Places:
        """Read from the frame of design points; all columns that vary, or those named.

        Raises
        ------
        StudyError
            Where a factor is unknown, or none varies.
        """
        unknown = [factor for factor in factors or () if factor not in points.columns]
        if unknown:
            raise StudyError(f"factor {unknown[0]!r} is not in the design")
        keys = [str(key) for key in points.columns if key not in NOT_FACTORS] if factors is None else list(factors)
        named, columns, levels = [], [], []
        for key in keys:
            values = points[key].tolist()
            known = list(dict.fromkeys(map(repr, values)))
            if len(known) < 2:
                continue
            numbers = all(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in values)
            order = sorted({repr(value): value for value in values}.items())
            place = {text: at for at, (text, _) in enumerate(order)}
            named.append(key)
            columns.append([float(value) if numbers else float(place[repr(value)]) for value in values])
            levels.append(() if numbers else tuple(value for _, value in order))
        if not named:
            raise StudyError("no factor varies over these design points")
        return cls(tuple(named), np.array(columns, dtype=np.float64).T, tuple(levels))
