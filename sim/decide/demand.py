"""F: requests come as T says, and each closes by the hazard of its age (demand-led)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.decide.lifetimes import Lifetimes, lifetimes_of
from sim.decide.past import WEEK, Array, Past
from sim.decide.trend import BLOCK, Counts, trend_paths

FEWEST_WEEKS = 26
MOST_CUTS = 8
USUAL_MISS = 0.2
"""Standard deviation of the logarithm of the factor that is assumed, as two earlier cuts."""
SMALLEST_MISS = 0.05
LARGEST_LOG = 3.0


@dataclass(frozen=True)
class Flow:
    """Futures of the flow of requests.

    Attributes
    ----------
    closings, open
        `paths` by weeks: requests that close in the week, and that are open at its end.
    leave
        `paths` by requests now open: days from now until it closes; inf where that is beyond the oldest age with ten at risk.
    """

    closings: Counts
    open: Counts
    leave: Array


def demand_paths(past: Past, weeks: int, paths: int, rng: np.random.Generator, asked: float = 1.0) -> Flow:
    """Futures in which time to close is what it was, and closings follow what comes.

    Parameters
    ----------
    asked
        Share of what arrives that is let in; the rest is refused at once and counts nowhere.
    """
    lives = lifetimes_of(past)
    factor = np.exp(rng.normal(0.0, miss_of(past), paths))
    ages = past.ages
    needed = rng.exponential(size=(paths, len(ages))) / factor[:, None]
    at = lives.closes_at(np.broadcast_to(ages, needed.shape), needed)
    leave = at - ages
    arrivals = trend_paths(past.arrivals, weeks, paths, rng)
    if asked < 1.0:
        arrivals = rng.binomial(arrivals, asked)
    path, day = _arriving(arrivals, rng)
    gone = day + lives.closes_at(np.zeros(len(day)), rng.exponential(size=len(day)) / factor[path])
    closings = _by_week(np.repeat(np.arange(paths), len(ages)), leave.ravel(), paths, weeks) + _by_week(path, gone, paths, weeks)
    still_open = len(ages) + np.cumsum(arrivals - closings, axis=1)
    return Flow(closings, still_open, np.where(at <= lives.oldest, leave, np.inf))


def _arriving(arrivals: Counts, rng: np.random.Generator) -> tuple[Counts, Array]:
    """Path and day of each request to come."""
    paths, weeks = arrivals.shape
    path = np.repeat(np.arange(paths), arrivals.sum(axis=1))
    week = np.repeat(np.tile(np.arange(weeks), paths), arrivals.ravel())
    return path, WEEK * (week + rng.random(len(week)))


def _by_week(path: Counts, day: Array, paths: int, weeks: int) -> Counts:
    within = day < weeks * WEEK
    return np.bincount(path[within] * weeks + (day[within] // WEEK).astype(int), minlength=paths * weeks).reshape(paths, weeks)


def earlier_cuts(past: Past) -> list[Past]:
    """The past as it was known one to eight quarters ago, as far as it then had 26 weeks; the latest first."""
    quarters = min(max((past.weeks - FEWEST_WEEKS) // BLOCK, 0), MOST_CUTS)
    return [past.cut(past.now - back * BLOCK * WEEK) for back in range(1, quarters + 1)]


def miss_of(past: Past) -> float:
    """Spread of the factor: what the hazards of earlier cuts missed the next quarter's closings by.

    Actual arrivals given, and less what counting alone scatters.
    """
    span = BLOCK * WEEK
    squares = []
    for cut in earlier_cuts(past):
        did = float(((past.closed > cut.now) & (past.closed <= cut.now + span)).sum())
        squares.append(_missed(cut, past, lifetimes_of(cut), span, did) ** 2 - 1.0 / max(did, 1.0))
    mean = (sum(squares) + 2.0 * USUAL_MISS**2) / (len(squares) + 2.0)
    return float(np.sqrt(max(mean, SMALLEST_MISS**2)))


def _missed(cut: Past, past: Past, lives: Lifetimes, span: float, did: float) -> float:
    """Logarithm of the factor on the hazard under which as many are expected to close as did."""
    until = cut.now + span
    came = past.created[(past.created > cut.now) & (past.created <= until)]
    stand = np.concatenate([lives.cumulative(cut.ages + span) - lives.cumulative(cut.ages), lives.cumulative(until - came)])
    low, high = -LARGEST_LOG, LARGEST_LOG
    for _ in range(30):
        middle = 0.5 * (low + high)
        if float(-np.expm1(-np.exp(middle) * stand).sum()) < did:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
