"""Rows of an export that are not used, and why; what is too much for an accident is refused with what to do about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from sim.errors import FitError
from sim.fit.columns import Columns
from sim.fit.dates import Dates
from sim.toml.shown import escaped, listing

WORST_SHARE = 0.2
"""More rows than this that are wrong in the same way are no accident: the file is refused."""
FEWEST_ALIKE = 5
SHOWN_ROWS, SHOWN_VALUES = 8, 3


@dataclass(frozen=True)
class Dropped:
    """Rows that are not used, and why."""

    reason: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        rows = ", ".join(str(row) for row in self.rows[:SHOWN_ROWS]) + (", …" if len(self.rows) > SHOWN_ROWS else "")
        return f"{len(self.rows)} {self.reason} (row{'s' * (len(self.rows) > 1)} {rows})"


@dataclass
class Rows:
    """Rows that are left while others are taken out.

    Attributes
    ----------
    source
        The file, for messages.
    kept
        The rows that are left.
    words
        The word with which each row was closed: rows that are wrong are an accident only if they are so with every word.
    dropped
        The rows that were taken out.
    """

    source: str
    kept: pd.Index
    words: pd.Series[str]
    dropped: list[Dropped] = field(default_factory=list)

    def drop(self, wrong: pd.Series[bool], reason: str, advice: str = "") -> None:
        """Take rows out; refuse the file where they are too many to be an accident and there is advice."""
        rows = self.kept[wrong.loc[self.kept].to_numpy(dtype=bool)]
        if rows.empty:
            return
        found = Dropped(reason, tuple(int(row) for row in rows))
        if advice and len(rows) > WORST_SHARE * len(self.kept):
            raise FitError(f"{self.source}: {found} of {len(self.kept)}; {advice}")
        self._by_accident(rows, found, advice)
        self.dropped.append(found)
        self.kept = self.kept.difference(rows, sort=False)

    def _by_accident(self, rows: pd.Index, found: Dropped, advice: str) -> None:
        """Refuse rows that are missing not at random: without them the shares of answers would be other ones."""
        wrong, known = Counter(self.words.loc[rows]), Counter(self.words.loc[self.kept])
        for word, count in wrong.most_common():
            if advice and word and count >= FEWEST_ALIKE and count > WORST_SHARE * known[word] and len(known) > 1:
                raise FitError(f"{self.source}: {found}; {count} of them are \"{escaped(word, 30)}\", of which there are "
                               f"{known[word]}: without them the answers would be other ones; {advice}")


def sort_dates(
    rows: Rows, table: pd.DataFrame, columns: Columns, created: Dates, resolved: Dates, opens: pd.Series[bool],
) -> None:
    """Drop what has no usable days. An open request needs no day of closing, whatever stands there."""
    name, until = columns.said("created"), columns.said("resolved")
    missing = columns.cells(table, "created") == ""
    rows.drop(missing, f"without a date in \"{name}\"", "every request needs the day when it came")
    for what, dates in (("created", created), ("resolved", resolved)):
        wrong = pd.Series(table.index.isin(dates.unreadable), index=table.index) & ~(opens & (what == "resolved"))
        cells = columns.cells(table, what)[wrong]
        _no_marker(cells, rows.source, columns.said(what))
        shown = listing((f"\"{escaped(cell, 30)}\"" for cell in dict.fromkeys(cells)), most=SHOWN_VALUES)
        rows.drop(wrong, f"with an unreadable date in \"{columns.said(what)}\", such as {shown}",
                  "dates such as 2024-01-31 17:20, 31/Jan/24 or 31.01.2024 are needed; another column is named with --map "
                  f"{what}=...")
    rows.drop((resolved.local < created.local) & ~opens, f"with \"{until}\" before \"{name}\"",
              "are the columns the right way round, and days and months (--day-first)?")


def _no_marker(cells: pd.Series[str], source: str, column: str) -> None:
    """Refuse a word that stands again and again where a day should: its meaning is not guessed, its rows are not dropped."""
    counts = cells[~cells.str.contains(r"\d", regex=True)].value_counts()
    if len(counts) and counts.iloc[0] > 1:
        said = listing((f"\"{escaped(str(word), 30)}\" ({count})" for word, count in counts.items()), most=SHOWN_VALUES)
        raise FitError(f"{source}: \"{column}\" has words in place of days: {said}; if they mean that there is none: --empty "
                       f"\"{escaped(str(counts.index[0]), 30)}\"")


def without_a_day(table: pd.DataFrame, columns: Columns) -> str:
    """What to do where closed requests have no day of closing."""
    updated = columns["updated"]
    if updated and updated != columns["resolved"] and (table[updated] != "").mean() > 1.0 - WORST_SHARE:
        return (f"--map resolved={escaped(updated)} takes the day of the last change instead, which whatever was done later makes "
                "too late (times to closing come out too long)")
    return "name the column of the day of closing with --map resolved=..."
