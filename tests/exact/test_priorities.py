"""Who goes first, and what that costs the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import permutations

import pytest

from sim.model.ledger import Ledger
from sim.policies import PolicyOfParts, QueueRule, Ticket
from sim.scenario import Scenario
from tests.exact import formulas
from tests.exact.estimates import all_controlled, controlled, estimate, ledgers, time_in_system
from tests.exact.neighbours import fast_server
from tests.exact.scenarios import textbook

RATES = {"first": 0.3, "second": 0.5}
MERGED = fast_server(0.8, 1.0, 2.0, times=1.0)  # the same work, first come first served


@dataclass(frozen=True, slots=True)
class ByGroup(QueueRule):
    """Customer groups in a fixed order."""

    groups: tuple[str, ...] = ("first", "second")

    def rank(self, ticket: Ticket) -> float:
        return float(self.groups.index(ticket.group))


def groups(rates: dict[str, float], horizon: float, **values: float) -> Scenario:
    return textbook(1, 0.0, horizon=horizon, overrides={
        "groups": {name: {"request_rate": rate, **values} for name, rate in rates.items()}})


@pytest.mark.parametrize("preempt", [False, True])
def test_cobham(preempt: bool) -> None:
    """Waits if nobody is interrupted, times in system if work is interrupted and resumed; switching costs nothing here."""
    exact = formulas.cobham([0.3, 0.5], preemptive=preempt)
    otherwise = formulas.cobham([0.3, 0.5], preemptive=not preempt)
    policy = PolicyOfParts(name="by group", queue=ByGroup(preempt=preempt))
    classes = [partial(time_in_system, group=0), partial(time_in_system, group=1)]
    times = all_controlled(groups(RATES, 8_000), policy, 20, classes, [MERGED])
    for time, right, wrong in zip(times, exact, otherwise, strict=True):
        served = 0.0 if preempt else 1.0
        assert time.agrees(right + served), (time, right)
        assert not time.holds(wrong + 1.0 - served), "the other discipline"
        assert not time.holds(5.0), "as if nobody went first"


def work_waiting(run: Ledger) -> float:
    return sum(rate * (time_in_system(run, group) - 1.0) for group, rate in enumerate(RATES.values()))


@pytest.mark.parametrize(
    "rule",
    [
        QueueRule("fcfs"), QueueRule("urgency"), QueueRule("wsjf", preempt=True), ByGroup(groups=("second", "first")),
        ByGroup(preempt=True),
    ],
    ids=["fcfs", "urgency", "wsjf interrupting", "group", "group interrupting"],
)
def test_kleinrock_conservation_for_every_rule_that_does_not_look_at_size(rule: QueueRule) -> None:
    """Sum of rho_i W_i is the same, rho W0 / (1 - rho), whoever goes first (interrupting too: service is exponential)."""
    exact = 0.8 * 0.8 / (1.0 - 0.8)
    scenario = groups(RATES, 12_000, urgency=0.01).with_values({"customer.value_spread": 0.95})
    found = controlled(scenario, PolicyOfParts(name="rule", queue=rule), 20, work_waiting, [MERGED])
    assert found.agrees(exact), found
    assert not found.holds(exact * 1.1)


@dataclass(frozen=True, slots=True)
class SmallFirst(QueueRule):
    """Looks at size, which the conservation law forbids."""

    def rank(self, ticket: Ticket) -> float:
        return ticket.effort


def test_a_rule_that_looks_at_size_breaks_the_conservation_law() -> None:
    scenario = textbook(1, 0.7, sigma=0.6, horizon=3_000)
    moment = formulas.lognormal_second_moment(1.0, 0.6)
    exact = formulas.wait_mg1(0.7, 1.0, moment)
    beside = [fast_server(0.7, 1.0, moment, times=1.0)]
    for rule, kept in ((SmallFirst(), False), (QueueRule("fcfs"), True)):
        policy = PolicyOfParts(name="rule", queue=rule)
        found = controlled(scenario, policy, 12, lambda run: time_in_system(run) - 1.0, beside, (1.0, moment))
        assert found.holds(exact) is kept, found


def test_the_c_mu_order_is_the_best_order() -> None:
    """Three classes with different costs of waiting, one mean service: of all six orders the costliest first is the best."""
    rates, costs = {"a": 0.25, "b": 0.25, "c": 0.25}, {"a": 1.0, "b": 3.0, "c": 2.0}
    scenario = groups(rates, 3_000)
    cost: dict[tuple[str, ...], list[float]] = {}
    for order in permutations(rates):
        policy = PolicyOfParts(name="order", queue=ByGroup(groups=order))
        cost[order] = [
            sum(rates[name] * costs[name] * (time_in_system(run, group) - 1.0) for group, name in enumerate(rates))
            for run in ledgers(scenario, policy, 6)]
    best = ("b", "c", "a")
    for order, values in cost.items():
        dearer = estimate([value - least for value, least in zip(values, cost[best], strict=True)])  # the same requests
        assert order == best or dearer.value > dearer.half_width, (order, dearer)
        waits = formulas.cobham([rates[name] for name in order])
        exact = sum(rates[name] * costs[name] * wait for name, wait in zip(order, waits, strict=True))
        assert estimate(values).holds(exact), (order, exact)
