"""The catalogue: every built-in policy by name, and how to make one, or one of somebody's own, from a short text.

A public function of a family's file that can be called without arguments is a policy: ``change_board`` is ``change-board``, its
docstring the sentence, its arguments the settings.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Annotated, Any

from sim.errors import PolicyError
from sim.policies import controls, gates, open_door, together
from sim.policies.policy import Policy, PolicyOfParts
from sim.policies.setting import Setting, Slot, slots
from sim.toml.shown import escaped, listing, nearest

Reference = Annotated[str, Setting("the policy that is imitated", "policy")]
Maker = Callable[..., Policy]
NONE: Mapping[str, Policy] = MappingProxyType({})


def placebo(reference: Reference = "co-evaluated") -> Policy:
    """Control: the same share admitted as by `reference`, with the same sessions, but drawn by lot."""
    model = make(reference)
    if model.is_control:
        raise PolicyError(f"policy placebo: reference = {reference!r} — a policy, not a control, is needed")
    return controls.placebo_of(model)


def _makers(family: ModuleType) -> dict[str, Maker]:
    return {
        name.replace("_", "-"): made for name, made in vars(family).items()
        if inspect.isfunction(made) and made.__module__ == family.__name__ and not name.startswith("_")
        and all(argument.default is not argument.empty for argument in inspect.signature(made).parameters.values())}


_REAL = {**_makers(open_door), **_makers(gates), **_makers(together)}
_CONTROLS = {"placebo": placebo, **_makers(controls)}
_ALL: dict[str, Maker] = {**_REAL, **_CONTROLS}
POLICY_NAMES = tuple(_ALL)
"""Every built-in policy in the order in which they are shown: family by family, as they stand in their files, then the controls."""
AS_TODAY = "as-today"
"""What is done already: it stands beside the others where a scenario says what that is."""
ADOPTABLE = tuple(name for name in _REAL if name != AS_TODAY)
"""Those that a project could adopt: no controls, and not what it does already."""


def maker(name: str) -> Maker:
    """The function that makes the named policy; its keyword arguments are the policy's settings."""
    if name not in _ALL:
        raise PolicyError(_unknown(name, POLICY_NAMES))
    return _ALL[name]


def settings(name: str) -> dict[str, Slot]:
    """The settings of a named policy."""
    return slots(maker(name))


def make(text: str, own: Mapping[str, Policy] = NONE) -> Policy:
    """A policy from its name, with settings after a colon.

    Parameters
    ----------
    text
        ``NAME`` or ``NAME:KEY=VALUE,...``.
    own
        Policies of somebody's own by name, which go before built-in ones. Their settings are the fields that their dataclass adds.

    Raises
    ------
    PolicyError
        Where the policy or a setting is not known, or a value is not allowed.

    Examples
    --------
    >>> make("capacity-limit").name
    'capacity-limit'
    >>> make("change-board:days=20,at_least=0.5").cadence.days
    20.0
    """
    name, _, tail = text.strip().partition(":")
    if name not in own and name not in _ALL:
        raise PolicyError(_unknown(name, (*own, *POLICY_NAMES)))
    pairs = _pairs(tail)
    if not pairs:
        return own[name] if name in own else _ALL[name]()
    known = settings_of(own[name]) if name in own else settings(name)
    chosen = dict(_setting(name, pair, known) for pair in pairs)
    made = own[name].with_parts(**chosen) if name in own else _ALL[name](**chosen)
    return made.with_parts(name=text.strip())


def settings_of(policy: Policy) -> dict[str, Slot]:
    """The settings of a policy, each with the value that it has: its maker's where the catalogue made it, otherwise its own."""
    if not _of_catalogue(policy):
        return {
            key: slot._replace(default=getattr(policy, key)) for key, slot in slots(type(policy)).items()
            if key not in slots(PolicyOfParts)}
    name, _, tail = policy.name.partition(":")
    known = settings(name)
    said = dict(_setting(name, pair, known) for pair in _pairs(tail))
    return {key: slot._replace(default=said.get(key, slot.default)) for key, slot in known.items()}


def with_settings(policy: Policy, values: Mapping[str, Any]) -> Policy:
    """The same policy under the same name with other settings.

    Raises
    ------
    PolicyError
        Where it has no such setting, or a value is not allowed.
    """
    known, name = settings_of(policy), policy.name.partition(":")[0]
    for key, value in values.items():
        _known(name, key, known)
        if not known[key].takes(value):
            raise PolicyError(_needed(name, key, repr(value), known[key]))
    values = {key: value if value is None else known[key].kind(value) for key, value in values.items()}
    if not values or not _of_catalogue(policy):
        return policy.with_parts(**values)
    return _ALL[name](**{key: slot.default for key, slot in known.items()} | values).with_parts(name=policy.name)


def _of_catalogue(policy: Policy) -> bool:
    """Whether a policy is what its name says."""
    try:
        return make(policy.name) == policy
    except PolicyError:
        return False


def all_policies() -> tuple[Policy, ...]:
    """One of each, with default settings."""
    return tuple(make() for make in _ALL.values())


def _pairs(tail: str) -> list[str]:
    return [pair for part in tail.split(",") if (pair := part.strip())]


def _setting(policy: str, pair: str, known: Mapping[str, Slot]) -> tuple[str, Any]:
    key, equals, text = (part.strip() for part in pair.partition("="))
    _known(policy, key, known)
    if not equals:
        example = "" if known[key].default is None else f", for example {key}={known[key].default}"
        raise PolicyError(f"policy {policy}: setting {key!r} needs a value{example}")
    value = known[key].read(text)
    if value is None:
        raise PolicyError(_needed(policy, key, repr(escaped(text)), known[key]))
    return key, value


def _known(policy: str, key: str, known: Mapping[str, Slot]) -> None:
    if key not in known:
        near = nearest(key, known)
        hint = f"did you mean {near}?" if near else f"it has {listing(known) or 'none'}"
        hint += f" (several policies: one --policy each, --policy {policy} --policy {key})" if key in _ALL else ""
        raise PolicyError(f"policy {policy}: setting {escaped(key)!r} is not known; {hint}")


def _needed(policy: str, key: str, value: str, slot: Slot) -> str:
    return f"policy {policy}: {key} = {value} — {slot.wanted} is needed (default {slot.by_default})"


def _unknown(name: str, known: tuple[str, ...]) -> str:
    near = nearest(name, known)
    hint = f"did you mean {near}?" if near else f"known are {', '.join(known)}"
    if "," in name:
        parts = [part.strip() for part in name.split(",") if part.strip()]
        hint = "several are given one by one: " + " ".join(f"--policy {escaped(part)}" for part in parts)
    return f"policy {escaped(name)!r} is not known; {hint}"
