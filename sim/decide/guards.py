"""What a log must have for a forecast, and what stands against one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.decide.demand import FEWEST_WEEKS
from sim.decide.past import WEEK, Array, Past
from sim.decide.trend import BLOCK
from sim.errors import FitError

FEWEST_ACTIVE_DAYS = 5
SILENT_WEEKS = 4
LARGEST_DRIFT = 0.5
BULK_SHARE, FEWEST_IN_BULK, MOST_BULKS = 0.1, 10, 3
YEAR = 52


@dataclass(frozen=True)
class Doubts:
    """What stands against a forecast.

    Attributes
    ----------
    short
        Whether the log is shorter than 26 weeks, so that the trend alone speaks.
    bulks
        Days of the last year on which a tenth of its closings or more happened at once, with how many: clearing up, no pace.
    arrivals, closings
        Change of the rate in the last quarter against the three before it, as a share; None where there are too few weeks.
    """

    short: bool
    bulks: tuple[tuple[pd.Timestamp, int], ...]
    arrivals: float | None
    closings: float | None

    @property
    def drifts(self) -> tuple[tuple[str, float], ...]:
        """The changes that are so large that no forecast follows them, by what changed."""
        both = (("arrivals", self.arrivals), ("closings", self.closings))
        return tuple((what, change) for what, change in both if change is not None and abs(change) > LARGEST_DRIFT)


def check_past(past: Past, named_day: bool) -> None:
    """Refuse a log that no forecast can be made from.

    Parameters
    ----------
    named_day
        Whether the user has said as of which day: then a silence before it is his to judge.

    Raises
    ------
    FitError
        Under 13 weeks or 5 days with a closing, or where nothing has come for four weeks.
    """
    if past.weeks < BLOCK:
        raise FitError(f"the log has {past.weeks} whole weeks up to {past.date(past.now).date()}; a forecast needs {BLOCK}")
    active = len(np.unique(np.floor(past.closed[np.isfinite(past.closed)])))
    if active < FEWEST_ACTIVE_DAYS:
        raise FitError(f"the log has closings on {active} days; a forecast needs {FEWEST_ACTIVE_DAYS}")
    last = past.created[-1]
    if not named_day and past.now - last > SILENT_WEEKS * WEEK:
        raise FitError(
            f"no request has come since {past.date(last).date()}, though the log goes on to {past.date(past.now).date()}: was the "
            f"export cut off? Say as of which day: --as-of {past.date(last).date()}")


def doubts_of(past: Past) -> Doubts:
    """What stands against a forecast of a log."""
    return Doubts(past.weeks < FEWEST_WEEKS, _bulks(past), _change(past.arrivals), _change(past.closings))


def _bulks(past: Past) -> tuple[tuple[pd.Timestamp, int], ...]:
    recent = past.closed[(past.closed > past.now - YEAR * WEEK) & np.isfinite(past.closed)]
    days, counts = np.unique(np.floor(recent), return_counts=True)
    many = counts >= max(BULK_SHARE * len(recent), FEWEST_IN_BULK)
    order = np.argsort(-counts[many], kind="stable")[:MOST_BULKS]
    return tuple((past.date(days[many][at]), int(counts[many][at])) for at in order)


def _change(counts: Array) -> float | None:
    if len(counts) < 2 * BLOCK:
        return None
    before = float(counts[-YEAR:-BLOCK].mean())
    return float(counts[-BLOCK:].mean()) / before - 1.0 if before > 0.0 else None
