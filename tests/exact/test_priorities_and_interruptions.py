"""Who goes first, what that costs the others, and what interruptions cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations

import pytest
from simpy.core import Environment

from sim.model.ledger import Ledger
from sim.model.tape import Tape
from sim.model.team import SESSION_RANK, Role
from sim.policies import PolicyOfParts, QueueRule, Ticket
from sim.scenario import Scenario
from tests.exact import formulas
from tests.exact.textbook import LENGTH, WAITS, Estimate, controlled, estimate, ledgers, mean_of, measured, textbook

RATES = {"first": 0.3, "second": 0.5}


@dataclass(frozen=True, slots=True)
class ByGroup(QueueRule):
    """Customer groups in a fixed order."""

    groups: tuple[str, ...] = ("first", "second")

    def rank(self, ticket: Ticket) -> float:
        return float(self.groups.index(ticket.group))


def two_groups(horizon: float = 3_000.0) -> Scenario:
    return textbook(1, 0.0, horizon=horizon, overrides={
        "groups": {name: {"request_rate": rate} for name, rate in RATES.items()}})  # fmt: skip


def class_time(run: Ledger, group: int) -> float:
    asks = [a for a in measured(run) if a.request.group == group and a.item is not None and a.item.closed > 0]
    return mean_of([a.item.closed - a.request.day for a in asks if a.item is not None])


@pytest.mark.parametrize("preempt", [False, True])
def test_cobham(preempt: bool) -> None:
    exact = formulas.cobham([0.3, 0.5], preemptive=preempt)
    policy = PolicyOfParts(name="by group", queue=ByGroup(preempt=preempt))
    for group in (0, 1):
        offset = 0.0 if preempt else 1.0
        found = controlled(two_groups(), policy, 16, lambda run, g=group, o=offset: class_time(run, g) - o)
        assert found.agrees(exact[group], 2 * WAITS), (group, found, exact)
        assert not found.agrees(4.0 + (1.0 if preempt else 0.0), 2 * WAITS) or group, "as if nobody went first"


def test_kleinrock_conservation_for_every_rule_that_does_not_look_at_size() -> None:
    """Sum of rho_i W_i is the same, rho W0 / (1 - rho), whoever goes first."""
    exact = 0.8 * 0.8 / (1 - 0.8)
    found: dict[str, Estimate] = {}
    rules = (QueueRule("fcfs"), QueueRule("urgency"), ByGroup(), ByGroup(groups=("second", "first")))
    for rule in rules:
        policy = PolicyOfParts(name="rule", queue=rule)
        found[str(rule)] = controlled(
            two_groups(2_000), policy, 16,
            lambda run: sum(rate * (class_time(run, g) - 1.0) for g, rate in enumerate(RATES.values())))
    for rule, sum_of_waits in found.items():
        assert sum_of_waits.agrees(exact, 2 * WAITS), (rule, sum_of_waits)
        assert not sum_of_waits.agrees(exact * 2, 2 * WAITS), rule


def test_the_c_mu_order_is_the_best_order() -> None:
    """Three classes with different costs of waiting, one mean service: highest cost first, among all six orders."""
    rates, costs = {"a": 0.25, "b": 0.25, "c": 0.25}, {"a": 1.0, "b": 3.0, "c": 2.0}
    scenario = textbook(1, 0.0, horizon=3_000, overrides={"groups": {n: {"request_rate": r} for n, r in rates.items()}})
    cost: dict[tuple[str, ...], float] = {}
    for order in permutations(rates):
        policy = PolicyOfParts(name="order", queue=ByGroup(groups=order))
        runs = ledgers(scenario, policy, 4)
        cost[order] = mean_of([
            sum(rates[name] * costs[name] * (class_time(run, g) - 1.0) for g, name in enumerate(rates)) for run in runs])  # fmt: skip
    assert min(cost, key=cost.__getitem__) == ("b", "c", "a")
    assert max(cost, key=cost.__getitem__) == ("a", "c", "b")


def interrupted(rate: float, mean: float, gamma: float, debt: float, replication: int, arrivals: int) -> tuple[float, ...]:
    """One person of the real team; work comes and is interrupted by talks of no length, each costing `debt` days."""
    env, tape = Environment(), Tape(11, replication)
    spells: list[tuple[int, float, float, str, int, float, float]] = []
    role = Role(env, "developer", 0, 1, spells, switch_cost=debt)
    gaps, sizes = tape.exponentials("gap", arrivals), tape.exponentials("size", arrivals)
    talks = tape.exponentials("talk", int(arrivals * gamma / rate * 1.2) + 100)
    waits: list[float] = []

    def job(number: int, size: float):  # type: ignore[no-untyped-def]
        came = env.now
        yield role.visit(None, size, "work", 0.0, number)
        waits.append(env.now - came)

    def source():  # type: ignore[no-untyped-def]
        for number, (gap, size) in enumerate(zip(gaps, sizes, strict=False)):
            yield env.timeout(gap / rate)
            env.process(job(number, mean * size))

    def interruptions():  # type: ignore[no-untyped-def]
        for gap in talks:
            yield env.timeout(gap / gamma)
            role.visit(None, 0.0, "evaluation", SESSION_RANK, 0, interrupting=True)

    env.process(source())
    env.process(interruptions())
    env.run(until=sum(gaps[:arrivals]) / rate)
    busy = math.fsum(end - start for _, start, end, use, *_ in spells if use in ("work", "switching"))
    used = sizes[: len(waits)]
    return mean_of(waits), busy / len(waits), mean * mean_of(used), len(waits) / env.now


def test_interruptions_lengthen_work_and_by_that_the_queue() -> None:
    """E[C] = E[S] (1 + gamma E[D]) into Pollaczek-Khinchine.

    A loss can be interrupted in turn, so D = d / (1 - gamma d), and C is a delay busy period, whose second moment is textbook.
    """
    rate, mean, gamma, debt = 0.4, 1.0, 0.5, 0.5
    load = gamma * debt
    completion = mean * (1 + gamma * (debt / (1 - load)))
    variance = mean**2 / (1 - load) ** 2 + mean * gamma * debt**2 / (1 - load) ** 3
    sojourn = completion + formulas.wait_mg1(rate, completion, variance + completion**2)
    runs = [interrupted(rate, mean, gamma, debt, r, 3_000 * LENGTH) for r in range(20)]
    controls = [[run[2] for run in runs], [run[3] for run in runs]]
    length = estimate([run[1] for run in runs], controls, [mean, rate])
    time = estimate([run[0] for run in runs], controls, [mean, rate])
    assert length.agrees(completion), (length, completion)
    assert time.agrees(sojourn, WAITS), (time, sojourn)
    assert not length.agrees(mean * (1 + gamma * debt)), "losses can be interrupted too"
    assert not time.agrees(mean + formulas.wait_mg1(rate, mean, 2 * mean**2), WAITS)
