"""What a run reads of a scenario, as JSON: for where there is no pydantic, as in a browser.

A scenario is validated where it is read from its file; what comes out of here needs to be trusted only as far as its sender.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from sim.model.plain import GROUPS, Values

if TYPE_CHECKING:
    from sim.scenario import Scenario


def values_of(scenario: Scenario) -> dict[str, Any]:
    """The values of a scenario that a run reads, what is derived from them included; they survive JSON bit for bit.

    Examples
    --------
    >>> from sim.scenario import Scenario
    >>> scenario_of(values_of(Scenario.load("classroom"))).project.planned_items
    20
    """
    return {
        "name": scenario.name, "title": scenario.title,
        **{group: getattr(scenario, group).model_dump(mode="json") for group in GROUPS},
        "customers": [[name, traits.model_dump(mode="json")] for name, traits in scenario.customers],
        "judges": list(scenario.judges), "bar": scenario.bar,
    }


def scenario_of(values: Mapping[str, Any]) -> Scenario:
    """The scenario that `values_of` told, as plain values: good for every run, and for nothing that asks what a value means."""
    made = _values(values)
    made.team.roles = {name: _values(role) for name, role in values["team"]["roles"].items()}
    return cast("Scenario", made)


def _values(values: Mapping[str, Any]) -> Any:
    made = Values()
    vars(made).update({key: _value(value) for key, value in values.items()})
    return made


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _values(value)
    return tuple(_value(part) for part in value) if isinstance(value, list | tuple) else value
