"""What the study layer costs beside the replications themselves, and whether memory grows with their number.

    python benchmarks/study_layer.py            # about three minutes
    python benchmarks/study_layer.py --quick    # half a minute

Costs are ratios of things measured in turn in the same run, because machines differ and are noisy. The smallest project with
two policies is the hardest case (milliseconds a replication); the default one with all policies is the usual case.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pandas as pd

from sim.model.run import simulate_all
from sim.policies import all_policies, make
from sim.scenario import Scenario
from sim.study.batch import Executors, Work, run_blocks
from sim.study.origin import Origin, engine, model_version
from sim.study.runner import executor_for
from sim.study.store import ResultsFolder

SMALL = {"project.planned_items": 6, "project.deadline": 20.0, "project.horizon": 60.0}
POINTS = pd.DataFrame({"point": [0], "scenario": "bench"})


def small() -> Work:
    """The hardest case for the study layer: two policies, milliseconds a replication."""
    scenario = Scenario(name="bench").with_values(SMALL)
    return Work(scenario, (make("always-accept"), make("co-evaluated")), 1)


def usual() -> Work:
    """The default scenario under all policies."""
    return Work(Scenario.load("ai-project"), all_policies(), 1)


def bare(work: Work, replications: range) -> float:
    """Seconds of the replications themselves, outcomes measured and dropped."""
    start = time.perf_counter()
    for replication in replications:
        simulate_all(work.scenario, work.policies, seed=work.seed, replication=replication)
    return time.perf_counter() - start


def study(work: Work, replications: int, executors: Executors, read: bool = True) -> tuple[float, float]:
    """Seconds on the clock, and of this process's processor, for the study: made, run, kept, and read as a frame."""
    origin = Origin("e" * 64, {"bench": work.scenario.digest()}, {}, work.seed, model_version(), engine())
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as place:
        start, cpu = time.perf_counter(), time.process_time()
        with ResultsFolder.writing(Path(place) / "r", origin, POINTS, executor="", command="", texts={}) as folder:
            spans = folder.missing({0: replications})
            run_blocks(spans, lambda _: work, executors, folder, command=lambda *_: "")
            if read:
                assert len(folder.frame()) == replications * len(work.policies)
        return time.perf_counter() - start, time.process_time() - cpu


def overhead(name: str, make_work: Callable[[], Work], replications: int, rounds: int) -> None:
    """Print the cost of the study layer relative to the replications."""
    work = make_work()
    bare(work, range(5))
    here, parent, clock = [], [], []
    for _ in range(rounds):
        half = range(replications // 2)
        itself = bare(work, half)
        seconds, _ = study(work, replications, nullcontext_of_none)
        itself += bare(work, range(half.stop, replications))
        here.append(seconds / itself - 1)
        seconds, cpu = study(work, replications, partial(executor_for, 2))
        parent.append(cpu / itself)
        clock.append(itself / seconds)
    print(f"{name}: {replications} replications x {len(work.policies)} policies, {1000 * itself / replications:.1f} ms each")
    print(f"  in this process, disk included      {100 * statistics.median(here):5.1f} % of the replications "
          f"(runs: {', '.join(f'{100 * x:.1f}' for x in here)})")  # fmt: skip
    print(f"  two workers: the parent's processor {100 * statistics.median(parent):5.1f} %   speed {statistics.median(clock):.2f} x")


def nullcontext_of_none() -> nullcontext[None]:
    """No executor."""
    return nullcontext()


def peak(replications: int, read: bool) -> float:
    """MB of memory at the most, of a process that runs a study of so many."""
    study(small(), replications, nullcontext_of_none, read)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(counts: list[int]) -> None:
    """Print the peak for growing numbers of replications, each in a process of its own."""
    print("peak memory, small project, two policies")
    for count in counts:
        peaks = []
        for read in (False, True):
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
                peaks.append(fresh.submit(peak, count, read).result())
        print(f"  {count:6d} replications: {peaks[0]:6.1f} MB to run and keep, {peaks[1]:6.1f} MB with the frame of all of them")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="shorter, rougher")
    quick = parser.parse_args().quick
    overhead("small project", small, 300 if quick else 2000, 3)
    overhead("default scenario", usual, 20 if quick else 200, 3)
    memory([200, 800] if quick else [500, 2000, 8000])
