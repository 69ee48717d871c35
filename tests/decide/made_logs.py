"""Logs of two kinds of worlds: one in which work waits for others (a delay), one in which it waits for hands (a queue)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.decide.past import Array, Past
from sim.fit.kept_log import KeptLog

MONDAY = pd.Timestamp("2021-01-04")
WEEKS = 156


@dataclass(frozen=True)
class World:
    """A world whose demand drifts: days of arrival, and what each request needs (days to wait, or days of work)."""

    kind: str
    created: Array
    needs: Array
    refused: Array  # a uniform number each

    def closed(self, cut: float, refused: float) -> tuple[Array, Array]:
        """Days of arrival and of closing of what is let in, if from `cut` on such a share is refused."""
        let_in = (self.created <= cut) | (self.refused >= refused)
        created, needs = self.created[let_in], self.needs[let_in]
        if self.kind == "delay":
            return created, created + needs
        done, last = np.empty_like(created), 0.0
        for at, (day, work) in enumerate(zip(created, needs, strict=True)):
            last = max(last, day) + work
            done[at] = last
        return created, done

    def past(self, now: float, cut: float = np.inf, refused: float = 0.0) -> Past:
        created, closed = self.closed(cut, refused)
        return Past(created, closed, np.inf, MONDAY).cut(now)


def world(kind: str, seed: int, weeks: int = WEEKS, rate: float = 8.0, swing: float = 0.06, load: float = 1.1) -> World:
    """A made world: weekly counts negative binomial about a rate that walks, lifetimes lognormal or work exponential."""
    rng = np.random.default_rng([seed, 1 if kind == "delay" else 2])
    level = np.clip(np.cumsum(rng.normal(0.0, swing, weeks)), -0.7, 0.7)
    counts = rng.poisson(rng.gamma(rate * np.exp(level), 1.0))
    created = np.sort(np.repeat(7.0 * np.arange(weeks), counts) + 7.0 * rng.random(counts.sum()))
    needs = rng.lognormal(np.log(20.0), 1.1, len(created)) if kind == "delay" else rng.exponential(7.0 / rate * load, len(created))
    return World(kind, created, needs, rng.random(len(created)))


def kept(past: Past) -> KeptLog:
    """The log as fit keeps it."""
    def moments(days: Array) -> pd.Series:
        return (MONDAY + pd.to_timedelta(pd.Series(np.where(np.isfinite(days), days, np.nan)), unit="D")).dt.round("s")

    frame = pd.DataFrame({"created": moments(past.created), "resolved": moments(past.closed)})
    frame["answer"], frame["effort"] = "unknown", np.nan
    return KeptLog(frame, (MONDAY + pd.Timedelta(days=past.now)).round("s"))
