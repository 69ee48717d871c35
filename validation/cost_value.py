"""Ordering by value over cost: how much of the value comes with the first half of the cost?"""

from __future__ import annotations

import math

from scipy.stats import norm

from sim.model.tape import Tape
from sim.model.truth import Request, draw_truth
from sim.scenario import Scenario
from validation.table import markdown

CASES = ((14, 0.51, 0.80), (11, 0.45, 0.77))
"""Requirements, share of the cost, share of the value that was reported (Karlsson & Ryan)."""
SPREADS = (0.4, 0.7, 0.84, 0.95, 1.1, 1.5)
"""Of the logarithm of value per person-day; .84 is what the limit of large portfolios alone would give."""
EFFORTS = (0.5, 1.4)
"""Spreads of effort: requirements that managers have cut to a like size, and requests as they come."""


def limit(spread: float, cost_share: float) -> float:
    """Share of the value in a portfolio without end: Phi(tau - Phi^-1(1 - q)) for the dearest share q of the cost."""
    return float(norm.cdf(spread - norm.ppf(1.0 - cost_share)))


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


def shares(count: int, cost_share: float, portfolios: int, spread: float, efforts: float, seed: int = 1) -> list[float]:
    """The share of gross value in many portfolios of so many requests, sorted.

    Parameters
    ----------
    count, cost_share, portfolios
        Requests in a portfolio, the share of their cost that is spent, and how many portfolios.
    spread, efforts
        Standard deviations of the logarithms of value per person-day and of effort.
    seed
        Of the tape.
    """
    scenario = Scenario().with_values({
        "customer.request_rate": 1.0, "customer.burstiness": 1.0, "customer.appetite": 0.0, "customer.value": 1.0,
        "customer.upkeep": 0.0, "customer.value_spread": spread, "customer.effort_sigma": efforts, "project.planned_items": 0,
        "project.deadline": 0.0, "project.horizon": 6.0 * count + 30.0,
    })
    result = []
    for replication in range(portfolios):
        truth = draw_truth(scenario, Tape(seed, replication))
        asked = [request for occasion in truth.occasions[0] for request in occasion.requests]
        result.append(value_at(asked[:count], cost_share))
    return sorted(result)


def report(portfolios: int = 1000) -> str:
    """The table of docs/validation.md."""
    rows = []
    for count, cost, reported in CASES:
        for spread in SPREADS:
            row = [str(count), f"{cost:.0%}", f"{reported:.0%}", f"{spread:g}", f"{limit(spread, cost):.0%}"]
            for efforts in EFFORTS:
                found = shares(count, cost, portfolios, spread, efforts)
                low, middle, high = (found[int(q * len(found))] for q in (0.05, 0.5, 0.95))
                above = sum(share >= reported for share in found) / len(found)
                row += [f"{middle:.0%} ({low:.0%} to {high:.0%})", f"{above:.0%}"]
            rows.append(row)
    columns = ["requirements", "of the cost", "of the value, reported", "`value_spread`", "limit"]
    for efforts in EFFORTS:
        columns += [f"simulated, spread of effort {efforts:g}: median (90%)", "at least as much"]
    return markdown(columns, rows)
