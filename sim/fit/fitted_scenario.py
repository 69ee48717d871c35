"""The scenario that a fit gives, as a value and as a commented TOML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.fit.fit import Fit, Setting
from sim.scenario import Project, Role, Scenario, Stage, Team
from sim.scenario.register import rows
from sim.scenario.rows import Row
from sim.toml.names import as_name
from sim.toml.shown import escaped, number, shown
from sim.toml.walk import ANY_NAME
from sim.version import __version__

WARM_UP = 65.0
MEASURED_DAYS = 260.0
GIVEN: dict[str, tuple[float, str]] = {
    "project.planned_items": (0, "a stream of requests; a tracker does not tell what was promised"),
    "project.deadline": (0.0, "none; with planned scope, set it"),
    "project.horizon": (WARM_UP + MEASURED_DAYS, "a quarter of warm-up and a year"),
    "project.warm_up": (WARM_UP, "the team starts with nothing to do; its first quarter is not measured"),
    "team.complexity": (0.0, "off for a stream: over years a team pays back what it borrows"),
}  # fmt: skip
WIDTH = 100


def scenario_of(fit: Fit, name: str = "fitted") -> Scenario:
    """The scenario: what was measured, the team as given, the rest by default.

    Parameters
    ----------
    fit
        The fit.
    name
        The scenario's name.
    """
    base = Scenario(
        name=as_name(name, "fitted"), title=_title(fit), team=Team(roles={role: Role(headcount=n) for role, n in fit.team.items()},
                                                            workflow=_workflow(fit), complexity=0.0),
        project=Project(planned_items=0, deadline=0.0, horizon=WARM_UP + MEASURED_DAYS, warm_up=WARM_UP))  # fmt: skip
    return base.with_values({setting.key: written(setting.value) for setting in fit.settings})


def written(value: float) -> float:
    """A value as it is written: four digits are more than any fit knows."""
    return float(f"{value:.4g}")


def scenario_text(fit: Fit, name: str) -> str:
    """The same as a commented TOML file; nothing of the log's rows is in it.

    Parameters
    ----------
    fit
        The fit.
    name
        The scenario's name.
    """
    scenario, measured = scenario_of(fit, name), {setting.key: setting for setting in fit.settings}
    tables: dict[str, list[Row]] = {}
    for row in rows():
        tables.setdefault(row.key.rpartition(".")[0], []).append(row)
    blocks = ["\n".join(_opening(fit))]
    for table, entries in tables.items():
        if table in ("team.roles.NAME", "team.workflow.0"):
            continue
        blocks.append("\n".join(_block(table, entries, scenario, measured)))
        if table == "team":
            blocks.append("\n".join(_team(scenario)))
    return "\n\n".join(blocks) + "\n"


def _title(fit: Fit) -> str:
    frame = fit.log.frame
    return f"Fitted to {len(frame)} requests, {fit.log.date(frame['created'].min())} to {fit.log.date(frame['created'].max())}"


def _workflow(fit: Fit) -> tuple[Stage, ...]:
    """One stage a role, in the order given; effort in proportion to people, the last share taking up the rounding."""
    shares = [round(n / fit.people, 4) for n in fit.team.values()]
    shares[-1] = round(1.0 - sum(shares[:-1]), 4)
    return tuple(Stage(name=role, role=role, share=share) for role, share in zip(fit.team, shares, strict=True))


def _opening(fit: Fit) -> Iterator[str]:
    log = fit.log
    yield "# Fitted by intakelab fit " + __version__
    yield f"# Input: {escaped(Path(log.source.name).name, 100)}, SHA-256 {log.source.sha256}"
    yield (f"# {len(log.frame)} of {log.rows} rows used, {log.date(log.frame['created'].min())} to {log.date(log.end)}; "
           f"{fit.draws} bootstrap draws, seed {fit.seed}; intervals are 95%.")  # fmt: skip
    yield "#"
    yield ("# \"measured\" stands above what the log tells, \"given\" above what was said on the command line or follows from "
           "there being a stream.")
    yield ("# All else is \"assumed, not measured\": merit, ambiguity, trust and the like are in no tracker. Those lines have a # "
           "and their default.")
    yield ("# A day is a working day of 8 hours, 5 a week: calendar days of the log times 5/7, nights, weekends and holidays "
           "spread evenly.")
    yield (f"# Effort: {fit.hours_per_day:g} hours of the log are a person-day (pd). Lead time is an output of the simulation, "
           "never an input.")
    yield from (line for doubt in fit.doubts for line in _wrapped("Beware: " + doubt))


def _block(table: str, entries: list[Row], scenario: Scenario, measured: dict[str, Setting]) -> Iterator[str]:
    if table:
        yield f"[{table}]"
    for row in entries:
        if row.key in measured:
            yield from _measured(measured[row.key], row)
    for row in entries:
        if row.key in GIVEN:
            value, why = GIVEN[row.key]
            yield f"{_line(row, value):<30} # given: {why}"
        elif row.key in ("name", "title"):
            yield _line(row, value_at(row.key, scenario))
    rest = [row for row in entries if row.key not in measured and row.key not in GIVEN and row.key not in ("name", "title")]
    if rest:
        yield "# assumed, not measured:"
    for row in rest:
        unit = "" if row.unit in ("1", "0..1", "-", "text") else f"{row.unit}: "
        yield f"#{_line(row, value_at(row.key, scenario)):<29} # {unit}{row.meaning}"


def _measured(setting: Setting, row: Row) -> Iterator[str]:
    found = setting.fitted
    unit = "" if found.unit == "1" else found.unit + " "
    yield from _wrapped(f"measured: {found.value:.4g} {unit}({found.low:.4g} to {found.high:.4g}), n = {found.n} {found.of}, "
                        f"from {found.columns}" + (f"; {found.test}" if found.test else ""))  # fmt: skip
    if setting.said:
        yield from _wrapped(setting.said)
    yield f"{_line(row, written(setting.value)):<30} # {row.meaning}"


def _team(scenario: Scenario) -> Iterator[str]:
    yield "# given with --team; day rates (k€/pd) are assumed, not measured"
    for name, role in scenario.team.roles.items():
        yield f"[team.roles.{shown(name)}]"
        yield f"headcount = {role.headcount}"
        yield f"#day_rate = {role.day_rate}"
    yield "# assumed, not measured: one stage a role in the order given, effort in proportion to people"
    for stage in scenario.team.workflow:
        yield "[[team.workflow]]"
        yield f"name = {shown(stage.name)}\nrole = {shown(stage.role)}\nshare = {number(stage.share)}"


def _line(row: Row, value: Any) -> str:
    return f"{row.key.rsplit('.', 1)[-1]} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, str):  # names and titles are made here and have no quotes in them
        return f'"{value}"'
    return shown(value)


def value_at(key: str, scenario: Scenario) -> Any:
    """The value of a dotted key."""
    value: Any = scenario
    for part in key.split("."):
        assert part != ANY_NAME
        assert isinstance(value, BaseModel)
        value = getattr(value, part)
    return value


def _wrapped(text: str) -> Iterator[str]:
    from textwrap import wrap

    yield from (f"# {line}" for line in wrap(text, WIDTH))
