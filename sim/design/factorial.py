"""Factorial: all combinations of levels."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import product
from typing import Literal

from sim.design.design import Design, Given, choice
from sim.design.factor import Factor, check_factors, shown_values
from sim.design.point import DesignPoint, Draft, check_count, numbered


class Factorial(Design):
    """All combinations."""

    needs = "levels or range (`steps`)"
    kind: Literal["factorial"]
    steps: int = choice(5, "values of a factor that has a range", "values", 2, 100)

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return factorial(given.factors, list(given.scenarios), self.steps)


def factorial(factors: Sequence[Factor], scenarios: Collection[str], steps: int = 2) -> tuple[DesignPoint, ...]:
    """Every combination of levels; a range in `steps` equal steps (by default its two ends). The last factor moves fastest.

    Examples
    --------
    >>> two = [Factor("customer.drift", levels=(0.0, 0.01)), Factor("customer.appetite", low=0.2, high=0.8)]
    >>> [point.label for point in factorial(two, ["classroom"])][:3]
    ['drift=0, appetite=0.2', 'drift=0, appetite=0.8', 'drift=0.01, appetite=0.2']
    """
    check_factors(factors)
    levels = [factor.steps(steps) for factor in factors]
    check_count(math.prod(len(values) for values in levels), scenarios)
    combined = (tuple(pair for values in combination for pair in values) for combination in product(*levels))
    return numbered(scenarios, [Draft(values, shown_values(values)) for values in combined])
