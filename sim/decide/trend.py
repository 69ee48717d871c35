"""T: weekly counts go on as they were, at a rate that drifts (capacity-led for closings, and what arrives in any case)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.decide.past import Array

RECENT, BLOCK, MOST_BLOCKS = 26, 13, 9
USUAL_STEP = 0.2
"""Standard deviation of the logarithm of the rate from one quarter to the next that is assumed, as two observed steps."""
SMALLEST_STEP = 0.1
BETWEEN_MEANS = 2.0 * BLOCK / 3.0
"""Variance of the difference of two adjacent means of a random walk over `BLOCK` weeks, in weekly steps."""

Counts = NDArray[np.int64]


def bootstrap_paths(counts: Array, weeks: int, paths: int, rng: np.random.Generator) -> Counts:
    """The usual throughput forecast: weeks drawn from the last 26, `paths` by `weeks`."""
    return rng.choice(counts[-RECENT:], size=(paths, weeks)).astype(np.int64)


def trend_paths(counts: Array, weeks: int, paths: int, rng: np.random.Generator) -> Counts:
    """Counts of so many weeks to come, `paths` by `weeks`: half drifting negative binomial, half recent weeks with a step.

    Parameters
    ----------
    counts
        Of each past week, the oldest first; at least 13.
    """
    half = paths // 2
    weekly = _weekly_variance(counts)
    return np.concatenate([
        _drifting(counts, weekly, weeks, half, rng), _stepped(counts, weekly, weeks, paths - half, rng)])


def _drifting(counts: Array, weekly: float, weeks: int, paths: int, rng: np.random.Generator) -> Counts:
    """Negative binomial about a rate whose logarithm walks on from the last quarter's mean."""
    level = max(float(counts[-BLOCK:].mean()), 0.5 / BLOCK)
    scatter = _dispersion(counts)
    start = rng.normal(0.0, np.sqrt(scatter / (BLOCK * level) + weekly * BLOCK / 3.0), (paths, 1))
    walk = np.cumsum(rng.normal(0.0, np.sqrt(weekly), (paths, weeks)), axis=1)
    rate = level * np.exp(np.clip(start + walk, -3.0, 3.0))
    if scatter > 1.0:
        rate = rng.gamma(rate / (scatter - 1.0), scatter - 1.0)
    return rng.poisson(rate)


def _stepped(counts: Array, weekly: float, weeks: int, paths: int, rng: np.random.Generator) -> Counts:
    """Recent weeks drawn again, times one factor a path."""
    recent = counts[-RECENT:]
    step = rng.normal(0.0, np.sqrt(weekly * (len(recent) + weeks) / 3.0), (paths, 1))
    expected = rng.choice(recent, size=(paths, weeks)) * np.exp(np.clip(step, -3.0, 3.0))
    return np.floor(expected + rng.random((paths, weeks))).astype(np.int64)


def _dispersion(counts: Array) -> float:
    """Variance over mean of weekly counts within quarters; at least 1."""
    blocks = _blocks(counts)
    means = blocks.mean(axis=1)
    return max(float(blocks.var(axis=1, ddof=1).sum() / max(means.sum(), 1e-9)), 1.0)


def _weekly_variance(counts: Array) -> float:
    """Variance a week of the walk of the logarithm of the rate, less what counting alone scatters."""
    totals = _blocks(counts).sum(axis=1) + 0.5
    steps = np.diff(np.log(totals)) ** 2 - _dispersion(counts) * (1.0 / totals[1:] + 1.0 / totals[:-1])
    mean = (float(steps.sum()) + 2.0 * USUAL_STEP**2) / (len(steps) + 2.0)
    return max(mean, SMALLEST_STEP**2) / BETWEEN_MEANS


def _blocks(counts: Array) -> Array:
    """The last whole quarters, one a row, the oldest first."""
    blocks = min(len(counts) // BLOCK, MOST_BLOCKS)
    return counts[len(counts) - blocks * BLOCK :].reshape(blocks, BLOCK)
