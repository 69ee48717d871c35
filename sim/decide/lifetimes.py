"""How long requests stay open: the hazard of closing by age, of those that were open in the last year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.decide.past import Array, Past

WINDOW = 364.0
"""Days back that count."""
FEWEST_AT_RISK = 10
SHORTEST = 1e-3  # days; what opens and closes at once has been at risk


@dataclass(frozen=True)
class Lifetimes:
    """Cumulative hazard of closing by age (Nelson-Aalen, late entry).

    Attributes
    ----------
    ages, hazard
        Ages in days at which requests closed, and the cumulative hazard there; both begin with 0.
    oldest
        The oldest age with ten at risk: beyond it nothing is claimed.
    tail
        Closings a day beyond that age, from the older half of the ages; for numbers of closings only, never for dates.
    """

    ages: Array
    hazard: Array
    oldest: float
    tail: float

    def cumulative(self, age: Array) -> Array:
        """The cumulative hazard at ages."""
        at = np.searchsorted(self.ages, np.minimum(age, self.oldest), side="right") - 1
        return np.asarray(self.hazard[at] + self.tail * np.maximum(age - self.oldest, 0.0))

    def closes_at(self, age: Array, needed: Array) -> Array:
        """Age at which requests of an age close that stand so much hazard more; inf for never."""
        goal = self.cumulative(age) + needed
        known = goal <= self.hazard[-1]
        at = np.minimum(np.searchsorted(self.hazard, goal, side="left"), len(self.ages) - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            beyond = np.where(self.tail > 0.0, self.oldest + (goal - self.hazard[-1]) / self.tail, np.inf)
        return np.asarray(np.where(known, np.maximum(self.ages[at], age), beyond))


def lifetimes_of(past: Past) -> Lifetimes:
    """The lifetimes of what was open at some time in the last 52 weeks."""
    start = past.now - WINDOW
    there = past.closed > start
    created, closed = past.created[there], past.closed[there]
    entry = np.maximum(start - created, 0.0)
    leave = np.maximum(np.minimum(closed, past.now) - created, entry + SHORTEST)
    event = closed <= past.now
    ages, counts = np.unique(leave[event], return_counts=True)
    at_risk = np.searchsorted(np.sort(entry), ages, side="left") - np.searchsorted(np.sort(leave), ages, side="left")
    enough = np.flatnonzero(at_risk >= FEWEST_AT_RISK)
    last = enough[-1] + 1 if len(enough) else 0
    ages, counts, at_risk = ages[:last], counts[:last], at_risk[:last]
    oldest = float(ages[-1]) if last else 0.0
    tail_from = oldest / 2.0
    exposed = float(np.maximum(leave - np.maximum(entry, tail_from), 0.0).sum())
    tail = float(((leave > tail_from) & event).sum()) / exposed if exposed > 0.0 else 0.0
    hazard = np.cumsum(counts / np.maximum(at_risk, 1))
    return Lifetimes(np.concatenate([[0.0], ages]), np.concatenate([[0.0], hazard]), oldest, tail)
