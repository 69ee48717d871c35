"""Saltelli's sample for Sobol indices: for each base sample its twin, and the first with one factor at a time from the twin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.design.cube import drafts, unit_problem
from sim.design.factor import Factor, StudyError, check_factors
from sim.design.point import DesignPoint, check_size, numbered


def saltelli(factors: Sequence[Factor], scenarios: Sequence[str], samples: int, seed: int = 1) -> tuple[DesignPoint, ...]:
    """``samples * (factors + 2)`` points for first and total indices, by SALib's scrambled Sobol sequence.

    Parameters
    ----------
    samples
        Base samples; a power of 2, without which the sequence loses its balance.
    seed
        Of the scrambling; has nothing to do with the seed of the replications.
    """
    from SALib.sample import sobol  # type: ignore[import-untyped]

    check_factors(factors, at_least=2)
    if samples < 2 or samples & (samples - 1):
        raise StudyError(f"samples = {samples}: a power of 2 is needed, from 2 on")
    check_size(samples * (len(factors) + 2), scenarios, "fewer samples are needed")
    cube = sobol.sample(unit_problem(factors), samples, calc_second_order=False, seed=np.random.default_rng(seed))
    return numbered(scenarios, drafts(factors, cube))
