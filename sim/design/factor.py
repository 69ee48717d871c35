"""A factor: one thing that a study varies. One dotted key, or several that are moved together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sim.errors import StudyError

Value = Any
"""What a scenario or a policy accepts at a key: a number, a text, True or False, a list."""
Values = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Factor:
    """What is varied: levels, or a range.

    Parameters
    ----------
    key
        A dotted key of the scenario (``customer.request_rate``) or of a policy (``policy.change-board.days``); or several keys,
        which then move together.
    levels
        The values to try. With several keys a level is one value for all of them, or as many as there are keys.
    low, high
        The range, instead of levels; with several keys one number for all, or one for each key.
    scale
        Whether equal steps are equal differences ("linear") or equal ratios ("log"; the range must be above 0).
    integer
        Whether the range has whole numbers only; each is then equally likely (on the scale given).

    Examples
    --------
    >>> Factor("customer.request_rate", low=0.1, high=1.6, scale="log").at(0.5)
    (('customer.request_rate', 0.4),)
    >>> Factor(("customer.request_rate", "customer.appetite"), levels=((0.2, 0.0), (0.8, 0.5))).at(0.9)
    (('customer.request_rate', 0.8), ('customer.appetite', 0.5))
    """

    key: str | tuple[str, ...]
    levels: tuple[Value, ...] = ()
    low: float | tuple[float, ...] | None = None
    high: float | tuple[float, ...] | None = None
    scale: Literal["linear", "log"] = "linear"
    integer: bool = False

    def __post_init__(self) -> None:
        keys = self.keys
        if not keys or not all(keys) or len(set(keys)) < len(keys):
            raise StudyError(f"factor {self.key!r}: one or more different dotted keys are needed")
        has_range = self.low is not None or self.high is not None
        if bool(self.levels) == has_range:
            raise StudyError(f"factor {self.name}: either levels or a range from low to high is needed")
        if len({repr(level) for level in self.levels}) < len(self.levels):
            raise StudyError(f"factor {self.name}: levels must differ from each other, not {list(self.levels)}")
        if has_range:
            self._check_range()

    def _check_range(self) -> None:
        if self.low is None or self.high is None:
            raise StudyError(f"factor {self.name}: a range needs both low and high")
        for ends in (self.low, self.high):
            if isinstance(ends, tuple) and len(ends) != len(self.keys):
                raise StudyError(f"factor {self.name}: {len(ends)} limits for {len(self.keys)} keys")
        for low, high in self._ranges():
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise StudyError(f"factor {self.name}: low = {low:g} must be below high = {high:g}")
            if self.scale == "log" and low <= 0:
                raise StudyError(f"factor {self.name}: low = {low:g} must be above 0 on a log scale")
            if self.integer and not (float(low).is_integer() and float(high).is_integer()):
                raise StudyError(f"factor {self.name}: low = {low:g} and high = {high:g} must be whole numbers")

    @property
    def keys(self) -> tuple[str, ...]:
        """The dotted keys."""
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    @property
    def name(self) -> str:
        """The key; several keys joined by " & "."""
        return " & ".join(self.keys)

    def at(self, u: float) -> Values:
        """The values at a place in the unit interval: 0 is the low end (or the first level), 1 the high end (or the last)."""
        if not 0.0 <= u <= 1.0:
            raise StudyError(f"factor {self.name}: {u} is not a place in the unit interval")
        if self.levels:
            return self.level(self.levels[min(int(u * len(self.levels)), len(self.levels) - 1)])
        return tuple((key, self._between(low, high, u)) for key, (low, high) in zip(self.keys, self._ranges(), strict=True))

    def level(self, level: Value) -> Values:
        """The values of one level."""
        several = isinstance(level, tuple | list) and len(self.keys) > 1
        if several and len(level) != len(self.keys):
            raise StudyError(f"factor {self.name}: the level {list(level)} has {len(level)} values for {len(self.keys)} keys")
        return tuple(zip(self.keys, level if several else [level] * len(self.keys), strict=True))

    def steps(self, count: int) -> tuple[Values, ...]:
        """All levels; of a range, so many values in equal steps, both ends included."""
        if self.levels:
            return tuple(self.level(level) for level in self.levels)
        if count < 2:
            raise StudyError(f"factor {self.name}: a range needs at least 2 steps, not {count}")
        return tuple(dict.fromkeys(self.at(step / (count - 1)) for step in range(count)))

    def _ranges(self) -> list[tuple[float, float]]:
        return list(zip(self._each(self.low), self._each(self.high), strict=True))

    def _each(self, ends: float | tuple[float, ...] | None) -> Sequence[float]:
        assert ends is not None
        return ends if isinstance(ends, tuple) else [ends] * len(self.keys)

    def _between(self, low: float, high: float, u: float) -> float:
        top = high + 1 if self.integer else high  # each whole number is an interval of its own
        place = low + u * (top - low) if self.scale == "linear" else low * (top / low) ** u
        if self.integer:
            return int(min(math.floor(place), high))
        return min(max(float(f"{place:.12g}"), low), high)  # 0.4, not 0.4000000000000001


def check_factors(factors: Sequence[Factor], at_least: int = 1) -> None:
    """Refuse too few factors, or two that move the same key."""
    if len(factors) < at_least:
        raise StudyError(f"this design needs at least {at_least} factor{'s' * (at_least > 1)}, not {len(factors)}")
    seen: set[str] = set()
    for key in (key for factor in factors for key in factor.keys):
        if key in seen:
            raise StudyError(f"{key} is moved by two factors")
        seen.add(key)


def shown_values(values: Iterable[tuple[str, Value]]) -> str:
    """Values as a label: ``request_rate=0.4, appetite=0.5``."""
    return ", ".join(f"{key.rpartition('.')[2]}={value:g}" if isinstance(value, float) else
                     f"{key.rpartition('.')[2]}={value}" for key, value in values)
