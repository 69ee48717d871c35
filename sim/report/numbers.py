"""Numbers as people read them: at most three significant digits, no exponent, shares as per cent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NOTHING = "–"
NONE_AT_ALL = 1e-99
"""What is smaller stands for exactly nothing: limits of a difference that is zero in every run are some such number."""


def plain(value: Any) -> Any:
    """The same for JSON, which has null where there is no number.

    Examples
    --------
    >>> plain({"mean": float("nan"), "range": (1.0, float("inf"))})
    {'mean': None, 'range': [1.0, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "item"):  # of numpy
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def decimals_for(values: Iterable[float], digits: int = 3) -> int:
    """Decimals at which the largest of the numbers has so many significant digits (none where it has them anyhow)."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return max(digits - 1 - _exponent(largest), 0)


def decimals_worth(values: Sequence[float], half_widths: Iterable[float], digits: int) -> int:
    """Decimals at which the typical half-width has so many significant digits: more would only show noise.

    Without any half-width (one replication; no spread), three significant digits of the largest value.
    """
    wide = sorted(width for width in half_widths if math.isfinite(width) and width > NONE_AT_ALL)
    if not wide:
        return decimals_for(values)
    return min(decimals_for([wide[len(wide) // 2]], digits), decimals_for(values))


def fixed(value: float, decimals: int, sign: bool = False, never_zero: bool = False) -> str:
    """A number with so many decimals, but never more than three significant digits.

    With `never_zero` a small number gets the decimals that it needs: a limit that excludes 0 must not be shown as 0.

    Examples
    --------
    >>> fixed(1146.2, 0), fixed(73.12, 1), fixed(-0.04, 1), fixed(57.0, 0, sign=True), fixed(float("nan"), 1)
    ('1150', '73.1', '0.0', '+57', '–')
    >>> fixed(-0.04, 1, never_zero=True), fixed(2e-300, 1, never_zero=True)
    ('-0.04', '0.0')
    """
    if not math.isfinite(value):
        return NOTHING
    if abs(value) < NONE_AT_ALL:
        value = 0.0
    places = min(decimals, 2 - _exponent(value))
    if never_zero and value and not round(value, places):
        places = -_exponent(value)
    rounded = round(value, places) + 0.0  # no "-0"
    return f"{rounded:{'+' if sign and rounded else ''}.{max(places, 0)}f}"


def half_width_text(value: float, decimals: int) -> str:
    """``±19``; never ±0 where there is some width; empty where no interval is claimed."""
    return f"±{fixed(value, decimals, never_zero=True)}" if math.isfinite(value) else ""


def limits_text(low: float, high: float, decimals: int) -> str:
    """``[53, 61]``; empty where no interval is claimed."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"[{fixed(low, decimals, never_zero=True)}, {fixed(high, decimals, never_zero=True)}]"


def three(value: float) -> str:
    """A single number with three significant digits at most, without trailing zeros.

    Examples
    --------
    >>> three(57.04), three(1234.0), three(0.0512), three(38.0)
    ('57', '1230', '0.0512', '38')
    """
    text = fixed(value, decimals_for([value]))
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_range(mean: float, low: float, high: float, sign: bool = False) -> tuple[str, str]:
    """A number and its interval for a sentence: ``("57", "53 to 61")``, no finer than the interval is worth."""
    decimals = decimals_worth([mean, low, high], [(high - low) / 2.0], digits=2)
    limits = [fixed(limit, decimals, never_zero=True) for limit in (low, high)]
    return fixed(mean, decimals, sign=sign, never_zero=True), " to ".join(limits)
