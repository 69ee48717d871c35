"""The whole forecast of a log: its futures, its dates, what stands against it, and how often it was right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.decide.backtest import Backtest, backtest
from sim.decide.guards import Doubts, check_past, doubts_of
from sim.decide.outlook import LATER, Outlook, outlook_of, percentile, reached, week_days, weeks_until
from sim.decide.past import WEEK, Past, past_of
from sim.decide.readings import Readings, readings_of
from sim.fit.following import Following, expected_closings, following, weekly_closings
from sim.fit.kept_log import KeptLog

MOST_CERTAIN = 0.95
"""No chance is claimed above it."""


@dataclass(frozen=True)
class Forecast:
    """What is to be expected of a log under the present policy.

    Attributes
    ----------
    outlook
        Futures of `weeks` weeks and on to a year, for a number of closings.
    weeks, items
        What was asked for: how far to look, and how many more closings (None: not asked).
    share, days
        The largest of `SHARES` of the open requests whose P85 date is reached (0: none is), and days to its P50 and P85.
    doubts, follow, tested, another
        What stands against it; how closings follow demand; the backtest and another policy, if asked.
    """

    outlook: Outlook
    weeks: int
    items: int | None
    share: float
    days: tuple[float, float]
    doubts: Doubts
    follow: Following
    tested: Backtest | None
    another: Readings | None

    @property
    def past(self) -> Past:
        """What was known."""
        return self.outlook.past

    def closings(self, share: float) -> float:
        """So many requests at least are closed within the weeks, in such a share of the futures."""
        total = self.outlook.closings[:, : self.weeks].sum(axis=1).astype(float)
        return -percentile(-total, share)

    def of_these(self, share: float) -> float:
        """At least so many of the requests now open are closed within the weeks, in such a share of the futures."""
        within = (self.outlook.leave <= week_days(self.weeks)).sum(axis=1).astype(float)
        return -percentile(-within, share)

    def open_at_end(self, share: float) -> float:
        """At most so many are open at the end of the weeks, in such a share of the futures."""
        return percentile(self.outlook.open[:, self.weeks - 1].astype(float), share)

    def days_to_more(self, share: float) -> float:
        """Days until `items` more closings, whichever requests they are, in such a share; inf beyond a year."""
        return week_days(percentile(weeks_until(self.outlook, self.items or 0), share))

    @property
    def chance_in_time(self) -> float:
        """Chance of `items` more closings within the weeks, as counted; what is shown is never above `MOST_CERTAIN`."""
        return float((weeks_until(self.outlook, self.items or 0) <= self.weeks).mean())


def forecast(
    kept: KeptLog, *, weeks: int = 13, items: int | None = None, as_of: pd.Timestamp | None = None, with_backtest: bool = False,
    refused: float | None = None, seed: int = 1,
) -> Forecast:
    """Forecast a log.

    Parameters
    ----------
    kept
        The log.
    weeks, items
        How far to look; how many more closings a date is asked for.
    as_of
        The day up to which the log is read; nothing later is used.
    with_backtest, refused
        Whether to forecast again at earlier moments; the share refused under another policy.

    Raises
    ------
    FitError
        Where no forecast can be made; see `sim.decide.guards`.
    """
    past = past_of(kept, as_of)
    check_past(past, as_of is not None)
    outlook = outlook_of(past, max(weeks, LATER), seed)
    share, *days = reached(outlook)
    return Forecast(
        outlook, weeks, items, share, (days[0], days[1]), doubts_of(past), following_of_past(past),
        backtest(past, weeks, seed) if with_backtest else None,
        readings_of(past, weeks, refused, seed) if refused is not None and not doubts_of(past).short else None)


def following_of_past(past: Past) -> Following:
    """How closings, of whatever answer, follow demand; weeks are counted back from now."""
    first = past.now - WEEK * past.weeks
    created, closed = (past.created - first) / WEEK, (past.closed - first) / WEEK
    closed = np.where(np.isfinite(closed), closed, np.nan)
    expected = expected_closings(created, closed, np.ones(len(created), dtype=bool), float(past.weeks), past.weeks)
    return following(weekly_closings(closed, past.weeks), expected)
