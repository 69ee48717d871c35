"""Differences of several policies whose intervals hold together: each with 95% beside all others, not each for itself.

Bonferroni's t-intervals ask for symmetric data. Of a skewed measure (delay in the first world's ai-project, fourteen policies,
studies drawn from 1,500 replications) they held together in .75 of the studies of 10 replications and in .85 of those of 20; these
do in .99. What no interval drawn from a sample can know is what never happened in it: a difference that is zero in all of its
replications is said to be zero, though it may be more once in a hundred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from sim.stats.choosing.many import simultaneous_means
from sim.stats.means import CONFIDENCE, Interval, corrected, gaps, paired_difference

Pair = tuple[str, str]


def joint_differences(
    values: Mapping[str, ArrayLike], pairs: Sequence[Pair], yes_or_no: bool = False, confidence: float = CONFIDENCE
) -> dict[Pair, Interval]:
    """Paired differences with intervals that hold together.

    Parameters
    ----------
    values
        For each policy one number a replication, in the same order; NaN where there is none.
    pairs
        Which differences, first minus second.
    yes_or_no
        Whether the numbers are 0 or 1: then Agresti and Min's intervals, corrected by Bonferroni.
    confidence
        Probability that all of them cover; from 20 replications on. Fewer are too few for it: Bonferroni's intervals then cover
        less often where the differences are skewed.
    """
    if yes_or_no:
        each = corrected(confidence, len(pairs))
        return {(a, b): paired_difference(values[a], values[b], each, yes_or_no=True) for a, b in pairs}
    if not pairs:
        return {}
    columns = np.column_stack([gaps(values[a], values[b]) for a, b in pairs])
    found = simultaneous_means(columns, confidence, "fitting")[["n", "difference", "low", "high"]].to_numpy()
    return {pair: Interval(int(n), *map(float, limits)) for pair, (n, *limits) in zip(pairs, found, strict=True)}
