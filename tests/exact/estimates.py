"""Measures of a long run of the real world, as estimates with intervals that are sharp enough to tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from sim.model.ledger import Ask, Ledger
from sim.policies import Policy
from sim.runs.simulate import draw, run_policy
from sim.scenario import Scenario
from tests.exact.neighbours import Days, Neighbour

SHARP = 0.02
"""Largest half-width, as a share of the exact value."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with the half-width of its 99.9% interval (so that a right formula nearly never fails)."""

    value: float
    half_width: float

    def holds(self, exact: float) -> bool:
        """Whether the interval holds the exact value."""
        return abs(self.value - exact) <= self.half_width

    def agrees(self, exact: float) -> bool:
        """Whether the interval holds the exact value, and is sharp enough to tell."""
        return self.holds(exact) and self.half_width <= 2.0 * SHARP * abs(exact)

    def __str__(self) -> str:
        return f"{self.value:.5f} ±{self.half_width:.5f}"


def estimate(values: Sequence[float], controls: Sequence[Sequence[float]] = (), known: Sequence[float] = ()) -> Estimate:
    """Mean over replications; control variates with known means (mean service, arrival rate) make it sharper.

    The interval is at 99.9%, 1.7 to 1.8 times as wide as the 95% one that SHARP is about, hence the factor 2 in `agrees`.
    """
    y = np.asarray(values)
    x = np.column_stack([np.ones(len(y)), *(np.asarray(c) - k for c, k in zip(controls, known, strict=True))])
    coefficients, *_ = np.linalg.lstsq(x, y, rcond=None)
    freedom = len(y) - x.shape[1]
    residual = float(((y - x @ coefficients) ** 2).sum()) / freedom
    error = math.sqrt(residual * float(np.linalg.inv(x.T @ x)[0, 0]))
    return Estimate(float(coefficients[0]), float(t.ppf(0.9995, freedom)) * error)


def ledgers(scenario: Scenario, policy: Policy, replications: int) -> Iterator[Ledger]:
    """The real world under a real policy, one replication after the other."""
    for replication in range(replications):
        yield run_policy(scenario, policy, draw(scenario, 1, replication)).ledger


def warm_up(ledger: Ledger) -> float:
    """The first day that counts: the project starts empty."""
    return 0.05 * ledger.end


def measured(ledger: Ledger) -> list[Ask]:
    """Requests of the days that count: after the warm-up, and early enough to be served before the end."""
    start, end = warm_up(ledger), 0.99 * ledger.end
    return [ask for ask in ledger.asks if start <= ask.request.day <= end]


def mean_of(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def share_of(asks: Sequence[Ask], status: str) -> float:
    return sum(ask.status == status for ask in asks) / len(asks)


def time_in_system(ledger: Ledger, group: int | None = None) -> float:
    """Mean days from request to delivery (of one customer group, or of all)."""
    return mean_of([
        ask.item.closed - ask.request.day for ask in measured(ledger)
        if ask.item is not None and ask.item.closed > 0 and group in (None, ask.request.group)])


def wait(run: Ledger) -> float:
    """Mean wait of single-stage work that nothing interrupts."""
    return mean_of([a.item.started - a.request.day for a in measured(run) if a.item is not None and a.item.started >= 0])


def decision_wait(ledger: Ledger) -> float:
    """Mean days from request to answer."""
    return mean_of([ask.answered - ask.request.day for ask in measured(ledger) if ask.answered >= 0])


def served(ledger: Ledger) -> tuple[Days, Days]:
    """Days of arrival, and person-days of work and rework, of everything that was delivered."""
    work: dict[int, float] = {}
    for _, start, end, use, item, _, _ in ledger.spells:
        if use in ("work", "rework"):
            work[item] = work.get(item, 0.0) + end - start
    done = [item for item in ledger.items if item.closed > 0]
    return np.array([item.arrived for item in done]), np.array([work[item.number] for item in done])


Measure = Callable[[Ledger], float]


def controlled(
    scenario: Scenario, policy: Policy, replications: int, measure: Measure, beside: Sequence[Neighbour] = (),
    work: tuple[float, float] = (1.0, 2.0),
) -> Estimate:
    """As `all_controlled`, for one measure."""
    return all_controlled(scenario, policy, replications, [measure], beside, work)[0]


def all_controlled(
    scenario: Scenario, policy: Policy, replications: int, measures: Sequence[Measure], beside: Sequence[Neighbour] = (),
    work: tuple[float, float] = (1.0, 2.0),
) -> list[Estimate]:
    """Measures of a queue that serves all who come, with arrival rate, mean work and neighbours as control variates.

    `work` is the mean and the second moment of what a request needs in all. Controls are only as good as what goes in:
    if arrivals and work did not have the distribution that they should have, both queues would be wrong together and nobody
    would notice. So that is checked first.
    """
    rate = math.fsum(group.request_rate for _, group in scenario.customers)
    found: list[list[float]] = []
    inputs: list[list[float]] = []
    for run in ledgers(scenario, policy, replications):
        arrivals, services = served(run)
        gaps = np.diff(np.array([ask.request.day for ask in run.asks]))
        inputs.append([
            float(gaps.mean()), float(services.mean()), float((services**2).mean()), float((gaps**2).mean()),
            *(neighbour.wait(arrivals, services, warm_up(run)) for neighbour in beside)])
        found.append([measure(run) for measure in measures])
    known = [1.0 / rate, *work, 2.0 / rate**2, *(neighbour.mean for neighbour in beside)]
    columns = list(zip(*inputs, strict=True))
    for column, mean in zip(columns, known, strict=True):
        assert estimate(column).holds(mean), f"what goes in is not as it should be: {estimate(column)}, not {mean:.5f}"
    chosen = [0, 1, *range(4, len(known))]
    return [
        estimate(values, [columns[i] for i in chosen], [known[i] for i in chosen]) for values in zip(*found, strict=True)]
