"""A design from a table: one row a point, one column a dotted key or its short name."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sim.design.design import Design, Given, Names
from sim.design.factor import shown_values
from sim.design.point import DesignPoint, check_count
from sim.design.policy_settings import POLICY
from sim.errors import IntakeLabError, ScenarioError, StudyError
from sim.scenario.assumption import Name
from sim.scenario.overrides import parse_overrides
from sim.scenario.register import rows
from sim.toml.shown import escaped, nearest

if TYPE_CHECKING:
    from sim.scenario import Scenario

OWN_COLUMNS = ("scenario", "label", "policies")


class Table(Design):
    """`table = "points.csv"`: one row a point, columns are dotted keys, `scenario`, `label`, `policies`."""

    example = MappingProxyType({"table": "points.csv"})
    kind: Literal["table"]
    table: Name | None = Field(default=None, description="a CSV file beside the experiment")

    @property
    def lacks(self) -> str:
        return "" if self.table else 'table = "FILE.csv"'

    def files(self) -> Names:
        return (self.table,) if self.table else ()

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return table(self.table or "", given.texts[self.table or ""], given.scenarios)


def table(name: str, text: str, scenarios: Mapping[str, Scenario]) -> tuple[DesignPoint, ...]:
    """Design points from the text of a CSV file with a header.

    Parameters
    ----------
    name
        What messages call the file.
    text
        Columns are dotted keys (``customer.request_rate``), short names where there is only one such key
        (``request_rate``), or settings of a policy (``policy.change-board.days``). Beside them may stand ``scenario``
        (otherwise each row is a point in every scenario), ``label`` and ``policies`` (names separated by ``;``). An empty cell
        leaves the value as it is.
    scenarios
        The experiment's scenarios by name; every row is tried on them.

    Raises
    ------
    StudyError
        With file, row (the header is row 1), column and what is needed. A header that is not made of keys is not repeated:
        somebody may have named a file that is none of ours.

    Examples
    --------
    >>> from sim.scenario import Scenario
    >>> [point.label for point in table("points.csv", "label,drift\\ncalm,0.0\\n,0.01\\n", {"mine": Scenario(name="mine")})]
    ['calm', 'drift=0.01']
    """
    lines = _lines(name, text)
    keys = [_key(column, f"{name}, row 1, column", at) for at, column in enumerate(lines[0], start=1)]
    twice = next((key for at, key in enumerate(keys) if key in keys[:at]), None)
    if twice:
        raise StudyError(f"{name}, row 1: two columns say {twice}")
    check_count(len(lines) - 1, ("",) if "scenario" in keys else scenarios)
    points: list[DesignPoint] = []
    for number, cells in enumerate(lines[1:], start=2):
        where = f"{name}, row {number}"
        if not any(cells):
            continue
        if len(cells) != len(keys):
            raise StudyError(f"{where}: {len(cells)} cells, but the header has {len(keys)} columns")
        points.extend(_points(dict(zip(keys, cells, strict=True)), lines[0], keys, scenarios, where, len(points)))
    if not points:
        raise StudyError(f"{name}: no row under the header")
    return tuple(points)


def _lines(name: str, text: str) -> list[list[str]]:
    try:
        lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        raise StudyError(f"{name}: cannot be read as CSV in UTF-8: {error}") from error
    if not lines or not any(lines[0]):
        raise StudyError(f"{name}: row 1 must name the columns, for example customer.request_rate")
    return lines


def _points(
    row: dict[str, str], names: list[str], keys: list[str], scenarios: Mapping[str, Scenario], where: str, start: int
) -> list[DesignPoint]:
    chosen = row.get("scenario", "")
    if chosen and chosen not in scenarios:
        raise StudyError(f"{where}, column scenario: {escaped(chosen)} is not one of {', '.join(scenarios)}")
    said = {key: cell for key, cell in row.items() if key not in OWN_COLUMNS and cell}
    values = parse_overrides(f"{key}={cell}" for key, cell in said.items())
    inside = {key: value for key, value in values.items() if not key.startswith(POLICY)}
    policies = tuple(name for name in map(str.strip, row.get("policies", "").split(";")) if name) or None
    label = row.get("label", "") or shown_values(values.items()) or "base"
    points: list[DesignPoint] = []
    for name in [chosen] if chosen else scenarios:
        try:
            scenarios[name].with_values(inside)
        except ScenarioError as error:
            column = _column(scenarios[name], inside, error)
            place = f", column {names[keys.index(column)]}" if column else ""
            raise StudyError(f"{where}{place}: {str(error).removeprefix('--set ')}") from error
        points.append(DesignPoint(start + len(points), name, tuple(values.items()), policies, label))
    return points


def _column(scenario: Scenario, values: dict[str, Any], error: IntakeLabError) -> str | None:
    """The column that is to blame: the first that is refused alone, or else the first that the message names."""
    for key, value in values.items():
        try:
            scenario.with_values({key: value})
        except ScenarioError as alone:
            if str(alone) == str(error) or key in str(error):
                return key
    return next((key for key in values if key in str(error)), None)


def _key(name: str, where: str, at: int) -> str:
    """The dotted key that a column's name stands for."""
    if not name:
        raise StudyError(f"{where} {at}: has no name")
    keys = [row.key for row in rows() if not {"NAME", "0"} & set(row.key.split("."))]
    tables = {row.key.partition(".")[0] for row in rows()} | {POLICY.rstrip(".")}
    if name in OWN_COLUMNS or ("." in name and name.partition(".")[0] in tables):
        return name
    fitting = [key for key in keys if key.rpartition(".")[2] == name]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise StudyError(f"{where} {name}: could be {' or '.join(fitting)}; write the whole key")
    near = nearest(name, [*keys, *(key.rpartition(".")[2] for key in keys)])
    if near:
        raise StudyError(f"{where} {escaped(name)}: is not known; did you mean {near}?")
    raise StudyError(f"{where} {at}: is not called like a key, for example customer.request_rate")
