"""Mechanisms by name, and how to switch them off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.scenario.rows import rows_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def mechanisms_of(model: type[BaseModel], scenario: Scenario | None = None) -> dict[str, dict[str, Any]]:
    """The mechanisms by name, each with the overrides that switch it off.

    Parameters
    ----------
    model
        The schema of scenarios.
    scenario
        Where given, customer groups that say a value themselves are switched off too.

    """
    named: dict[str, dict[str, Any]] = {}
    for row in rows_of(model):
        if row.mechanism:
            named.setdefault(row.mechanism, {}).update(dict.fromkeys(_everywhere(row.key, scenario), row.off))
    return named


def _everywhere(key: str, scenario: Scenario | None) -> Iterator[str]:
    """The key itself, and the same key in each customer group that does not leave it to ``customer``."""
    yield key
    table, _, field = key.rpartition(".")
    if table == "customer" and scenario is not None:
        for name, group in scenario.groups.items():
            if field in group.model_fields_set & set(type(scenario.customer).model_fields):
                yield f"groups.{name}.{field}"


def off_values(scenario: Scenario) -> dict[str, Any]:
    """Overrides that switch every mechanism of a scenario off, in its customer groups too."""
    return {key: off for switched in mechanisms_of(type(scenario), scenario).values() for key, off in switched.items()}
