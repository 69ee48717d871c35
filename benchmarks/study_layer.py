"""What the study layer costs beside the replications themselves, and whether memory grows with their number.

    python benchmarks/study_layer.py            # about three minutes
    python benchmarks/study_layer.py --quick    # half a minute
    python benchmarks/study_layer.py --long     # ten minutes: a whole experiment of 20,000 replications, verdicts included
    python benchmarks/study_layer.py --workers  # a minute and a half: one worker and two, on little work and on 10,000 runs

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
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.policies import all_policies, make
from sim.runs.into_folder import run_into
from sim.runs.model_code import model_version
from sim.runs.origin import Origin, engine
from sim.runs.processes import executor_for
from sim.runs.results_folder import LARGEST_PART, ResultsFolder
from sim.runs.runner import Work
from sim.runs.simulate import simulate_all
from sim.scenario import Scenario
from sim.study.conduct import conduct, executor_of
from sim.study.plan import plan_from
from sim.study.run_plan import HowMany

SMALL = {"project.planned_items": 6, "project.deadline": 20.0, "project.horizon": 60.0}
POINTS = pd.DataFrame({"point": [0], "scenario": "bench"})


def small() -> Work:
    """The hardest case for the study layer: two policies, milliseconds a replication."""
    scenario = Scenario(name="bench").with_values(SMALL)
    return Work(scenario, (make("always-accept"), make("co-evaluated")), 1)


def usual() -> Work:
    """The default scenario under all policies."""
    return Work(Scenario.load("ai-project"), all_policies(), 1)


class Seconds(NamedTuple):
    """On the clock, and of this process's processor."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> Seconds:
        """To be subtracted."""
        return cls(time.perf_counter(), time.process_time())

    def until_now(self) -> Seconds:
        """What has passed since."""
        return Seconds(time.perf_counter() - self.clock, time.process_time() - self.processor)


def bare(work: Work, replications: range) -> Seconds:
    """The replications themselves, outcomes measured and dropped."""
    start = Seconds.now()
    for replication in replications:
        simulate_all(work.scenario, work.policies, seed=work.seed, replication=replication)
    return start.until_now()


