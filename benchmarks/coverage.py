"""How often 95% intervals of `intakelab fit` hold the truth, on logs whose truth is known: drifting by the quarter, and not.

    python -m benchmarks.coverage              200 logs of each kind
    python -m benchmarks.coverage --logs 40    a look

What is true where things drift is the mean of what they drift about: the rate that a long log would show, which is also to be
expected of the next quarters. Quarters begin anywhere, not where the fit cuts its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.fit.arrivals import draw_counts, fit_counts
from sim.fit.bootstrap import Array, Fitted
from sim.fit.effort import effort_of
from sim.fit.outcomes import fit_share

RATE, DISPERSION, SHARE, SIGMA, MEDIAN = 8.0, 2.0, 0.75, 1.1, 0.5
DRAWS = 200
LEAST, MOST = 0.92, 0.98


@dataclass(frozen=True)
class World:
    """Weeks of a log, and how far quarters differ: standard deviation of the log of the rate, and of the logit of the share."""

    name: str
    weeks: int
    drift: float


WORLDS = (World("a year, steady", 52, 0.0), World("two years, steady", 104, 0.0), World("three years, steady", 156, 0.0),
          World("two years, drifting", 104, 0.2), World("three years, drifting", 156, 0.3))


def by_quarters(world: World, level: Callable[[Array], Array], rng: np.random.Generator) -> Array:
    """A level in each week, of quarters that begin anywhere."""
    quarters = level(rng.standard_normal((world.weeks + 26) // 13 + 1))
    begin = int(rng.integers(0, 13))
    return np.repeat(quarters, 13)[begin : begin + world.weeks]


def true_share(world: World) -> float:
    """The mean of the shares of all quarters."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    return float((weights * _share(world, nodes)).sum() / weights.sum())


def _share(world: World, z: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-(np.log(SHARE / (1.0 - SHARE)) + world.drift * z))))


def intervals(world: World, seed: int) -> dict[str, tuple[Fitted, float]]:
    """Each value that is fitted to one made log, with its truth."""
    rng = np.random.default_rng([seed, world.weeks, round(100 * world.drift)])
    rates = by_quarters(world, lambda z: RATE * np.exp(world.drift * z - world.drift**2 / 2.0), rng)
    counts = draw_counts(rates, DISPERSION, rng)
    arrivals = fit_counts(counts, 0, "made", DRAWS, seed)
    days = np.repeat(np.arange(world.weeks) * 7.0, counts.astype(int))
    hits = rng.random(len(days)) < np.repeat(by_quarters(world, lambda z: _share(world, z), rng), counts.astype(int))
    effort = effort_of(rng.lognormal(np.log(MEDIAN), SIGMA, int(hits.sum())), "made", DRAWS, seed)
    assert arrivals.dispersion is not None
    assert effort is not None
    return {
        "rate": (arrivals.now, RATE / 5.0), "dispersion": (arrivals.dispersion, DISPERSION),
        "share": (fit_share(hits, days, "made", DRAWS, seed), true_share(world)), "sigma": (effort.sigma, SIGMA),
        "mean effort": (effort.mean, MEDIAN * float(np.exp(SIGMA**2 / 2.0)))}


def coverage(world: World, logs: int) -> dict[str, float]:
    """Share of logs whose interval holds the truth."""
    found = [intervals(world, seed) for seed in range(logs)]
    return {name: sum(one[name][0].low <= one[name][1] <= one[name][0].high for one in found) / logs for name in found[0]}


def main() -> None:
    """Print a row a world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=int, default=200)
    logs = parser.parse_args().logs
    print(f"{logs} logs of each kind; a true 95% is seen as {0.95 - 1.96 * (0.0475 / logs) ** 0.5:.3f} to "
          f"{0.95 + 1.96 * (0.0475 / logs) ** 0.5:.3f} in 95 of 100 cases")
    for world in WORLDS:
        cells = [f"{name} {share:.3f}{'' if LEAST <= share <= MOST else ' *'}" for name, share in coverage(world, logs).items()]
        print(f"{world.name:<24}" + "  ".join(cells), flush=True)


if __name__ == "__main__":
    main()
