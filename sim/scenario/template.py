"""The one writer of scenario files: what is said with its reason, all other values behind a #, so that a file shows all there is.

``intakelab new`` and ``intakelab fit`` write by it; the keys, their order, units, ranges and meanings are read from the schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any, NamedTuple

from sim.scenario.acting import stated
from sim.scenario.project import Project
from sim.scenario.register import rows
from sim.scenario.rows import Row
from sim.scenario.scenario import Scenario
from sim.toml.harmless import printable
from sim.toml.shown import span
from sim.toml.walk import follow, model_in

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
COLUMN, WIDTH = 30, 100


class Said(NamedTuple):
    """Why a file says a value: in comment lines above it, or beside it instead of what it means."""

    above: tuple[str, ...] = ()
    beside: str = ""


def new_scenario_text(name: str = "my-project") -> str:
    """A commented scenario that loads as it stands and says what the defaults say."""
    # 50 items of 8 pd leave four people some of their 480 pd until the deadline for rework and reviews.
    start = Scenario(name=name, title="What this project is, in one line", project=Project(planned_items=50))
    return commented(start, {row.key: Said() for row in rows() if row.evidence == "project"}, OPENING, after={"customer": GROUPS})


def commented(
    scenario: Scenario, said: Mapping[str, Said], opening: str, rest: str = "", after: Mapping[str, str] | None = None
) -> str:
    """A scenario (without customer groups) as a commented TOML file.

    Parameters
    ----------
    scenario
        Its values are written; a file in which everything else is left out must mean the same.
    said
        What the file says, by key of the register; a key of roles or stages holds for all of them. All other values stand behind
        a #.
    opening, rest
        Comments: above everything, and in each table above what stands behind a #.
    after
        Further blocks, by the table that they follow.
    """
    tables: dict[str, dict[str, list[tuple[Row, Any]]]] = {}
    for row in rows():
        places = tables.setdefault(row.key.rpartition(".")[0], {})
        for key, value, _ in stated(scenario, row.key):  # once for each role, once for each stage
            places.setdefault(key.rpartition(".")[0], []).append((row, value))
    blocks = [printable(opening)]
    for table, places in tables.items():
        blocks += ["\n".join(_block(place, table, entries, said, rest)) + "\n" for place, entries in places.items()]
        if after and table in after:
            blocks.append(after[table])
    return "\n".join(blocks)


def _block(place: str, table: str, entries: list[tuple[Row, Any]], said: Mapping[str, Said], rest: str) -> Iterator[str]:
    if table:
        yield f"# {_about(table)}"
        yield "[[team.workflow]]" if table == "team.workflow.0" else f"[{'.'.join(map(_key, place.split('.')))}]"
    for row, value in entries:
        if row.key in said:
            above, beside = said[row.key]
            yield from (f"# {line}" for text in above for line in wrap(printable(text), WIDTH))
            yield f"{_setting(row, value):<{COLUMN}} # {beside or _meaning(row)}"
    left = [(row, value) for row, value in entries if row.key not in said]
    if left and rest:
        yield f"# {rest}"
    for row, value in left:
        yield f"#{_setting(row, value):<{COLUMN - 1}} # {_meaning(row)}"


def _about(table: str) -> str:
    kind, _, _ = follow(Scenario, tuple(int(part) if part.isdecimal() else part for part in table.split(".")))
    model = model_in(kind)
    summary = ((model and model.__doc__) or table).strip().splitlines()[0]
    return f"{summary} ({MORE[table]})" if table in MORE else summary


def _key(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else _toml(part)


def _setting(row: Row, value: Any) -> str:
    return f"{row.key.rpartition('.')[2]} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)  # of a text or a number the same as TOML


def _meaning(row: Row) -> str:
    unit = "" if row.unit in ("1", "0..1", "-", "text") else row.unit
    allowed = ", ".join(part for part in (unit, span(row.low, row.high, row.smallest)) if part)
    return f"{allowed}{': ' if allowed else ''}{row.meaning}"