def study(work: Work, replications: int, workers: int = 1, read: bool = True) -> Seconds:
    """The same as a study: made, run, kept in parts as large as those of 20,000 replications, and read as a frame."""
    origin = Origin("e" * 64, {"bench": work.scenario.digest()}, {}, work.seed, model_version(), engine())
    with tempfile.TemporaryDirectory() as place:
        start = Seconds.now()
        with executor_for(workers) as executor, ResultsFolder.writing(
            Path(place) / "r", origin, POINTS, executor="", command="", texts={}) as folder:
            spans = folder.missing({0: replications}, min(LARGEST_PART // len(work.policies), replications // 4))
            run_into(folder, spans, lambda _: work, executor, command=lambda *_: "")
            if read:
                assert len(folder.frame()) == replications * len(work.policies)
        return start.until_now()


def overhead(name: str, work: Work, replications: int, rounds: int) -> None:
    """Print the cost of the study layer relative to the replications; the median of some rounds."""
    bare(work, range(5))
    study(work, 5)
    clock, processor, parent, speed, each = [], [], [], [], []
    for _ in range(rounds):
        before = bare(work, range(replications // 2))
        here = study(work, replications)
        after = bare(work, range(replications // 2, replications))
        two = study(work, replications, workers=2)
        itself = Seconds(before.clock + after.clock, before.processor + after.processor)
        clock.append(here.clock / itself.clock - 1)
        processor.append(here.processor / itself.processor - 1)
        parent.append(two.processor / itself.processor)
        speed.append(here.clock / two.clock)
        each.append(itself.processor / replications)
    print(f"{name}: {replications} replications x {len(work.policies)} policies, {1000 * statistics.median(each):.1f} ms each")
    print(f"  in this process:  + {_percent(processor)} of the processor, + {_percent(clock)} on the clock (disk included)")
    print(f"  two workers:      + {_percent(parent)} of the processor in the parent; {statistics.median(speed):.2f} x as fast")


QUESTION = """
name = "long"
question = "What does a study of 20,000 replications cost beside the replications?"
scenarios = ["classroom"]
policies = ["always-accept", "co-evaluated"]
[design]
kind = "factorial"
[[factors]]
key = "customer.request_rate"
levels = [0.1, 0.2, 0.3, 0.4]
[precision]
replications = {each}
[[hypotheses]]
name = "later"
statement = "always-accept finishes later"
metric = "delay"
kind = "greater"
policy = "always-accept"
against = "co-evaluated"
"""


def whole_experiment(replications: int) -> None:
    """Print what an experiment costs from file to verdict, in this process, relative to its replications."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "long.toml"
        file.write_text(QUESTION.format(each=replications // 4))
        plan = plan_from(file)
        bare_seconds = 0.0
        for point in range(4):
            work, start = plan.work_of(point), time.process_time()
            for replication in range(replications // 4):
                simulate_all(work.scenario, work.policies, seed=work.seed, replication=replication)
            bare_seconds += time.process_time() - start
        seconds = {}
        for workers in (1, 2):
            start_clock, start_processor = time.perf_counter(), time.process_time()
            places, where = executor_of(workers, None)
            with places as executor:
                conduct(plan, Path(place) / f"r{workers}", executor, HowMany(), where=where, command="", source="long.toml")
            seconds[workers] = (time.perf_counter() - start_clock, time.process_time() - start_processor)
    more, faster = 100 * (seconds[1][1] / bare_seconds - 1), seconds[1][0] / seconds[2][0]
    print(f"whole experiment, {replications} replications x 2 policies, verdicts included: + {more:.1f} % of the processor; "
          f"two workers {faster:.2f} x as fast")


def workers() -> None:
    """Print how much faster two workers are, from work of a moment to 10,000 runs; and what they cost (also when busy)."""
    work = small()
    study(work, 20)
    for runs, rounds in ((20, 5), (200, 5), (1000, 3), (10_000, 1)):
        clocks, costs = [], []
        for _ in range(rounds):
            one = study(work, runs // 2)
            before = _of_children()
            two = study(work, runs // 2, workers=2)
            clocks.append((one.clock, two.clock))
            costs.append((two.processor + _of_children() - before) / one.processor)
        alone, both = (statistics.median(clock) for clock in zip(*clocks, strict=True))
        print(f"{runs:6d} runs: {alone:6.2f} s with one worker, {both:6.2f} s with two: {alone / both:.2f} x as fast, for "
              f"{statistics.median(costs):.2f} x the processor time (twice as fast needs 1.00)")


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _percent(shares: list[float]) -> str:
    return f"{100 * statistics.median(shares):.1f} % ({100 * min(shares):.1f} to {100 * max(shares):.1f})"


def peak(replications: int, read: bool) -> float:
    """MB of memory at the most, of a process that runs a study of so many."""
    study(small(), replications, read=read)
    # Not ru_maxrss: a new process inherits it from the one that started it.
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def memory(counts: list[int]) -> None:
    """Print the peak for growing numbers of replications, each in a process of its own."""
    print("peak memory, small project, two policies")
    for count in counts:
        peaks = []
        for read in (False, True):
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
                peaks.append(fresh.submit(peak, count, read).result())
        print(f"  {count:6d} replications: {peaks[0]:6.1f} MB to run and keep, {peaks[1]:6.1f} MB with the frame of all")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="shorter, rougher")
    parser.add_argument("--long", action="store_true", help="only the whole experiment of 20,000 replications")
    parser.add_argument("--workers", action="store_true", help="only one worker and two")
    told = parser.parse_args()
    quick = told.quick
    if told.workers:
        workers()
        raise SystemExit
    if told.long:
        whole_experiment(20_000)
        raise SystemExit
    overhead("small project", small(), 300 if quick else 2000, 3)
    overhead("default scenario", usual(), 20 if quick else 200, 3)
    memory([200, 800] if quick else [500, 2000, 8000])
