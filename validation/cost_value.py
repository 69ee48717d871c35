"""Ordering by value over cost: how much of the value comes with the first half of the cost?"""

from __future__ import annotations

import math

from sim.model.tape import Tape
from sim.model.truth import Request, draw_truth
from sim.scenario import Scenario
from validation.table import markdown

CASES = ((14, 0.51, 0.80), (11, 0.45, 0.77))
"""Requirements, share of the cost, share of the value that was reported (Karlsson & Ryan)."""


def value_at(requests: list[Request], cost_share: float) -> float:
    """Share of the value that the best requests bring within a share of the cost; the last one counts in part."""
    best = sorted(requests, key=lambda request: -request.worth)
    room = cost_share * math.fsum(request.effort for request in requests)
    total = math.fsum(request.benefit for request in requests)
    gained = 0.0
    for request in best:
        taken = min(request.effort, room)
        gained += taken * request.worth
        room -= taken
    return gained / total


def shares(count: int, cost_share: float, portfolios: int, spread: float, seed: int = 1) -> list[float]:
    """The share of value in many portfolios of so many requests of positive benefit, with the model's efforts and merits.

    `spread` is the standard deviation of benefit per person-day relative to its mean (benefits that were estimated in pairwise
    comparisons are all positive, so negative ones are left out here too).
    """
    scenario = Scenario().with_values({
        "customer.request_rate": 1.0, "customer.burstiness": 1.0, "customer.appetite": 0.0, "customer.benefit_mean": 1.0,
        "customer.benefit_spread": spread, "project.deadline": 0.0, "project.horizon": 6.0 * count + 30.0,
    })
    result = []
    for replication in range(portfolios):
        truth = draw_truth(scenario, Tape(seed, replication))
        good = [r for occasion in truth.occasions[0] for r in occasion.requests if r.worth > 0.0]
        result.append(value_at(good[:count], cost_share))
    return sorted(result)


def report(portfolios: int = 1000) -> str:
    """The table of docs/validation.md."""
    rows = []
    for count, cost, reported in CASES:
        for spread in (0.3, 0.5, 1.0):
            found = shares(count, cost, portfolios, spread)
            low, middle, high = (found[int(q * len(found))] for q in (0.05, 0.5, 0.95))
            above = sum(share >= reported for share in found) / len(found)
            simulated = f"{middle:.0%} ({low:.0%} to {high:.0%})"
            rows.append([str(count), f"{cost:.0%}", f"{reported:.0%}", f"{spread:g}", simulated, f"{above:.0%}"])
    columns = [
        "requirements", "of the cost", "of the value, reported", "spread of merit", "simulated, median (90%)", "at least as much",
    ]
    return markdown(columns, rows)
