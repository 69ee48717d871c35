"""Kappa: the share of a change in demand that closings follow. 1: more requests, as many more closings, none waits for the team;
0: the team closes what it can, whatever comes.

For each week it is worked out how many closings were to be expected if every request had been closed by its age as all requests of
the log were (cumulative incidence of being done, with other ways of leaving: Aalen & Johansen 1978). Closings a quarter are then
regressed on the expected ones, log on log (quasi-Poisson): the slope is kappa. Where requests wait in a queue, how many come says
little about how many leave. Quarters in which demand does not change tell nothing, and the error says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from sim.fit.bootstrap import Array
from sim.fit.clean import Log
from sim.fit.clusters import QUARTER

FEWEST_QUARTERS = 6
"""Fewer tell nothing of how closings follow."""
HALF = 0.5
"""The line between the two readings: kappa is told where its interval lies on one side of it."""
Says = Literal["demand", "team", "untold"]


@dataclass(frozen=True)
class Following:
    """What closings follow.

    Attributes
    ----------
    kappa, error
        The share of a change in demand that closings follow, and its standard error; NaN where it cannot be told.
    low, high
        Its 95% interval.
    quarters
        Whole quarters that were used; the first one of a log is not, since what was open before is not in it.
    """

    kappa: float
    error: float
    low: float
    high: float
    quarters: int

    @property
    def says(self) -> Says:
        """Whether closings follow demand, or what the team can do, or it cannot be told."""
        return "demand" if self.low > HALF else "team" if self.high < HALF else "untold"


UNTOLD = (math.nan, math.nan, math.nan, math.nan)


def following_of(log: Log, first_week: int, weeks: int) -> Following:
    """Fit kappa on the whole quarters between the first and the last arrival.

    Parameters
    ----------
    log
        The requests.
    first_week, weeks
        The first full week (since the log's origin), and how many there are.
    """
    frame = log.frame
    created, resolved = (frame[name].to_numpy(dtype=np.float64) / 7.0 - first_week for name in ("created", "resolved"))
    done = (frame["outcome"] == "accepted").to_numpy()
    expected = expected_closings(created, resolved, done, log.end / 7.0 - first_week, weeks)
    return following(weekly_closings(resolved[done], weeks), expected)


def following(closings: Array, expected: Array) -> Following:
    """Kappa from weekly closings and those that were to be expected by demand; the first quarter is left out."""
    quarters = len(closings) // QUARTER - 1
    if quarters < FEWEST_QUARTERS:
        return Following(*UNTOLD, max(quarters, 0))
    seen, due = (values[-quarters * QUARTER :].reshape(quarters, QUARTER).sum(axis=1) for values in (closings, expected))
    if due.min() <= 0.0 or seen.sum() <= 0.0 or np.ptp(due) == 0.0:
        return Following(*UNTOLD, quarters)
    kappa, error = quasi_poisson(np.log(due), seen)
    reach = float(stats.t.ppf(0.975, quarters - 2)) * error
    return Following(kappa, error, kappa - reach, kappa + reach, quarters)


def weekly_closings(resolved: Array, weeks: int) -> Array:
    """Closings in each week; `resolved` in weeks since the first."""
    at = np.floor(resolved[np.isfinite(resolved)]).astype(np.int64)
    return np.bincount(at[(at >= 0) & (at < weeks)], minlength=weeks).astype(np.float64)


def expected_closings(created: Array, resolved: Array, done: np.ndarray, end: float, weeks: int) -> Array:
    """Closings to be expected in each week, if each request were done by its age as those of the whole log were.

    Parameters
    ----------
    created, resolved
        Weeks since the first; NaN: open.
    done
        Which requests were done; others that were closed left in another way.
    end
        Until when the log knows.
    weeks
        How many weeks are asked for.
    """
    closed = np.isfinite(resolved)
    age = np.floor(np.where(closed, resolved, end) - created).clip(0).astype(np.int64)
    longest = int(age.max()) + 1
    risk = len(age) - np.concatenate([[0], np.cumsum(np.bincount(age, minlength=longest))[:-1]])
    left, ready = (np.bincount(age[mask], minlength=longest) for mask in (closed, closed & done))
    survived = np.concatenate([[1.0], np.cumprod(1.0 - left / np.maximum(risk, 1))[:-1]])
    incidence = survived * ready / np.maximum(risk, 1)
    first = min(math.floor(created.min()), 0)
    came = np.bincount(np.floor(created).astype(np.int64) - first, minlength=weeks - first).astype(np.float64)
    return np.convolve(came, incidence)[-first : weeks - first]


def quasi_poisson(x: Array, counts: Array) -> tuple[float, float]:
    """Slope of the logarithm of counts on x, and its standard error scaled by how they scatter."""
    design = np.column_stack([np.ones(len(x)), x - x.mean()])
    beta = np.array([math.log(max(float(counts.mean()), 1e-9)), 0.0])
    for _ in range(50):
        mean = np.exp(np.clip(design @ beta, -30.0, 30.0))
        information = design.T @ (design * mean[:, None])
        step = np.linalg.lstsq(information, design.T @ (counts - mean), rcond=None)[0]
        beta = beta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    scale = float(((counts - mean) ** 2 / mean).sum() / max(len(x) - 2, 1))
    return float(beta[1]), math.sqrt(max(float(np.linalg.pinv(information)[1, 1]) * scale, 1e-300))
