"""How much of the pool each reading gets: inversely to what it missed earlier quarters by (Bates & Granger 1969)."""

from __future__ import annotations

import math

import numpy as np

from sim.decide.demand import earlier_cuts
from sim.decide.lifetimes import lifetimes_of
from sim.decide.past import WEEK, Past
from sim.decide.trend import BLOCK

USUAL_SQUARE = 0.15**2
"""Squared miss of either that is assumed, as two earlier quarters: without history each gets half."""
LARGEST_SHARE = 0.9
STEPS = 26


def demand_share(past: Past) -> float:
    """Share of the futures that come from the flow; the rest come from the trend."""
    span = BLOCK * WEEK
    by_demand, by_trend = [], []
    for cut in earlier_cuts(past):
        did = float(((past.closed > cut.now) & (past.closed <= cut.now + span)).sum()) + 0.5
        by_demand.append(math.log((_due(cut, span) + 0.5) / did) ** 2)
        by_trend.append(math.log((float(cut.closings[-BLOCK:].sum()) + 0.5) / did) ** 2)
    demand, trend = (sum(squares) + 2.0 * USUAL_SQUARE for squares in (by_demand, by_trend))
    share = trend / (demand + trend)
    return min(max(share, 1.0 - LARGEST_SHARE), LARGEST_SHARE)


def _due(cut: Past, span: float) -> float:
    """Closings that the hazards lead to expect in so many days, if requests come as in the last quarter."""
    lives, ages = lifetimes_of(cut), cut.ages
    of_open = -np.expm1(lives.cumulative(ages) - lives.cumulative(ages + span)).sum()
    left = span * (np.arange(STEPS) + 0.5) / STEPS
    of_coming = float(cut.arrivals[-BLOCK:].sum()) * float(-np.expm1(-lives.cumulative(left)).mean())
    return float(of_open) + of_coming
