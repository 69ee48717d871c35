"""From an export to the log of requests: which rows are used, which are not and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.errors import FitError
from sim.fit.answers import REOPENED, STILL_OPEN, Lists, plain
from sim.fit.columns import Columns
from sim.fit.dates import Dates, parse_dates
from sim.fit.read import Export
from sim.toml.shown import escaped

FEWEST_ROWS = 10
FEWEST_WEEKS = 4
WORST_SHARE = 0.2
"""More rows than this that are wrong in the same way are no accident: the file is refused."""
DAYS_A_WEEK = 5.0
WORKING = DAYS_A_WEEK / 7.0
"""Working days in a calendar day: holidays and nights are spread evenly."""
SHOWN_ROWS = 8


@dataclass(frozen=True)
class Dropped:
    """Rows that are not used, and why."""

    reason: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        rows = ", ".join(str(row) for row in self.rows[:SHOWN_ROWS]) + (", …" if len(self.rows) > SHOWN_ROWS else "")
        return f"{len(self.rows)} {self.reason} (row{'s' * (len(self.rows) > 1)} {rows})"


@dataclass(frozen=True)
class Log:
    """The requests of a log.

    Attributes
    ----------
    source, columns
        Where it comes from.
    frame
        One row a request: `created`, `resolved`, `decided`, `started` (days since `origin`; NaN: has not come or is not known),
        `outcome`, `effort`, `estimate` (hours; NaN: not known), `reopened` (times).
    origin, end
        The Monday before the first request; the last day of which the log knows anything, in days since.
    rows, dropped
        Rows in the file; those that are not used.
    words
        Resolutions that are on no list, with their numbers.
    notes
        How dates were read.
    clock
        Whether dates have a time of day.
    """

    source: Export
    columns: Columns
    frame: pd.DataFrame
    origin: pd.Timestamp
    end: float
    rows: int
    dropped: tuple[Dropped, ...]
    words: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    clock: bool

    @property
    def closed(self) -> pd.DataFrame:
        """Requests that are closed."""
        return self.frame[self.frame["outcome"] != "open"]

    def date(self, day: float) -> str:
        """A day as a date."""
        return str((self.origin + pd.Timedelta(days=float(day))).date())


@dataclass
class _Rows:
    """Rows that are left while others are taken out."""

    source: str
    kept: pd.Index
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, wrong: pd.Series[bool], reason: str, advice: str = "") -> None:
        """Take rows out; refuse the file where they are too many to be an accident and there is advice."""
        rows = self.kept[wrong.loc[self.kept].to_numpy(dtype=bool)]
        if rows.empty:
            return
        found = Dropped(reason, tuple(int(row) for row in rows))
        if advice and len(rows) > WORST_SHARE * len(self.kept):
            raise FitError(f"{self.source}: {found} of {len(self.kept)}; {advice}")
        self.dropped.append(found)
        self.kept = self.kept.difference(rows, sort=False)


def clean(export: Export, columns: Columns, lists: Lists, *, day_first: bool | None = None, hours_per_day: float = 8.0) -> Log:
    """Sort out the rows of an export.

    Parameters
    ----------
    export, columns
        The table, and what its columns say.
    lists
        What resolutions and statuses mean.
    day_first
        How to read 03/04/2024; None to find out.
    hours_per_day
        Hours of effort in a day, for columns in days.

    Raises
    ------
    FitError
        Where too little is left, with the reason and the rows.
    """
    table, rows = export.table, _Rows(export.name, export.table.index)
    created = _dates(table, columns, "created", day_first)
    resolved = _dates(table, columns, "resolved", day_first)
    _sort_dates(rows, table, columns, created, resolved)
    state = _states(table, columns, resolved, lists)
    rows.drop(state == "closed without a date", "closed without a date", "name the column of the day of closing with --map "
                                                                         "resolved=...")
    further = {name: _dates(table, columns, name, day_first) for name in ("decided", "started")}
    frame = pd.DataFrame({
        "created": created.utc, "resolved": resolved.utc.where(state != "open"), "outcome": state,
        **{name: dates.utc for name, dates in further.items()},
        "effort": _hours(table, columns, "effort", hours_per_day), "estimate": _hours(table, columns, "estimate", hours_per_day),
        "reopened": _reopened(table, columns),
    })
    frame = _once_each(frame.loc[rows.kept], table, columns, rows)
    _enough(frame, export.name, rows.dropped)
    origin = frame["created"].min().normalize()
    origin = origin - pd.Timedelta(days=origin.weekday())
    for column in ("created", "resolved", "decided", "started"):
        frame[column] = (pd.to_datetime(frame[column], utc=True) - origin).dt.total_seconds() / 86_400.0
    end = float(np.nanmax(frame[["created", "resolved", "decided"]].to_numpy(dtype=np.float64)))
    words = _unknown_words(table, columns, frame)
    return Log(export, columns, frame.sort_values("created", kind="stable"), origin, end, len(table), tuple(rows.dropped), words,
               (*_said(created, resolved, columns), *_unread(further, columns)), created.clock and resolved.clock)


def _dates(table: pd.DataFrame, columns: Columns, what: str, day_first: bool | None) -> Dates:
    return parse_dates(_cells(table, columns, what), day_first)


def _cells(table: pd.DataFrame, columns: Columns, what: str) -> pd.Series[str]:
    """What stands in a column; nothing where there is no such column."""
    column = columns[what]
    return table[column] if column else pd.Series("", index=table.index, dtype=object)


def _sort_dates(rows: _Rows, table: pd.DataFrame, columns: Columns, created: Dates, resolved: Dates) -> None:
    name, until = columns.said("created"), columns.said("resolved")
    rows.drop(_cells(table, columns, "created") == "", f"without a date in \"{name}\"", "every request needs the day when it came")
    for what, dates in (("created", created), ("resolved", resolved)):
        wrong = pd.Series(table.index.isin(dates.unreadable), index=table.index)
        first = _cells(table, columns, what).loc[list(dates.unreadable)[:1]]
        example = "".join(f", such as \"{escaped(cell, 30)}\"" for cell in first)
        rows.drop(wrong, f"with an unreadable date in \"{columns.said(what)}\"{example}",
                  "dates such as 2024-01-31 17:20, 31/Jan/24 or 31.01.2024 are needed")
    rows.drop(resolved.utc < created.utc, f"with \"{until}\" before \"{name}\"",
              "are the columns the right way round, and days and months (--day-first)?")


def _states(table: pd.DataFrame, columns: Columns, resolved: Dates, lists: Lists) -> pd.Series[str]:
    """What became of each row; one that was opened again is open, whatever its dates say."""
    status, resolution = _cells(table, columns, "status"), _cells(table, columns, "outcome")

    def state(said: str, word: str, closed: bool) -> str:
        if closed:
            return "open" if plain(said) in REOPENED or (plain(said) in STILL_OPEN and not word) else lists.outcome(word, said)
        return "closed without a date" if lists.closes(said) else "open"

    values = [state(*row) for row in zip(status, resolution, resolved.utc.notna(), strict=True)]
    return pd.Series(values, index=table.index, dtype=object)


def _hours(table: pd.DataFrame, columns: Columns, what: str, hours_per_day: float) -> pd.Series[float]:
    found = columns.amount(what, hours_per_day)
    if found is None:
        return pd.Series(np.nan, index=table.index)
    column, hours = found
    text = table[column].str.replace(r"(?<=\d),(?=\d{1,2}$)", ".", regex=True)
    return pd.to_numeric(text, errors="coerce").where(lambda value: np.isfinite(value)) * hours


def _reopened(table: pd.DataFrame, columns: Columns) -> pd.Series[float]:
    if column := columns["reopened"]:
        return pd.to_numeric(table[column], errors="coerce").fillna(0.0).clip(lower=0.0)
    return _cells(table, columns, "status").map(lambda status: float(plain(status) in REOPENED))


def _once_each(frame: pd.DataFrame, table: pd.DataFrame, columns: Columns, rows: _Rows) -> pd.DataFrame:
    """One row a request: the last one, from the first day on; rows that differ tell of a request that was opened again."""
    key = columns["key"]
    if key is None:
        return frame
    keys = table[key].loc[frame.index]
    again = (keys != "") & keys.duplicated(keep="last")
    if not again.any():
        return frame
    named = keys[keys.isin(keys[again])]
    versions = frame.loc[named.index].assign(key=named)
    distinct = versions.drop_duplicates(["key", "created", "resolved", "outcome"]).groupby("key").size() - 1
    last = versions.groupby("key").tail(1).index
    frame = frame.copy()
    frame.loc[last, "created"] = versions.groupby("key")["created"].min().loc[named[last]].to_numpy()
    frame.loc[last, "reopened"] += distinct.loc[named[last]].to_numpy()
    rows.drop(again, f"of a request (\"{escaped(key)}\") that has a later row")
    return frame.loc[rows.kept]


def _enough(frame: pd.DataFrame, source: str, dropped: Iterable[Dropped]) -> None:
    why = "".join(f"; dropped: {one}" for one in dropped)
    if len(frame) < FEWEST_ROWS:
        raise FitError(f"{source}: {len(frame)} usable row{'s' * (len(frame) != 1)}, at least {FEWEST_ROWS} are needed{why}")
    if not (frame["outcome"] != "open").any():
        raise FitError(f"{source}: none of its {len(frame)} requests is closed, so nothing can be said about how the team works; "
                       f"export closed requests too{why}")
    span = frame["created"].max() - frame["created"].min()
    if span < pd.Timedelta(days=7 * (FEWEST_WEEKS + 1)):
        raise FitError(f"{source}: its requests came within {span.days} days; at least {FEWEST_WEEKS + 1} weeks are needed{why}")


def _unknown_words(table: pd.DataFrame, columns: Columns, frame: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    unknown = frame.index[frame["outcome"] == "unknown"]
    status, resolution = columns["status"], columns["outcome"]
    named = [table.loc[unknown, column] for column in (resolution, status) if column]
    words = [next((cell for cell in cells if cell), "") for cells in zip(*named, strict=True)]
    return tuple((escaped(str(word), 30), int(count)) for word, count in pd.Series(words, dtype=object).value_counts().items())


def _unread(further: Mapping[str, Dates], columns: Columns) -> Iterable[str]:
    for name, dates in further.items():
        if dates.unreadable:
            wrong = Dropped(f"with an unreadable date in \"{columns.said(name)}\"", dates.unreadable)
            yield f"taken as missing: {wrong}"


def _said(created: Dates, resolved: Dates, columns: Columns) -> Iterable[str]:
    if created.order or resolved.order:
        yield f"dates with slashes or dots were read {created.order or resolved.order}"
    if created.guessed or resolved.guessed:
        yield ("the dates do not tell whether day or month comes first; if they were read wrongly, say --day-first or "
               "--month-first")
    if "some" in (created.zones, resolved.zones) or created.zones != resolved.zones:
        yield "some dates have a time zone and some have none; those without were taken as UTC"
    if not columns["outcome"] and not columns["status"]:
        yield "no column says what became of a request; every closed one counts as accepted (--map outcome=...)"
    if columns["outcome"] and columns["outcome"] == columns["status"]:
        yield f"what became of a request was read from {columns.said('status')}"
