"""What a tuning loses, and whether what it reports is true: several seeds against means of 1,000 replications.

    python -m benchmarks.tuning CACHE --seeds 8 [--scenario ai-project] [--replications 1000] [--workers 2]

Loss: the best mean among the grid and all selected policies, minus that of the selected one; the best is itself estimated by the
largest of several means, which makes losses look a little larger than they are. Gains: every interval of the report against the
same difference of means. Everything is kept in CACHE, so that it can be done in pieces and extended. The luck of the means is a
block of its own, which no tuning sees. Of the grid those are measured in full that are among the best 8 after 60 replications.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sim.decide.bench import Bench
from sim.decide.candidates import grid
from sim.decide.tuned import Tuned
from sim.decide.tuning import BLOCK, Tuning, origin_of, points_of, tune
from sim.policies.catalogue import make
from sim.runs.model_code import model_version
from sim.runs.origin import digest
from sim.runs.processes import executor_for
from sim.runs.results_folder import ResultsFolder
from sim.scenario import Scenario

SCREEN, FULLY = 60, 8


class Truths:
    """Means over many replications, kept."""

    def __init__(self, scenario: Scenario, cache: Path, replications: int, executor: object) -> None:
        self.scenario, self.cache, self.replications, self.executor = scenario, cache, replications, executor

    def of(self, name: str, replications: int = 0) -> np.ndarray:
        n = replications or self.replications
        key = digest(f"{self.scenario.digest()} {model_version()} {name} {n}")[:16]
        path = self.cache / f"truth-{key}.npy"
        if not path.exists():
            block = range(5 * BLOCK, 5 * BLOCK + n)
            bench = Bench(self.scenario, 1_000_003, self.executor)  # type: ignore[arg-type]
            bench.run("truth", 0, [make(name)], block)
            np.save(path, bench.values(name, "net_benefit", block))
        return np.load(path)


def tuned(scenario: Scenario, seed: int, cache: Path, executor: object) -> Tuned:
    """One tuning, which goes on where it stopped."""
    tuning = Tuning(seed=seed)
    with ResultsFolder.writing(
        cache / f"tuning-{seed}", origin_of(scenario, tuning), points_of(scenario, tuning), executor="benchmark",
        command="benchmarks.tuning", texts={}) as folder:
        return tune(scenario, tuning, executor=executor, folder=folder)  # type: ignore[arg-type]


def main() -> None:
    """Print losses, bias and coverage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--scenario", default="ai-project")
    parser.add_argument("--replications", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    scenario = Scenario.load(asked.scenario)
    with executor_for(asked.workers) as executor:
        truths = Truths(scenario, asked.cache, asked.replications, executor)
        found = []
        for seed in range(1, asked.seeds + 1):
            found.append(tuned(scenario, seed, asked.cache, executor))
            print(f"seed {seed}: {found[-1].policy.name}, {found[-1].search_runs} runs", flush=True)
        winners = {one.policy.name: truths.of(one.policy.name).mean() for one in found}
        names = [policy.name for policy in grid(Tuning().families, scenario)]
        screened = sorted(names, key=lambda name: -truths.of(name, SCREEN).mean())
        best = max([*winners.values(), *(truths.of(name).mean() for name in screened[:FULLY])])
        losses = np.array([best - winners[one.policy.name] for one in found])
        errors, covered = [], []
        for one in found:
            own = truths.of(one.policy.name)
            inside = []
            for gain in one.gains:
                truth = float((own - truths.of(gain.over)).mean())
                inside.append(gain.interval.low <= truth <= gain.interval.high)
                if gain.role == "reference":
                    errors.append(gain.interval.mean - truth)
            covered.append(all(inside))
    n = len(found)
    bias, error = float(np.mean(errors)), float(np.std(errors, ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    print(f"{scenario.name}, {n} seeds, means of {asked.replications} replications; best {best:.1f}")
    print(f"search and selection: at most {max(one.search_runs for one in found)} runs")
    print(f"loss: mean {losses.mean():.1f}, largest {losses.max():.1f}, at most 10 in {np.mean(losses <= 10):.2f}")
    print(f"gain over the reference as reported, minus the truth: {bias:.1f} +- {2 * error:.1f} (2 standard errors)")
    print(f"all intervals of a report cover: {np.mean(covered):.2f}")


if __name__ == "__main__":
    main()
