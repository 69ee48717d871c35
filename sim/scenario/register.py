"""The register of assumptions: every value of a scenario with unit, range, off value, evidence and source.

Everything here is read from the schema in ``sim.scenario``; nothing is typed twice.
``python -m sim.scenario.register > docs/assumptions.md`` writes the page for readers.
"""

from __future__ import annotations

import sys
from typing import Any

from sim.scenario.mechanisms import Rule, mechanisms_of, rules_of
from sim.scenario.rows import Row, rows_of
from sim.scenario.scenario import Scenario
from sim.toml.shown import shown, span

COMMAND = "python -m sim.scenario.register > docs/assumptions.md"
EVIDENCE = {
    "measured": "fitted on data that can be analysed again",
    "published": "published, without data that we could analyse",
    "contested": "the literature disagrees",
    "assumed": "our assumption; sweep it before you rely on it",
    "project": "a fact of your project; the default is only a place to start from",
}


def rows() -> list[Row]:
    """All assumptions of a scenario, in the order of its schema.

    Examples
    --------
    >>> [row] = [row for row in rows() if row.key == "customer.request_rate"]
    >>> row.unit, row.default, row.low, row.high, row.off
    ('requests/day', 0.8, 0, 50, None)
    """
    return rows_of(Scenario)


def mechanisms(scenario: Scenario | None = None) -> dict[str, dict[str, Any]]:
    """The mechanisms by name, each with the overrides that switch it off (in a scenario: also in its customer groups).

    Examples
    --------
    >>> mechanisms()["overtime"]
    {'team.overtime_cap': 0.0, 'team.overtime_premium': 0.0}
    """
    return mechanisms_of(scenario or Scenario())


def rules() -> dict[str, Rule]:
    """Every mechanism, and every value that acts and cannot be switched off, by name.

    Examples
    --------
    >>> rules()["ripple"].equation
    'effort of a change × (1 + (`ripple` − 1) × finished share of the planned scope)'
    """
    return rules_of(rows())


def markdown() -> str:
    """The register as a page: ``docs/assumptions.md``."""
    register = rows()
    page = [
        f"<!-- Generated from sim/scenario/; do not edit. To write it again: {COMMAND} -->",
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
        span(row.low, row.high, row.smallest),
        "" if row.off is None else shown(row.off),
        row.meaning,
        row.evidence,
        row.source,
    ]
    return "| " + " | ".join(_safe(cell) for cell in cells) + " |"


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|").replace("*", "\\*")  # a formula is not emphasis


if __name__ == "__main__":
    sys.stdout.buffer.write(markdown().encode())
