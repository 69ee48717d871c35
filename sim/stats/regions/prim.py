"""PRIM, the patient rule induction method (Friedman and Fisher 1999): the box in which a case is most often true.

Peeling takes a thin slice off the side whose loss raises the share of cases (density) most, again and again, and so trades
coverage (share of all cases inside) for density. From that trajectory the box with the largest harmonic mean of both is taken,
pasting gives back what was peeled too much, and limits that may as well be chance are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from sim.stats.regions.region import Box, Mask, Region, Restriction
from sim.stats.responses import Array

AHEAD = 4  # slices to look ahead where peels are equally good
Peel = tuple[tuple[float, float], Array]


@dataclass(frozen=True)
class Prim:
    """How patiently to look.

    Parameters
    ----------
    patience
        Share of the points inside that one peel may take (at least one point; ties go together).
    least
        Smallest box: a share of all points, at least 5 of them.
    quasi_p
        Limits above this quasi-p-value are dropped.
    """

    patience: float = 0.05
    least: float = 0.05
    quasi_p: float = 0.05

    def __call__(self, x: Array, case: Mask) -> Region:
        """The region of one box in which `case` is most often true; nowhere if no restriction is worth it."""
        if not case.any() or case.all():
            return Region()
        best = max(self.trajectory(x, case), key=lambda bounds: balance(_inside(x, bounds), case))
        bounds = self._pruned(x, case, self._pasted(x, case, best))
        limits = tuple(_restriction(x, case, bounds, factor) for factor in dict(_limits(bounds)))
        return Region((Box(limits),)) if limits else Region()

    def trajectory(self, x: Array, case: Mask) -> Iterator[Array]:
        """Boxes from everything to the smallest, each a peel inside the one before; rows are factors, columns low and high."""
        bounds = np.tile([-np.inf, np.inf], (x.shape[1], 1))
        least = max(5, int(np.ceil(self.least * len(x))))
        while True:
            yield bounds
            inside = _inside(x, bounds)
            if case[inside].all():
                return
            peels = list(self._peels(x, case, bounds, inside, least))
            if not peels:
                return
            bounds = max(peels, key=itemgetter(0))[1]

    def _peels(self, x: Array, case: Mask, bounds: Array, inside: Mask, least: int) -> Iterator[Peel]:
        """Each side's slice as (how good it is to lose it, the box without it).

        Good is the density gained for each point given up, so that a thick slice of ties does not win by being thick. With
        few points many slices are equally good; then the one that goes on with fewest cases is the better way in.
        """
        points, mean = int(inside.sum()), float(case[inside].mean())
        count = max(int(self.patience * points), 1)
        for factor in range(x.shape[1]):
            for side, column in enumerate((x[inside, factor], -x[inside, factor])):
                ordered = np.sort(column)
                slice_, ahead = column <= ordered[count - 1], column <= ordered[min(AHEAD * count, points) - 1]
                left = points - int(slice_.sum())
                if left >= least:
                    gain = (mean - float(case[inside][slice_].mean())) / left
                    edge = float(column[~slice_].min())
                    yield (gain, -float(case[inside][ahead].mean())), _with(bounds, factor, side, -edge if side else edge)

    def _pasted(self, x: Array, case: Mask, bounds: Array) -> Array:
        """Give back slices as long as that betters the balance of density and coverage."""
        while True:
            wider = list(self._pastes(x, bounds))
            best = max(wider, key=lambda paste: balance(_inside(x, paste), case), default=bounds)
            if balance(_inside(x, best), case) <= balance(_inside(x, bounds), case):
                return bounds
            bounds = best

    def _pastes(self, x: Array, bounds: Array) -> Iterator[Array]:
        count = max(int(self.patience * _inside(x, bounds).sum()), 1)
        for factor, side in _limits(bounds):
            free = _free(bounds, factor, side)
            others = _inside(x, free)
            column = np.sort(x[others, factor])
            outside = column[column > bounds[factor, 1]] if side else column[column < bounds[factor, 0]][::-1]
            yield _with(bounds, factor, side, outside[count - 1]) if len(outside) > count else free

    def _pruned(self, x: Array, case: Mask, bounds: Array) -> Array:
        """Drop limits one by one, the least certain first, while one is above the limit."""
        while True:
            doubts = [(quasi_p(x, case, bounds, factor, side), factor, side) for factor, side in _limits(bounds)]
            worst, factor, side = max(doubts, default=(0.0, 0, 0))
            if worst <= self.quasi_p:
                return bounds
            bounds = _free(bounds, factor, side)


def density_and_coverage(inside: Mask, case: Mask) -> tuple[float, float]:
    """Share of the points inside that are cases, and share of all cases that are inside; NaN where there is none."""
    hits = float((inside & case).sum())
    return hits / inside.sum() if inside.any() else float("nan"), hits / case.sum() if case.any() else float("nan")


def balance(inside: Mask, case: Mask) -> float:
    """Harmonic mean of density and coverage: 2 hits / (points inside + cases)."""
    return 2.0 * float((inside & case).sum()) / float(inside.sum() + case.sum())


def quasi_p(x: Array, case: Mask, bounds: Array, factor: int, side: int) -> float:
    """Chance of as many cases inside if this limit meant nothing: binomial with the density that the box has without it.

    "Quasi" because the limit was chosen on the same points (Bryant and Lempert 2010).
    """
    from scipy.stats import binom

    inside, without = _inside(x, bounds), _inside(x, _free(bounds, factor, side))
    return float(binom.sf((inside & case).sum() - 1, inside.sum(), case[without].mean()))


def _inside(x: Array, bounds: Array) -> Mask:
    inside: Mask = np.logical_and.reduce((x >= bounds[:, 0]) & (x <= bounds[:, 1]), axis=1)
    return inside


def _limits(bounds: Array) -> list[tuple[int, int]]:
    """The limits there are, as (factor, side); side 0 is the low one."""
    return [(int(factor), int(side)) for factor, side in np.argwhere(np.isfinite(bounds))]


def _with(bounds: Array, factor: int, side: int, value: float) -> Array:
    changed = bounds.copy()
    changed[factor, side] = value
    return changed


def _free(bounds: Array, factor: int, side: int) -> Array:
    return _with(bounds, factor, side, np.inf if side else -np.inf)


def _restriction(x: Array, case: Mask, bounds: Array, factor: int) -> Restriction:
    low, high = bounds[factor].tolist()
    doubt = max(quasi_p(x, case, bounds, factor, side) for limited, side in _limits(bounds) if limited == factor)
    return Restriction(factor, low, high, doubt)
