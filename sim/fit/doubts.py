"""What a statistician would say about a log before he computes: where it is cut, swept, copied or too short."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.fit.arrivals import Arrivals
from sim.fit.bootstrap import FEW, FEWEST
from sim.fit.clean import Log
from sim.toml.shown import listing

BULK = 10
BULK_SHARE = 0.02
SWEPT_DAY, SWEPT_SHARE = 20, 0.1
COPIED_SHARE = 0.1
TIMER_SHARE = 0.3
SAME_AGE_SHARE = 0.15
CUT = 0.5
QUIET_DAYS = 28.0
MINUTE = 1.0 / 1440.0


def doubts_about(log: Log) -> list[str]:
    """What stands against taking the log as it is.

    Parameters
    ----------
    log
        The requests.
    """
    return [*_reading(log), *_edges(log), *_survivors(log), *_bulk(log), *_timer(log), *_amounts(log)]


def doubts_about_arrivals(arrivals: Arrivals) -> Iterator[str]:
    """What the weekly counts say against a constant rate, and against the ends of the log.

    Parameters
    ----------
    arrivals
        The fitted stream.
    """
    blocks = np.array(arrivals.blocks)
    if len(blocks) >= 4:
        usual = float(np.median(blocks))
        for at, end, why in ((0, "first", "start"), (-1, "last", "end")):
            if blocks[at] < CUT * usual:
                yield (f"the {end} 13 weeks have {blocks[at] / usual:.0%} of the usual number of requests: the {why} of the log "
                       "may be cut off (an export by date of closing, or a filter); export whole quarters")
    if arrivals.drifts:
        yield (f"the rate drifts ({arrivals.trend.value:+.0f}% a year, p = {arrivals.trend_p:.2g}; 13-week blocks differ with "
               f"p = {arrivals.blocks_p:.2g}): {arrivals.rate.value:.2f} requests a working day over the whole log, "
               f"{arrivals.recent.value:.2f} over the last {arrivals.recent.n} weeks; the scenario takes the latter")
    if arrivals.weeks < 26:
        yield f"only {arrivals.weeks} full weeks: rate and bunching are rough, drift cannot be told from chance"


def _reading(log: Log) -> Iterator[str]:
    yield from (note for note in log.notes if "were read" not in note)
    if log.words:
        said = listing((f"{word or 'nothing'} ({count})" for word, count in log.words), most=6)
        yield f"closed with words that are on no list: {said}; they count as neither yes nor no (--accepted, --rejected)"
    if log.columns["created"] == log.columns["resolved"]:
        yield "the same column says when requests came and when they were closed"


def _edges(log: Log) -> Iterator[str]:
    last = float(log.frame["created"].max())
    if log.end - last > QUIET_DAYS:
        yield (f"no request came in the last {log.end - last:.0f} days of the log: it was cut by date of arrival; the rate is "
               f"counted up to {log.date(last)}")
    yield ("what was open before the first day is not in the log, so work in progress starts at nothing and is too low at "
           "first; the replay starts as empty")


def _survivors(log: Log) -> Iterator[str]:
    if not (log.frame["outcome"] == "open").any():
        yield ("not one request is open: if only closed ones were exported, these are the survivors; times are then too short "
               "and the rate too low towards the end")


def _bulk(log: Log) -> Iterator[str]:
    for name, verb, what in (("resolved", "closed", "a clean-up, not work"), ("created", "opened", "an import, not requests")):
        days = log.frame[name].dropna().to_numpy(dtype=np.float64)
        if log.clock:
            together, when = _most(np.floor(days / MINUTE + 1e-6))
            if together >= max(BULK, BULK_SHARE * len(days)):
                yield f"{together} requests were {verb} in the same minute ({log.date(when * MINUTE)}): {what}? (bulk edit)"
                continue
        together, when = _most(np.floor(days))
        if together >= max(SWEPT_DAY, SWEPT_SHARE * len(days) if not log.clock else 0.05 * len(days)):
            yield f"{together} requests were {verb} on one day ({log.date(when)}): {what}? (bulk edit)"


def _timer(log: Log) -> Iterator[str]:
    closed = log.closed
    if len(closed) < FEW:
        return
    days = closed["resolved"].to_numpy(dtype=np.float64)
    if log.clock:
        together, minute = _most(np.floor((days % 1.0) / MINUTE + 1e-6))
        if together >= TIMER_SHARE * len(days):
            yield (f"{together / len(days):.0%} were closed at {int(minute) // 60:02d}:{int(minute) % 60:02d} o'clock: a timer "
                   "sets the day of closing; times to closing are the timer's")
    ages = np.round((closed["resolved"] - closed["created"]).to_numpy(dtype=np.float64))
    together, age = _most(ages[ages >= 7.0])
    if together >= SAME_AGE_SHARE * len(days):
        yield f"{together / len(days):.0%} were closed exactly {age:.0f} days after they came: a timer closes what is old"


def _amounts(log: Log) -> Iterator[str]:
    frame = log.frame
    done = frame[frame["outcome"] == "accepted"]
    for name in ("effort", "estimate"):
        if any(field.startswith(name) for field in log.columns.named):
            useless = int((done[name] <= 0.0).sum())
            missing = int(done[name].isna().sum())
            if useless or missing:
                yield (f"{name}: of {len(done)} accepted requests {missing} have none that can be read, {useless} have nothing "
                       "or less; they are left out (if only large ones are booked, the fit is of these)")
            usable = int((done[name] > 0.0).sum())
            if usable < FEW:
                yield f"{name}: {usable} values are {'too few to fit' if usable < FEWEST else 'few; the interval is rough'}"
    both = done[(done["effort"] > 0.0) & (done["estimate"] > 0.0)]
    if len(both) >= FEWEST:
        copied = float(np.isclose(both["effort"], both["estimate"]).mean())
        if copied >= COPIED_SHARE:
            yield (f"{copied:.0%} of {len(both)} efforts equal their estimate exactly: actuals were copied; the error of "
                   "estimates is understated")


def _most(values: np.ndarray) -> tuple[int, float]:
    """How often the most frequent value occurs, and which it is."""
    if not len(values):
        return 0, 0.0
    counts = pd.Series(values).value_counts()
    return int(counts.iloc[0]), float(counts.index[0])
