"""A scenario to start from, written from the schema so that the two cannot go out of step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.scenario import Project, Scenario
from sim.scenario.register import rows
from sim.scenario.rows import Row
from sim.toml.shown import number, shown
from sim.toml.walk import ANY_NAME, follow, model_in

OPENING = """\
# A scenario for IntakeLab: one project, its team and its customers.
#
# Lines without a # are the facts of your project. Put in your own numbers; that takes five minutes.
# Lines such as "#appetite = 0.3" are assumptions about how such projects go, with their defaults. Leave them, or take the #
# away and change the value. `intakelab assumptions` tells where each default comes from and how far it can be trusted.
#
# A day is a working day of 8 hours (5 a week, 21 a month, 65 a quarter); a pd is a person-day; money is in thousands (k€).
#
#     intakelab check FILE       tells what is wrong with this file
#     intakelab compare FILE     compares the policies on this project
"""
GROUPS = """\
# Several groups of customers? Each has a table of its own and takes from [customer] whatever it does not say itself:
#
#[groups.sales]
#request_rate = 0.5
#
#[groups.support]
#request_rate = 0.3
#effort_median = 0.5
"""
MORE = {
    "team.roles.NAME": "one such table for each role; its name is the last word",
    "team.workflow.0": "one such table for each stage that a work item goes through, in order; the shares add up to 1",
}
WIDTH = 30


def new_scenario_text(name: str = "my-project") -> str:
    """A commented scenario that loads as it stands and says what the defaults say.

    Parameters
    ----------
    name
        The name of the project.
    """
    # 50 items of 8 pd leave four people some of their 480 pd until the deadline for rework and reviews.
    start = Scenario(name=name, title="What this project is, in one line", project=Project(planned_items=50))
    tables: dict[str, list[Row]] = {}
    for row in rows():
        tables.setdefault(row.key.rpartition(".")[0], []).append(row)
    blocks = [OPENING]
    for table, entries in tables.items():
        blocks.append("\n".join(_block(table, entries, start)) + "\n")
        if table == "customer":
            blocks.append(GROUPS)
    return "\n".join(blocks)


def _block(table: str, entries: list[Row], start: Scenario) -> Iterator[str]:
    facts = [row for row in entries if row.evidence == "project"]
    assumptions = [row for row in entries if row.evidence != "project"]
    if table:
        yield f"# {_about(table)}"
        yield _header(table)
    yield from (_entry(row, start) for row in facts)
    yield from ("#" + _entry(row, start) for row in assumptions)


def _about(table: str) -> str:
    kind, _, _ = follow(Scenario, tuple(int(part) if part.isdecimal() else part for part in table.split(".")))
    model = model_in(kind)
    summary = ((model and model.__doc__) or table).strip().splitlines()[0]
    return f"{summary} ({MORE[table]})" if table in MORE else summary


def _header(table: str) -> str:
    return "[[team.workflow]]" if table == "team.workflow.0" else f"[{table.replace(ANY_NAME, 'developer')}]"


def _entry(row: Row, start: Scenario) -> str:
    setting = f"{row.key.rsplit('.', 1)[-1]} = {shown(_value(row.key, start))}"
    limits = "" if row.low is None or row.high is None else f"{number(row.low)} to {number(row.high)}"
    unit = "" if row.unit in ("1", "0..1", "-", "text") else row.unit
    allowed = ", ".join(part for part in (unit, limits) if part)
    return f"{setting:<{WIDTH}} # {allowed}{': ' if allowed else ''}{row.meaning}"


def _value(key: str, start: Scenario) -> Any:
    value: Any = start
    for part in key.replace(ANY_NAME, "developer").split("."):
        if isinstance(value, BaseModel):
            value = getattr(value, part)
        else:
            value = value[int(part)] if isinstance(value, tuple) else value[part]
    return value
