"""The forecast: the pool of both readings for the present policy, and the dates that two different questions ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.decide.demand import FEWEST_WEEKS, demand_paths
from sim.decide.past import WEEK, Array, Past
from sim.decide.pool import demand_share
from sim.decide.trend import Counts, trend_paths

SHARES = (0.85, 0.75, 0.5, 0.25, 0.1)
"""Shares of what is now open that a date is asked for, the first that is reached."""
LIKELY = 0.85
MOST_WORK = 2_000_000
"""Requests to come that all paths may hold together."""
FEWEST_PATHS, MOST_PATHS = 200, 2000
LATER = 52
"""Weeks that are looked ahead for a number of closings."""


@dataclass(frozen=True)
class Outlook:
    """Futures of a log under the present policy.

    Attributes
    ----------
    past
        What was known.
    closings, open
        Paths by weeks: requests that close in the week, and that are open at its end. The first are of the flow, the
        others of the trend; how many of each, the log's own past says (`sim.decide.pool`).
    leave
        Paths by requests now open: days until each closes, by the flow; no column where none is open, or the log is too short.
    """

    past: Past
    closings: Counts
    open: Counts
    leave: Array


def outlook_of(past: Past, weeks: int, seed: int, paths: int | None = None) -> Outlook:
    """Futures of so many weeks: flow and trend pooled by what each missed; the trend alone under 26 weeks of log."""
    rng = np.random.default_rng([seed, 10])
    paths = paths or paths_for(past, weeks)
    if past.weeks < FEWEST_WEEKS:
        closings, still_open = capacity_paths(past, weeks, paths, rng)
        return Outlook(past, closings, still_open, np.empty((paths, 0)))
    by_demand = round(demand_share(past) * paths)
    flow = demand_paths(past, weeks, max(by_demand, FEWEST_PATHS), rng)
    flow_closings, flow_open = flow.closings[:by_demand], flow.open[:by_demand]
    closings, still_open = capacity_paths(past, weeks, paths - by_demand, rng)
    return Outlook(past, np.concatenate([flow_closings, closings]), np.concatenate([flow_open, still_open]), flow.leave)


def paths_for(past: Past, weeks: int) -> int:
    """As many paths as memory and ten seconds allow."""
    each = len(past.ages) + 2.0 * weeks * max(float(past.arrivals[-FEWEST_WEEKS:].mean()), 1.0)
    return int(min(max(MOST_WORK / each, FEWEST_PATHS), MOST_PATHS))


def capacity_paths(
    past: Past, weeks: int, paths: int, rng: np.random.Generator, asked: float = 1.0
) -> tuple[Counts, Counts]:
    """Closings by their own trend, as far as there is anything to close, and what is open; `asked` is the share let in."""
    arrivals = trend_paths(past.arrivals, weeks, paths, rng)
    if asked < 1.0:
        arrivals = rng.binomial(arrivals, asked)
    there = len(past.ages) + np.cumsum(arrivals, axis=1)
    closed = np.cumsum(trend_paths(past.closings, weeks, paths, rng), axis=1)
    closed = np.minimum(closed, np.maximum.accumulate(there, axis=1))
    closed = np.minimum.accumulate(np.minimum(closed, there)[:, ::-1], axis=1)[:, ::-1]
    return np.diff(closed, axis=1, prepend=0), there - closed


def days_until_closed(outlook: Outlook, share: float) -> Array:
    """Of each path the days until such a share of the requests now open is closed; inf for not reached."""
    count = outlook.leave.shape[1]
    nth = max(math.ceil(share * count - 1e-9), 1) - 1
    return np.asarray(np.partition(outlook.leave, nth, axis=1)[:, nth])


def reached(outlook: Outlook) -> tuple[float, float, float]:
    """The largest of `SHARES` whose P85 date is reached (0: none is), and the days to its P50 and its P85."""
    for share in SHARES if outlook.leave.shape[1] else ():
        days = days_until_closed(outlook, share)
        if math.isfinite(late := percentile(days, LIKELY)):
            return share, percentile(days, 0.5), late
    return 0.0, math.inf, math.inf


def weeks_until(outlook: Outlook, closings: int) -> Array:
    """Of each path the weeks until so many more requests are closed, whichever; inf where that is not within the weeks."""
    total = np.cumsum(outlook.closings, axis=1)
    reached = total >= closings
    return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.inf)


def percentile(values: Array, share: float) -> float:
    """The smallest value that at least such a share of the paths does not exceed; inf where that is not reached."""
    ordered = np.sort(values)
    return float(ordered[max(math.ceil(share * len(ordered) - 1e-9), 1) - 1])


def date_in(outlook: Outlook, days: float) -> str:
    """A date so many days from the moment of the forecast; empty for not reached."""
    return str(outlook.past.date(outlook.past.now + days).date()) if math.isfinite(days) else ""


def week_days(weeks: float) -> float:
    """Days in so many weeks."""
    return weeks * WEEK
