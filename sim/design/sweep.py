"""One factor at a time: each over its levels, the others where the scenario has them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.design.factor import Factor, check_factors, shown_values
from sim.design.point import DesignPoint, Draft, check_size, numbered


def sweep(factors: Sequence[Factor], scenarios: Sequence[str], steps: int = 5) -> tuple[DesignPoint, ...]:
    """The scenario as it is (the first point), then each factor over its levels; a range in `steps` equal steps.

    Examples
    --------
    >>> [point.label for point in sweep([Factor("customer.drift", low=0.0, high=0.01)], ["ai-project"], steps=3)]
    ['base', 'drift=0', 'drift=0.005', 'drift=0.01']
    """
    check_factors(factors)
    values_of = [factor.steps(steps) for factor in factors]
    check_size(1 + sum(map(len, values_of)), scenarios, "fewer levels are needed")
    moved = [Draft(values, shown_values(values)) for each in values_of for values in each]
    return numbered(scenarios, [Draft((), "base"), *moved])
