"""Hours as trackers write them: numbers of several countries, and durations such as 3h 20m."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sim.errors import FitError
from sim.fit.columns import Columns
from sim.toml.shown import escaped, listing

PARTS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(months?|mo|weeks?|wk|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)"
                   r"(?![a-z])", re.IGNORECASE)
CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d))?")
DAYS = {"mo": 20.0, "w": 5.0, "d": 1.0}  # working days
HOURS = {"h": 1.0, "s": 1.0 / 3600.0, "m": 1.0 / 60.0}
DECIMAL_COMMA = re.compile(r".*\.\d{3},\d*|[-+]?\d*,(\d{1,2}|\d{4,})")
THOUSANDS = re.compile(r"[-+]?\d{1,3}([.,' \u00a0\u202f]\d{3})+([.,]\d+)?")
MOST_UNREAD = 0.2
SHOWN = 3


def hours_of(table: pd.DataFrame, columns: Columns, what: str, hours_per_day: float, source: str) -> tuple[pd.Series[float], str]:
    """Effort or estimate of each row in hours (NaN: not known), and what cannot be read in its column ("" where all can).

    Parameters
    ----------
    table, columns
        The export, and what its columns say.
    what
        ``effort`` or ``estimate``.
    hours_per_day
        Hours in a day; a week has five days.
    source
        The file, for messages.

    Raises
    ------
    FitError
        Where the user named the column and more than a fifth of what stands in it is no amount.
    """
    found = columns.amount(what, hours_per_day)
    if found is None:
        return pd.Series(np.nan, index=table.index), ""
    column, unit = found
    cells = table[column]
    numbers = _numbers(cells)
    hours = (numbers * unit).where(numbers.notna(), cells.map(lambda cell: duration(cell, hours_per_day)))
    unread = cells[(cells != "") & hours.isna()]
    if unread.empty:
        return hours, ""
    shown = listing((f'"{escaped(cell, 30)}"' for cell in dict.fromkeys(unread)), most=SHOWN)
    said = f"{len(unread)} of {int((cells != '').sum())} values of \"{escaped(column)}\" are no amount that can be read: {shown}"
    mapped = any(field.startswith(f"{what}_") for field in columns.mapped)
    if mapped and len(unread) > MOST_UNREAD * (cells != "").sum():
        raise FitError(f"{source}: {said}; numbers (7.5), 3h 20m, 1d 4h or 2:30 are read; another column is named with --map "
                       f"{what}_hours=...")
    return hours, said


def duration(cell: str, hours_per_day: float) -> float:
    """Hours of a duration with its units; NaN where it is none.

    Examples
    --------
    >>> duration("3h 20m", 8.0), duration("1d 4h", 8.0), duration("2:30", 8.0), duration("soon", 8.0)
    (3.3333333333333335, 12.0, 2.5, nan)
    """
    if clock := CLOCK.fullmatch(cell.strip()):
        return int(clock[1]) + int(clock[2]) / 60.0 + int(clock[3] or 0) / 3600.0
    rest = PARTS.sub("", cell)
    parts = [(float(number.replace(",", ".")), unit.casefold()) for number, unit in PARTS.findall(cell)]
    if not parts or re.sub(r"[\s,]+|and|und|et", "", rest):
        return float("nan")
    return sum(number * _hours(unit, hours_per_day) for number, unit in parts)


def _hours(unit: str, hours_per_day: float) -> float:
    if unit.startswith("mo"):
        return DAYS["mo"] * hours_per_day
    return DAYS[unit[0]] * hours_per_day if unit[0] in DAYS else HOURS[unit[0]]


def _numbers(cells: pd.Series[str]) -> pd.Series[float]:
    """Numbers of a column that was written in one country: whether a comma is a point, its other cells tell."""
    comma = any(DECIMAL_COMMA.fullmatch(cell.strip()) for cell in cells)

    def plain(cell: str) -> str:
        text = cell.strip()
        if comma:
            return text.replace(".", "").replace(" ", "").replace(",", ".") if THOUSANDS.fullmatch(text) else text.replace(",", ".")
        return re.sub(r"[,' \u00a0\u202f](?=\d{3})", "", text) if THOUSANDS.fullmatch(text) else text

    found = pd.to_numeric(cells.map(plain), errors="coerce").astype(np.float64)
    return found.where(np.isfinite(found))
