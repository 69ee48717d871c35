"""Numbers as people read them: at most three significant digits, no exponent, shares as per cent."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.model.outcome import METRICS

NOTHING = "–"
LABELS = {"scope_growth": "scope growth", "rework_share": "rework", "on_time": "on time"}


def label(metric: str) -> str:
    """A metric's name as a heading."""
    return LABELS.get(metric, metric.replace("_", " "))


def scale(metric: str) -> float:
    """Factor from a metric's unit to the unit shown: shares are shown as per cent."""
    return 100.0 if METRICS[metric].unit == "1" else 1.0


def unit(metric: str) -> str:
    """The unit shown."""
    return "%" if METRICS[metric].unit == "1" else METRICS[metric].unit


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def decimals_for(values: Iterable[float]) -> int:
    """Decimals at which the largest of the numbers has three significant digits (two decimals at most from 0.1 on)."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0.0:
        return 0
    return max(2 - _exponent(largest), 0) if largest < 0.1 else min(max(2 - _exponent(largest), 0), 2)


def fixed(value: float, decimals: int, sign: bool = False) -> str:
    """A number with so many decimals, but never more than three significant digits.

    Examples
    --------
    >>> fixed(1146.2, 0), fixed(73.12, 1), fixed(-0.04, 1), fixed(57.0, 0, sign=True), fixed(float("nan"), 1)
    ('1150', '73.1', '0.0', '+57', '–')
    """
    if not math.isfinite(value):
        return NOTHING
    places = min(decimals, 2 - _exponent(value))
    rounded = round(value, places) + 0.0  # no "-0"
    return f"{rounded:{'+' if sign and rounded else ''}.{max(places, 0)}f}"


def half_width_text(value: float, decimals: int) -> str:
    """``±19``; never ±0 where there is some width; empty where no interval is claimed."""
    if not math.isfinite(value):
        return ""
    text = fixed(value, decimals)
    if value > 0.0 and float(text) == 0.0:
        text = f"{value:.{max(-_exponent(value), 0)}f}"
    return f"±{text}"


def limits_text(low: float, high: float, decimals: int) -> str:
    """``[53, 61]``; empty where no interval is claimed."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"[{fixed(low, decimals)}, {fixed(high, decimals)}]"


def three(value: float) -> str:
    """A single number with three significant digits at most, without trailing zeros.

    Examples
    --------
    >>> three(57.04), three(1234.0), three(0.0512), three(38.0)
    ('57', '1230', '0.051', '38')
    """
    text = fixed(value, decimals_for([value]))
    return text.rstrip("0").rstrip(".") if "." in text else text
