"""Measures as they are shown: name, unit, and the factor from their unit to the one shown; all of it stands in `METRICS`."""

from __future__ import annotations

import math

from sim.model.outcome import METRICS, Metric
from sim.study.verdict import RELATIVE

OF_ONES_OWN = Metric("", "", "", "a measure that is not of the model", lambda _: math.nan)
"""Of a frame that somebody made: no unit, no direction, its key for a name."""
SHARE = "1"


def facts(metric: str) -> Metric:
    """What is known of a measure."""
    return METRICS.get(metric, OF_ONES_OWN)


def label(metric: str) -> str:
    """A measure as a heading."""
    return facts(metric).label or metric.replace("_", " ")


def in_words(metric: str) -> str:
    """A measure in a sentence."""
    return facts(metric).in_words or label(metric)


def plainly(metric: str) -> str:
    """A measure in a sentence for a reader who has never heard of simulation."""
    return facts(metric).plainly or label(metric)


def unit(metric: str) -> str:
    """The unit shown: shares are shown as per cent."""
    return "%" if facts(metric).unit == SHARE else facts(metric).unit


def with_unit(metric: str) -> str:
    """A measure and the unit that it is shown in, as a heading or an axis."""
    return f"{plainly(metric)}, {unit(metric)}"


def scale(metric: str) -> float:
    """Factor from a measure's unit to the unit shown."""
    return scale_of(facts(metric).unit)


def scale_of(unit: str) -> float:
    """Factor from a unit to the one shown."""
    return 100.0 if unit in (SHARE, RELATIVE) else 1.0


def in_unit(number: str, unit: str) -> str:
    """A number with its unit; a pure number has none."""
    return number if unit == SHARE else f"{number} {unit}"


def of_difference(unit: str) -> str:
    """What follows a difference in a unit: `` days``, `` points`` of a share, ``%`` of the reference's mean.

    Examples
    --------
    >>> of_difference("days"), of_difference("1"), of_difference("of the reference"), of_difference("0..1")
    (' days', ' points', '%', '')
    """
    return {SHARE: " points", RELATIVE: "%", "0..1": "", "": ""}.get(unit, f" {unit}")
