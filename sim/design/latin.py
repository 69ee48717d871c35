"""Latin hypercube: few points that cover the whole region, each factor in as many layers as there are points."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from sim.design.cube import drafts
from sim.design.design import Design, Given, choice, sampling_seed
from sim.design.factor import Factor, check_factors
from sim.design.point import MOST_POINTS, DesignPoint, check_count, numbered
from sim.errors import StudyError

MOST_SHUFFLED = 2000
"""Points up to which the columns are shuffled: looking for the better place of a number takes time in proportion to them, and
so many points are even by themselves."""


class Latin(Design):
    """`samples` points of a Latin hypercube."""

    needs = "ranges"
    even = True
    kind: Literal["latin"]
    samples: int = choice(64, "design points", "points", 2, MOST_POINTS)
    seed: int = sampling_seed()

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return latin(given.factors, list(given.scenarios), self.samples, self.seed)


def latin(factors: Sequence[Factor], scenarios: Collection[str], points: int, seed: int = 1) -> tuple[DesignPoint, ...]:
    """So many points by a Latin hypercube, its columns shuffled for an even spread (centred discrepancy) up to 2,000 points.

    The design's seed has nothing to do with the seed of the replications.

    Examples
    --------
    >>> two = [Factor("customer.drift", low=0.0, high=0.01), Factor("customer.appetite", low=0.2, high=0.8)]
    >>> sorted(int(point.cube[0] * 4) for point in latin(two, ["classroom"], points=4))
    [0, 1, 2, 3]
    """
    from scipy.stats import qmc

    check_factors(factors)
    if points < 2:
        raise StudyError(f"a Latin hypercube needs at least 2 points, not {points}")
    check_count(points, scenarios)
    # With one factor there is nothing to shuffle (and scipy's search would divide by zero columns).
    search: Literal["random-cd"] | None = "random-cd" if len(factors) > 1 and points <= MOST_SHUFFLED else None
    engine = qmc.LatinHypercube(len(factors), optimization=search, seed=np.random.default_rng(seed))
    return numbered(scenarios, drafts(factors, engine.random(points)))
