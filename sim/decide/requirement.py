"""What a policy must keep to be chosen: ``on_time>=0.8`` holds where the lower bound of the mean says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sim.errors import StudyError
from sim.model.outcome import METRICS
from sim.stats.means import YES_OR_NO, mean_interval
from sim.stats.responses import Array
from sim.toml.shown import escaped, nearest

State = Literal["kept", "open", "not kept"]
ONE_SIDED = 0.90
"""Both limits of a 90% interval, each of which is a one-sided bound of 95%."""


@dataclass(frozen=True)
class Requirement:
    """A bound on the mean of a measure.

    Parameters
    ----------
    metric, at_least, limit
        The measure, whether its mean must be at least (or at most) so much, and how much.
    """

    metric: str
    at_least: bool
    limit: float

    def __str__(self) -> str:
        return f"{self.metric}{'>=' if self.at_least else '<='}{self.limit:g}"

    def state(self, values: Array) -> State:
        """Kept, or not, where the bound of 95% is on one side of the limit; open where the replications cannot tell."""
        sign = 1.0 if self.at_least else -1.0
        found = mean_interval(values, ONE_SIDED, self.metric in YES_OR_NO)
        low, high = sorted((sign * found.low, sign * found.high))
        if not low <= high:  # no numbers
            return "open"
        return "kept" if low >= sign * self.limit else "not kept" if high < sign * self.limit else "open"

    def excess(self, values: Array) -> float:
        """By how much the mean misses the limit; 0 where it does not, infinite without numbers."""
        mean = mean_interval(values).mean
        missed = (self.limit - mean) if self.at_least else (mean - self.limit)
        return max(missed, 0.0) if missed == missed else float("inf")


def requirement(text: str) -> Requirement:
    """From what was typed.

    Raises
    ------
    StudyError
        Where it is no measure, no ``>=`` or ``<=``, or no number.

    Examples
    --------
    >>> requirement("on_time>=0.8")
    Requirement(metric='on_time', at_least=True, limit=0.8)
    """
    found = re.fullmatch(r"\s*(\w+)\s*(>=|<=)\s*([-+.\deE]+)\s*", text)
    if found is None:
        raise StudyError(f"--require {escaped(text)!r}: MEASURE>=NUMBER or MEASURE<=NUMBER is needed, for example 'on_time>=0.8'")
    metric, sign, number = found.groups()
    if metric not in METRICS:
        near = nearest(metric, METRICS)
        raise StudyError(f"--require {escaped(text)!r}: {metric} is no measure" + (f"; did you mean {near}?" if near else ""))
    try:
        return Requirement(metric, sign == ">=", float(number))
    except ValueError:
        raise StudyError(f"--require {escaped(text)!r}: {number!r} is no number") from None


def worst(states: list[State]) -> State:
    """Of several requirements together."""
    return next((state for state in ("not kept", "open") if state in states), "kept")
