"""Dotted overrides: ``--set customer.request_rate=0.8``, and the same from Python."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.errors import ScenarioError
from sim.toml.messages import unknown
from sim.toml.shown import dotted, escaped, listing, nearest
from sim.toml.toml_file import validated
from sim.toml.walk import Loc, follow

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def parse_overrides(texts: Iterable[str]) -> dict[str, Any]:
    """Overrides as typed on a command line; of two with the same key the last one counts.

    Values are TOML; what is not TOML is text, so that a word needs no quotes that a shell would eat.

    Raises
    ------
    ScenarioError
        Where there is no key, no equals sign or no value.

    Examples
    --------
    >>> parse_overrides(["customer.request_rate=0.8", "adoption.before=gatekeeper", "customer.profile=[[20, 2]]"])
    {'customer.request_rate': 0.8, 'adoption.before': 'gatekeeper', 'customer.profile': [[20, 2]]}
    """
    parsed: dict[str, Any] = {}
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (key and equals and value):
            raise ScenarioError(f"--set {escaped(text)}: KEY=VALUE is needed, for example --set customer.request_rate=0.8")
        parsed.pop(key, None)
        parsed[key] = _value(value)
    return parsed


def _value(text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return parsed["value"] if len(parsed) == 1 else text  # more than one: the text goes on behind a newline


def override(scenario: Scenario, overrides: Mapping[str, Any]) -> Scenario:
    """A copy of a scenario with dotted keys replaced, validated again.

    ``customer.x`` reaches every customer group that does not say ``x`` itself. Lists are indexed from 0
    (``team.workflow.0.share``). A new role or group is given as a whole (``team.roles.tester={headcount = 2}``).

    Raises
    ------
    ScenarioError
        As for a file, with ``--set KEY`` in place of the line; and where an override of ``customer`` would reach nobody.
    """
    paths = {key: _path(key) for key in overrides}
    for path in paths.values():
        _refuse_a_part_of_a_key(scenario, path)
    data = scenario.model_dump(exclude_unset=True)
    for key, value in overrides.items():
        _put(data, scenario, paths[key], _plain(value))
    changed = validated(data, type(scenario), SetPlaces(tuple(paths.values())), ScenarioError)
    _refuse_without_effect(changed, tuple(paths.values()))
    return changed


def _refuse_a_part_of_a_key(scenario: Scenario, path: Loc) -> None:
    """``team.developer`` is no key, but some keys have these words in them, in this order: they are what is meant."""
    if follow(type(scenario), path)[2] == len(path):
        return
    words = [str(part) for part in path]
    meant = [dotted(loc) for loc in _leaves_of(scenario) if _in_order(words, [str(part) for part in loc])]
    if meant:
        raise ScenarioError(f"--set {dotted(path)} is not known; did you mean {' or '.join(meant[:3])}?")


def _leaves_of(value: Any, loc: Loc = ()) -> Iterator[Loc]:
    """The places of all single values of a scenario, in its roles, stages and groups too."""
    inside: Iterable[tuple[int | str, Any]]
    if isinstance(value, BaseModel):
        inside = [(name, getattr(value, name)) for name in type(value).model_fields]
    elif isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        inside = enumerate(value)
    else:
        yield loc
        return
    for name, inner in inside:
        yield from _leaves_of(inner, (*loc, name))


def _in_order(words: list[str], of: list[str]) -> bool:
    rest = iter(of)
    return all(word in rest for word in words)


@dataclass(frozen=True)
class SetPlaces:
    """Places by the override that put the value there."""

    paths: tuple[Loc, ...]

    def order(self, loc: Loc) -> float:
        """In the order of the overrides."""
        place = _as_text(loc)
        return next((at for at, path in enumerate(self.paths) if place[: len(path)] == _as_text(path)), len(self.paths))

    def prefix(self, loc: Loc) -> str:
        """``--set `` where the key follows; the overrides that brought it about where the key is another one."""
        if self.order(loc) < len(self.paths):
            return "--set "
        return f"with --set {listing((dotted(path) for path in self.paths), most=4)}: "


def _as_text(loc: Loc) -> tuple[str, ...]:
    return tuple(str(part) for part in loc)


def _path(key: str) -> Loc:
    parts = (part.strip().strip("\"'") for part in key.split("."))
    return tuple(int(part) if part.isdecimal() and part.isascii() else part for part in parts)


def _put(data: dict[str, Any], scenario: Scenario, path: Loc, value: Any) -> None:
    """Set one value inside plain data, filling in defaults of the scenario on the way where the data say nothing."""
    table: Any = data
    stands: Any = scenario
    for depth, part in enumerate(path[:-1]):
        stands = _child(stands, part)
        table = _enter(table, stands, path, depth, type(scenario))
    table[_entry(table, path, len(path) - 1)] = value


def _enter(table: Any, stands: Any, path: Loc, depth: int, model: type[BaseModel]) -> Any:
    """The table or list one step further in, as something that can be changed."""
    part = _entry(table, path, depth)
    if isinstance(table, dict) and part not in table:
        if stands is None:
            raise ScenarioError(f"--set {_not_there(path, depth, table, model)}")
        table[part] = stands
    table[part] = _plain(table[part])
    if not isinstance(table[part], dict | list):
        raise ScenarioError(f"--set {dotted(path)} — {dotted(path[: depth + 1])} is a single value, nothing is inside it")
    return table[part]


def _entry(table: dict[str, Any] | list[Any], path: Loc, depth: int) -> Any:
    """A part of a path as it stands in the table or list there: digits index a list but name a group in a table."""
    part = path[depth]
    if isinstance(table, dict):
        return str(part)
    if not isinstance(part, int) or part >= len(table):
        there = ", ".join(str(at) for at in range(len(table))) or "none"
        lacks = f"{dotted(path[:depth])} has no entry {escaped(str(part))} (there are: {there})"
        raise ScenarioError(f"--set {dotted(path)} — {lacks}")
    return part


def _not_there(path: Loc, depth: int, table: dict[str, Any], model: type[BaseModel]) -> str:
    """A role or group that does not exist, or a key that the schema does not have."""
    outer, part = path[:depth], str(path[depth])
    if outer not in (("groups",), ("team", "roles")):
        return unknown(path, model)
    near = nearest(part, table)
    hint = f"did you mean {dotted((*outer, near, *path[depth + 1 :]))}?" if near else f"there are: {listing(table) or 'none'}"
    return f"{dotted(path)} is not known; {hint}"


def _child(stands: Any, part: int | str) -> Any:
    """The same step in the scenario as it stands; None where there is nothing."""
    if isinstance(stands, BaseModel):
        return getattr(stands, str(part)) if str(part) in type(stands).model_fields else None
    if isinstance(stands, dict):
        return stands.get(str(part))
    if isinstance(stands, tuple):
        return stands[part] if isinstance(part, int) and part < len(stands) else None
    return None


def _plain(value: Any) -> Any:
    """Plain data that can be changed: no models (only what they say), no tuples, no numpy scalars, nothing of the caller's."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True)
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        return value.item()  # studies draw their design points with numpy; the event loop wants Python numbers
    return value


def _refuse_without_effect(scenario: Scenario, paths: tuple[Loc, ...]) -> None:
    """An override that every group contradicts would change nothing, and a study of it would find nothing."""
    for path in paths:
        if len(path) != 2 or path[0] != "customer" or not scenario.groups:
            continue
        said_by = [name for name, group in scenario.groups.items() if path[1] in group.model_fields_set]
        set_too = any(other[0] == "groups" and other[-1] == path[1] for other in paths)
        if len(said_by) == len(scenario.groups) and not set_too:
            keys = listing((dotted(("groups", name, path[1])) for name in said_by), most=4)
            raise ScenarioError(f"--set {dotted(path)} reaches nobody: every customer group says its own; set {keys}")
