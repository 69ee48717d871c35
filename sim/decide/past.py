"""What a forecast knows: when each request came and closed, up to a moment, and nothing that was written down later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import FitError
from sim.fit.kept_log import KeptLog

WEEK = 7.0
"""Calendar days in a week; all days here are calendar days."""
DAY = pd.Timedelta(days=1)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Past:
    """The log as it was known at a moment.

    Attributes
    ----------
    created, closed
        Days since `origin`, one entry a request in order of arrival; `closed` is inf where the request was open at `now`.
    now
        The moment, in days since `origin`.
    origin
        Midnight before the first request.
    """

    created: Array
    closed: Array
    now: float
    origin: pd.Timestamp

    @cached_property
    def ages(self) -> Array:
        """Days for which each open request has been open."""
        return self.now - self.created[np.isinf(self.closed)]

    @property
    def weeks(self) -> int:
        """Whole weeks since the first request."""
        return int((self.now - self.created[0]) // WEEK) if len(self.created) else 0

    @cached_property
    def arrivals(self) -> Array:
        """Requests that came in each whole week, the last one ending now."""
        return self._weekly(self.created)

    @cached_property
    def closings(self) -> Array:
        """Requests that closed in each whole week."""
        return self._weekly(self.closed[np.isfinite(self.closed)])

    def _weekly(self, days: Array) -> Array:
        edges = self.now - WEEK * np.arange(self.weeks, -1, -1)
        return np.diff(np.searchsorted(np.sort(days), edges, side="right")).astype(float)

    def cut(self, at: float) -> Past:
        """What was known at an earlier moment."""
        known = self.created <= at
        closed = self.closed[known]
        return Past(self.created[known], np.where(closed <= at, closed, np.inf), at, self.origin)

    def date(self, day: float) -> pd.Timestamp:
        """The date of a day since `origin`."""
        return (self.origin + pd.Timedelta(days=float(day))).normalize()


def past_of(kept: KeptLog, as_of: pd.Timestamp | None = None) -> Past:
    """The past of a log, up to the end of a day where one is named.

    Raises
    ------
    FitError
        Where the day is after the log's last moment, or nothing had come by then.
    """
    frame = kept.frame
    if as_of is not None and as_of.normalize() > kept.known_to.normalize():
        raise FitError(f"--as-of {as_of.date()}: the log knows nothing after {kept.known_to.date()}; name an earlier day")
    until = kept.known_to if as_of is None else min(as_of.normalize() + DAY, kept.known_to)
    if frame.empty or frame["created"].min() > until:
        raise FitError(f"no request had come by {until.date()}; the first came on {frame['created'].min().date()}")
    origin = frame["created"].min().normalize()
    created = ((frame["created"] - origin) / DAY).to_numpy(dtype=float)
    closed = ((frame["resolved"] - origin) / DAY).fillna(np.inf).to_numpy(dtype=float)
    order = np.argsort(created, kind="stable")
    whole = Past(created[order], closed[order], (kept.known_to - origin) / DAY, origin)
    return whole.cut((until - origin) / DAY)
