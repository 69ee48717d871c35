"""How requests arrive: their rate, how it drifts, and how much they bunch."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.errors import FitError
from sim.fit.bootstrap import FEWEST, SIMULATED, Array, Fitted, block_resamples, fitted, luck, share_beyond
from sim.fit.clean import DAYS_A_WEEK, Log

YEAR = 52
BLOCK = 13
"""Weeks in which the rate is taken as constant."""
FEWEST_WEEKS = 8
"""Below, bunching cannot be told from chance."""
LEAST_EXCESS = 1e-3


@dataclass(frozen=True)
class Arrivals:
    """The stream of requests.

    Attributes
    ----------
    counts
        Requests in each full week (Monday to Sunday), from `first_week` on (weeks since the log's origin).
    rate, recent
        Requests a working day: over the whole log, and over its last 52 weeks.
    dispersion
        Variance over mean of weekly counts about the mean of their 13-week block, pooled; None for too few weeks.
    dispersion_median, dispersion_all
        The median of the blocks' indices (below the pooled one by some 5% even where nothing differs: the index is skewed), and
        the index about the mean of the whole log, which takes drift for bunching.
    trend, trend_p
        Change of the rate in percent a year, and the chance of such a trend without one (quasi-Poisson).
    blocks, blocks_p
        The rate in each block, relative to the mean, and the chance of such differences at a constant rate.
    gap, gap_poisson, gap_p
        Largest distance between the counts' distribution and the negative binomial about the blocks' means; the same for Poisson;
        the chance of such a distance if the negative binomial is true (parametric bootstrap).
    """

    counts: Array
    first_week: int
    rate: Fitted
    recent: Fitted
    dispersion: Fitted | None
    dispersion_median: float
    dispersion_all: float
    trend: Fitted
    trend_p: float
    blocks: tuple[float, ...]
    blocks_p: float
    gap: float
    gap_poisson: float
    gap_p: float

    @property
    def weeks(self) -> int:
        """Full weeks."""
        return len(self.counts)

    @property
    def drifts(self) -> bool:
        """Whether the rate cannot be taken as constant."""
        return self.trend_p < 0.01 or self.blocks_p < 0.01

    @property
    def now(self) -> Fitted:
        """The rate to go on with: of the last year if it drifts, else of the whole log."""
        return self.recent if self.drifts else self.rate


def fit_arrivals(log: Log, draws: int, seed: int) -> Arrivals:
    """Fit the stream of requests on full weeks.

    Parameters
    ----------
    log
        The requests.
    draws, seed
        Bootstrap draws (weeks in runs, so that what drifts stays together), and what fixes them.

    Raises
    ------
    FitError
        Where fewer than ten requests came in full weeks.
    """
    first, counts = weekly_counts(log.frame["created"].to_numpy(dtype=np.float64))
    if counts.sum() < FEWEST:
        raise FitError(f"{log.source.name}: {counts.sum():.0f} requests came in its {len(counts)} full weeks (Monday to Sunday), "
                       f"at least {FEWEST} are needed for a rate")
    return fit_counts(counts, first, log.columns.said("created"), draws, seed)


def fit_counts(counts: Array, first: int, columns: str, draws: int, seed: int) -> Arrivals:
    """The same for weekly counts."""
    n = len(counts)
    means, excess = _by_blocks(counts)
    within = float(excess.sum() / counts.sum())
    picked = list(block_resamples(n, draws, luck(seed, "arrivals")))
    rates = np.array([counts[places].mean() for places in picked]) / DAYS_A_WEEK
    spreads = np.array([excess[places].sum() / max(counts[places].sum(), 1.0) for places in picked])
    slopes = np.array([_trend(places.astype(np.float64), counts[places])[0] for places in picked])
    slope, p = _trend(np.arange(n, dtype=np.float64), counts)
    enough = n >= FEWEST_WEEKS
    gap, gap_poisson, gap_p = _gaps(counts, within, luck(seed, "arrivals/gap")) if enough else (math.nan,) * 3
    test = (f"largest gap of the distribution of weekly counts {gap:.3f} (p = {gap_p:.2f}) about 13-week means, "
            f"Poisson {gap_poisson:.3f}" if enough else "")
    indices, sizes = _indices(counts)
    said = f"trend {slope:+.0f}% a year (p = {p:.2g})"
    last = counts[-YEAR:]
    recent = np.array([last[places].mean() for places in block_resamples(len(last), draws, luck(seed, "arrivals"))]) / DAYS_A_WEEK
    return Arrivals(
        counts=counts, first_week=first,
        rate=fitted(counts.mean() / DAYS_A_WEEK, rates, n, "weeks", "requests/day", columns, said),
        recent=fitted(last.mean() / DAYS_A_WEEK, recent, len(last), "weeks", "requests/day", columns, said),
        dispersion=fitted(within, spreads, n, "weeks", "1", columns, test) if enough else None,
        dispersion_median=float(np.median(indices)) if enough else math.nan,
        dispersion_all=dispersion(counts),
        trend=fitted(slope, slopes, n, "weeks", "% a year", columns), trend_p=p,
        blocks=tuple(float(mean) for mean in sizes / counts.mean()), blocks_p=_blocks_differ(counts, means, within),
        gap=gap, gap_poisson=gap_poisson, gap_p=gap_p)


def weekly_counts(days: Array) -> tuple[int, Array]:
    """The first full week and the counts of all full weeks between the first and the last of some days (since a Monday)."""
    first = math.ceil((days.min() - 1.0) / 7.0)  # whoever begins on a Monday begins a week
    weeks = max(int(days.max() // 7) - first, 1)
    inside = ((days // 7).astype(np.int64) - first)
    return first, np.bincount(inside[(inside >= 0) & (inside < weeks)], minlength=weeks).astype(np.float64)


def dispersion(counts: Array) -> float:
    """Variance over mean of weekly counts."""
    return float(counts.var(ddof=1) / counts.mean())


def pooled_dispersion(counts: Array) -> float:
    """Variance over mean of weekly counts about the means of their 13-week blocks."""
    return float(_by_blocks(counts)[1].sum() / counts.sum())


def blocks_of(counts: Array) -> list[Array]:
    """Weekly counts in blocks of about 13 weeks, in which the rate is taken as constant."""
    return list(np.array_split(counts, max(1, round(len(counts) / BLOCK))))


def _by_blocks(counts: Array) -> tuple[Array, Array]:
    """For each week the mean of its block, and its squared distance from it, made unbiased."""
    parts = blocks_of(counts)
    means = np.concatenate([np.full(len(part), part.mean()) for part in parts])
    excess = np.concatenate([(part - part.mean()) ** 2 * len(part) / max(len(part) - 1, 1) for part in parts])
    return means, excess


def _indices(counts: Array) -> tuple[Array, Array]:
    parts = blocks_of(counts)
    return np.array([dispersion(part) for part in parts if part.sum() > 0]), np.array([part.mean() for part in parts])


def _trend(weeks: Array, counts: Array) -> tuple[float, float]:
    """Percent a year by log-linear quasi-Poisson regression, and its p-value."""
    design = np.column_stack([np.ones(len(weeks)), (weeks - weeks.mean()) / 52.18])
    beta = np.array([math.log(max(counts.mean(), 1e-9)), 0.0])
    for _ in range(25):
        fit = np.exp(np.clip(design @ beta, -30.0, 30.0))
        information = design.T @ (design * fit[:, None])
        step = np.linalg.lstsq(information, design.T @ (counts - fit), rcond=None)[0]
        beta = beta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    freedom = max(len(weeks) - 2, 1)
    scale = float(((counts - fit) ** 2 / fit).sum() / freedom)
    error = math.sqrt(max(float(np.linalg.pinv(information)[1, 1]) * scale, 1e-300))
    return 100.0 * math.expm1(min(float(beta[1]), 20.0)), float(2.0 * stats.t.sf(abs(beta[1]) / error, freedom))


def _blocks_differ(counts: Array, means: Array, dispersion: float) -> float:
    """Chance that blocks differ so much at a constant rate (chi-square, scaled by the dispersion within blocks)."""
    blocks = len(blocks_of(counts))
    if blocks < 2:
        return 1.0
    between = float(((means - counts.mean()) ** 2).sum()) / counts.mean() / max(dispersion, 1e-9)
    return float(stats.f.sf(between / (blocks - 1), blocks - 1, max(len(counts) - blocks, 1)))


def _gaps(counts: Array, dispersion: float, rng: np.random.Generator) -> tuple[float, float, float]:
    means = _by_blocks(counts)[0]
    seen = _gap(counts, dispersion)
    simulated = [_gap(again, pooled_dispersion(again)) for again in (draw_counts(means, dispersion, rng) for _ in range(SIMULATED))
                 if again.sum() > 0]
    return seen, _gap(counts, 1.0), share_beyond(seen, simulated)


def draw_counts(means: Array, dispersion: float, rng: np.random.Generator) -> Array:
    """Negative binomial counts of given means and index of dispersion."""
    if dispersion <= 1.0 + LEAST_EXCESS:
        return rng.poisson(means).astype(np.float64)
    rates = rng.gamma(np.maximum(means, 1e-9) / (dispersion - 1.0)) * (dispersion - 1.0)
    return rng.poisson(rates).astype(np.float64)


def _gap(counts: Array, dispersion: float) -> float:
    values = np.arange(int(counts.max()) + 1)
    seen = np.searchsorted(np.sort(counts), values, side="right") / len(counts)
    parts = blocks_of(counts)
    means = np.array([[max(float(part.mean()), 1e-9)] for part in parts])
    if dispersion <= 1.0 + LEAST_EXCESS:
        expected = stats.poisson.cdf(values, means)
    else:
        expected = stats.nbinom.cdf(values, means / (dispersion - 1.0), 1.0 / dispersion)
    return float(np.abs(seen - np.array([len(part) for part in parts]) @ expected / len(counts)).max())
