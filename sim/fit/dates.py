"""Dates as trackers write them: ISO, named months, day or month first, with and without a time zone, seconds since 1970."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

import pandas as pd

ISO = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(\D.*)?|\d{8}(T.*)?")
NAMED = re.compile(r"(?i)(?=.*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)(?=(\D*\d){3}).*")
SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(\D.*)?")
EPOCH = re.compile(r"\d{10}|\d{13}")
ZONE_WORDS = {"CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200", "EST": "-0500", "EDT": "-0400",
              "CST": "-0600",
              "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
              "BST": "+0100", "IST": "+0530"}
ZONE = re.compile(r"(Z|UTC|GMT|[+-]\d{2}:?\d{2})$")
EARLIEST, LATEST = pd.Timestamp("1980-01-01", tz="UTC"), pd.Timestamp("2100-01-01", tz="UTC")


@dataclass(frozen=True)
class Dates:
    """A column of dates.

    Attributes
    ----------
    utc
        In UTC; NaT where a cell is empty or cannot be read.
    unreadable
        Rows with something in them that is no date.
    order
        How 03/04/2024 was read: "day first", "month first", "" where no date is written so.
    guessed
        Whether nothing in the column told which of the two it is, or both are there.
    zones
        "all", "some" or "none" of the dates have a time zone; without one they are taken as UTC.
    clock
        Whether there is a time of day.
    """

    utc: pd.Series[pd.Timestamp]
    unreadable: tuple[int, ...]
    order: str
    guessed: bool
    zones: str
    clock: bool


def parse_dates(cells: pd.Series[str], day_first: bool | None = None) -> Dates:
    """Read a column of dates.

    Parameters
    ----------
    cells
        Text; "" for nothing.
    day_first
        How to read 03/04/2024; None to find out from the dates whose day is above 12.

    Examples
    --------
    >>> found = parse_dates(pd.Series(["30/Sep/21 17:20", "2024-01-03T10:00:00+0100", "", "soon"]))
    >>> [str(value) for value in found.utc]
    ['2021-09-30 17:20:00+00:00', '2024-01-03 09:00:00+00:00', 'NaT', 'NaT']
    >>> found.unreadable, found.zones
    ((3,), 'some')
    """
    text = cells.map(_zoned)
    filled = text != ""
    slashed = filled & text.map(lambda cell: SLASHED.fullmatch(cell) is not None)
    day_comes_first, guessed = _order(text[slashed], day_first)
    values = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us, UTC]")
    epoch = filled & text.map(lambda cell: EPOCH.fullmatch(cell) is not None)
    iso = filled & ~epoch & text.map(lambda cell: ISO.fullmatch(cell) is not None)
    named = filled & ~iso & ~slashed & ~epoch & text.map(lambda cell: NAMED.fullmatch(cell) is not None)
    for kind, first in ((iso, False), (named, True), (slashed, day_comes_first)):
        if kind.any():
            values[kind] = _parsed(text[kind], first)
    if epoch.any():
        seconds = text[epoch].map(lambda cell: int(cell) / (1.0 if len(cell) == 10 else 1000.0))
        values[epoch] = pd.to_datetime(seconds, unit="s", utc=True).astype("datetime64[us, UTC]")
    values = values.where((values >= EARLIEST) & (values < LATEST))
    with_zone = text[filled].map(lambda cell: ZONE.search(cell) is not None)
    return Dates(
        utc=values,
        unreadable=tuple(int(row) for row in cells.index[filled & values.isna()]),
        order=("day first" if day_comes_first else "month first") if slashed.any() else "",
        guessed=guessed,
        zones="all" if len(with_zone) and with_zone.all() else "some" if with_zone.any() else "none",
        clock=bool(text.map(lambda cell: ":" in cell).any() or epoch.any()),
    )


def _zoned(cell: str) -> str:
    """The cell with a time zone's name replaced by its hours, which pandas understands."""
    head, _, last = cell.strip().rpartition(" ")
    return f"{head} {ZONE_WORDS[last]}" if last in ZONE_WORDS and head else cell.strip()


def _order(slashed: pd.Series[str], day_first: bool | None) -> tuple[bool, bool]:
    if day_first is not None or slashed.empty:
        return bool(day_first), False
    pairs = [(int(found[1]), int(found[2])) for found in map(SLASHED.fullmatch, slashed) if found is not None]
    days_in_front = sum(first > 12 for first, _ in pairs)
    days_behind = sum(second > 12 for _, second in pairs)
    unclear = (days_in_front > 0) == (days_behind > 0)  # nothing tells, or both orders are there
    return ("." in slashed.iloc[0] if days_in_front == days_behind else days_in_front > days_behind), unclear


def _parsed(text: pd.Series[str], day_first: bool) -> pd.Series[pd.Timestamp]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pd.to_datetime(text, format="mixed", dayfirst=day_first, utc=True, errors="coerce").astype("datetime64[us, UTC]")
