"""A small classification tree (CART) as a region: at most three questions deep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.stats.regions.region import Box, Mask, Region, Restriction
from sim.stats.responses import Array


@dataclass(frozen=True)
class SmallTree:
    """How large the tree may grow.

    Parameters
    ----------
    depth
        Questions from root to leaf.
    least
        Smallest leaf: a share of all points, at least 5 of them.
    """

    depth: int = 3
    least: float = 0.05

    def __call__(self, x: Array, case: Mask) -> Region:
        """The leaves in which `case` is true more often than not, one box each; neighbours that say the same are one."""
        from sklearn.tree import DecisionTreeClassifier  # type: ignore[import-untyped]

        if not case.any() or case.all():
            return Region()
        leaf = max(5, math.ceil(self.least * len(x)))
        # A fixed state: with equally good splits scikit-learn draws which one to take.
        grown = DecisionTreeClassifier(max_depth=self.depth, min_samples_leaf=leaf, random_state=0).fit(x, case)
        found = _boxes(grown.tree_, 0, list(grown.classes_).index(True), {})
        return Region(tuple(Box(tuple(limits[factor] for factor in sorted(limits))) for limits in found if limits))


Limits = dict[int, Restriction]


def _boxes(tree: Any, node: int, yes: int, limits: Limits) -> list[Limits]:
    """The boxes under a node in which the case is the rule."""
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left < 0:
        return [limits] if int(np.argmax(tree.value[node][0])) == yes else []
    factor, cut = int(tree.feature[node]), float(tree.threshold[node])
    old = limits.get(factor, Restriction(factor))
    lower = {**limits, factor: Restriction(factor, old.low, min(old.high, cut))}
    upper = {**limits, factor: Restriction(factor, max(old.low, math.nextafter(cut, math.inf)), old.high)}
    under = [_boxes(tree, left, yes, lower), _boxes(tree, right, yes, upper)]
    if under == [[lower], [upper]]:  # both sides say the same: the question was idle
        return [limits]
    return under[0] + under[1]
