"""What became of requests, how long it took with those still open taken into account, and how often they came back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.fit.answers import OUTCOMES
from sim.fit.bootstrap import FEWEST, NORMAL, Array, Fitted, fitted, luck, reached, resamples, widened
from sim.fit.clean import WORKING, Log
from sim.fit.clusters import QUARTER, effective_size

PERCENTILES = (50, 80, 90)
ANSWERS = ("accepted", "rejected", "duplicate")
MOST_UNKNOWN = 0.2
"""Of the closed requests, closed with words that are on no list: with more, a share of yes would be a guess."""


@dataclass(frozen=True)
class Outcomes:
    """What became of requests.

    Attributes
    ----------
    shares
        By outcome, of the closed requests.
    open_share
        Of all requests.
    yes
        Accepted of those accepted, rejected or duplicate; None where the log does not tell: too few answers, none that is a no, or
        more than a fifth of the closed with words that nobody knows.
    lasting
        Calendar days until half, 80% and 90% of all requests are closed, with open ones as censored (Kaplan-Meier); NaN: not yet,
        and an end of its interval that is inf: not reached.
    closing
        The same of those that were closed and accepted only: shorter, because what takes long is still open.
    working
        Median calendar days from the start of work to closing of accepted requests; None where too few tell it.
    reopened
        Share of requests of which the log knows that they came back; a lower bound where it has no history.
    """

    shares: dict[str, Fitted]
    open_share: Fitted
    yes: Fitted | None
    lasting: dict[int, Fitted]
    closing: dict[int, Fitted]
    working: Fitted | None
    reopened: Fitted


@dataclass(frozen=True)
class Latency:
    """Working days from arrival to decision: lognormal, undecided requests censored."""

    median: Fitted
    sigma: Fitted
    undecided: int


def fit_outcomes(log: Log, draws: int, seed: int) -> Outcomes:
    """Fit shares and times of all requests."""
    frame, columns = log.frame, log.columns
    outcome = frame["outcome"].to_numpy(dtype=object)
    kinds = {name: outcome == name for name in OUTCOMES}
    closed = ~kinds["open"]
    words = columns.said("outcome", "status")

    came, left = (frame[name].to_numpy(dtype=np.float64) for name in ("created", "resolved"))

    def share(part: np.ndarray, whole: np.ndarray, named: str, day: Array = left) -> Fitted:
        return fit_share(part[whole], day[whole], named, draws, seed)

    took = (frame["resolved"].fillna(log.end) - frame["created"]).to_numpy(dtype=np.float64)
    dates = columns.said("created", "resolved")
    everything, accepted = np.ones(len(frame), dtype=bool), kinds["accepted"]
    return Outcomes(
        shares={name: share(mask, closed, words) for name, mask in kinds.items() if name != "open"},
        open_share=share(kinds["open"], everything, words, came),
        yes=fit_yes(log, draws, seed),
        lasting=_percentiles(took, closed, draws, luck(seed, "rows"), dates),
        closing=_percentiles(took[accepted], closed[accepted], draws, luck(seed, "closing"), dates),
        working=_working(log, draws, seed),
        reopened=share(frame["reopened"].to_numpy() > 0, everything, columns.said("reopened", "status", "key"), came))


def fit_share(hits: np.ndarray, days: Array, columns: str, draws: int, seed: int) -> Fitted:
    """A share with Wilson's interval, of as many rows as would tell it as well one by one: quarters may differ.

    Parameters
    ----------
    hits
        Whether each row is one of those counted.
    days
        Calendar days by which rows belong to quarters.
    """
    n, k = len(hits), int(hits.sum())
    if not n:
        return fitted(0.0, np.full(draws, np.nan), 0, "requests", "1", columns)
    quarter = (days // (7.0 * QUARTER)).astype(np.int64)
    quarter -= quarter.min()
    size = effective_size(np.bincount(quarter, weights=hits).astype(np.float64), np.bincount(quarter).astype(np.float64))
    low, high = _wilson(k / n, size)
    drawn = luck(seed, "shares").beta(k / n * size + 0.5, (1.0 - k / n) * size + 0.5, draws)
    return Fitted(k / n, low, high, n, "requests", "1", columns, "", drawn)


def _wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's interval; 0 of 20 is no proof of never, which resampling would take it for."""
    z = NORMAL**2 / size
    middle, half = (share + z / 2.0) / (1.0 + z), math.sqrt(z * (share * (1.0 - share) + z / 4.0)) / (1.0 + z)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _answers_told(kinds: Mapping[str, np.ndarray]) -> bool:
    """Whether a share of yes can be read: enough answers, of both kinds, and few words that nobody knows."""
    count = {name: int(mask.sum()) for name, mask in kinds.items()}
    closed = sum(number for name, number in count.items() if name != "open")
    answers = sum(count[name] for name in ANSWERS)
    return answers >= FEWEST and answers > count["accepted"] and count["unknown"] <= MOST_UNKNOWN * closed


