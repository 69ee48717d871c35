"""The catalogue: every built-in policy by name, and how to make one from a short text."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from sim.errors import PolicyError
from sim.policies import controls, gates, open_door, together
from sim.policies.names import POLICY_NAMES
from sim.policies.policy import Policy

_MODULES = (open_door, gates, together, controls)


def placebo(reference: str = "co-evaluated") -> Policy:
    """Control: the same share admitted as by `reference`, with the same sessions, but drawn by lot."""
    model = make(reference)
    if model.is_control:
        raise PolicyError(f"policy placebo: reference = {reference!r} — a policy, not a control, is needed")
    return controls.placebo_of(model)


def maker(name: str) -> Callable[..., Policy]:
    """The function that makes the named policy; its keyword arguments are the policy's settings."""
    if name not in POLICY_NAMES:
        near = get_close_matches(name, POLICY_NAMES, n=1)
        hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(POLICY_NAMES)
        raise PolicyError(f"policy {name!r} is not known; {hint}")
    attribute = name.replace("-", "_")
    found: Callable[..., Policy] = next(
        vars(module)[attribute] for module in (*_MODULES, sys.modules[__name__]) if attribute in vars(module))
    return found


def settings(name: str) -> dict[str, Any]:
    """The settings of a named policy with their defaults."""
    return {key: parameter.default for key, parameter in inspect.signature(maker(name)).parameters.items()}


def make(text: str) -> Policy:
    """A policy from its name, with settings after a colon.

    Examples
    --------
    >>> make("capacity-limit").name
    'capacity-limit'
    >>> make("change-board:days=20,at_least=0.5").cadence.days
    20.0
    """
    name, _, tail = text.strip().partition(":")
    known = settings(name)
    chosen: dict[str, Any] = {}
    for pair in filter(None, (part.strip() for part in tail.split(","))):
        key, equals, value = (part.strip() for part in pair.partition("="))
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "it has " + (", ".join(known) or "none")
            raise PolicyError(f"policy {name}: setting {key!r} is not known; {hint}")
        if not equals:
            raise PolicyError(f"policy {name}: setting {key!r} needs a value, for example {key}={known[key]}")
        chosen[key] = _value(name, key, value, known[key])
    made = maker(name)(**chosen)
    return made.with_parts(name=text.strip()) if chosen else made


def all_policies() -> tuple[Policy, ...]:
    """One of each, with default settings."""
    return tuple(make(name) for name in POLICY_NAMES)


SIGNED = ("below", "at_least")
UP_TO_ONE = ("expert_share", "explanation")


def _value(policy: str, key: str, text: str, default: Any) -> Any:
    if isinstance(default, str):
        return text
    kind = type(default)
    low = -math.inf if key in SIGNED else 0
    high = 1 if key in UP_TO_ONE else math.inf
    try:
        value = kind(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not low <= value <= high:
        wanted = "a whole number" if kind is int else "a number"
        limits = f" from {low} to {high}" if high == 1 else f" of at least {low}" if low == 0 else ""
        raise PolicyError(f"policy {policy}: {key} = {text!r} — {wanted}{limits} is needed (default {default})")
    return value
