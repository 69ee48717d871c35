"""What a stage visit costs, everything included, against a bare SimPy customer; how it grows; what two workers bring.

    python benchmarks/engine.py            # about a minute
    python benchmarks/engine.py --quick    # a few seconds

Speeds are stated as ratios of things measured in the same run, because machines differ and are noisy.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable

import simpy

from sim.policies import all_policies, make
from sim.runs.simulate import draw, run_policy, simulate_all
from sim.scenario import Scenario

REPEATS = 5


def bare_customers(count: int) -> float:
    """Seconds per customer of the plainest M/M/3 in SimPy: one process a customer, one Resource."""
    env, luck = simpy.Environment(), random.Random(1)
    servers = simpy.Resource(env, 3)

    def customer(service: float):  # type: ignore[no-untyped-def]
        with servers.request() as turn:
            yield turn
            yield env.timeout(service)

    def source():  # type: ignore[no-untyped-def]
        for _ in range(count):
            yield env.timeout(luck.expovariate(2.4))
            env.process(customer(luck.expovariate(1.0)))

    env.process(source())
    start = time.perf_counter()
    env.run()
    return (time.perf_counter() - start) / count


def stage_visits(replications: int) -> float:
    """Seconds per stage visit of the default scenario over all policies: luck, world, decisions and outcomes included."""
    scenario, policies = Scenario.load("ai-project"), all_policies()
    start, visits = time.perf_counter(), 0
    for replication in range(replications):
        for run in simulate_all(scenario, policies, seed=1, replication=replication):
            visits += _visits(run)
    return (time.perf_counter() - start) / visits


def stream(requests: int) -> Scenario:
    """A stream of about so many requests under a load that the default team can bear."""
    return Scenario.load("ai-project").with_values({
        "project.planned_items": 0, "project.deadline": 0.0, "project.horizon": requests / 0.5, "customer.request_rate": 0.5,
        "customer.appetite": 0.0, "customer.effort_median": 1.0, "team.complexity": 0.0,
    })  # fmt: skip


def visit_of_stream(requests: int) -> float:
    """Seconds per stage visit of a stream of so many requests under co-evaluation."""
    scenario, policy = stream(requests), make("co-evaluated")
    start = time.perf_counter()
    run = run_policy(scenario, policy, draw(scenario, 1, 0))
    return (time.perf_counter() - start) / _visits(run)


def memory_of_stream(requests: int) -> float:
    """Peak bytes per request of such a stream."""
    scenario, policy = stream(requests), make("co-evaluated")
    tracemalloc.start()
    run = run_policy(scenario, policy, draw(scenario, 1, 0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / max(run.outcome["requests"], 1.0)


def comparison(workers: int, replications: int) -> float:
    """Seconds for a comparison of all policies with so many workers."""
    from sim.runs.processes import executor_for
    from sim.study.compare import compare

    start = time.perf_counter()
    with executor_for(workers) as executor:
        compare(Scenario.load("ai-project"), replications=replications, executor=executor)
    return time.perf_counter() - start


def _visits(run) -> int:  # type: ignore[no-untyped-def]
    return sum(1 for spell in run.ledger.spells if spell[3] in ("work", "rework"))


def ratio(numerator: Callable[[], float], denominator: Callable[[], float], repeats: int) -> str:
    """Median and range of the ratio of two measurements taken in turn."""
    pairs = [(numerator(), denominator()) for _ in range(repeats)]
    ratios = sorted(a / b for a, b in pairs)
    return f"{statistics.median(ratios):5.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f}, {repeats} pairs)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    quick = parser.parse_args().quick
    repeats = 3 if quick else REPEATS
    small, large = (500, 5_000) if quick else (1_000, 100_000)
    bare_customers(2_000), stage_visits(1)  # warm up
    customer, visit = bare_customers(50_000), stage_visits(5)
    print(f"bare SimPy M/M/3 customers per second        {1 / customer:12,.0f}")
    print(f"stage visits per second, all policies        {1 / visit:12,.0f}")
    print("stage visit / bare customer (reach: 3)       ", ratio(lambda: stage_visits(3), lambda: bare_customers(30_000), repeats))
    print(
        f"visit at {large:,} / at {small:,} requests (1.3) ",
        ratio(lambda: visit_of_stream(large), lambda: min(visit_of_stream(small) for _ in range(5)), 1 if quick else 3))
    print(f"peak memory per request at {small:,}            {memory_of_stream(small) / 1e3:10.1f} kB")
    print(f"peak memory per request at {large:,}          {memory_of_stream(large) / 1e3:10.1f} kB")
    n = 20 if quick else 100
    speed_up = ratio(lambda: comparison(1, n), lambda: comparison(2, n), 1 if quick else 2)
    print("1 worker / 2 workers, long comparison (1.8)  ", speed_up)


if __name__ == "__main__":
    main()