def fit_yes(log: Log, draws: int, seed: int) -> Fitted | None:
    """The share of yes among the answers; None where the log does not tell it."""
    outcome = log.frame["outcome"].to_numpy(dtype=object)
    if not _answers_told({name: outcome == name for name in OUTCOMES}):
        return None
    answered = np.isin(outcome, ANSWERS)
    days = log.frame["resolved"].to_numpy(dtype=np.float64)[answered]
    return fit_share(outcome[answered] == "accepted", days, log.columns.said("outcome", "status"), draws, seed)


def fit_latency(log: Log, draws: int, seed: int) -> Latency | None:
    """Fit the time to a decision; None where fewer than ten requests tell it."""
    if log.columns["decided"] is None:
        return None
    frame = log.frame[log.frame["decided"].notna() | (log.frame["outcome"] == "open")]
    decided = frame["decided"].notna().to_numpy()
    days = ((frame["decided"].fillna(log.end) - frame["created"]) * WORKING).to_numpy(dtype=np.float64)
    usable = days > 0.0
    days, decided = np.log(days[usable]), decided[usable]
    if decided.sum() < FEWEST or np.ptp(days[decided]) == 0.0:
        return None
    centre, sigma = _censored_normal(days, decided)
    drawn = np.array([_censored_normal(days[places], decided[places]) if decided[places].sum() > 1 else (np.nan, np.nan)
                      for places in resamples(len(days), draws, luck(seed, "latency"))])
    columns, n = log.columns.said("created", "decided"), int(decided.sum())
    gap = float(stats.kstest((days[decided] - centre) / sigma, "norm").statistic)
    test = f"KS gap of the decided ones to the lognormal {gap:.3f}"
    drawn[:, 0] = widened(centre, drawn[:, 0], n, 2)
    drawn[:, 1] = np.exp(widened(math.log(sigma), np.log(drawn[:, 1]), n, 2))
    return Latency(fitted(math.exp(centre), np.exp(drawn[:, 0]), n, "requests", "days", columns, test),
                   fitted(sigma, drawn[:, 1], n, "requests", "1", columns, test), int((~decided).sum()))


def _working(log: Log, draws: int, seed: int) -> Fitted | None:
    done = log.frame[log.frame["outcome"] == "accepted"]
    days = (done["resolved"] - done["started"]).dropna().to_numpy(dtype=np.float64)
    days = days[days >= 0.0]
    if len(days) < FEWEST:
        return None
    again = np.array([np.median(days[places]) for places in resamples(len(days), draws, luck(seed, "working"))])
    return fitted(float(np.median(days)), again, len(days), "requests", "calendar days", log.columns.said("started", "resolved"))


def survival_percentiles(took: Array, closed: np.ndarray) -> list[float]:
    """Days until 50, 80 and 90 percent are closed, by Kaplan and Meier; NaN where fewer ever were."""
    if not closed.any():
        return [math.nan for _ in PERCENTILES]
    curve = stats.ecdf(stats.CensoredData(uncensored=took[closed], right=took[~closed])).sf
    below = [np.flatnonzero(curve.probabilities <= 1.0 - percent / 100.0 + 1e-12) for percent in PERCENTILES]
    return [float(curve.quantiles[places[0]]) if len(places) else math.nan for places in below]


def _percentiles(took: Array, closed: np.ndarray, draws: int, rng: np.random.Generator, columns: str) -> dict[int, Fitted]:
    found = survival_percentiles(took, closed)
    drawn = np.array([survival_percentiles(took[places], closed[places]) for places in resamples(len(took), draws, rng)])
    return {percent: reached(found[at], drawn[:, at], len(took), "requests", "calendar days", columns)
            for at, percent in enumerate(PERCENTILES)}


def _censored_normal(values: Array, known: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of a normal sample of which some are only known to be larger (EM)."""
    centre, sigma = float(values[known].mean()), max(float(values[known].std()), 1e-6)
    if known.all():
        return centre, max(float(values.std(ddof=1)), 1e-6)
    late = values[~known]
    for _ in range(500):
        z = (late - centre) / sigma
        hazard = np.exp(stats.norm.logpdf(z) - stats.norm.logsf(z))
        mean = centre + sigma * hazard
        square = centre**2 + sigma**2 + sigma * (late + centre) * hazard
        new_centre = (values[known].sum() + mean.sum()) / len(values)
        new_sigma = math.sqrt(max(((values[known] ** 2).sum() + square.sum()) / len(values) - new_centre**2, 1e-12))
        moved = abs(new_centre - centre) + abs(new_sigma - sigma)
        centre, sigma = float(new_centre), float(new_sigma)
        if moved < 1e-8:
            break
    return centre, sigma
