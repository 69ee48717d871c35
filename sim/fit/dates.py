"""Dates as trackers write them: ISO, months by name, day or month first, with and without a zone, counted in seconds or days."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

ISO = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(\D.*)?|\d{8}(T.*)?")
NAMED = re.compile(r"(?i)(?=.*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)(?=(\D*\d){3}).*")
SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(\D.*)?")
NUMBER = re.compile(r"\d+(\.\d*)?([eE]\+?\d+)?")
OBJECT_ID = re.compile(r"[0-9a-f]{24}")
"""An id of Trello, or of any MongoDB: its first 8 digits are the seconds of its making."""
MONTHS: Mapping[str, str] = {word: month for month, words in {
    "jan": "janv janvier januar j\u00e4n j\u00e4nner enero ene gennaio gen janeiro januari",
    "feb": "f\u00e9vr f\u00e9vrier f\u00e9v februar febrero febbraio fevereiro fev februari",
    "mar": "mars m\u00e4r m\u00e4rz mrz marzo mar\u00e7o maart mrt", "apr": "avr avril abril abr aprile april",
    "may": "mai mayo maggio mag maio mei", "jun": "juin juni junio giugno giu junho",
    "jul": "juil juillet juli julio luglio lug julho",
    "aug": "ao\u00fbt aout agosto ago augustus", "sep": "sept septembre septiembre settembre set setembro",
    "oct": "octobre okt oktober octubre ottobre ott outubro out", "nov": "novembre noviembre novembro",
    "dec": "d\u00e9c d\u00e9cembre dez dezember diciembre dic dicembre dezembro"}.items() for word in words.split()}
"""Months of other languages, and their short forms."""
WORD = re.compile(r"[^\W\d_]+\.?")
OF = re.compile(r"(?<=\s)(de|del|di)\s+", re.IGNORECASE)
ZONE_WORDS = {"CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200", "EST": "-0500", "EDT": "-0400",
              "CST": "-0600",
              "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
              "BST": "+0100", "IST": "+0530"}
ZONE = re.compile(r"(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?)$")
WITH_CLOCK = re.compile(r"(\d:\d\d|T\d{4}).*$")
YEAR_MONTH = re.compile(r"\d{4}-\d{2}-")
CLOCKS_CHANGE = ("03", "04", "09", "10", "11")
SERIALS = (29_221.0, 73_051.0)
"""Days since 1899-12-30, by which Excel counts, of 1980 and 2100."""
EARLIEST, LATEST = pd.Timestamp("1980-01-01", tz="UTC"), pd.Timestamp("2100-01-01", tz="UTC")


@dataclass(frozen=True)
class Dates:
    """A column of dates.

    Attributes
    ----------
    local
        Day and time as the clock on the wall showed it, written as if it were UTC; NaT where a cell is empty or cannot be read.
    unreadable
        Rows with something in them that is no date.
    order
        How 03/04/2024 was read: "day first", "month first", "" where no date is written so.
    guessed
        Whether nothing in the column told which of the two it is, or both are there.
    zones
        "all", "some" or "none" of the dates have a time zone; without one they are taken as they stand.
    clock
        Whether there is a time of day.
    """

    local: pd.Series[pd.Timestamp]
    unreadable: tuple[int, ...]
    order: str
    guessed: bool
    zones: str
    clock: bool


def own_offsets(*columns: pd.Series[str]) -> tuple[int, ...]:
    """The time zone of most dates, in minutes: the export's own; 0 where none has any, two where it has summer time.

    Two offsets an hour apart are one zone where no month but those in which clocks are changed has both.
    """
    months: dict[int, Counter[str]] = {}
    for cell in (_zoned(cell) for cells in columns for cell in cells):
        if (offset := _offset(cell)) is not None:
            months.setdefault(offset, Counter())[cell[:7] if YEAR_MONTH.match(cell) else ""] += 1
    often = sorted(months, key=lambda offset: -months[offset].total())
    if len(often) == 2 and abs(often[0] - often[1]) == 60:
        both = set(months[often[0]]) & set(months[often[1]])
        if all(month[-2:] in CLOCKS_CHANGE for month in both):
            return tuple(often)
    return tuple(often[:1]) or (0,)


def parse_dates(cells: pd.Series[str], day_first: bool | None = None, own: tuple[int, ...] = ()) -> Dates:
    """Read a column of dates.

    Parameters
    ----------
    cells
        Text; "" for nothing.
    day_first
        How to read 03/04/2024; None to find out from the dates whose day is above 12.
    own
        The export's own time zone (see `own_offsets`), to whose first offset dates of another are brought; that of the dates
        here where it is empty.

    Examples
    --------
    >>> found = parse_dates(pd.Series(["30/Sep/21 17:20", "2024-01-03T10:00:00+0100", "", "soon", "08/janv./24 9:00"]))
    >>> [str(value)[:16] for value in found.local]
    ['2021-09-30 17:20', '2024-01-03 10:00', 'NaT', 'NaT', '2024-01-08 09:00']
    >>> found.unreadable, found.zones
    ((3,), 'some')
    """
    text = cells.map(_zoned)
    own = own or own_offsets(cells)
    offsets = text.map(_offset)
    foreign = offsets.notna() & ~offsets.isin(own)
    shift = (own[0] - offsets.where(foreign, own[0])).astype("int64")
    text = text.where(offsets.isna(), text.map(lambda cell: ZONE.sub("", cell).strip()))
    filled = text != ""
    slashed = filled & text.map(lambda cell: SLASHED.fullmatch(cell) is not None)
    day_comes_first, guessed = _order(text[slashed], day_first)
    values = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us, UTC]")
    counted = filled & text.map(lambda cell: NUMBER.fullmatch(cell) is not None)
    since = text[counted].map(_counted)
    counted &= since.reindex(text.index).notna()
    iso = filled & ~counted & text.map(lambda cell: ISO.fullmatch(cell) is not None)
    made = filled & ~counted & text.map(lambda cell: OBJECT_ID.fullmatch(cell) is not None)
    named = filled & ~iso & ~slashed & ~counted & ~made & text.map(lambda cell: NAMED.fullmatch(cell) is not None)
    for kind, first in ((iso, False), (named, True), (slashed, day_comes_first)):
        if kind.any():
            values[kind] = _parsed(text[kind], first)
    if counted.any():
        values[counted] = pd.to_datetime(since[counted], unit="s", utc=True).astype("datetime64[us, UTC]")
    if made.any():
        seconds = text[made].map(lambda cell: int(cell[:8], 16))
        values[made] = pd.to_datetime(seconds, unit="s", utc=True).astype("datetime64[us, UTC]")
    values = values + pd.to_timedelta(shift, unit="min")
    values = values.where((values >= EARLIEST) & (values < LATEST))
    with_zone = offsets[filled].notna()
    return Dates(
        local=values,
        unreadable=tuple(int(row) for row in cells.index[filled & values.isna()]),
        order=("day first" if day_comes_first else "month first") if slashed.any() else "",
        guessed=guessed,
        zones="all" if len(with_zone) and with_zone.all() else "some" if with_zone.any() else "none",
        clock=bool(text.map(lambda cell: ":" in cell).any() or counted.any() or made.any()),
    )


def _counted(cell: str) -> float | None:
    """Seconds since 1970 of a number: of seconds, of milliseconds, or of Excel's days; None where it is none of them."""
    number = float(cell)
    if SERIALS[0] <= number < SERIALS[1]:
        return (number - 25_569.0) * 86_400.0
    for unit in (1.0, 1e3, 1e6):
        if 315_532_800.0 <= number / unit < 4_102_444_800.0 and number > 1e9:
            return number / unit
    return None


def _zoned(cell: str) -> str:
    """The cell with a time zone's name replaced by its hours, and months in English."""
    cell = OF.sub("", cell)  # 3 de enero de 2024
    cell = WORD.sub(lambda word: MONTHS.get(word[0].rstrip(".").casefold(), word[0]), cell.strip())
    head, _, last = cell.rpartition(" ")
    return f"{head} {ZONE_WORDS[last]}" if last in ZONE_WORDS and head else cell


def _offset(cell: str) -> int | None:
    """Minutes east of Greenwich that a date ends with; None where it ends with none."""
    found = ZONE.search(cell)
    if found is None or (found[2] is not None and WITH_CLOCK.search(cell) is None):  # 2024-01-31 ends with a day, not with a zone
        return None
    if found[1]:
        return 0
    minutes = int(found[3]) * 60 + int(found[4] or 0)
    return -minutes if found[2] == "-" else minutes


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
