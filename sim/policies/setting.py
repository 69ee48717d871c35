"""What a number of a policy means: its unit, range and meaning stand in its annotation, once, and everybody reads them there.

    days: Annotated[float, Setting("days between sessions", "days")] = 10.0

in a part, in an admission rule, in the function that makes a policy, or in a policy of one's own. From it come what ``--policy
NAME:KEY=VALUE`` takes, the tables of a policy file with their schema, the check of the conformance kit, and the listings.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from sim.toml.shown import shown, span

SMALLEST_INTERVAL = 0.1
"""Days: whatever comes back at an interval comes back after so many days or more, or (0) at once; less only fills the calendar."""
PLAIN = (bool, int, float, str)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a setting means.

    Parameters
    ----------
    meaning, unit
        In words; "1" for a pure number.
    low, high
        The allowed closed range.
    smallest
        The smallest value above 0, where nothing between 0 and it makes sense.
    unsaid
        What holds where the setting is None, in words.
    """

    meaning: str = ""
    unit: str = "1"
    low: float = 0.0
    high: float = 10_000.0
    smallest: float = 0.0
    unsaid: str = ""

    def allows(self, value: float) -> bool:
        """Whether a number is in the range."""
        return self.low <= value <= self.high and not 0.0 < value < self.smallest


ANY = Setting(low=-math.inf, high=math.inf)
"""Of a number whose annotation says nothing."""


class Slot(NamedTuple):
    """A setting with its type and default: ``choices`` where it is one of some words, ``optional`` where it may be None."""

    kind: type
    default: Any
    says: Setting
    choices: tuple[str, ...] = ()
    optional: bool = False

    @property
    def range(self) -> str:
        """The range in words; "" where there is none."""
        return "" if self.says is ANY or self.kind in (bool, str) else span(self.says.low, self.says.high, self.says.smallest)

    @property
    def wanted(self) -> str:
        """What is needed, in words."""
        if self.choices:
            return " or ".join(map(shown, self.choices))
        of_unit = "" if self.says.unit == "1" else f" of {self.says.unit}"
        allowed = f" ({self.range})" if self.says.smallest else f" from {self.range}" if self.range else ""
        numbers = {int: f"a whole number{of_unit}{allowed}", float: f"a number{of_unit}{allowed}"}
        return {bool: "true or false", str: "a text", **numbers}[self.kind]

    @property
    def by_default(self) -> str:
        """The default in words."""
        return self.says.unsaid if self.default is None else str(self.default)

    def told(self, value: Any) -> str:
        """A value in words."""
        return self.says.unsaid if value is None else f"{value:g}" if self.kind in (int, float) else str(value)

    def takes(self, value: Any) -> bool:
        """Whether a value is of the type and in the range; whole numbers are numbers too."""
        if value is None:
            return self.optional
        if isinstance(value, bool) or self.kind in (bool, str):
            return type(value) is self.kind and value in (self.choices or (value,))
        return isinstance(value, (int, float) if self.kind is float else int) and math.isfinite(value) and self.says.allows(value)

    def read(self, text: str) -> Any:
        """The value that a text means, or None where it means none."""
        try:
            value = {"true": True, "false": False}.get(text) if self.kind is bool else self.kind(text)
        except ValueError:
            return None
        return value if self.takes(value) else None


def slots(made_by: Callable[..., Any]) -> dict[str, Slot]:
    """The settings of a dataclass or of a function by name: arguments that are plain values and have a default.

    Examples
    --------
    >>> from sim.policies.parts import Cadence
    >>> slots(Cadence)["at_most"].says.unit
    'requests'
    """
    try:
        hints = get_type_hints(made_by, include_extras=True)
    except NameError:  # somebody's own class, with types that only a type checker can see
        hints = {}
    found = {}
    for name, parameter in inspect.signature(made_by).parameters.items():
        hint = hints.get(name, type(parameter.default))
        if parameter.default is not parameter.empty and (slot := _slot(hint, parameter.default)) is not None:
            found[name] = slot
    return found


def _slot(hint: Any, default: Any, says: Setting = ANY, optional: bool = False) -> Slot | None:
    if get_origin(hint) is Annotated:
        inner, *said = get_args(hint)
        return _slot(inner, default, next((one for one in said if isinstance(one, Setting)), says), optional)
    if get_origin(hint) in (Union, UnionType):
        others = [kind for kind in get_args(hint) if kind is not type(None)]
        return _slot(others[0], default, says, True) if len(others) == 1 else None
    if get_origin(hint) is Literal:
        return Slot(str, default, says, get_args(hint), optional)
    return Slot(hint, default, says, (), optional) if hint in PLAIN else None


def refused(thing: Any, path: str = "") -> Iterator[str]:
    """What is out of range in a policy, a part or a rule, and in what it is made of: one sentence each."""
    known = slots(type(thing))
    for field in fields(thing):
        value, place = getattr(thing, field.name), f"{path}{field.name}"
        if field.name in known and not known[field.name].takes(value):
            yield f"{place} = {value!r}; {known[field.name].wanted} is needed"
        elif is_dataclass(value) and not isinstance(value, type):
            yield from refused(value, f"{place}.")

