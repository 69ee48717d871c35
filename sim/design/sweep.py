"""One factor at a time: each over its levels, the others where the scenario has them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from sim.design.design import Design, Given, choice
from sim.design.factor import Factor, check_factors, shown_values
from sim.design.point import DesignPoint, Draft, numbered


class Sweep(Design):
    """The scenario as it is, then each factor over its levels."""

    needs = "levels or range (`steps`)"
    kind: Literal["sweep"]
    steps: int = choice(5, "values of a factor that has a range", "values", 2, 100)

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return sweep(given.factors, list(given.scenarios), self.steps)


def sweep(factors: Sequence[Factor], scenarios: Collection[str], steps: int = 5) -> tuple[DesignPoint, ...]:
    """The scenario as it is (the first point), then each factor over its levels; a range in `steps` equal steps.

    Examples
    --------
    >>> [point.label for point in sweep([Factor("customer.drift", low=0.0, high=0.01)], ["ai-project"], steps=3)]
    ['base', 'drift=0', 'drift=0.005', 'drift=0.01']
    """
    check_factors(factors)
    moved = [Draft(values, shown_values(values)) for factor in factors for values in factor.steps(steps)]
    return numbered(scenarios, [Draft((), "base"), *moved])
