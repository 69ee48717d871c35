"""Which policies are tried: the settings of each family through the ranges that its annotations give, and their neighbours.

What is tried of a setting follows from what its annotation says: words, true and false are all tried; a share goes from 0 to 1 by
quarters; places go with the requests of a month, prices of a person-day with what a person-day costs in this project; anything
else runs from a quarter to four times its default. Every candidate is a policy of the catalogue and its name is how to make it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.calendar import MONTH
from sim.policies.catalogue import make, settings, settings_of
from sim.policies.policy import Policy, PolicyOfParts
from sim.policies.setting import Slot, slots

if TYPE_CHECKING:
    from sim.scenario import Scenario

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
FOR_EACH_SETTING = 4
"""Candidates of a family for each of its settings, where all combinations are more."""
DIGITS = 2
"""Significant digits of a value that is tried: nobody meets every 7.3141 days."""


def tried(slot: Slot, scenario: Scenario) -> tuple[Any, ...]:
    """The values of a setting that are tried, in rising order where they are numbers; its default is one of them."""
    if slot.choices or slot.kind is bool:
        return slot.choices or (False, True)
    month = sum(group.request_rate for _, group in scenario.customers) * MONTH
    default = slot.default
    if slot.says.unit == "requests":
        found = [max(month, 1.0) * factor for factor in FACTORS]
    elif slot.says.unit == "k€/pd":
        found = [default + scenario.build_cost * step for step in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    elif slot.says.high == 1.0:
        found = [0.0, 0.25, 0.5, 0.75, 1.0]
    else:
        found = [default * factor for factor in FACTORS]
    values = {default, *(_rounded(slot, value) for value in found)} - {None}
    return tuple(sorted(value for value in values if slot.takes(value)))


def variant(family: str, values: dict[str, Any]) -> Policy:
    """The policy of a family with these settings; what is as by default is not named."""
    known = settings(family)
    said = [f"{key}={value:g}" if slot.kind in (int, float) else f"{key}={value}"
            for key, slot in known.items() if (value := values.get(key, slot.default)) != slot.default]
    return make(f"{family}:{','.join(said)}" if said else family)


def values_of(policy: Policy) -> dict[str, Any]:
    """The settings of a policy of the catalogue."""
    return {key: slot.default for key, slot in settings_of(policy).items()}


def family_of(policy: Policy) -> str:
    """The name of the family."""
    return policy.name.partition(":")[0]


def grid(families: Sequence[str], scenario: Scenario) -> tuple[Policy, ...]:
    """The untuned policies, then all combinations of what is tried, or so many of them spread evenly (Sobol' points)."""
    found = {policy.name: policy for policy in (make(name) for name in families)}
    for family in families:
        ranges = {key: tried(slot, scenario) for key, slot in settings(family).items()}
        for values in _spread(list(ranges.values()), FOR_EACH_SETTING * len(ranges)):
            policy = variant(family, dict(zip(ranges, values, strict=True)))
            found.setdefault(policy.name, policy)
    return tuple(found.values())


def mutants(policy: Policy, count: int, scenario: Scenario, rng: np.random.Generator) -> Iterator[Policy]:
    """Neighbours: one setting each, drawn between the values beside it or, at an edge, as far beyond it as is allowed."""
    family, values = family_of(policy), values_of(policy)
    known = settings(family)
    for _ in range(count if known else 0):
        key = list(known)[int(rng.integers(len(known)))]
        yield variant(family, values | {key: _moved(known[key], values[key], tried(known[key], scenario), rng)})


def pruned(policy: Policy) -> Iterator[Policy]:
    """The policy with each one of its settings put back to the default."""
    family, values = family_of(policy), values_of(policy)
    for key, slot in settings(family).items():
        if values[key] != slot.default:
            yield variant(family, values | {key: slot.default})


def strictness(policy: Policy) -> str:
    """The setting by which a policy refuses more or less: that of its rule of admission; "" where it has none."""
    if not isinstance(policy, PolicyOfParts):
        return ""
    return next((key for key in slots(type(policy.admission)) if key in settings_of(policy)), "")


def edges(policy: Policy, scenario: Scenario) -> dict[str, str]:
    """Numbers at, or beyond, an end of what was tried where more is allowed: the setting, and "least" or "most"."""
    found, values = {}, values_of(policy)
    for key, slot in settings(family_of(policy)).items():
        value = values[key]
        if slot.kind not in (int, float) or value is None or value == slot.default:
            continue
        low, *_, high = tried(slot, scenario)
        if value <= low and value > slot.says.low:
            found[key] = "least"
        if value >= high and value < slot.says.high:
            found[key] = "most"
    return found


def _rounded(slot: Slot, value: float) -> Any:
    rounded = float(f"{value:.{DIGITS}g}")
    return max(round(rounded), 1) if slot.kind is int else rounded


def _spread(ranges: list[tuple[Any, ...]], most: int) -> Iterator[tuple[Any, ...]]:
    if math.prod(map(len, ranges)) <= most:
        yield from product(*ranges)
        return
    from scipy.stats import qmc

    points = qmc.Sobol(len(ranges), scramble=False).random_base2(math.ceil(math.log2(most + 1)))[1:most + 1]
    for point in points:
        yield tuple(values[int(at * len(values))] for values, at in zip(ranges, point, strict=True))


def _moved(slot: Slot, value: Any, among: tuple[Any, ...], rng: np.random.Generator) -> Any:
    if slot.kind not in (int, float):
        return among[int(rng.integers(len(among)))]
    if value is None:
        value = among[len(among) // 2]
    lower, upper = [one for one in among if one < value], [one for one in among if one > value]
    low = lower[-1] if lower else value - (upper[0] - value) if upper else value
    high = upper[0] if upper else value + (value - low)
    moved = _rounded(slot, float(rng.uniform(low, high)))
    return moved if slot.takes(moved) else value
