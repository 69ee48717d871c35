"""Small tables of what was reported and what was simulated."""

from __future__ import annotations

import math
from collections.abc import Sequence


def half_width(values: Sequence[float]) -> float:
    """Half-width of the 95% t-interval of the mean; 0 for fewer than two values."""
    n = len(values)
    if n < 2:
        return 0.0
    from scipy.stats import t

    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    return float(t.ppf(0.975, n - 1)) * math.sqrt(variance / n)


def figure(values: Sequence[float], digits: int = 1) -> str:
    """Mean with half-width, for example ``21.8 ±0.6``; values that are not there (NaN) are left out."""
    there = [value for value in values if not math.isnan(value)]
    if not there:
        return "–"
    mean = math.fsum(there) / len(there)
    return f"{mean:.{digits}f} ±{half_width(there):.{digits}f}"


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
