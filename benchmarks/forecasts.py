"""The bars of the forecast: coverage, error, dates kept, kappa, and the bracket of both readings.

    python -m benchmarks.forecasts --worlds 40                made worlds of both kinds
    python -m benchmarks.forecasts --worlds 0 export.csv      logs of your own, pooled
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np

from sim.decide.backtest import CENTRAL, Backtest, backtest, pooled
from sim.decide.forecast import following_of_past
from sim.decide.past import past_of
from sim.decide.readings import readings_of
from tests.decide.made_logs import WEEKS, world

KINDS = ("delay", "queue")
REFUSED, AHEAD = (0.15, 0.4), 13


def backtests(kind: str, worlds: int, weeks: int = AHEAD) -> Backtest:
    """Backtests of made worlds of a kind, pooled."""
    return pooled([backtest(world(kind, seed).past(7.0 * WEEKS), weeks, seed, paths=400) for seed in range(worlds)])


def kappas(kind: str, worlds: int) -> list[float]:
    """Kappa of each made world of a kind."""
    found = [following_of_past(world(kind, seed).past(7.0 * WEEKS)).kappa for seed in range(worlds)]
    return [kappa for kappa in found if not math.isnan(kappa)]


def brackets(kind: str, worlds: int) -> tuple[float, float]:
    """How often the bracket of both readings holds what a policy that refuses a share then brings: closings, and open."""
    cut, held = 7.0 * (WEEKS - AHEAD), []
    for seed in range(worlds):
        for refused in REFUSED:
            made = world(kind, seed)
            readings = readings_of(made.past(cut), AHEAD, refused, seed)
            truth = made.past(7.0 * WEEKS, cut, refused)
            came = ((truth.closed > cut) & np.isfinite(truth.closed)).sum()
            held.append([low <= value <= high for (low, high), value in (
                (readings.bracket("closings"), came), (readings.bracket("open"), len(truth.ages)))])
    shares = np.mean(held, axis=0)
    return float(shares[0]), float(shares[1])


def told(name: str, found: Backtest) -> str:
    """One line about a backtest."""
    covered = "  ".join(f"{found.coverage(share):.2f} ({found.coverage(share, usual=True):.2f})" for share in CENTRAL)
    kept, given = found.kept()
    usual_kept, usual_given = found.kept(usual=True)
    return (f"{name}: {len(found.tried)} moments; coverage of 50/70/85/95 (bootstrap): {covered}; CRPS {found.skill:.3f}; "
            f"P85 date kept {kept} of {given}, of them for 85% {found.kept(share=0.85)} (bootstrap {usual_kept} of {usual_given})")


def main() -> None:
    """Measure and print."""
    from sim.cli.forecast_command import log_of

    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("logs", nargs="*", type=Path)
    asked = parser.parse_args()
    for path in asked.logs:
        past = past_of(log_of(path, []))
        print(told(path.name, backtest(past.cut(math.floor(past.created[-1])), AHEAD, 1)))
    if asked.worlds:
        each = {kind: backtests(kind, asked.worlds) for kind in KINDS}
        print(told("made worlds of both kinds", pooled(list(each.values()))))
        for kind in KINDS:
            print(told(kind, each[kind]))
            values = kappas(kind, asked.worlds)
            closings, still_open = brackets(kind, asked.worlds)
            print(f"{kind}: kappa mean {np.mean(values):.2f}, sd {np.std(values):.2f}; the bracket holds closings {closings:.2f}, "
                  f"open {still_open:.2f}")


if __name__ == "__main__":
    main()
