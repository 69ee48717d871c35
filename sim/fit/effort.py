"""Effort of requests, and how it compares with its estimates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special, stats

from sim.fit.bootstrap import FEWEST, SIMULATED, Array, Fitted, fitted, luck, resamples, share_beyond, widened
from sim.fit.clean import Log
from sim.fit.trackers import AMOUNTS

SLOPES = (0.2, 2.0)
"""Beyond, estimates say nothing that the model could use."""


@dataclass(frozen=True)
class Effort:
    """The distribution of effort over accepted and closed requests.

    Attributes
    ----------
    median, sigma
        Of the lognormal distribution, in person-days; sigma is the standard deviation of the logarithm.
    mean
        Of the distribution that fits best.
    gaps, aic
        By distribution: the largest distance from what was seen (Kolmogorov-Smirnov), and Akaike's criterion; smaller is better.
    p
        Chance of such a gap if the lognormal is true (Lilliefors, by simulation).
    """

    median: Fitted
    sigma: Fitted
    mean: Fitted
    gaps: dict[str, float]
    aic: dict[str, float]
    p: float

    @property
    def best(self) -> str:
        """The distribution with the smallest criterion."""
        return min(self.aic, key=lambda name: self.aic[name])


@dataclass(frozen=True)
class Estimates:
    """Actual against estimate in hours: ln A = a + b ln E + e with e ~ N(0, sigma).

    `exact` is the share of requests whose effort is its estimate to the last digit.
    """

    intercept: Fitted
    slope: Fitted
    sigma: Fitted
    exact: float
    median_ratio: float

    @property
    def usable(self) -> bool:
        """Whether the model knows estimates of this kind; a slope cut to its range would make the intercept wrong."""
        return SLOPES[0] <= self.slope.value <= SLOPES[1]


def fit_effort(log: Log, hours_per_day: float, draws: int, seed: int) -> Effort | None:
    """Fit the effort of accepted, closed requests; None where fewer than ten tell it."""
    hours = log.frame.loc[log.frame["outcome"] == "accepted", "effort"].to_numpy(dtype=np.float64)
    return effort_of(hours[hours > 0.0] / hours_per_day, log.columns.said(*AMOUNTS["effort"]), draws, seed)


def effort_of(days: Array, columns: str, draws: int, seed: int) -> Effort | None:
    """The same for person-days."""
    n = len(days)
    if n < FEWEST or np.ptp(days) == 0.0:
        return None
    logs = np.log(days)
    centre, sigma = float(logs.mean()), float(logs.std(ddof=1))
    gaps, aic = _alternatives(days)
    best = min(aic, key=lambda name: aic[name])
    picked = [logs[places] for places in resamples(n, draws, luck(seed, "effort"))]
    centres = widened(centre, np.array([part.mean() for part in picked]), n)
    spreads = np.log([max(part.std(ddof=1), 1e-9) for part in picked])
    sigmas = np.exp(widened(math.log(sigma), spreads, n, least=math.sqrt(0.5 / (n - 1))))  # the error if the lognormal is true
    mean = MEANS[best](logs)
    means = mean * np.exp(widened(0.0, np.log([MEANS[best](part) / mean for part in picked]), n))
    p = _lilliefors(n, gaps["lognormal"], luck(seed, "effort/gap"))
    test = "KS gap " + ", ".join(f"{name} {gap:.3f}" for name, gap in gaps.items()) + f"; lognormal p = {p:.2f}"
    said = partial(fitted, n=n, of="requests", columns=columns, test=test)
    return Effort(
        median=said(math.exp(centre), np.exp(centres), unit="pd"), sigma=said(sigma, sigmas, unit="1"),
        mean=said(mean, means, unit="pd"),
        gaps=gaps, aic=aic, p=p)


def fit_estimates(log: Log, draws: int, seed: int) -> Estimates | None:
    """Regress actual on estimated hours; None where fewer than ten closed requests tell both, or all estimates are the same."""
    done = log.frame[(log.frame["outcome"] == "accepted") & (log.frame["effort"] > 0) & (log.frame["estimate"] > 0)]
    actual, estimate = (np.log(done[name].to_numpy(dtype=np.float64)) for name in ("effort", "estimate"))
    n = len(done)
    if n < FEWEST or np.ptp(estimate) == 0.0:
        return None
    found = _line(estimate, actual)
    drawn = np.array([_line(estimate[places], actual[places]) for places in resamples(n, draws, luck(seed, "effort"))])
    columns = log.columns.said(*AMOUNTS["effort"], *AMOUNTS["estimate"])
    rest = actual - found[0] - found[1] * estimate
    gap = _gap_to_normal(rest)
    test = f"gap of the residuals to the normal {gap:.3f} (p = {_lilliefors(n, gap, luck(seed, 'estimate/gap')):.2f})"
    intercept, slope, sigma = (fitted(found[at], drawn[:, at], n, "requests", unit, columns, test)
                               for at, unit in enumerate(("ln hours", "1", "1")))
    return Estimates(intercept, slope, sigma, exact=float(np.isclose(actual, estimate, rtol=0, atol=1e-9).mean()),
                     median_ratio=float(np.exp(np.median(actual - estimate))))


def _alternatives(days: Array) -> tuple[dict[str, float], dict[str, float]]:
    logs = np.log(days)
    fits = {
        "lognormal": stats.lognorm(s=logs.std(ddof=1), scale=math.exp(logs.mean())),
        "gamma": stats.gamma(*stats.gamma.fit(days, floc=0.0)),
        "Weibull": stats.weibull_min(*stats.weibull_min.fit(days, floc=0.0)),
    }
    gaps = {name: float(stats.kstest(days, fit.cdf).statistic) for name, fit in fits.items()}
    return gaps, {name: float(4.0 - 2.0 * fit.logpdf(days).sum()) for name, fit in fits.items()}


def _lognormal_mean(logs: Array) -> float:
    return math.exp(float(logs.mean()) + float(logs.var(ddof=1)) / 2.0)


def _gamma_mean(logs: Array) -> float:
    """By maximum likelihood the mean of a gamma distribution is that of the sample."""
    return float(np.exp(logs).mean())


def _weibull_mean(logs: Array) -> float:
    """By maximum likelihood, whose equation for the shape Newton's method solves."""
    shape, largest = 1.2 / max(float(logs.std()), 1e-6), float(logs.max())
    for _ in range(50):
        weight = np.exp(shape * (logs - largest))
        weight /= weight.sum()
        first, second = float(weight @ logs), float(weight @ logs**2)
        gap = first - 1.0 / shape - float(logs.mean())
        step = gap / (second - first**2 + 1.0 / shape**2)
        shape = max(shape - step, shape / 2.0)
        if abs(step) < 1e-10 * shape:
            break
    scale = math.exp(largest + math.log(float(np.exp(shape * (logs - largest)).mean())) / shape)
    return scale * math.gamma(1.0 + 1.0 / shape)


MEANS = {"lognormal": _lognormal_mean, "gamma": _gamma_mean, "Weibull": _weibull_mean}
"""The mean of each distribution, fitted to the logarithms of a sample."""


def _gap_to_normal(values: Array) -> float:
    n, spread = len(values), values.std(ddof=1)
    if spread == 0.0:
        return 1.0
    expected = special.ndtr((np.sort(values) - values.mean()) / spread)
    above = np.arange(1, n + 1) / n - expected
    return float(max(above.max(), 1.0 / n - above.min()))


def _lilliefors(n: int, gap: float, rng: np.random.Generator) -> float:
    return share_beyond(gap, (_gap_to_normal(rng.standard_normal(n)) for _ in range(SIMULATED)))


def _line(x: Array, y: Array) -> tuple[float, float, float]:
    spread = float(((x - x.mean()) ** 2).sum())
    if spread == 0.0:
        return math.nan, math.nan, math.nan
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread
    intercept = float(y.mean() - slope * x.mean())
    rest = y - intercept - slope * x
    return intercept, slope, math.sqrt(float((rest**2).sum()) / max(len(x) - 2, 1))
