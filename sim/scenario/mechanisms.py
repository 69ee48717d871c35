"""Mechanisms by name: how each acts, what is left out of it, and how to switch it off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.rows import Row, rows_of
from sim.toml.walk import ANY_NAME

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Rule:
    """A rule of the model: a mechanism, or a value that acts and cannot be switched off.

    Attributes
    ----------
    name
        Of the mechanism; the dotted key of a value that is in none.
    rows
        The values that switch it off together, or that one value.
    """

    name: str
    rows: tuple[Row, ...]

    @property
    def equation(self) -> str:
        """How it acts."""
        return "; ".join(row.equation for row in self.rows if row.equation)

    @property
    def left_out(self) -> str:
        """What the model has not of it."""
        return "; ".join(row.left_out for row in self.rows if row.left_out)

    @property
    def offs(self) -> dict[str, Any]:
        """The values that switch it off, by dotted key; none where it cannot be switched off."""
        return {row.key: row.off for row in self.rows if row.mechanism}

    @property
    def decisive(self) -> tuple[str, ...]:
        """Keys of the values without which the others have no effect."""
        return tuple(row.key for row in self.rows if row.mechanism and row.alone)


def rules_of(rows: Iterable[Row]) -> dict[str, Rule]:
    """The rules by name, in the order of the register."""
    named: dict[str, list[Row]] = {}
    for row in rows:
        if row.mechanism or row.equation or row.left_out:
            named.setdefault(row.mechanism or row.key, []).append(row)
    return {name: Rule(name, tuple(rows)) for name, rows in named.items()}


def mechanisms_of(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """The mechanisms by name, each with the overrides that switch it off, also in customer groups that say a value themselves."""
    return {
        name: {key: off for at, off in rule.offs.items() for key in _everywhere(at, scenario)}
        for name, rule in rules_of(rows_of(type(scenario))).items() if rule.offs}


def _everywhere(key: str, scenario: Scenario) -> Iterator[str]:
    """The key itself, in each role where it is one of theirs, and in each customer group that does not leave it to ``customer``."""
    before, named, after = key.partition(f".{ANY_NAME}.")
    if named:
        yield from (f"{before}.{name}.{after}" for name in scenario.team.roles)
        return
    yield key
    table, _, field = key.rpartition(".")
    if table == "customer":
        yield from (f"groups.{name}.{field}" for name, group in scenario.groups.items() if field in group.model_fields_set)


def off_values(scenario: Scenario) -> dict[str, Any]:
    """Overrides that switch every mechanism of a scenario off, in its customer groups too."""
    return {key: off for switched in mechanisms_of(scenario).values() for key, off in switched.items()}
