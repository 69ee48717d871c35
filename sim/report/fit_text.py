"""What is printed about a fit: what was found, what was fitted, and how the model does beside the log."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sim.fit.answers import OUTCOMES
from sim.fit.bare import FREED
from sim.fit.bootstrap import Fitted
from sim.fit.clean import Log
from sim.fit.fit import Fit
from sim.fit.fitted_scenario import loads_of as found_loads
from sim.fit.following import FEWEST_QUARTERS
from sim.fit.replay import MEASURES, Replay
from sim.report.numbers import plain
from sim.report.phrases import filled
from sim.toml.shown import escaped

FACTS = ("value", "low", "high", "n", "of", "unit", "columns", "test")
"""What JSON says of a fitted value: everything but its draws."""


def found_text(log: Log, width: int) -> str:
    """What an export holds: kind, columns, rows used and dropped, span; for a terminal of this width."""
    frame, source, columns = log.frame, log.source, log.columns
    lines = [f"{source.name}: {source.kind}; looks like {columns.tracker.name}", f"  SHA-256 {source.sha256}", "Columns"]
    lines += [f"  {field:<16} {escaped(column)}{' (--map)' if field in columns.mapped else ''}"
              for field, column in columns.named.items()]
    lines.append(f"Rows: {len(frame)} of {log.rows} used; requests from {log.date(frame['created'].min())} to "
                 f"{log.date(frame['created'].max())}, known up to {log.date(log.end)}")
    lines += [_item(f"dropped {dropped}", width) for dropped in log.dropped]
    lines += [_item(note, width) for note in log.notes if "were read" in note]
    counts = frame["outcome"].value_counts()
    lines.append("Requests: " + ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if name in counts))
    return "\n".join(lines)


def fit_text(fit: Fit, width: int) -> str:
    """What was fitted, with intervals, and what stands against it."""
    lines = ["", "Warnings", *(_item(doubt, width) for doubt in fit.doubts)]
    lines += ["", "Fitted (95% intervals: bootstrap, of shares Wilson's; a day is a working day, 5 a week; pd: person-day)"]
    shown = ""
    for name, value in _values(fit):
        lines += _value(name, value, width, value.test != shown)
        shown = value.test
    lines += [_item(said, width) for said in _remarks(fit)]
    rest = "and merit, feasibility, ambiguity, trust and all else that no tracker tells"
    lines += ["", "Assumed, not measured", _item(f"{', '.join(unmeasured(fit))}; {rest}", width)]
    return "\n".join(lines)


def replay_text(found: Replay, width: int) -> str:
    """Simulated beside observed."""
    lines = ["", f"The model beside the log ({found.replications} replications of {found.span:.0f} calendar days, starting empty; "
             f"{found.policy})"]
    lines.append(filled("load " + ", ".join(f"{load.who} {load.load:.2f}" for load in found.loads), width))
    lines.append(f"  {'':<44} {'observed':>9} {'simulated':>10}   {'mean, 95%':<16} one log, 95%")
    for row in found.rows:
        name, unit = MEASURES[row.key]
        of_mean = f"{_number(row.low)} to {_number(row.high)}"
        lines.append(f"  {name + ', ' + unit:<44} {_number(row.observed):>9} {_number(row.mean):>10}   {of_mean:<16} "
                     f"{_number(row.least)} to {_number(row.most)}{'' if row.reproduced else '  *'}")
    return "\n".join([*lines, *(filled(sentence, width) for sentence in (*found.sentences, verdict(found)))])


def verdict(found: Replay) -> str:
    """Whether the model reproduces the log, all measures together."""
    inside = sum(row.reproduced for row in found.rows)
    counted = f"{inside} of {len(found.rows)} measures of the log are what one log of the model may show"
    if found.reproduced:
        return f"The model reproduces the log: {counted}."
    return (f"The model does not reproduce the log: {counted}, and the log is stranger than each of the {found.replications} "
            "replications is among the others.")


def fit_json(fit: Fit, found: Replay | None) -> dict[str, Any]:
    """The whole fit, and the replay where there was one, for other programs; no row of the log is in it."""
    log = fit.log
    told: dict[str, Any] = plain({
        "input": _facts(log.source, "name", "kind", "sha256") | {
            "tracker": log.columns.tracker.name, "columns": log.columns.named},
        "rows": {"read": log.rows, "used": len(log.frame),
                 "dropped": [_facts(dropped, "reason", "rows") for dropped in log.dropped],
                 "first": log.date(log.frame["created"].min()), "last_request": log.date(log.frame["created"].max()),
                 "last_known": log.date(log.end)},
        "warnings": fit.doubts,
        "options": _facts(fit, "team", "hours_per_day", "draws", "seed"),
        "fitted": {name: _facts(value, *FACTS) | _untold(log, name) for name, value in _values(fit)},
        "arrivals": _facts(fit.arrivals, "weeks", "dispersion_median", "dispersion_all", "drifts", "trend_p", "blocks", "blocks_p",
                           "gap", "gap_poisson", "gap_p"),
        "effort": None if fit.effort is None else _facts(fit.effort, "gaps", "aic", "p", "best"),
        "estimates": None if fit.estimates is None else _facts(fit.estimates, "exact", "median_ratio"),
        "flow": {**vars(fit.flow), "little": fit.flow.little, "little_holds": fit.flow.little_holds},
        "scenario": {setting.key: setting.value for setting in fit.settings},
        "assumed": unmeasured(fit),
        "stretch": {"first": log.date(fit.stretch.begin), "last": log.date(fit.stretch.end - 1.0), "weeks": fit.stretch.weeks,
                    "whole": fit.stretch.whole},
        "following": _facts(fit.following, "kappa", "error", "low", "high", "quarters", "says"),
        "loads": {load.who: load.load for load in found_loads(fit)},
        "set_not_to_bind": list(FREED),
        "replay": None if found is None else _facts(found, "replications", "span", "policy", "load", "stranger", "reproduced") | {
            "measures": {row.key: _facts(row, "observed", "mean", "low", "high", "least", "most", "reproduced")
                         for row in found.rows},
            "sentences": found.sentences},
    })
    return told


def _untold(log: Log, name: str) -> dict[str, None]:
    """Where no answer is told, how many were closed is known, and not with which answer."""
    return {} if log.told or name != "accepted, of the closed" else {"value": None, "low": None, "high": None}


def _facts(thing: object, *names: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _values(fit: Fit) -> Iterator[tuple[str, Fitted]]:
    arrivals, outcomes = fit.arrivals, fit.outcomes
    yield "arrival rate", arrivals.rate
    if arrivals.drifts:
        yield f"arrival rate, last {arrivals.recent.n} weeks", arrivals.recent
    yield "trend of the rate", arrivals.trend
    if arrivals.dispersion is not None:
        yield "index of dispersion", arrivals.dispersion
    if fit.effort is not None:
        yield from (("effort, median", fit.effort.median), ("effort, sigma", fit.effort.sigma), ("effort, mean", fit.effort.mean))
    if fit.estimates is not None:
        yield from (("estimates, a", fit.estimates.intercept), ("estimates, b", fit.estimates.slope),
                    ("estimates, sigma", fit.estimates.sigma))
    if fit.latency is not None:
        yield from (("decision latency, median", fit.latency.median), ("decision latency, sigma", fit.latency.sigma))
    yield from ((f"{name}, of the closed", value) for name, value in outcomes.shares.items() if value.value > 0.0)
    yield "open, of all", outcomes.open_share
    if outcomes.yes is not None:
        yield "yes, of the answers", outcomes.yes
    yield "came back, of all", outcomes.reopened
    if outcomes.working is not None:
        yield "from start to closing, median", outcomes.working
    yield from ((f"{percent}% closed after", value) for percent, value in outcomes.lasting.items())
    yield from ((f"accepted: {percent}% closed after", value) for percent, value in outcomes.closing.items())


def _value(name: str, value: Fitted, width: int, with_test: bool) -> Iterator[str]:
    unit = "" if value.unit == "1" else f" {value.unit}"
    if math.isfinite(value.value):
        span = "no interval" if math.isnan(value.low) else f"{_said(value.low)} to {_said(value.high)}"
        yield f"  {name:<28} {_said(value.value):>8}{unit}  ({span}; n = {value.n} {value.of})"
    else:
        yield f"  {name:<28} not reached in the log{unit and ' (' + unit.strip() + ')'}"
    if value.test and with_test:
        yield filled(value.test, width, " " * 6)


def _number(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "-"


def _said(value: float) -> str:
    if not math.isfinite(value):
        return "not reached"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _remarks(fit: Fit) -> Iterator[str]:
    arrivals, flow = fit.arrivals, fit.flow
    if arrivals.dispersion is not None:
        yield ("dispersion is from week to week, so that drift is no bunching; its median within 13 weeks is "
               f"{arrivals.dispersion_median:.2f}, over the whole log it is {arrivals.dispersion_all:.2f}, drift included")
    if fit.effort is not None and fit.effort.best != "lognormal":
        yield (f"{fit.effort.best} fits effort better than the lognormal distribution (AIC "
               f"{fit.effort.aic[fit.effort.best]:.0f} against {fit.effort.aic['lognormal']:.0f}); the model knows only the "
               "lognormal")
    if fit.estimates is not None:
        slope = fit.estimates.slope
        if slope.high < 1.0 and fit.estimates.usable:
            yield ("large estimates are exceeded by less than small ones (b below 1): an error independent of size would "
                   "overstate the load")
        if not fit.estimates.usable:
            yield "estimates say next to nothing about effort, or the reverse of it; the model's own error of estimates is kept"
        yield f"the median request took {fit.estimates.median_ratio:.2f} of its estimate"
    yield ("times until closed count open requests as censored (Kaplan-Meier); those of accepted ones only are shorter, "
           "because what takes long is still open")
    yield "came back is a lower bound: an export without history tells only of those that are open again now, or have several rows"
    yield (f"{flow.throughput:.2f} accepted requests closed a week, {flow.wip:.0f} open on average, {flow.wip_end:.0f} at the "
           f"last request; L = lambda W {'holds' if flow.little_holds else 'does not hold'} for closed requests (lambda W is "
           f"{flow.little:.2f} L)"
           + ("" if flow.little_holds else ": the log is no steady state, much of what came is still open"))
    if fit.room is not None:
        yield (f"the team of {fit.people} has {fit.room:.1f} person-days for each accepted request that it closed: a bound on "
               "effort, not a measurement of it")
    yield followed(fit)
    if not fit.stretch.whole:
        yield f"the scenario's parameters come from {stretch_text(fit)}, all of them; shares and times above are of the whole log"


def stretch_text(fit: Fit) -> str:
    """The stretch that the parameters come from."""
    log, stretch = fit.log, fit.stretch
    dates = f"{log.date(stretch.begin)} to {log.date(stretch.end - 1.0)}"
    return f"{dates}, the whole log" if stretch.whole else f"{dates}, the last {stretch.weeks} weeks, since the rate drifts"


def followed(fit: Fit) -> str:
    """What closings follow."""
    found = fit.following
    if math.isnan(found.kappa):
        return f"closings, demand or the team: cannot be told ({found.quarters} of {FEWEST_QUARTERS} quarters)"
    of_kappa = f"kappa {found.kappa:.2f} +- {found.error:.2f}, {found.quarters} quarters"
    return {"demand": f"closings follow demand ({of_kappa}): the team is not what limits them",
            "team": f"closings do not follow demand ({of_kappa}): requests wait for the team",
            "untold": f"closings, demand or the team: cannot be told ({of_kappa})"}[found.says]


def unmeasured(fit: Fit) -> list[str]:
    """What a log may tell and this one does not, and what none tells."""
    names = {"today.share": "share of yes", "customer.burstiness": "bunching", "customer.effort_median": "effort",
             "evaluation.latency": "decision latency", "evaluation.estimate_sigma": "error of estimates"}
    known = {setting.key for setting in fit.settings if not setting.calibrated}
    assumed = [f"{said} ({key})" for key, said in names.items() if key not in known]
    return [*assumed, "rework after a review", "the workflow's shares", "day rates"]


def _item(text: str, width: int) -> str:
    return filled(text, width, "  - ", "    ")


