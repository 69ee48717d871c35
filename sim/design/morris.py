"""Morris screening: random walks on a grid that move one factor at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from sim.design.cube import drafts, unit_problem
from sim.design.design import Design, Given, choice, sampling_seed
from sim.design.factor import Factor, check_factors
from sim.design.point import MOST_POINTS, DesignPoint, check_count, numbered
from sim.errors import StudyError


class Morris(Design):
    """`samples * (factors + 1)` points, one factor moved at a time."""

    needs = "ranges"
    kind: Literal["morris"]
    samples: int = choice(64, "trajectories", "points", 2, MOST_POINTS // 3)
    grid: int = choice(4, "levels of each factor", "levels", 2, 100)
    seed: int = sampling_seed()

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return morris(given.factors, list(given.scenarios), self.samples, self.grid, self.seed)


def morris(
    factors: Sequence[Factor], scenarios: Collection[str], trajectories: int = 20, grid: int = 4, seed: int = 1
) -> tuple[DesignPoint, ...]:
    """``trajectories * (factors + 1)`` points, by SALib: each trajectory moves each factor once.

    Parameters
    ----------
    trajectories
        Random walks; at least 2, 10 to 50 are usual.
    grid
        Levels of each factor's grid; even. A factor with levels of its own should not have more of them than this.
    seed
        Of the walks; has nothing to do with the seed of the replications.

    Examples
    --------
    >>> two = [Factor("customer.drift", low=0.0, high=0.01), Factor("customer.appetite", low=0.2, high=0.8)]
    >>> len(morris(two, ["classroom"], trajectories=8))
    24
    """
    from SALib.sample import morris as walks  # type: ignore[import-untyped]

    check_factors(factors, at_least=2)
    if trajectories < 2:
        raise StudyError(f"trajectories = {trajectories}: at least 2 are needed")
    if grid < 2 or grid % 2:
        raise StudyError(f"grid = {grid}: an even number of levels is needed, from 2 on")
    check_count(trajectories * (len(factors) + 1), scenarios)
    cube = walks.sample(unit_problem(factors), trajectories, num_levels=grid, seed=np.random.default_rng(seed))
    return numbered(scenarios, drafts(factors, cube))
