"""Event logs: several rows a request, one for each thing that was done to it.

The first row of a request opens it; the last one closes it, if what was done there closes a request.
"""

from __future__ import annotations

import pandas as pd

from sim.errors import FitError
from sim.fit.answers import Lists
from sim.fit.columns import Columns
from sim.toml.shown import escaped, listing

MANY = 1.5
"""Rows a request from which on they are events, where one column says both when it came and when it was closed."""


def is_event_log(table: pd.DataFrame, columns: Columns) -> bool:
    """Whether each request has several rows with one day each."""
    key = columns["key"]
    if key is None or columns["created"] != columns["resolved"]:
        return False
    return len(table) >= MANY * table[key].nunique()


def requests_of(table: pd.DataFrame, columns: Columns, created: pd.Series[pd.Timestamp], lists: Lists, source: str) -> pd.DataFrame:
    """One row a request, at the place of its last event: `created`, `resolved` (NaT: open), `word` (what was done last).

    Raises
    ------
    FitError
        Where no column says what was done, or nothing that was done last is known to close a request.
    """
    key, what = columns["key"], columns["outcome"] or columns["status"]
    if key is None or what is None:
        raise FitError(f"{source}: has several rows a request (an event log), and no column that says what was done; name it: "
                       "--map outcome=...")
    frame = pd.DataFrame({"row": table.index, "key": table[key], "day": created, "word": table[what]}).dropna(subset=["day"])
    cases = frame[frame["key"] != ""].sort_values("day", kind="stable").groupby("key", sort=False)
    found = pd.DataFrame({"created": cases["day"].first(), "resolved": cases["day"].last(), "word": cases["word"].last(),
                          "row": cases["row"].last()}).set_index("row")
    closes = found["word"].map(lists.known)
    if not closes.any():
        counts = found["word"].value_counts()
        words = listing((f"{escaped(str(word), 30)} ({count})" for word, count in counts.items()), most=6)
        raise FitError(f"{source}: is an event log ({len(table)} rows of {len(found)} requests), and nothing that was done last "
                       f"is known to close a request: {words}; say which does: --accepted {escaped(str(counts.index[0]), 30)!r} "
                       "(and --rejected for a no)")
    return found.assign(resolved=found["resolved"].where(closes))
