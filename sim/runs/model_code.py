"""What of the program can change a number, and its version: the code that a replication really runs.

From the function that runs a replication, every name is followed to what it means in this package: functions, constants, classes,
and of a class the methods whose names are spoken anywhere in what was reached so far. What counts is the syntax: no comment, no
docstring, no annotation, no line end, no file name, no text of an error or of a `Metric`. The fields of a scenario do not count
either: their values are digested with the scenario. A policy is no part of the model: its version is made of its settings and of
the code of its class and parts, so that no policy makes another one's results stale. `model_names` and `policy_names` list what
is digested.

The walk is static and cautious: it reaches too much rather than too little (a method of the same name as one that is called).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from types import FunctionType, MethodType
from typing import Any

from sim.policies.policy import Policy
from sim.runs.code_reached import Place, Reached, is_own
from sim.runs.origin import digest
from sim.runs.simulate import simulate_all

ROOTS: tuple[Place, ...] = ((simulate_all.__module__, simulate_all.__qualname__), ("sim.scenario.scenario", "Scenario"))
POLICIES = "sim.policies"
SEEN_BY_BOTH = ("sim.policies.view", "sim.policies.parts")  # what a policy is shown, how it answers; the house's queue and promise
FOR_PEOPLE = "sim.runs.run_frames"
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")  # of a function in a policy; its source counts, not its place in memory


def model_version() -> str:
    """SHA-256 of the code that every replication runs, whatever its policy; the same for a wheel and a checkout."""
    return digest("\n".join(_model().texts()))


def policy_version(policy: Policy) -> str:
    """SHA-256 of a policy's settings and code; where its source cannot be read, that is said, for nobody can know then."""
    settings = ADDRESS.sub("", repr((type(policy).__qualname__, sorted(vars(policy).items()))))
    reached = _policy(policy)
    version = digest("\n".join([settings, *reached.texts()]))
    return f"{version} without the source of {', '.join(sorted(reached.unknown))}" if reached.unknown else version


def model_names() -> tuple[str, ...]:
    """What `model_version` digests, as dotted names: a function, a constant, a method, or a class without its methods."""
    return _model().names()


def policy_names(policy: Policy) -> tuple[str, ...]:
    """What `policy_version` digests beside the settings."""
    return _policy(policy).names()


@cache
def _model() -> Reached:
    return Reached(_is_of_the_model).reach(ROOTS)


def _policy(policy: Policy) -> Reached:
    roots = list(_code_in(policy, set()))
    return Reached(partial(_is_of_the_policy, {module for module, _ in roots}), _model().spoken).reach(roots)


def _is_of_the_model(module: str) -> bool:
    return module.startswith("sim.") and module != FOR_PEOPLE and (not module.startswith(POLICIES) or module in SEEN_BY_BOTH)


def _is_of_the_policy(homes: set[str], module: str) -> bool:
    return module == "sim" or module.startswith("sim.") or module in homes or is_own(module)


def _code_in(value: Any, seen: set[int]) -> Iterator[Place]:
    """The classes and functions that a policy consists of, down through its parts."""
    if id(value) in seen:
        return
    seen.add(id(value))
    code = value if isinstance(value, FunctionType | type) else type(value)
    if code.__module__ != "builtins":
        yield code.__module__, code.__qualname__
    for part in _parts_of(value):
        yield from _code_in(part, seen)


def _parts_of(value: Any) -> Iterator[Any]:
    if isinstance(value, FunctionType | type):
        return
    if isinstance(value, MethodType):
        yield value.__self__
    elif isinstance(value, partial):
        yield from (value.func, *value.args, *value.keywords.values())
    elif isinstance(value, tuple | list | set | frozenset | dict):
        yield from value.values() if isinstance(value, dict) else value
    else:
        slots = (name for base in type(value).__mro__ for name in getattr(base, "__slots__", ()))
        yield from (*getattr(value, "__dict__", {}).values(), *(getattr(value, name, None) for name in slots))
