"""The register of assumptions: every value of a scenario with unit, range, off value, evidence and source.

Everything here is read from the schema in ``sim.scenario``; nothing is typed twice.
``python -m sim.assumptions.register > docs/assumptions.md`` writes the page for readers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.assumptions.schema import leaves
from sim.files.messages import extra, limit
from sim.files.words import number, shown
from sim.scenario import Customer, Scenario

COMMAND = "python -m sim.assumptions.register > docs/assumptions.md"
EVIDENCE = {
    "measured": "fitted on data that can be analysed again",
    "published": "published, without data that we could analyse",
    "contested": "the literature disagrees",
    "assumed": "our assumption; sweep it before you rely on it",
    "project": "a fact of your project; the default is only a place to start from",
}


@dataclass(frozen=True)
class Row:
    """One assumption. ``NAME`` in a key stands for a name of your choice, ``0`` for any entry of a list.

    Attributes
    ----------
    key, unit, meaning
        The dotted key as for ``--set``; the unit ("1" for a pure number); what the value means.
    default, low, high
        The value when a scenario says nothing (None where it must say something), and the allowed closed range.
    off, mechanism
        The value that switches a mechanism off, and the name of the mechanism; None and "" where there is none.
    evidence, source
        How far the default can be trusted, and where it comes from.
    """

    key: str
    unit: str
    default: Any
    low: float | None
    high: float | None
    off: Any
    mechanism: str
    evidence: str
    source: str
    meaning: str


def rows(model: type[BaseModel] = Scenario) -> list[Row]:
    """All assumptions of a model, in the order of its schema.

    Examples
    --------
    >>> [row] = [row for row in rows() if row.key == "customer.request_rate"]
    >>> row.unit, row.default, row.low, row.high, row.off
    ('requests/day', 0.8, 0, 50, None)
    """
    return [_row(key, field) for key, field in leaves(model)]


def _row(key: str, field: FieldInfo) -> Row:
    said = extra(field)
    own_name = key.rsplit(".", 1)[-1].replace("_", "-")
    return Row(
        key=key,
        unit=said.get("unit", ""),
        default=None if field.is_required() else field.get_default(),
        low=limit(field, "ge"),
        high=limit(field, "le"),
        off=said.get("off"),
        mechanism=said.get("mechanism", own_name) if "off" in said else "",
        evidence=said.get("evidence", ""),
        source=said.get("source", ""),
        meaning=field.description or "",
    )


def mechanisms(scenario: Scenario | None = None) -> dict[str, dict[str, Any]]:
    """The mechanisms by name, each with the overrides that switch it off.

    Parameters
    ----------
    scenario
        Where given, customer groups that say a value themselves are switched off too.

    Examples
    --------
    >>> mechanisms()["overtime"]
    {'team.overtime_cap': 0.0, 'team.overtime_premium': 0.0}
    """
    named: dict[str, dict[str, Any]] = {}
    for row in rows():
        if row.mechanism:
            named.setdefault(row.mechanism, {}).update(dict.fromkeys(_everywhere(row.key, scenario), row.off))
    return named


def _everywhere(key: str, scenario: Scenario | None) -> Iterator[str]:
    """The key itself, and the same key in each customer group that does not leave it to ``customer``."""
    yield key
    table, _, field = key.rpartition(".")
    if table == "customer" and scenario is not None:
        for name, group in scenario.groups.items():
            if field in group.model_fields_set & set(Customer.model_fields):
                yield f"groups.{name}.{field}"


def off_values(scenario: Scenario) -> dict[str, Any]:
    """Overrides that switch every mechanism of a scenario off, in its customer groups too."""
    return {key: off for switched in mechanisms(scenario).values() for key, off in switched.items()}


def markdown() -> str:
    """The register as a page: ``docs/assumptions.md``."""
    register = rows()
    page = [
        f"<!-- Generated from sim/scenario.py; do not edit. To write it again: {COMMAND} -->",
        "",
        "# The register of assumptions",
        "",
        "Every value that a scenario can set, as `intakelab assumptions` lists it. A *day* is a working day of 8 hours (5 a",
        "week, 21 a month, 65 a quarter), a *pd* a person-day, money is in k€ (thousands of any currency), unit *1* is a pure",
        "number. The *off* value switches the mechanism off. `NAME` stands for a name of your choice, `0` for any entry of a",
        "list. Each table `[groups.NAME]` can say all that `[customer]` says, and takes the rest from there.",
        "",
        "How well the defaults are known:",
        "",
        *(f"- **{kind}** ({sum(row.evidence == kind for row in register)}): {what}" for kind, what in EVIDENCE.items()),
        "",
        EDITOR_HELP,
    ]
    for table in dict.fromkeys(_table(row.key) for row in register):
        page += ["", f"## {f'[{table}]' if table else 'At the top of the file'}", "", *HEADER]
        page += [_line(row) for row in register if _table(row.key) == table]
    page += ["", "## Mechanisms", "", "What belongs together is switched off together.", "", "| mechanism | off |", "|---|---|"]
    for name, switched in mechanisms().items():
        page.append(f"| {name} | {', '.join(f'`{key} = {shown(off)}`' for key, off in switched.items())} |")
    return "\n".join(page) + "\n"


HEADER = ("| key | default | unit | range | off | meaning | evidence | source |", "|---|---|---|---|---|---|---|---|")
EDITOR_HELP = """\
## Help while typing

    intakelab schema > intakelab.schema.json

writes the JSON Schema of a scenario. With this as the first line of a scenario beside it

    #:schema ./intakelab.schema.json

editors that use Taplo (VS Code with *Even Better TOML*, Neovim, Helix, Zed) complete keys, show meaning, unit, range and
source of each, and underline what is not allowed. PyCharm: *Settings, JSON Schema Mappings*, add the file for your TOML.
`intakelab check my.toml` says the same and more, for it also knows the rules between values."""


def _table(key: str) -> str:
    return key.rpartition(".")[0]


def _line(row: Row) -> str:
    cells = [
        f"`{row.key.rsplit('.', 1)[-1]}`",
        "required" if row.default is None else shown(row.default),
        row.unit,
        "" if row.low is None or row.high is None else f"{number(row.low)} to {number(row.high)}",
        "" if row.off is None else shown(row.off),
        row.meaning,
        row.evidence,
        row.source,
    ]
    return "| " + " | ".join(_safe(cell) for cell in cells) + " |"


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|").replace("*", "\\*")  # a formula is not emphasis


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors that complete TOML. See `sim.assumptions.editor`."""
    from sim.assumptions.editor import editor_schema

    return editor_schema(Scenario)


if __name__ == "__main__":
    sys.stdout.buffer.write(markdown().encode())
