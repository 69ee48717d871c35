"""The register of assumptions to read in a terminal, with the values of a scenario where one is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.report.phrases import filled
from sim.scenario.acting import acting, stated
from sim.scenario.register import rows
from sim.scenario.rows import Row
from sim.toml.shown import shown, span

if TYPE_CHECKING:
    from sim.scenario import Scenario


def assumptions_text(width: int, scenario: Scenario | None = None) -> str:
    """Each assumption with value, unit, range, evidence, meaning and source."""
    blocks = []
    for row in rows():
        said = list(values(scenario, row.key)) if scenario is not None else [(row.key, row.default)]
        blocks += ["\n".join(_block(row, key, value, width, scenario is not None)) for key, value in said]
    return "\n".join(blocks)


def assumptions_json(scenario: Scenario | None = None) -> list[dict[str, Any]]:
    """The same as plain data; `value` only where a scenario is given."""
    if scenario is None:
        return [dict(vars(row)) for row in rows()]
    return [{**vars(row), "key": key, "value": value} for row in rows() for key, value in values(scenario, row.key)]


def values(scenario: Scenario, key: str) -> Iterator[tuple[str, Any]]:
    """The values that a scenario has for a key of the register, one for each role or stage, and those of customer groups too."""
    places = {place.key: place.value for place in (*stated(scenario, key), *acting(scenario, key))}
    yield from places.items()


def _block(row: Row, key: str, value: Any, width: int, of_scenario: bool) -> Iterator[str]:
    unit = "" if row.unit in ("1", "-", "text", "0..1", "policy") else f" {row.unit}"
    allowed = [limits] if (limits := span(row.low, row.high, row.smallest)) else []
    if of_scenario and row.default is not None and value != row.default:
        allowed.append(f"default {shown(row.default)}")
    if row.off is not None:
        allowed.append(f"off {shown(row.off)}")
    told = "required" if value is None else shown(value)
    yield f"{key} = {told}{unit}" + (f"  ({', '.join(allowed)})" if allowed else "")
    for text in (row.meaning, f"[{row.evidence}] {row.source}"):
        yield filled(text, width, "    ")
