"""Flow through the team: throughput, work in progress, lead times, and whether L = lambda W. The same for a log and for a run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.fit.arrivals import dispersion, pooled_dispersion, weekly_counts
from sim.fit.bootstrap import Array
from sim.fit.clean import Log

LITTLE_TOLERANCE = 0.1


@dataclass(frozen=True)
class Flow:
    """What flowed from day 0 to day `span` (calendar days). Only what a log and a run both tell is in it.

    Attributes
    ----------
    span
        Days looked at.
    arrivals, throughput
        Requests that came, and accepted ones that were closed, a week.
    wip, wip_end
        Requests in the system, on average and at the end.
    p50, p80, p90
        Percentiles of the calendar days from arrival to closing of accepted requests closed in time.
    dispersion
        Variance over mean of weekly arrivals over the whole span.
    dispersion_within
        The same about 13-week means.
    lead
        Mean calendar days in the system of all that were closed.
    """

    span: float
    arrivals: float
    throughput: float
    wip: float
    wip_end: float
    p50: float
    p80: float
    p90: float
    dispersion: float
    dispersion_within: float
    lead: float

    @property
    def little(self) -> float:
        """Lambda W of closed requests over L; 1 in a steady state whose log is complete."""
        return self.arrivals / 7.0 * self.lead / self.wip if self.wip > 0.0 else math.nan

    @property
    def little_holds(self) -> bool:
        """Whether L = lambda W within 10%."""
        return abs(self.little - 1.0) <= LITTLE_TOLERANCE


def measure(created: Array, left: Array, accepted: np.ndarray, span: float) -> Flow:
    """Measure the flow of requests.

    Parameters
    ----------
    created, left
        Calendar days (since a Monday) of arrival and of leaving the system; NaN: still there.
    accepted
        Which of those that left were accepted and done.
    span
        Days to look at; what comes later is not seen.
    """
    seen = created < span
    created, left, accepted = created[seen], left[seen], accepted[seen]
    gone = left < span
    begun = float(created.min()) if len(created) else 0.0
    length = max(span - begun, 1e-9)
    took = left - created
    done = took[gone & accepted]
    p50, p80, p90 = np.quantile(done, [0.5, 0.8, 0.9]) if len(done) else (math.nan,) * 3
    counts = weekly_counts(created)[1] if len(created) else np.zeros(1)
    return Flow(
        span=length, arrivals=len(created) / length * 7.0, throughput=len(done) / length * 7.0,
        wip=float((np.where(gone, left, span) - created).sum() / length), wip_end=float((~gone).sum()),
        p50=float(p50), p80=float(p80), p90=float(p90),
        dispersion=dispersion(counts) if len(counts) > 1 and counts.sum() else math.nan,
        dispersion_within=pooled_dispersion(counts) if counts.sum() else math.nan,
        lead=float(took[gone].mean()) if gone.any() else math.nan)


def flow_of(log: Log, span: float) -> Flow:
    """Measure a log up to a day."""
    frame = log.frame
    return measure(frame["created"].to_numpy(dtype=np.float64), frame["resolved"].to_numpy(dtype=np.float64),
                   (frame["outcome"] == "accepted").to_numpy(), span)


def span_of(log: Log) -> float:
    """Days from the log's origin to its last arrival."""
    return float(log.frame["created"].max()) + 1e-6
