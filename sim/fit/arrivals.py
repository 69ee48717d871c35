"""How requests arrive: their rate, how it drifts, and how much they bunch."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.errors import FitError
from sim.fit.bootstrap import FEWEST, NORMAL, SIMULATED, Array, Fitted, block_resamples, fitted, luck, on_log_scale, share_beyond
from sim.fit.clean import DAYS_A_WEEK, Log
from sim.fit.clusters import QUARTER, error_of_mean, quarters_of

YEAR = 52
FEWEST_WEEKS = 8
"""Below, bunching cannot be told from chance."""
FEWEST_TO_DRIFT = 2 * QUARTER
"""Below, drift cannot be told from chance."""
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
        Variance over mean of weekly counts from week to week (half the mean squared successive difference, von Neumann 1941), which
        does not take drift for bunching; None for too few weeks.
    dispersion_median, dispersion_all
        The median of the indices within 13-week blocks, and the index about the mean of the whole log, which takes drift for
        bunching.
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
        """Whether the rate cannot be taken as constant; never of a log that is too short to tell."""
        return self.weeks >= FEWEST_TO_DRIFT and min(self.trend_p, self.blocks_p) < 0.01

    @property
    def now(self) -> Fitted:
        """The rate to go on with: of the last year if it drifts, else of the whole log."""
        return self.recent if self.drifts else self.rate


def fit_arrivals(log: Log, draws: int, seed: int) -> Arrivals:
    """Fit the stream of requests on full weeks.

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
    slopes = np.array([_trend(places.astype(np.float64), counts[places])[0] for places in picked])
    slope, p = _trend(np.arange(n, dtype=np.float64), counts)
    enough = n >= FEWEST_WEEKS
    gap, gap_poisson, gap_p = _gaps(counts, within, luck(seed, "arrivals/gap")) if enough else (math.nan,) * 3
    test = (f"largest gap of the distribution of weekly counts {gap:.3f} (p = {gap_p:.2f}) about 13-week means, "
            f"Poisson {gap_poisson:.3f}" if enough else "")
    indices, sizes = _indices(counts)
    said = f"trend {slope:+.0f}% a year (p = {p:.2g})"
    return Arrivals(
        counts=counts, first_week=first,
        rate=fit_rate(counts, None, columns, said, draws, seed), recent=fit_rate(counts, YEAR, columns, said, draws, seed),
        dispersion=fit_dispersion(counts, means, columns, test, draws, seed) if enough else None,
        dispersion_median=float(np.median(indices)) if enough else math.nan,
        dispersion_all=dispersion(counts),
        trend=fitted(slope, slopes, n, "weeks", "% a year", columns), trend_p=p,
        blocks=tuple(float(mean) for mean in sizes / counts.mean()), blocks_p=_blocks_differ(counts, means, within),
        gap=gap, gap_poisson=gap_poisson, gap_p=gap_p)


def fit_rate(counts: Array, last: int | None, columns: str, test: str, draws: int, seed: int) -> Fitted:
    """A rate by the day from weekly counts, or from the last so many of them; its error is the larger one of weeks and quarters."""
    part = counts if last is None else counts[-last:]
    error = error_of_mean(counts, None if last is None else len(part)).as_normal
    return on_log_scale(
        part.mean() / DAYS_A_WEEK, error, draws, luck(seed, "arrivals"), len(part), "weeks", "requests/day", columns, test)


def fit_dispersion(counts: Array, means: Array, columns: str, test: str, draws: int, seed: int) -> Fitted:
    """The index of dispersion from week to week; its error by simulating negative binomial counts about the quarters' means."""
    found, rng = successive_dispersion(counts), luck(seed, "arrivals/dispersion")
    again = np.array([successive_dispersion(draw_counts(means, found, rng)) for _ in range(SIMULATED)])
    freedom = 2.0 * (len(counts) - 1) / 3.0  # what the differences of so many weeks tell (von Neumann 1941)
    error = float(np.log(again[again > 0.0]).std(ddof=1)) * float(stats.t.ppf(0.975, freedom)) / NORMAL
    return on_log_scale(found, error, draws, rng, len(counts), "weeks", "1", columns, test)


def successive_dispersion(counts: Array) -> float:
    """Half the mean squared difference of successive weeks over the mean: variance over mean, whatever drifts slowly."""
    return float((np.diff(counts) ** 2).mean() / 2.0 / counts.mean()) if counts.any() else 0.0


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


def _by_blocks(counts: Array) -> tuple[Array, Array]:
    """For each week the mean of its block, and its squared distance from it, made unbiased."""
    parts = quarters_of(counts)
    means = np.concatenate([np.full(len(part), part.mean()) for part in parts])
    excess = np.concatenate([(part - part.mean()) ** 2 * len(part) / max(len(part) - 1, 1) for part in parts])
    return means, excess


def _indices(counts: Array) -> tuple[Array, Array]:
    parts = quarters_of(counts)
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
    blocks = len(quarters_of(counts))
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
    parts = quarters_of(counts)
    means = np.array([[max(float(part.mean()), 1e-9)] for part in parts])
    if dispersion <= 1.0 + LEAST_EXCESS:
        expected = stats.poisson.cdf(values, means)
    else:
        expected = stats.nbinom.cdf(values, means / (dispersion - 1.0), 1.0 / dispersion)
    return float(np.abs(seen - np.array([len(part) for part in parts]) @ expected / len(counts)).max())
