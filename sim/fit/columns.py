"""Which column of an export says what: the usual trackers by the names of their columns, any other by ``--map``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.errors import FitError
from sim.toml.shown import escaped, listing, nearest

FIELDS = {
    "key": "the request's number",
    "created": "when it was opened",
    "resolved": "when it was closed",
    "decided": "when it was decided on",
    "started": "when work on it began",
    "status": "its state",
    "outcome": "what became of it (its resolution)",
    "reopened": "how often it was opened again",
    **{f"{what}_{unit}": f"{said}, in {unit}" for what, said in (("effort", "time spent"), ("estimate", "time estimated"))
       for unit in ("hours", "seconds", "days")},
}  # fmt: skip
"""What a column can say."""


@dataclass(frozen=True)
class Tracker:
    """A tracker's usual export: the names of its columns in small letters, by what they say; the first that is there counts."""

    name: str
    marks: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]


TRACKERS = (
    Tracker("Azure DevOps", ("work item type",), {
        "key": ("id",), "created": ("created date",), "resolved": ("closed date", "resolved date"), "status": ("state",),
        "outcome": ("resolved reason",), "started": ("activated date",), "effort_hours": ("completed work",),
        "estimate_hours": ("original estimate",)}),
    Tracker("Redmine", ("tracker", "subject"), {
        "key": ("#", "id"), "created": ("created", "created on"), "resolved": ("closed", "closed on"), "status": ("status",),
        "outcome": ("resolution",), "started": ("start date",), "effort_hours": ("spent time", "total spent time"),
        "estimate_hours": ("estimated time", "total estimated time")}),
    Tracker("GitHub", ("closed_at",), {
        "key": ("number", "id"), "created": ("created_at",), "resolved": ("closed_at",), "status": ("state",),
        "outcome": ("state_reason",)}),
    Tracker("GitHub", ("closedat",), {
        "key": ("number", "id"), "created": ("createdat",), "resolved": ("closedat",), "status": ("state",),
        "outcome": ("statereason",)}),
    Tracker("Jira", ("created", "resolution"), {
        "key": ("issue key", "key", "issue id"), "created": ("created",), "resolved": ("resolved", "resolutiondate"),
        "status": ("status",), "outcome": ("resolution",), "effort_seconds": ("time spent", "timespent", "σ time spent"),
        "estimate_seconds": ("original estimate", "timeoriginalestimate", "σ original estimate")}),
)  # fmt: skip
ANY = Tracker("a table", (), {
    "key": ("id", "key", "issue key", "number", "#"), "created": ("created", "created at", "created_at", "opened", "opened at",
    "created date", "creation date"), "resolved": ("resolved", "closed", "resolved at", "closed at", "closed_at", "resolution "
                                                                                                                  "date"),
    "status": ("status", "state"), "outcome": ("resolution", "outcome"), "effort_hours": ("effort_hours",),
    "estimate_hours": ("estimate_hours",)})  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """The columns that are used, by what they say.

    Attributes
    ----------
    tracker
        Whose export it looks like.
    named
        Column by field, see `FIELDS`.
    mapped
        The fields that the user named with ``--map``.
    """

    tracker: str
    named: Mapping[str, str]
    mapped: tuple[str, ...] = ()

    def __getitem__(self, field: str) -> str | None:
        return self.named.get(field)

    def amount(self, what: str, hours_per_day: float) -> tuple[str, float] | None:
        """The column of effort or estimate with the hours of one of its units; None where there is none."""
        for unit, hours in (("hours", 1.0), ("seconds", 1.0 / 3600.0), ("days", hours_per_day)):
            if column := self.named.get(f"{what}_{unit}"):
                return column, hours
        return None

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
    folded = {" ".join(name.casefold().split()): name for name in reversed(present)}
    tracker = next((known for known in TRACKERS if all(mark in folded for mark in known.marks)), ANY)
    named = _usual(tracker, folded)
    for field, column in mapping.items():
        _check(field, column, present, source)
        for rival in _rivals(field):
            named.pop(rival, None)
        named[field] = column
    if "created" not in named:
        raise FitError(f"{source}: no column says when a request came; name it: --map created=\"...\" "
                       f"(columns: {listing((escaped(name) for name in present), most=20)})")  # fmt: skip
    if "resolved" not in named:
        raise FitError(f"{source}: no column says when a request was closed; name it: --map resolved=\"...\" "
                       f"(columns: {listing((escaped(name) for name in present), most=20)})")  # fmt: skip
    return Columns(tracker.name, named, tuple(mapping))


def _usual(tracker: Tracker, folded: Mapping[str, str]) -> dict[str, str]:
    found = {field: next((folded[name] for name in names if name in folded), None) for field, names in tracker.names.items()}
    return {field: column for field, column in found.items() if column is not None}


def _rivals(field: str) -> list[str]:
    stem = field.partition("_")[0]
    return [other for other in FIELDS if other.partition("_")[0] == stem and other != field]


def _check(field: str, column: str, present: list[str], source: str) -> None:
    if field not in FIELDS:
        near = nearest(field, FIELDS)
        hint = f"; did you mean {near}?" if near else ""
        raise FitError(f"--map {escaped(field)}=...: there is nothing of this name{hint} (there are: {', '.join(FIELDS)})")
    if column not in present:
        near = nearest(column, present)
        hint = f"; did you mean \"{escaped(near)}\"?" if near else ""
        raise FitError(f"{source}: has no column \"{escaped(column)}\", which --map {field} names{hint} "
                       f"(columns: {listing((escaped(name) for name in present), most=20)})")  # fmt: skip


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
