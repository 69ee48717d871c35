"""What acts in a scenario: its values, each at its own place, and its mechanisms, on or off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.scenario.register import rules

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Place(NamedTuple):
    """A value at its place.

    Attributes
    ----------
    key, value
        Its own dotted key, and the value.
    said
        The key that gives the value: that of ``customer`` where a group leaves it to the customers in general.
    """

    key: str
    value: Any
    said: str


class State(NamedTuple):
    """Whether a mechanism is on in a scenario, and the keys of its values that are off."""

    state: Literal["on", "off", "in part"]
    off: tuple[str, ...]


def stated(scenario: Scenario, key: str) -> Iterator[Place]:
    """The values that a key of the register stands for in a scenario: one for each role or stage that there is."""
    for place, value in _below(key.split("."), scenario, ()):
        yield Place(place, value, place)


def acting(scenario: Scenario, key: str) -> Iterator[Place]:
    """The same where it acts: a value of ``customer`` in each customer group, if there are groups."""
    table, _, field = key.rpartition(".")
    if table != "customer" or not scenario.groups:
        yield from stated(scenario, key)
        return
    for name, group in scenario.customers:
        place = f"groups.{name}.{field}"
        yield Place(place, getattr(group, field), place if field in scenario.groups[name].model_fields_set else key)


def _below(parts: Sequence[str], value: Any, before: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if not parts:
        yield ".".join(before), value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from _below(parts[1:], entry, (*before, name))
    elif isinstance(value, tuple):
        for at, entry in enumerate(value):
            yield from _below(parts[1:], entry, (*before, str(at)))
    else:
        yield from _below(parts[1:], getattr(value, parts[0]), (*before, parts[0]))


def switches(scenario: Scenario) -> dict[str, State]:
    """Each mechanism by name: off where nothing of it can act, on where no value of it is off, otherwise in part."""
    found: dict[str, State] = {}
    for name, rule in rules().items():
        if not rule.offs:
            continue
        places = {key: list(acting(scenario, key)) for key in rule.offs}
        off = tuple(place.key for key in places for place in places[key] if _is(place.value, rule.offs[key]))
        cannot_act = all(place.key in off for key in rule.decisive for place in places[key])
        found[name] = State("off" if cannot_act else "in part" if off else "on", off)
    return found


def _is(value: Any, off: Any) -> bool:
    return bool((list(value) if isinstance(value, tuple) else value) == off)
