"""Saltelli's sample for Sobol indices: for each base sample its twin, and the first with one factor at a time from the twin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from sim.design.cube import drafts, unit_problem
from sim.design.design import Design, Given, choice, sampling_seed
from sim.design.factor import Factor, check_factors
from sim.design.point import MOST_POINTS, DesignPoint, check_count, numbered
from sim.errors import StudyError


class Saltelli(Design):
    """`samples * (factors + 2)` points for Sobol indices."""

    needs = "ranges"
    even = True
    kind: Literal["saltelli"]
    samples: int = choice(64, "base samples, a power of 2", "points", 2, MOST_POINTS // 4)
    seed: int = sampling_seed()

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return saltelli(given.factors, list(given.scenarios), self.samples, self.seed)


def saltelli(factors: Sequence[Factor], scenarios: Collection[str], samples: int, seed: int = 1) -> tuple[DesignPoint, ...]:
    """``samples * (factors + 2)`` points for first and total indices, by SALib's scrambled Sobol sequence.

    Parameters
    ----------
    samples
        Base samples; a power of 2, without which the sequence loses its balance.
    seed
        Of the scrambling; has nothing to do with the seed of the replications.

    Examples
    --------
    >>> two = [Factor("customer.drift", low=0.0, high=0.01), Factor("customer.appetite", low=0.2, high=0.8)]
    >>> len(saltelli(two, ["classroom"], samples=8))
    32
    """
    from SALib.sample import sobol  # type: ignore[import-untyped]

    check_factors(factors, at_least=2)
    if samples < 2 or samples & (samples - 1):
        raise StudyError(f"samples = {samples}: a power of 2 is needed, from 2 on")
    check_count(samples * (len(factors) + 2), scenarios)
    cube = sobol.sample(unit_problem(factors), samples, calc_second_order=False, seed=np.random.default_rng(seed))
    return numbered(scenarios, drafts(factors, cube))
