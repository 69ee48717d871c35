"""The project as a textbook queue: everything off but what a test puts on; and estimates with intervals."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t

from sim.model.ledger import Ask, Ledger
from sim.model.run import draw, run_policy
from sim.policies import Policy, PolicyOfParts
from sim.scenario import Scenario

FCFS = PolicyOfParts(name="fcfs")
LENGTH = int(os.environ.get("EXACT_LENGTH", "1"))
"""Factor on the length of the runs; 25 asks every wait for an interval as sharp as `SHARP` (long; not part of CI)."""

SHARP = 0.02
"""Largest half-width (95%) as a share of the exact value."""

WAITS = SHARP if LENGTH >= 25 else 0.15
"""The same for mean waits in heavy traffic, whose runs have to be long."""


def textbook(
    servers: int = 1, rate: float = 0.8, mean: float = 1.0, horizon: float = 20_000.0, sigma: float | None = None,
    overrides: dict[str, Any] | None = None,
) -> Scenario:  # fmt: skip
    """One role of so many servers, one stage; exponential service, or lognormal with the given sigma."""
    spread = 0.0 if sigma is None else sigma
    base = Scenario().off().with_values({
        "project.planned_items": 0, "project.deadline": 0.0, "project.horizon": horizon * LENGTH,
        "team.roles.developer.headcount": servers, "team.visit_spread": "exponential" if sigma is None else "none",
        "customer.request_rate": rate, "customer.effort_median": mean * math.exp(-spread**2 / 2), "customer.effort_sigma": spread,
    })  # fmt: skip
    return base.with_values(overrides or {})


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with the half-width of its 99.9% interval (so that a right formula nearly never fails)."""

    value: float
    half_width: float

    def agrees(self, exact: float, sharp: float = SHARP) -> bool:
        """Whether the interval holds the exact value, and is sharp enough to tell."""
        return abs(self.value - exact) <= self.half_width and self.half_width <= 2.0 * sharp * abs(exact)

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


def ledgers(scenario: Scenario, policy: Policy, replications: int) -> list[Ledger]:
    """The real world under a real policy."""
    return [run_policy(scenario, policy, draw(scenario, 1, replication)).ledger for replication in range(replications)]


def measured(ledger: Ledger, share: float = 0.05) -> list[Ask]:
    """Requests after warm-up that were closed before the end."""
    start, end = share * ledger.end, (1.0 - share / 5) * ledger.end
    return [ask for ask in ledger.asks if start <= ask.request.day <= end]


def mean_of(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def time_in_system(ledger: Ledger) -> float:
    return mean_of([ask.item.closed - ask.request.day for ask in measured(ledger) if ask.item is not None and ask.item.closed > 0])


def work(ledger: Ledger) -> float:
    """Mean service of what was served."""
    served: dict[int, float] = {}
    for _, start, end, use, item, _, _ in ledger.spells:
        if use in ("work", "rework"):
            served[item] = served.get(item, 0.0) + end - start
    return mean_of(list(served.values()))


def controlled(
    scenario: Scenario, policy: Policy, replications: int, measure: Callable[[Ledger], float], passes: float = 1.0
) -> Estimate:
    """A measure of an open queue, with mean service (over so many passes) and arrival rate as control variates."""
    runs = ledgers(scenario, policy, replications)
    mean = scenario.customer.effort_median * math.exp(scenario.customer.effort_sigma**2 / 2)
    rate = sum(group.request_rate for _, group in scenario.customers)
    controls = [[work(run) for run in runs], [len(run.asks) / run.end for run in runs]]
    return estimate([measure(run) for run in runs], controls, [mean * passes, rate])
