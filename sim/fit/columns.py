"""Which column of an export says what: the usual trackers by the names of their columns, any other by ``--map``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.errors import FitError
from sim.fit.trackers import AMOUNTS, ANY, EVENT_LOG, FIELDS, TRACKERS, Tracker
from sim.toml.shown import escaped, listing, nearest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Columns:
    """The columns that are used, by what they say.

    Attributes
    ----------
    tracker
        Whose export it looks like; `ANY` where nobody's.
    named
        Column by field, see `FIELDS`.
    mapped
        The fields that the user named with ``--map``.
    joined
        Fields that stand in several columns: in each row the first of them counts in which something stands.
    """

    tracker: Tracker
    named: Mapping[str, str]
    mapped: tuple[str, ...] = ()
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, field: str) -> str | None:
        return self.named.get(field)

    def amount(self, what: str, hours_per_day: float) -> tuple[str, float] | None:
        """The column of effort or estimate with the hours of one of its units; None where there is none."""
        hours = dict(zip(AMOUNTS[what], (1.0, 1.0 / 3600.0, 1.0 / 3_600_000.0, hours_per_day), strict=True))
        return next(((self.named[field], hours[field]) for field in AMOUNTS[what] if field in self.named), None)

    def cells(self, table: pd.DataFrame, field: str) -> pd.Series[str]:
        """What the table says of a field, row by row; nothing where it has no such column."""
        import pandas as pd

        found = pd.Series("", index=table.index, dtype=object)
        for column in self.joined.get(field, (self.named[field],) if field in self.named else ()):
            found = found.where(found != "", table[column])
        return found

    def said(self, *fields: str) -> str:
        """Names of columns as a comment may show them."""
        named = (self.joined.get(field, (self.named[field],)) for field in fields if field in self.named)
        return " and ".join(escaped(column) for columns in named for column in columns)


def recognise(names: Iterable[str], mapping: Mapping[str, str | tuple[str, ...]], source: str) -> Columns:
    """Find the columns of an export.

    Parameters
    ----------
    names
        The names of its columns.
    mapping
        What the user says about them: a column, or several, by field. It goes before what is recognised.
    source
        The file, for messages.

    Raises
    ------
    FitError
        Where a field or a column does not exist, or no column says when a request came.
    """
    present = list(names)
    shown = f"(columns: {listing((escaped(name) for name in present), most=20)})"
    folded = {" ".join(name.casefold().split()): name for name in reversed(present)}
    tracker = next((known for known in (*TRACKERS, EVENT_LOG) if all(mark in folded for mark in known.marks)), ANY)
    found = _usual(tracker, folded)
    for what, said in mapping.items():
        columns = (said,) if isinstance(said, str) else tuple(said)
        for column in columns:
            _check(what, column, present, source, shown)
        for rival in AMOUNTS.get(what.partition("_")[0], ()):
            if rival != what:
                found.pop(rival, None)
        found[what] = columns
    for what, verb in (("created", "came"), ("resolved", "was closed")):
        if what not in found:
            raise FitError(f"{source}: no column says when a request {verb}; name it: --map {what}=\"...\" {shown}")
    joined = {what: columns for what, columns in found.items() if len(columns) > 1}
    return Columns(tracker, {what: columns[0] for what, columns in found.items()}, tuple(mapping), joined)


def _usual(tracker: Tracker, folded: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The columns of each field that is there."""
    found: dict[str, tuple[str, ...]] = {}
    for what, names in tracker.names.items():
        for name in names:
            parts = tuple(folded[part] for part in name.split(" + ") if part in folded)
            if parts:
                found[what] = parts
                break
    return found


def _check(field: str, column: str, present: list[str], source: str, shown: str) -> None:
    if field not in FIELDS:
        near = nearest(field, FIELDS)
        hint = f"; did you mean {near}?" if near else ""
        raise FitError(f"--map {escaped(field)}=...: there is nothing of this name{hint} (there are: {', '.join(FIELDS)})")
    if column not in present:
        near = nearest(column, present)
        hint = f"; did you mean \"{escaped(near)}\"?" if near else ""
        raise FitError(f"{source}: has no column \"{escaped(column)}\", which --map {field} names{hint} {shown}")


def parse_map(settings: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """``created="Opened at"`` for each ``--map`` as a dictionary; a field that is named twice stands in both columns.

    Examples
    --------
    >>> parse_map(["created=Opened at", "resolved=Completed", "resolved=Canceled"])
    {'created': ('Opened at',), 'resolved': ('Completed', 'Canceled')}
    """
    pairs: dict[str, tuple[str, ...]] = {}
    for setting in settings:
        field, equals, column = setting.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise FitError(f"--map {escaped(setting)}: FIELD=COLUMN is needed, such as --map created=\"Opened at\"")
        pairs[field.strip()] = (*pairs.get(field.strip(), ()), column.strip().strip('"'))
    return pairs
