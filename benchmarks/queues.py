"""The same two queues in IntakeLab, SimPy, Ciw and salabim, each as its own documentation would write it.

M/M/3: one role of three people, exponential gaps and services, load 0.8 (exact mean days in the system: 2.079). Two stages: two
people each, two classes of customers of which one goes first, and a review after the second stage that sends one in five through
both stages again; load 0.75.
Each function makes everything anew, lets about so many customers through, and gives the mean days in the system.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import simpy

from sim.policies import PolicyOfParts, QueueRule, Ticket
from sim.runs.simulate import simulate
from sim.scenario import Scenario

RATE = 2.4  # customers a day, in both queues
FIRST = 0.25  # share of customers who go first
AGAIN = 0.2  # share of those who go through again
STAGE = 0.5  # mean days of service in each of the two stages

Queue = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class FirstGroupFirst(QueueRule):
    """One customer group is served before the other."""

    def rank(self, ticket: Ticket) -> float:
        return 0.0 if ticket.group == "first" else 1.0


OFF = Scenario().off().with_values({
    "project.planned_items": 0, "project.deadline": 0.0, "team.visit_spread": "exponential",
    "customer.effort_median": 1.0, "customer.effort_sigma": 0.0,
})


def intakelab_one(count: int) -> float:
    scenario = OFF.with_values({
        "project.horizon": count / RATE, "team.roles.developer.headcount": 3, "customer.request_rate": RATE})
    return simulate(scenario, PolicyOfParts(name="fcfs"), logged=False).outcome["lead_time_delivered"]


def intakelab_two(count: int) -> float:
    scenario = OFF.with_values({
        "project.horizon": count / RATE, "team.defect_rate": AGAIN, "review.rework_share": 1.0, "review.max_rework": 1000,
        "groups": {"first": {"request_rate": FIRST * RATE}, "second": {"request_rate": (1.0 - FIRST) * RATE}},
        "team.roles.developer.headcount": 2, "team.roles.tester": {"headcount": 2},
        "team.workflow": [
            {"name": "build", "role": "developer", "share": 0.5}, {"name": "test", "role": "tester", "share": 0.5}],
    })
    policy = PolicyOfParts(name="by group", queue=FirstGroupFirst())
    return simulate(scenario, policy, logged=False).outcome["lead_time_delivered"]


Process = Generator[simpy.Event, Any, None]


def simpy_one(count: int) -> float:
    env, luck = simpy.Environment(), random.Random(1)
    servers = simpy.Resource(env, 3)
    stays: list[float] = []

    def customer() -> Process:
        came = env.now
        with servers.request() as turn:
            yield turn
            yield env.timeout(luck.expovariate(1.0))
        stays.append(env.now - came)

    def source() -> Process:
        for _ in range(count):
            yield env.timeout(luck.expovariate(RATE))
            env.process(customer())

    env.process(source())
    env.run()
    return statistics.fmean(stays)


def simpy_two(count: int) -> float:
    env, luck = simpy.Environment(), random.Random(1)
    stages = [simpy.PriorityResource(env, 2), simpy.PriorityResource(env, 2)]
    stays: list[float] = []

    def customer(priority: int) -> Process:
        came = env.now
        again = True
        while again:
            for stage in stages:
                with stage.request(priority) as turn:
                    yield turn
                    yield env.timeout(luck.expovariate(1.0 / STAGE))
            again = luck.random() < AGAIN
        stays.append(env.now - came)

    def source() -> Process:
        for _ in range(count):
            yield env.timeout(luck.expovariate(RATE))
            env.process(customer(0 if luck.random() < FIRST else 1))

    env.process(source())
    env.run()
    return statistics.fmean(stays)


def ciw_one(count: int) -> float:
    import ciw

    ciw.seed(1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(RATE)], service_distributions=[ciw.dists.Exponential(1.0)],
        number_of_servers=[3])
    return _ciw(network, count)


def ciw_two(count: int) -> float:
    import ciw

    ciw.seed(1)
    serve, again = ciw.dists.Exponential(1.0 / STAGE), [[0.0, 1.0], [AGAIN, 0.0]]
    rates = {"first": FIRST * RATE, "second": (1.0 - FIRST) * RATE}
    network = ciw.create_network(
        arrival_distributions={name: [ciw.dists.Exponential(rate), None] for name, rate in rates.items()},
        service_distributions={name: [serve, serve] for name in rates}, routing=dict.fromkeys(rates, again),
        number_of_servers=[2, 2], priority_classes={"first": 0, "second": 1})
    return _ciw(network, count)


def _ciw(network: Any, count: int) -> float:
    import ciw

    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(count, method="Finish")
    stays: dict[int, float] = {}
    for record in simulation.get_all_records():
        stays[record.id_number] = stays.get(record.id_number, 0.0) + record.waiting_time + record.service_time
    return statistics.fmean(stays.values())


def salabim_one(count: int) -> float:
    return _salabim(count, [3], 1.0, 0.0)


def salabim_two(count: int) -> float:
    return _salabim(count, [2, 2], STAGE, AGAIN)


def _salabim(count: int, servers: list[int], mean: float, again: float) -> float:
    import salabim

    env, luck = salabim.Environment(random_seed=1, yieldless=False), random.Random(1)
    stages = [salabim.Resource(f"stage {at}", capacity=number) for at, number in enumerate(servers)]
    stays: list[float] = []

    class Customer(salabim.Component):  # type: ignore[misc]
        def process(self) -> Generator[Any, Any, None]:
            came, priority, more = env.now(), 0 if luck.random() < FIRST else 1, True
            while more:
                for stage in stages:
                    yield self.request((stage, 1, priority if again else 0))
                    yield self.hold(luck.expovariate(1.0 / mean))
                    self.release()
                more = luck.random() < again
            stays.append(env.now() - came)

    class Source(salabim.Component):  # type: ignore[misc]
        def process(self) -> Generator[Any, Any, None]:
            for _ in range(count):
                yield self.hold(luck.expovariate(RATE))
                Customer()

    Source()
    env.run(math.inf)
    return statistics.fmean(stays)


QUEUES: dict[str, dict[str, Queue]] = {
    "M/M/3": {"IntakeLab": intakelab_one, "SimPy": simpy_one, "Ciw": ciw_one, "salabim": salabim_one},
    "two stages, priorities, rework": {"IntakeLab": intakelab_two, "SimPy": simpy_two, "Ciw": ciw_two, "salabim": salabim_two},
}
