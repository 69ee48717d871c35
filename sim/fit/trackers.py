"""The trackers whose exports are known: a tracker is one entry here and one example in ``tests/fit/tracker_examples.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNITS = ("hours", "seconds", "days")
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
       for unit in UNITS},
}
"""What a column can say."""
AMOUNTS = {what: tuple(f"{what}_{unit}" for unit in UNITS) for what in ("effort", "estimate")}
"""The fields in which an amount can stand; the first that is there counts."""


@dataclass(frozen=True)
class Tracker:
    """A tracker's usual export.

    Attributes
    ----------
    name
        As it may be shown.
    marks
        Columns that together tell the tracker; of two trackers the first in `TRACKERS` counts.
    names
        The names of columns, in small letters, by what they say (see `FIELDS`); the first that is there counts.
    accepted, rejected
        Resolutions and statuses that mean yes, and no, beside those that are known everywhere (`sim.fit.answers`).
    waits
        Statuses that mean closed elsewhere, but here wait for the day of closing.
    """

    name: str
    marks: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()


TRACKERS = (
    Tracker("Azure DevOps", ("work item type",), {
        "key": ("id",), "created": ("created date",), "resolved": ("closed date", "resolved date"), "status": ("state",),
        "outcome": ("resolved reason",), "started": ("activated date",), "effort_hours": ("completed work",),
        "estimate_hours": ("original estimate",)}),
    Tracker("Redmine", ("tracker", "subject"), {
        "key": ("#", "id"), "created": ("created", "created on"), "resolved": ("closed", "closed on"), "status": ("status",),
        "outcome": ("resolution",), "started": ("start date",), "effort_hours": ("spent time", "total spent time"),
        "estimate_hours": ("estimated time", "total estimated time")}, waits=("resolved",)),
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
)
ANY = Tracker("a table", (), {
    "key": ("id", "key", "issue key", "number", "#"),
    "created": ("created", "created at", "created_at", "opened", "opened at", "created date", "creation date"),
    "resolved": ("resolved", "closed", "resolved at", "closed at", "closed_at", "resolution date"), "status": ("status", "state"),
    "outcome": ("resolution", "outcome"), "effort_hours": ("effort_hours",), "estimate_hours": ("estimate_hours",)})
NAMES = tuple(dict.fromkeys(tracker.name for tracker in TRACKERS))
