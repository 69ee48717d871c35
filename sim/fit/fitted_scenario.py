"""The scenario that a fit gives, as a value and as a commented TOML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from sim.fit.bare import FREED, GIVEN, bare, freed
from sim.fit.fit import Fit, Setting
from sim.fit.load import Load, loads
from sim.scenario import Scenario
from sim.scenario.template import WIDTH, Said, commented
from sim.toml.names import as_name
from sim.toml.shown import escaped
from sim.version import __version__

NAMED = {"name": Said(), "title": Said()}
TEAM = {
    "team.roles.NAME.headcount": Said(beside="given: with --team"),
    "team.workflow.0.name": Said(), "team.workflow.0.role": Said(),
    "team.workflow.0.share": Said(beside="assumed, not measured: one stage a role in the order given, effort by people"),
}


def scenario_of(fit: Fit, name: str = "fitted") -> Scenario:
    """The scenario: what was measured, the team as given, the rest by default."""
    measured = {setting.key: written(setting.value) for setting in fit.settings}
    told = bare(fit.team).with_values({"name": as_name(name, "fitted"), "title": _title(fit), **measured})
    return told.with_values(freed(told, fit.yes))


def loads_of(fit: Fit) -> tuple[Load, ...]:
    """What the fitted scenario asks of each role, and of the customer's hours, under what is done today."""
    return loads(scenario_of(fit), fit.yes)


def written(value: float) -> float:
    """A value as it is written: four digits are more than any fit knows."""
    return float(f"{value:.4g}")


def scenario_text(fit: Fit, name: str, kept: str = "") -> str:
    """The same as a commented TOML file; nothing of the log's rows is in it. `kept` is the line that names the log beside it."""
    given = {key: Said(beside=f"given: {why}") for key, (_, why) in GIVEN.items()}
    measured = {setting.key: Said(above=_measured(setting)) for setting in fit.settings}
    free = {key: Said(beside=f"not measured, so set not to bind: {how}") for key, how in FREED.items()}
    opening = "\n".join(_opening(fit, kept)) + "\n"
    return commented(scenario_of(fit, name), {**NAMED, **TEAM, **given, **measured, **free}, opening, "assumed, not measured:")


def _title(fit: Fit) -> str:
    frame = fit.log.frame
    return f"Fitted to {len(frame)} requests, {fit.log.date(frame['created'].min())} to {fit.log.date(frame['created'].max())}"


def _opening(fit: Fit, kept: str) -> Iterator[str]:
    log = fit.log
    yield "# Fitted by intakelab fit " + __version__
    yield f"# Input: {escaped(Path(log.source.name).name, 100)}, SHA-256 {log.source.sha256}"
    yield (f"# {len(log.frame)} of {log.rows} rows used, {log.date(log.frame['created'].min())} to {log.date(log.end)}; "
           f"{fit.draws} bootstrap draws, seed {fit.seed}; intervals are 95%.")
    if kept:
        yield kept
    yield "#"
    yield ("# \"measured\" stands above what the log tells, \"given\" above what was said on the command line or follows from "
           "there being a stream.")
    yield ("# All else is \"assumed, not measured\": merit, ambiguity, trust and the like are in no tracker. Those lines have a # "
           "and their default.")
    yield ("# A day is a working day of 8 hours, 5 a week: calendar days of the log times 5/7, nights, weekends and holidays "
           "spread evenly.")
    yield ("# Load under what is done today (above 1 a backlog grows without end): "
           + ", ".join(f"{load.who} {load.load:.2f}" for load in loads_of(fit)))
    yield (f"# Effort: {fit.hours_per_day:g} hours of the log are a person-day (pd). Lead time is an output of the simulation, "
           "never an input.")
    yield from (f"# {line}" for doubt in fit.doubts for line in wrap("Beware: " + doubt, WIDTH))


def _measured(setting: Setting) -> tuple[str, ...]:
    found = setting.fitted
    unit = "" if found.unit == "1" else found.unit + " "
    test = f"; {found.test}" if found.test else ""
    if setting.calibrated:
        return (f"{setting.said} (from {found.value:.4g} {found.unit}, {found.low:.4g} to {found.high:.4g}, n = {found.n} "
                f"{found.of}, from {found.columns})",)
    told = (f"measured: {found.value:.4g} {unit}({found.low:.4g} to {found.high:.4g}), n = {found.n} {found.of}, "
            f"from {found.columns}{test}")
    return (told, setting.said) if setting.said else (told,)
