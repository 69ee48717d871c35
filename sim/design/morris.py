"""Morris screening: random walks on a grid that move one factor at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.design.cube import drafts, unit_problem
from sim.design.factor import Factor, StudyError, check_factors
from sim.design.point import DesignPoint, check_size, numbered


def morris(
    factors: Sequence[Factor], scenarios: Sequence[str], trajectories: int = 20, grid: int = 4, seed: int = 1
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
    """
    from SALib.sample import morris as walks  # type: ignore[import-untyped]

    check_factors(factors, at_least=2)
    if trajectories < 2:
        raise StudyError(f"trajectories = {trajectories}: at least 2 are needed")
    if grid < 2 or grid % 2:
        raise StudyError(f"grid = {grid}: an even number of levels is needed, from 2 on")
    check_size(trajectories * (len(factors) + 1), scenarios, "fewer samples (trajectories) are needed")
    cube = walks.sample(unit_problem(factors), trajectories, num_levels=grid, seed=np.random.default_rng(seed))
    return numbered(scenarios, drafts(factors, cube))
