"""An export as it was known on a day: what came later is not there, and what was closed later is open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from sim.errors import FitError
from sim.fit.clean import Log
from sim.fit.columns import Columns
from sim.fit.dates import parse_dates
from sim.fit.events import is_event_log
from sim.fit.read import Export
from sim.fit.trackers import AMOUNTS
from sim.toml.shown import escaped

LATER = {"resolved": ("resolved", "status", "outcome", "reopened", *AMOUNTS["effort"], "updated"),
         "decided": ("decided",), "started": ("started",)}
"""Fields that are not known yet, by the day on which they come to be."""


def parse_day(text: str) -> pd.Timestamp:
    """The last moment of a day, given as 2024-01-31.

    Raises
    ------
    FitError
        Where it is no day.
    """
    try:
        return pd.to_datetime(text, format="%Y-%m-%d") + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
    except ValueError:
        raise FitError(f"--as-of {escaped(text, 30)}: a day such as 2024-01-31 is needed") from None


def known_by(day: pd.Timestamp, read: Callable[[Export], Log], export: Export) -> Log:
    """The log of an export as it was known at the end of a day.

    Parameters
    ----------
    day
        Its last moment.
    read
        Makes the log of an export. It is called twice: to find out what came after, and without that.

    Raises
    ------
    FitError
        Where too little was known by then.
    """
    whole = read(export)
    until = (day - whole.origin.tz_localize(None)) / pd.Timedelta(days=1)
    log = read(_without(export, whole, until))
    return replace(log, end=(day - log.origin.tz_localize(None)) / pd.Timedelta(days=1))


def _without(export: Export, whole: Log, until: float) -> Export:
    """The export without rows and cells that came later; its hash is of what is left in the columns that are used."""
    table, frame = export.table.copy(), whole.frame
    if is_event_log(table, whole.columns):
        days = parse_dates(whole.columns.cells(table, "created")).local - whole.origin
        return replace(export, table=table[~(days > pd.Timedelta(days=until))])
    for field, fields in LATER.items():
        rows = frame.index[frame[field].to_numpy(dtype=np.float64) > until]
        cells = [column for name in fields for column in _columns(whole.columns, name)]
        table.loc[rows, cells] = ""
    table = table.drop(index=frame.index[frame["created"].to_numpy(dtype=np.float64) > until])
    if table.empty:
        raise FitError(f"{export.name}: no request had come by --as-of; its first one came on {whole.date(frame['created'].min())}")
    used = [column for name in whole.columns.named for column in _columns(whole.columns, name)]
    known = table[list(dict.fromkeys(used))].to_csv(index=False)
    return replace(export, table=table, sha256=hashlib.sha256(known.encode()).hexdigest())


def _columns(columns: Columns, field: str) -> list[str]:
    """The columns that say a field: none, one, or several."""
    return list(columns.joined.get(field, (columns.named[field],) if field in columns.named else ()))
