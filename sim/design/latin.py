"""Latin hypercube: few points that cover the whole region, each factor in as many layers as there are points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from sim.design.cube import drafts
from sim.design.factor import Factor, StudyError, check_factors
from sim.design.point import DesignPoint, check_size, numbered

MOST_SHUFFLED = 2000


def latin(factors: Sequence[Factor], scenarios: Sequence[str], points: int, seed: int = 1) -> tuple[DesignPoint, ...]:
    """So many points by a Latin hypercube, up to 2,000 of them with columns shuffled for an even spread (centred discrepancy).

    More points are even by their number, and the shuffling would take minutes. The design's seed has nothing to do with the
    seed of the replications.
    """
    from scipy.stats import qmc

    check_factors(factors)
    if points < 2:
        raise StudyError(f"a Latin hypercube needs at least 2 points, not {points}")
    check_size(points, scenarios, "fewer samples are needed")
    # With one factor there is nothing to shuffle (and scipy's search would divide by zero columns).
    search: Literal["random-cd"] | None = "random-cd" if len(factors) > 1 and points <= MOST_SHUFFLED else None
    engine = qmc.LatinHypercube(len(factors), optimization=search, seed=np.random.default_rng(seed))
    return numbered(scenarios, drafts(factors, engine.random(points)))
