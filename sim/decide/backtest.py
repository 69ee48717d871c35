"""How often the forecast was right on the log's own past: made again at earlier moments, with what was known then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.decide.demand import FEWEST_WEEKS
from sim.decide.outlook import LIKELY, outlook_of, percentile, reached
from sim.decide.past import WEEK, Array, Past
from sim.decide.trend import bootstrap_paths

APART = 13
"""Weeks between the moments, so that what follows one is not counted for another."""
MOST_CUTS = 20
CENTRAL = (0.50, 0.70, 0.85, 0.95)
PATHS = 800
QUIET = 5
"""A moment counts from so many closings in the 26 weeks before it."""


@dataclass(frozen=True)
class Tried:
    """One forecast of closings, and what came.

    Attributes
    ----------
    at
        The moment, in days since the past's origin.
    came
        Closings in the weeks that followed.
    place
        Where that lies among the forecast's paths, 0 to 1 (ties split evenly).
    score, usual
        CRPS of the forecast, and of the 26-week bootstrap, in closings.
    usual_place
        As `place`, for the bootstrap.
    kept, usual_kept
        Whether the share of what was open then was closed by the P85 date, and 85% by the bootstrap's; None where no date was
        given, or the log does not reach to it.
    share
        The share that a date was given for: 85%, or the largest that could be reached.
    """

    at: float
    came: float
    place: float
    score: float
    usual: float
    usual_place: float
    kept: bool | None
    usual_kept: bool | None
    share: float


@dataclass(frozen=True)
class Backtest:
    """All forecasts that were tried on a log: so many weeks each."""

    weeks: int
    tried: tuple[Tried, ...]

    def coverage(self, share: float, usual: bool = False) -> float:
        """How often what came lay within the central interval of such a share."""
        places = [one.usual_place if usual else one.place for one in self.tried]
        return sum(abs(place - 0.5) <= share / 2.0 for place in places) / len(places)

    @property
    def skill(self) -> float:
        """CRPS relative to the bootstrap's; below 1 is better."""
        usual = math.fsum(one.usual for one in self.tried)
        return math.fsum(one.score for one in self.tried) / usual if usual else math.nan

    def kept(self, usual: bool = False, share: float = 0.0) -> tuple[int, int]:
        """P85 dates (of at least such a share of what was open) that were kept, and that were given and had come."""
        answers = [one.usual_kept if usual else one.kept for one in self.tried if usual or one.share >= share]
        known = [answer for answer in answers if answer is not None]
        return sum(known), len(known)


def pooled(backtests: Sequence[Backtest]) -> Backtest:
    """The forecasts of several logs together."""
    return Backtest(backtests[0].weeks, tuple(one for backtest in backtests for one in backtest.tried))


def backtest(past: Past, weeks: int, seed: int, paths: int = PATHS) -> Backtest:
    """Forecast again at moments of the past, the last ones first, and look what came.

    Only moments with 26 weeks of history and some closings in them are taken, each `APART` weeks (or `weeks`, if longer) before
    the next. Nothing that was written down later is used.
    """
    step = max(APART, weeks) * WEEK
    tried: list[Tried] = []
    at = past.now - weeks * WEEK
    while len(tried) < MOST_CUTS and at - past.created[0] >= FEWEST_WEEKS * WEEK:
        known = past.cut(at)
        if known.closings[-FEWEST_WEEKS:].sum() >= QUIET and known.arrivals[-4:].sum() > 0:
            tried.append(_try(known, past, weeks, seed, paths))
        at -= step
    return Backtest(weeks, tuple(reversed(tried)))


def _try(known: Past, whole: Past, weeks: int, seed: int, paths: int) -> Tried:
    outlook = outlook_of(known, weeks, seed, paths)
    rng = np.random.default_rng([seed, 11])
    usual = bootstrap_paths(known.closings, weeks, paths, rng).sum(axis=1).astype(float)
    ours = outlook.closings.sum(axis=1).astype(float)
    came = float(((whole.closed > known.now) & (whole.closed <= known.now + weeks * WEEK)).sum())
    was_open = np.isinf(known.closed)
    took = np.sort(whole.closed[: len(known.created)][was_open] - known.now)
    left, (share, _, promised) = whole.now - known.now, reached(outlook)
    kept = _kept(promised, float(took[_nth(share, len(took))]), left) if share else None
    usual_kept = None
    if len(took):
        nth = _nth(LIKELY, len(took))
        usual_kept = _kept(_bootstrap_days(known, nth + 1, paths, rng), float(took[nth]), left)
    return Tried(
        known.now, came, place_of(came, ours), crps(came, ours), crps(came, usual), place_of(came, usual), kept, usual_kept,
        share)


def _nth(share: float, count: int) -> int:
    """Place of the request with which so large a share of `count` is closed."""
    return max(math.ceil(share * count - 1e-9), 1) - 1


def _kept(promised: float, took: float, known_for: float) -> bool | None:
    """Whether what took so long was done by the date; None where there was none, or it lies after the end of the log."""
    if not math.isfinite(promised) or promised > known_for:
        return None
    return took <= promised


def _bootstrap_days(known: Past, closings: int, paths: int, rng: np.random.Generator) -> float:
    """The usual way: the P85 date of as many closings, as if the next ones were of what is open."""
    total = np.cumsum(bootstrap_paths(known.closings, 520, min(paths, 200), rng), axis=1)
    reached = total >= closings
    return percentile(np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.inf), LIKELY) * WEEK


def place_of(came: float, paths: Array) -> float:
    """Share of the paths below what came, ties counted half."""
    return float((paths < came).mean() + 0.5 * (paths == came).mean())


def crps(came: float, paths: Array) -> float:
    """Continuous ranked probability score of equally likely paths (Gneiting and Raftery 2007, eq. 21)."""
    ordered, count = np.sort(paths), len(paths)
    spread = float(((2.0 * np.arange(1, count + 1) - count - 1.0) * ordered).sum()) / count**2
    return float(np.abs(paths - came).mean()) - spread
