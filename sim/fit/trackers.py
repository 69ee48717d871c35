"""The trackers whose exports are known: a tracker is one entry here and one example in ``tests/fit/tracker_examples.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNITS = ("hours", "seconds", "milliseconds", "days")
FIELDS = {
    "key": "the request's number",
    "created": "when it was opened",
    "resolved": "when it was closed",
    "decided": "when it was decided on",
    "started": "when work on it began",
    "status": "its state",
    "outcome": "what became of it (its resolution)",
    "reopened": "how often it was opened again",
    "repository": "whose numbers its key is one of",
    "pull": "whether it is a pull request, and no request",
    "updated": "when anything about it was changed last",
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
        The names of columns, in small letters, by what they say (see `FIELDS`); the first that is there counts. Several with a +
        between them are one field together: in each row the first of them counts in which something stands.
    accepted, rejected
        Resolutions and statuses that mean yes, and no, beside those that are known everywhere (`sim.fit.answers`).
    waits
        Statuses that mean closed elsewhere, but here wait for the day of closing.
    beware
        What must be known of its columns before a number is believed.
    """

    name: str
    marks: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    beware: str = ""


TRACKERS = (
    Tracker("YouTrack (German)", ("vorgangs-id", "zustand"), {
        "key": ("vorgangs-id",), "created": ("erstellt",), "resolved": ("gelöst",), "status": ("zustand",),
        "effort_hours": ("aufgewendete zeit",), "estimate_hours": ("schätzung",), "updated": ("aktualisiert",)}),
    Tracker("Azure DevOps", ("work item type",), {
        "key": ("id",), "created": ("created date",), "resolved": ("closed date", "resolved date"), "status": ("state",),
        "outcome": ("resolved reason", "reason"), "started": ("activated date",), "effort_hours": ("completed work",),
        "estimate_hours": ("original estimate",), "updated": ("changed date",)}, accepted=("closed",)),
    Tracker("Redmine", ("tracker", "subject"), {
        "key": ("#", "id"), "created": ("created", "created on"), "resolved": ("closed", "closed on"), "status": ("status",),
        "outcome": ("resolution",), "started": ("start date",), "effort_hours": ("spent time", "total spent time"),
        "estimate_hours": ("estimated time", "total estimated time"), "updated": ("updated", "updated on")}, accepted=("closed",),
        waits=("resolved",)),
    Tracker("Redmine (German)", ("tracker", "thema"), {
        "key": ("#",), "created": ("angelegt", "angelegt am"), "resolved": ("geschlossen", "geschlossen am"), "status": ("status",),
        "started": ("beginn",), "effort_hours": ("aufgewendete zeit", "gesamter aufwand"),
        "estimate_hours": ("geschätzter aufwand", "summe des geschätzten aufwands"), "updated": ("aktualisiert",)},
        accepted=("geschlossen",), waits=("gelöst",)),
    Tracker("Redmine (French)", ("tracker", "sujet"), {
        "key": ("#",), "created": ("créé", "créé le"), "resolved": ("fermé", "fermé le"), "status": ("statut",),
        "started": ("début",),
        "effort_hours": ("temps passé",), "estimate_hours": ("temps estimé",), "updated": ("mis-à-jour", "mis à jour")},
        accepted=("fermé",), waits=("résolu",)),
    Tracker("GitLab", ("iid", "closed_at"), {
        "key": ("web_url", "id", "iid"), "created": ("created_at",), "resolved": ("closed_at",), "status": ("state",),
        "effort_seconds": ("time_stats.total_time_spent",), "estimate_seconds": ("time_stats.time_estimate",),
        "updated": ("updated_at",)}),
    Tracker("GitHub", ("closed_at", "created_at"), {
        "key": ("number", "id"), "created": ("created_at",), "resolved": ("closed_at",), "status": ("state",),
        "outcome": ("state_reason",), "repository": ("repository", "repository.full_name", "repository_url"),
        "pull": ("pull_request.url", "pull_request"), "updated": ("updated_at",)}),
    Tracker("GitHub", ("closedat", "createdat"), {
        "key": ("number", "id"), "created": ("createdat",), "resolved": ("closedat",), "status": ("state",),
        "outcome": ("statereason",), "repository": ("repository", "repository.namewithowner", "repository.name"),
        "pull": ("ispullrequest",), "updated": ("updatedat",)}),
    Tracker("GitLab", ("closed at (utc)", "issue id"), {
        "key": ("url", "issue id"), "created": ("created at (utc)",), "resolved": ("closed at (utc)",), "status": ("state",),
        "effort_seconds": ("time spent",), "estimate_seconds": ("time estimate",), "updated": ("updated at (utc)",)}),
    Tracker("Bugzilla", ("bug_id", "opendate"), {
        "key": ("bug_id",), "created": ("opendate",), "resolved": ("cf_last_resolved",), "status": ("bug_status",),
        "outcome": ("resolution",), "effort_hours": ("actual_time",), "estimate_hours": ("estimated_time",),
        "updated": ("changeddate",)}),
    Tracker("Bugzilla", ("bug id", "opened"), {
        "key": ("bug id",), "created": ("opened",), "resolved": ("last resolved",), "status": ("status",),
        "outcome": ("resolution",),
        "effort_hours": ("actual hours",), "estimate_hours": ("orig. est.",), "updated": ("changed",)}),
    Tracker("Linear", ("completed", "canceled", "created"), {
        "key": ("id",), "created": ("created",), "resolved": ("completed + canceled",), "status": ("status",),
        "started": ("started",), "updated": ("updated",)}, rejected=("canceled",)),
    Tracker("Linear", ("completedat", "canceledat", "createdat"), {
        "key": ("identifier", "id"), "created": ("createdat",), "resolved": ("completedat + canceledat",),
        "status": ("state.name", "state"), "started": ("startedat",), "updated": ("updatedat",)}, rejected=("canceled",)),
    Tracker("Asana", ("task id", "completed at"), {
        "key": ("task id",), "created": ("created at",), "resolved": ("completed at",), "status": ("section/column",),
        "started": ("start date",), "updated": ("last modified",)}),
    Tracker("ClickUp", ("task id", "date closed"), {
        "key": ("task id",), "created": ("date created",), "resolved": ("date closed",), "status": ("status",),
        "effort_milliseconds": ("time spent",),
        "estimate_milliseconds": ("time estimated",), "updated": ("date updated",)}),
    Tracker("YouTrack", ("issue id", "state", "resolved"), {
        "key": ("issue id",), "created": ("created",), "resolved": ("resolved",), "status": ("state",),
        "effort_hours": ("spent time",),
        "estimate_hours": ("estimation",), "updated": ("updated",)}),
    Tracker("ClickUp", ("date_created", "date_closed"), {
        "key": ("id",), "created": ("date_created",), "resolved": ("date_closed",), "status": ("status.status",),
        "effort_milliseconds": ("time_spent",), "estimate_milliseconds": ("time_estimate",), "updated": ("date_updated",)}),
    Tracker("Asana", ("gid", "completed_at"), {
        "key": ("gid",), "created": ("created_at",), "resolved": ("completed_at",), "started": ("start_on",),
        "updated": ("modified_at",)}),
    Tracker("ServiceNow", ("number", "opened_at"), {
        "key": ("number",), "created": ("opened_at",), "resolved": ("closed_at", "resolved_at"), "status": ("state",
        "incident_state"),
        "outcome": ("close_code",), "effort_seconds": ("time_worked",), "updated": ("sys_updated_on",)}, waits=("resolved",)),
    Tracker("ServiceNow", ("number", "opened"), {
        "key": ("number",), "created": ("opened",), "resolved": ("closed", "resolved"), "status": ("state", "incident state"),
        "outcome": ("close code", "resolution code"), "effort_seconds": ("time worked",), "updated": ("updated",)},
        waits=("resolved",)),
    Tracker("Trello", ("idlist", "datelastactivity"), {
        "key": ("id",), "created": ("id",), "resolved": ("datelastactivity",), "status": ("idlist",)},
        beware="a card's day of closing is its last activity: whatever was done to it later makes it look slower"),
    Tracker("Jira", ("created", "resolution"), {
        "key": ("issue key", "key", "issue id"), "created": ("created",), "resolved": ("resolved", "resolutiondate"),
        "status": ("status",), "outcome": ("resolution",), "effort_seconds": ("time spent", "timespent", "σ time spent"),
        "estimate_seconds": ("original estimate", "timeoriginalestimate", "σ original estimate"), "updated": ("updated",)}),
    Tracker("Jira", ("issue key", "created"), {
        "key": ("issue key",), "created": ("created",), "resolved": ("resolved",), "status": ("status",),
        "effort_seconds": ("time spent", "σ time spent"), "estimate_seconds": ("original estimate", "σ original estimate"),
        "updated": ("updated",)}),
    Tracker("Jira", ("fields.created", "key"), {
        "key": ("key",), "created": ("fields.created",), "resolved": ("fields.resolutiondate",),
        "status": ("fields.status.name", "fields.status"), "outcome": ("fields.resolution.name", "fields.resolution"),
        "effort_seconds": ("fields.timespent",), "estimate_seconds": ("fields.timeoriginalestimate",),
        "updated": ("fields.updated",)}),
    Tracker("Jira (German)", ("erstellt",), {
        "key": ("vorgangsschlüssel", "schlüssel", "vorgangs-id"), "created": ("erstellt",), "resolved": ("erledigt", "gelöst"),
        "status": ("status",), "outcome": ("lösung",), "effort_seconds": ("zeitaufwand", "benötigte zeit", "σ zeitaufwand"),
        "estimate_seconds": ("ursprüngliche schätzung", "ursprünglicher schätzwert"), "updated": ("aktualisiert",)}),
    Tracker("Jira (French)", ("création",), {
        "key": ("clé de ticket", "clé", "clé de demande"), "created": ("création",), "resolved": ("résolue", "résolu"),
        "status": ("état", "statut"), "outcome": ("résolution",), "effort_seconds": ("temps passé", "temps consacré"),
        "estimate_seconds": ("estimation originale", "estimation initiale"), "updated": ("mise à jour", "mis à jour")}),
)
EVENT_LOG = Tracker("an event log", ("case:concept:name", "time:timestamp"), {
    "key": ("case:concept:name",), "created": ("time:timestamp",), "resolved": ("time:timestamp",), "outcome": ("concept:name",)})
"""Several rows a request, one for each thing that was done (XES): see `sim.fit.events`."""
ANY = Tracker("a table", (), {
    "key": ("id", "key", "issue key", "number", "#"),
    "created": ("created", "created at", "created_at", "opened", "opened at", "created date", "creation date"),
    "resolved": ("resolved", "closed", "resolved at", "closed at", "closed_at", "resolution date"), "status": ("status", "state"),
    "outcome": ("resolution", "outcome"), "effort_hours": ("effort_hours",), "estimate_hours": ("estimate_hours",),
    "updated": ("updated", "updated at", "updated_at", "last modified", "changed")})
NAMES = tuple(dict.fromkeys(tracker.name for tracker in TRACKERS))
