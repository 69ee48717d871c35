"""What the engine costs: per customer on the same work as other simulators, and per replication against an earlier commit.

    python benchmarks/engine.py                   # about five minutes
    python benchmarks/engine.py --quick           # some seconds
    python benchmarks/engine.py --before COMMIT   # another commit than the one before the engine was last made faster

Processor time, everything included (drawing, running, all measures, letting go of memory), in interleaved rounds of one
run on one machine: machines differ and are noisy, so believe the ratios, not the microseconds. The queues, as each simulator's
documentation would write them, are in `queues.py`; Ciw and salabim come with the extra ``bench``.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from queues import QUEUES, Queue, intakelab_one

from sim.study.compare import compare

ROOT = Path(__file__).parents[1]
BEFORE = "6e97d3c"
REACH = {"M/M/3": 2.0, "two stages, priorities, rework": 1.5}
"""Times idiomatic SimPy that IntakeLab may take."""
SCENARIOS = {  # replications a round
    "classroom": 20, "calm-water": 4, "ai-project": 4, "agency-website": 6, "regulated-device": 2, "product-team": 1, "acbs": 4,
    "xit-before": 2, "xit-after": 2,
}


def processor_time(queue: Queue, count: int) -> tuple[float, float]:
    """Seconds for so many customers, and their mean days in the system."""
    start = time.process_time()
    days = queue(count)
    return time.process_time() - start, days


def compare_engines(count: int, rounds: int) -> None:
    """Time per customer in each simulator, and IntakeLab's as a multiple of it."""
    for name, engines in QUEUES.items():
        there = {engine: queue for engine, queue in engines.items() if is_installed(engine)}
        for queue in there.values():
            queue(count // 10)  # warm up
        taken: dict[str, list[float]] = {engine: [] for engine in there}
        days: dict[str, float] = {}
        for _ in range(rounds):
            for engine, queue in there.items():
                seconds, days[engine] = processor_time(queue, count)
                taken[engine].append(seconds)
        print(f"\n{name}, {count:,} customers, {rounds} rounds   (reach: {REACH[name]:g} times SimPy)")
        for engine in engines:
            if engine not in there:
                print(f"  {engine:10} is not installed (pip install 'intakelab[bench]')")
                continue
            times = ratio(taken["IntakeLab"], taken[engine]) if engine != "IntakeLab" else ""
            cost = statistics.median(taken[engine]) / count * 1e6
            print(f"  {engine:10} {cost:7.1f} µs a customer, {days[engine]:.2f} days in the system   {times}")


def is_installed(engine: str) -> bool:
    """Whether that simulator can be imported."""
    if engine == "IntakeLab":
        return True
    try:
        __import__(engine.lower())
    except ImportError:
        return False
    return True


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Median and range of the ratio of two measurements taken in turn."""
    ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
    return f"IntakeLab takes {statistics.median(ratios):.2f} times as long ({ratios[0]:.2f} to {ratios[-1]:.2f})"


# --- against an earlier commit ---

WORKER = """
import sys, time
from sim.policies import all_policies
from sim.scenario import Scenario
try:
    from sim.runs.runner import Work, run_block
    from sim.runs.span import Span
    def run(scenario, policies, first, count):
        run_block(Work(scenario, policies, 1), Span(0, first, count))
except ImportError:  # the commit before
    from sim.study.runner import run_block
    def run(scenario, policies, first, count):
        run_block(scenario, policies, 1, range(first, first + count))
for line in sys.stdin:
    name, first, count = line.split()
    scenario, policies = Scenario.load(name), all_policies()
    start = time.process_time()
    run(scenario, policies, int(first), int(count))
    print(time.process_time() - start, flush=True)
"""


class Worker:
    """A process that simulates with the code of some folder, when asked to."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)})

    def seconds(self, scenario: str, first: int, count: int) -> float:
        """Seconds a replication of all policies."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{scenario} {first} {count}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline()) / count

    def end(self) -> None:
        self.process.communicate()


def compare_commits(commit: str, rounds: int) -> None:
    """Time per replication of each built-in scenario under all policies, now and in an earlier commit."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        print(f"\ncommit {commit} is not here: no comparison with it ({packed.stderr.decode().strip()})")
        return
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
            files.extractall(folder, filter="data")
        before, now = Worker(Path(folder)), Worker(ROOT)
        print(f"\na replication of all policies, now and in {commit}, {rounds} rounds")
        for name, count in SCENARIOS.items():
            before.seconds(name, 0, 1), now.seconds(name, 0, 1)  # warm up
            pairs = [(before.seconds(name, at * count, count), now.seconds(name, at * count, count)) for at in range(rounds)]
            ratios = sorted(was / taken for was, taken in pairs)
            print(f"  {name:17} {statistics.median(taken for _, taken in pairs) * 1e3:7.1f} ms, "
                  f"was {statistics.median(was for was, _ in pairs) * 1e3:7.1f} ms: "
                  f"{statistics.median(ratios):.2f} times faster ({ratios[0]:.2f} to {ratios[-1]:.2f})", flush=True)
        before.end()
        now.end()


# --- how it grows ---


def growth(small: int, large: int) -> None:
    """Whether a customer costs more in a longer run, in time and in memory."""
    few = statistics.median(processor_time(intakelab_one, small)[0] / small for _ in range(5))
    many = processor_time(intakelab_one, large)[0] / large
    print(f"\na customer of {large:,} against one of {small:,}: {many / few:.2f} times the time (reach: 1.3)")
    for count in (small, large):
        tracemalloc.start()
        intakelab_one(count)
        print(f"peak memory a customer of {count:,}: {tracemalloc.get_traced_memory()[1] / count / 1e3:.1f} kB")
        tracemalloc.stop()


def workers(replications: int) -> None:
    """What a second worker brings, on the clock."""
    from sim.runs.processes import executor_for
    from sim.scenario import Scenario

    taken = []
    for count in (1, 2):
        start = time.perf_counter()
        with executor_for(count) as executor:
            compare(Scenario.load("ai-project"), replications=replications, executor=executor)
        taken.append(time.perf_counter() - start)
    print(f"\na comparison of {replications} replications: 1 worker takes {taken[0] / taken[1]:.2f} times as long as 2")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="small sizes, and no comparison with an earlier commit")
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT", help=f"to compare with (default {BEFORE})")
    asked = parser.parse_args()
    if asked.quick:
        compare_engines(2_000, 3)
        growth(500, 5_000)
        return
    compare_engines(20_000, 7)
    compare_commits(asked.before, 9)
    growth(1_000, 100_000)
    workers(200)


if __name__ == "__main__":
    main()
