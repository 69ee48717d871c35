"""How to spend a budget of replications on finding the best: OCBA (Chen, Lin, Yucesan & Chick 2000).

*Simulation budget allocation for further enhancing the efficiency of ordinal optimization*, Discrete Event Dynamic Systems 10.
With b the best so far, delta_i its distance to i, and standard deviations sigma: N_i / N_j = (sigma_i / delta_i)^2 /
(sigma_j / delta_j)^2 and N_b = sigma_b sqrt(sum of (N_i / sigma_i)^2). Asymptotically best for independent normal replications.
Common random numbers, which it does not know of, make all differences sharper; then it is a sensible share, no longer the best.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from sim.errors import StudyError
from sim.stats.responses import Array

CLOSEST = 1e-6
"""Distances to the best are not taken for smaller than this share of the largest: ties would ask for everything."""


def ocba_shares(means: Array, deviations: Array, better: Literal["lower", "higher"]) -> Array:
    """Share of the budget for each policy; sums to 1.

    Raises
    ------
    StudyError
        For fewer than two policies, numbers that are not finite, or standard deviations that are not above 0.
    """
    if len(means) < 2 or not (np.isfinite(means).all() and np.isfinite(deviations).all() and (deviations > 0.0).all()):
        raise StudyError("allocation: two or more policies with finite means and standard deviations above 0 are needed")
    best = int(np.argmin(means) if better == "lower" else np.argmax(means))
    distance = np.abs(means - means[best])
    if not distance.any():
        return np.full(len(means), 1.0 / len(means))
    distance = np.maximum(distance / distance.max(), CLOSEST)
    sigma = deviations / deviations.max()
    shares = (sigma / distance) ** 2
    others = np.arange(len(means)) != best
    shares[best] = sigma[best] * math.sqrt(float(((sigma / distance**2)[others] ** 2).sum()))
    result: Array = shares / shares.sum()
    return result
