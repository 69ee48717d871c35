"""From an export to the log of requests: which rows are used, which are not and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.errors import FitError
from sim.fit.amounts import hours_of
from sim.fit.answers import CLOSED, REOPENED, Lists, plain
from sim.fit.columns import Columns
from sim.fit.dates import Dates, own_offsets, parse_dates
from sim.fit.events import is_event_log, requests_of
from sim.fit.read import Export
from sim.fit.unused_rows import WORST_SHARE, Dropped, Rows, sort_dates, without_a_day
from sim.toml.shown import escaped, listing

FEWEST_ROWS = 10
FEWEST_WEEKS = 4
DAYS_A_WEEK = 5.0
WORKING = DAYS_A_WEEK / 7.0
"""Working days in a calendar day: holidays and nights are spread evenly."""


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
    told
        Whether anything says with which answer requests were closed; where nothing does, all closed ones are called accepted.
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
    told: bool = True

    @property
    def closed(self) -> pd.DataFrame:
        """Requests that are closed."""
        return self.frame[self.frame["outcome"] != "open"]

    def date(self, day: float) -> str:
        """A day as a date."""
        return str((self.origin + pd.Timedelta(days=float(day))).date())


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
    table = export.table
    rows = Rows(export.name, table.index, _last_words(table, columns))
    own = own_offsets(columns.cells(table, "created"), columns.cells(table, "resolved"))

    def dates(what: str) -> Dates:
        return parse_dates(columns.cells(table, what), day_first, own)

    rows.drop(_is_pull(table, columns), "of pull requests, which answer no request")
    created, resolved = dates("created"), dates("resolved")
    if is_event_log(table, columns):
        return _of_events(export, columns, lists, rows, created)
    opens = columns.cells(table, "status").map(lists.still_open)
    sort_dates(rows, table, columns, created, resolved, opens)
    state = _states(table, columns, resolved, opens, lists)
    rows.drop(state == "closed without a date", "closed without a date", without_a_day(table, columns))
    further = {name: dates(name) for name in ("decided", "started")}
    amounts = {what: hours_of(table, columns, what, hours_per_day, export.name) for what in ("effort", "estimate")}
    frame = pd.DataFrame({
        "created": created.local, "resolved": resolved.local.where(state != "open"), "outcome": state,
        **{name: found.local for name, found in further.items()}, **{what: hours for what, (hours, _) in amounts.items()},
        "reopened": _reopened(table, columns),
    })
    frame = _once_each(frame.loc[rows.kept], table, columns, rows)
    unread = [f"taken as missing: {said}" for _, said in amounts.values() if said]
    return _log(export, columns, lists, frame, rows, (created, resolved), (*_unread(further, columns), *unread))


def _of_events(export: Export, columns: Columns, lists: Lists, rows: Rows, created: Dates) -> Log:
    """The log of an event log: the first row of a request opens it, the last one may close it."""
    found = requests_of(export.table, columns, created.local, lists, export.name)
    closed = found["resolved"].notna()
    state = [lists.outcome(word, "") if done else "open" for word, done in zip(found["word"], closed, strict=True)]
    frame = pd.DataFrame({
        "created": found["created"], "resolved": found["resolved"], "outcome": state, "decided": pd.NaT, "started": pd.NaT,
        "effort": np.nan, "estimate": np.nan, "reopened": 0.0})
    said = f"an event log of {len(found)} requests: the first row of each opens it, the last one may close it"
    return _log(export, columns, lists, frame, rows, (created, created), (said,))


def _log(export: Export, columns: Columns, lists: Lists, frame: pd.DataFrame, rows: Rows, dates: tuple[Dates, Dates],
         notes: Iterable[str]) -> Log:
    """The log of the rows that are left: answers as far as they are told, days counted from a Monday."""
    frame, told = _answered(frame.copy(), export, columns, lists)
    _enough(frame, export.name, rows.dropped)
    origin = frame["created"].min().normalize()
    origin = origin - pd.Timedelta(days=origin.weekday())
    for column in ("created", "resolved", "decided", "started"):
        frame[column] = (pd.to_datetime(frame[column], utc=True) - origin).dt.total_seconds() / 86_400.0
    end = float(np.nanmax(frame[["created", "resolved", "decided"]].to_numpy(dtype=np.float64)))
    words = tuple(_unknown_words(export.table, columns, frame))
    created, resolved = dates
    frame = frame.sort_values("created", kind="stable")
    said = (*_said(created, resolved, columns, told), *notes)
    return Log(export, columns, frame, origin, end, len(export.table), tuple(rows.dropped), words, said,
               created.clock and resolved.clock, told)


def _last_words(table: pd.DataFrame, columns: Columns) -> pd.Series[str]:
    """The word with which each row was closed, or its status where it has none."""
    word = columns.cells(table, "outcome")
    return word.where(word != "", columns.cells(table, "status"))


def _is_pull(table: pd.DataFrame, columns: Columns) -> pd.Series[bool]:
    return columns.cells(table, "pull").map(lambda cell: plain(cell) not in ("", "false", "0", "no"))


def _answered(frame: pd.DataFrame, export: Export, columns: Columns, lists: Lists) -> tuple[pd.DataFrame, bool]:
    """Closed requests with their answers; where no word of the log tells a no from a yes, all are called accepted."""
    outcome = frame["outcome"]
    by_status = columns.cells(export.table, "outcome").loc[frame.index] == ""
    answers = set(outcome) - {"open", "unknown"}
    told = len(answers) > 1 or "rejected" in answers or bool(lists.own)  # one status for all tells nothing
    told = told or bool(((outcome == "accepted") & ~by_status).any())
    if not told and not (outcome == "unknown").any():
        frame["outcome"] = outcome.replace(CLOSED, "accepted")
        return frame, False
    frame["outcome"] = outcome.replace(CLOSED, "unknown")
    return frame, True


def check_answers(log: Log) -> None:
    """Ask for words that nobody knows where more than a fifth of the closed requests has one: what they mean is not guessed.

    Raises
    ------
    FitError
        With the words, how often they stand there, and the options that say what they mean.
    """
    closed, unknown = len(log.closed), int((log.frame["outcome"] == "unknown").sum())
    if unknown > WORST_SHARE * closed:
        said = listing((f"{word or 'nothing'} ({count})" for word, count in log.words), most=8)
        first = log.words[0][0] or "WORD"
        raise FitError(f"{log.source.name}: of {closed} closed requests {unknown} have an answer that nobody knows: {said}; say "
                       f"what each means: --accepted \"{first}\" (it was done), --rejected \"{first}\" (it was refused), "
                       f"--still-open \"{first}\" (it is not closed)")


def _states(table: pd.DataFrame, columns: Columns, resolved: Dates, opens: pd.Series[bool], lists: Lists) -> pd.Series[str]:
    """What became of each row: open or closed is what its status says, and where that says neither, its day of closing."""
    status, resolution = columns.cells(table, "status"), columns.cells(table, "outcome")

    def state(said: str, word: str, dated: bool, still: bool) -> str:
        if still:
            return "open"
        if dated:
            return lists.outcome(word, said)
        return "closed without a date" if lists.closes(said) else "open"

    values = [state(*row) for row in zip(status, resolution, resolved.local.notna(), opens, strict=True)]
    return pd.Series(values, index=table.index, dtype=object)


def _reopened(table: pd.DataFrame, columns: Columns) -> pd.Series[float]:
    if column := columns["reopened"]:
        return pd.to_numeric(table[column], errors="coerce").fillna(0.0).clip(lower=0.0)
    return columns.cells(table, "status").map(lambda status: float(plain(status) in REOPENED))


def _once_each(frame: pd.DataFrame, table: pd.DataFrame, columns: Columns, rows: Rows) -> pd.DataFrame:
    """One row a request: the last one, from the first day on; rows that differ tell of a request that was opened again."""
    key = columns["key"]
    if key is None:
        return frame
    keys = (columns.cells(table, "repository") + " " + table[key]).str.strip().loc[frame.index]
    again = (table[key].loc[frame.index] != "") & keys.duplicated(keep="last")
    if not again.any():
        return frame
    named = keys[keys.isin(keys[again])]
    versions = frame.loc[named.index].assign(key=named)
    _one_arrival(versions, columns, rows.source, len(frame))
    distinct = versions.drop_duplicates(["key", "created", "resolved", "outcome"]).groupby("key").size() - 1
    last = versions.groupby("key").tail(1).index
    frame = frame.copy()
    frame.loc[last, "created"] = versions.groupby("key")["created"].min().loc[named[last]].to_numpy()
    frame.loc[last, "reopened"] += distinct.loc[named[last]].to_numpy()
    rows.drop(again, f"of a request (\"{escaped(key)}\") that has a later row")
    return frame.loc[rows.kept]


def _one_arrival(versions: pd.DataFrame, columns: Columns, source: str, rows: int) -> None:
    """Refuse numbers that stand for several requests: a request comes once."""
    came = versions.groupby("key")["created"].nunique()
    several = versions[versions["key"].isin(came.index[came > 1])]
    if len(several) > WORST_SHARE * rows:
        key, created = columns.said("key"), columns.said("created")
        numbers = listing((f"\"{escaped(str(number).strip(), 30)}\"" for number in dict.fromkeys(several["key"])), most=3)
        raise FitError(f"{source}: {len(several)} of {rows} rows share a number in \"{key}\" with rows of another day in "
                       f"\"{created}\": {numbers}; where each project counts its own numbers: --map repository=... (the column of "
                       f"the project); where a row is an event: --map resolved=\"{created}\"")


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


def _unknown_words(table: pd.DataFrame, columns: Columns, frame: pd.DataFrame) -> list[tuple[str, int]]:
    unknown = frame.index[frame["outcome"] == "unknown"]
    named = [columns.cells(table, what).loc[unknown] for what in ("outcome", "status")]
    words = [next((cell for cell in cells if cell), "") for cells in zip(*named, strict=True)]
    counts = pd.Series(words, dtype=object).value_counts()
    return [(escaped(str(word), 30), int(count)) for word, count in counts.items()]


def _unread(further: Mapping[str, Dates], columns: Columns) -> Iterable[str]:
    for name, dates in further.items():
        if dates.unreadable:
            wrong = Dropped(f"with an unreadable date in \"{columns.said(name)}\"", dates.unreadable)
            yield f"taken as missing: {wrong}"


def _said(created: Dates, resolved: Dates, columns: Columns, told: bool) -> Iterable[str]:
    if created.order or resolved.order:
        yield f"dates with slashes or dots were read {created.order or resolved.order}"
    if created.guessed or resolved.guessed:
        yield ("the dates do not tell whether day or month comes first; if they were read wrongly, say --day-first or "
               "--month-first")
    if "some" in (created.zones, resolved.zones) or created.zones != resolved.zones:
        yield "some dates have a time zone and some have none; those without were taken as they stand"
    if columns.tracker.beware:
        yield columns.tracker.beware
    if not told:
        yield ("nothing in this export says with which answer requests were closed: the share of yes is not known "
               "(--map outcome=..., --accepted, --rejected)")
    if columns["outcome"] and columns["outcome"] == columns["status"]:
        yield f"what became of a request was read from {columns.said('status')}"
