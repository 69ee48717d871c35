"""Which column of an export says what: the usual trackers by the names of their columns, any other by ``--map``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.errors import FitError
from sim.fit.trackers import AMOUNTS, ANY, FIELDS, TRACKERS, Tracker
from sim.toml.shown import escaped, listing, nearest


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
    """

    tracker: Tracker
    named: Mapping[str, str]
    mapped: tuple[str, ...] = ()

    def __getitem__(self, field: str) -> str | None:
        return self.named.get(field)

    def amount(self, what: str, hours_per_day: float) -> tuple[str, float] | None:
        """The column of effort or estimate with the hours of one of its units; None where there is none."""
        hours = dict(zip(AMOUNTS[what], (1.0, 1.0 / 3600.0, hours_per_day), strict=True))
        return next(((self.named[field], hours[field]) for field in AMOUNTS[what] if field in self.named), None)

    def said(self, *fields: str) -> str:
        """Names of columns as a comment may show them."""
        return " and ".join(escaped(self.named[field]) for field in fields if field in self.named)


def recognise(names: Iterable[str], mapping: Mapping[str, str], source: str) -> Columns:
    """Find the columns of an export.

    Parameters
    ----------
    names
        The names of its columns.
    mapping
        What the user says about them: column by field. It goes before what is recognised.
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
    tracker = next((known for known in TRACKERS if all(mark in folded for mark in known.marks)), ANY)
    named = _usual(tracker, folded)
    for field, column in mapping.items():
        _check(field, column, present, source, shown)
        for rival in AMOUNTS.get(field.partition("_")[0], ()):
            if rival != field:
                named.pop(rival, None)
        named[field] = column
    for field, said in (("created", "came"), ("resolved", "was closed")):
        if field not in named:
            raise FitError(f"{source}: no column says when a request {said}; name it: --map {field}=\"...\" {shown}")
    return Columns(tracker, named, tuple(mapping))


def _usual(tracker: Tracker, folded: Mapping[str, str]) -> dict[str, str]:
    found = {field: next((folded[name] for name in names if name in folded), None) for field, names in tracker.names.items()}
    return {field: column for field, column in found.items() if column is not None}


def _check(field: str, column: str, present: list[str], source: str, shown: str) -> None:
    if field not in FIELDS:
        near = nearest(field, FIELDS)
        hint = f"; did you mean {near}?" if near else ""
        raise FitError(f"--map {escaped(field)}=...: there is nothing of this name{hint} (there are: {', '.join(FIELDS)})")
    if column not in present:
        near = nearest(column, present)
        hint = f"; did you mean \"{escaped(near)}\"?" if near else ""
        raise FitError(f"{source}: has no column \"{escaped(column)}\", which --map {field} names{hint} {shown}")


def parse_map(settings: Iterable[str]) -> dict[str, str]:
    """``created="Opened at"`` for each ``--map`` as a dictionary.

    Examples
    --------
    >>> parse_map(["created=Opened at"])
    {'created': 'Opened at'}
    """
    pairs = {}
    for setting in settings:
        field, equals, column = setting.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise FitError(f"--map {escaped(setting)}: FIELD=COLUMN is needed, such as --map created=\"Opened at\"")
        pairs[field.strip()] = column.strip().strip('"')
    return pairs
