"""XIT: calibrate on *before*, predict *after*.

The measures are those of the accounts of the case: requests delivered a quarter, lead time of what was delivered, the open
backlog, the share of capacity that estimates eat, cost per delivered request. They are taken over the quarters after
warm-up, from the ledger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.model.ledger import NEVER, Ledger
from sim.policies import make
from sim.runs.simulate import draw, run_policy
from sim.scenario import Scenario
from validation.table import figure, markdown

QUARTER = 65.0
BEFORE = "expert-veto:below=0"
AFTER = "value-ranked:days=5,k=14"
DEVELOPERS = "developer"


@dataclass(frozen=True)
class Quarters:
    """What the accounts report, one value a replication.

    Attributes
    ----------
    delivered
        Requests delivered a quarter.
    lead_mean, lead_median, within_25
        Working days from arrival to delivery of what was delivered; share of it within 25 days.
    backlog, growth
        Admitted requests that are open at the end of warm-up; their growth per quarter.
    eaten
        Share of the developers' time that estimates and the interruptions by them take.
    cost
        k€ of people per delivered request.
    """

    delivered: list[float]
    lead_mean: list[float]
    lead_median: list[float]
    within_25: list[float]
    backlog: list[float]
    growth: list[float]
    eaten: list[float]
    cost: list[float]


def observe(scenario: Scenario, policy: str, replications: int, seed: int = 1) -> Quarters:
    """Simulate and measure as the accounts do."""
    rows = [_observe(scenario, policy, seed, replication) for replication in range(replications)]
    return Quarters(*(list(column) for column in zip(*rows, strict=True)))


def _observe(scenario: Scenario, policy: str, seed: int, replication: int) -> tuple[float, ...]:
    ledger = run_policy(scenario, make(policy), draw(scenario, seed, replication)).ledger
    start, end = scenario.project.warm_up, ledger.end
    quarters = (end - start) / QUARTER
    lead = sorted(
        ask.item.delivered - ask.request.day for ask in ledger.asks if ask.item is not None and ask.item.delivered >= start)
    opened, left = _open_on(ledger, start), _open_on(ledger, end)
    pay = sum(role.headcount * role.day_rate for role in scenario.team.roles.values()) * (end - start)
    return (
        len(lead) / quarters,
        math.fsum(lead) / len(lead) if lead else math.nan,
        lead[len(lead) // 2] if lead else math.nan,
        sum(days <= 25.0 for days in lead) / len(lead) if lead else math.nan,
        float(opened),
        (left - opened) / quarters,
        _eaten(scenario, ledger, start, end),
        pay / len(lead) if lead else math.nan,
    )


def _open_on(ledger: Ledger, day: float) -> int:
    items = [ask.item for ask in ledger.asks if ask.item is not None]
    return sum(item.admitted <= day and (item.closed == NEVER or item.closed > day) for item in items)


def _eaten(scenario: Scenario, ledger: Ledger, start: float, end: float) -> float:
    first = 0
    for name, role in scenario.team.roles.items():
        if name == DEVELOPERS:
            break
        first += role.headcount
    count = scenario.team.roles[DEVELOPERS].headcount
    lost = math.fsum(
        min(stop, end) - max(begin, start)
        for person, begin, stop, use, _, _, _ in ledger.spells
        if first <= person < first + count and stop > start and use in ("evaluation", "switching"))
    return lost / (count * (end - start))


def report(replications: int = 40) -> str:
    """The tables of docs/validation.md."""
    before, after = Scenario.load("xit-before"), Scenario.load("xit-after")
    calm = {"team.switch_cost": 0.0}
    narrow = {"customer.effort_sigma": 0.7, "customer.effort_median": round(_same_mean(before, 0.7), 2)}
    runs = {
        "before": observe(before, BEFORE, replications),
        "before, interruptions free": observe(before.with_values(calm), BEFORE, replications),
        "policy only": observe(before.with_values({"evaluation.expert_hours": 0.0}), AFTER, replications),
        "after": observe(after, AFTER, replications),
        "after, narrow effort": observe(after.with_values(narrow), AFTER, replications),
        "full house": observe(after, "change-board:days=5", replications),
    }
    calibration = markdown(
        ["before", "reported", "simulated", "interruption mechanism off", "used for calibration"],
        [
            ["delivered a quarter", "17 (another account: about 22)", *_two(runs, "delivered"), "yes (22)"],
            ["capacity eaten by estimates", "about 40%", *_two(runs, "eaten", 2), "yes"],
            ["backlog after four quarters", "80+", *_two(runs, "backlog"), "no"],
            ["growth of the backlog a quarter", "about 20", *_two(runs, "growth"), "no"],
            ["lead time, days", "about 105 (5 months)", *_two(runs, "lead_mean"), "no"],
            ["cost per request, thousands", "7.5", *_two(runs, "cost"), "no"],
        ],
    )
    names = ("policy only", "after", "after, narrow effort", "full house")
    prediction = markdown(
        ["after", "reported", "policy only, 3+3", "predicted, 4+2", "the same, effort spread 0.7", "no cap, 4+2"],
        [
            ["delivered a quarter", "56", *(figure(runs[name].delivered) for name in names)],
            ["median lead time, days", "typically 14", *(figure(runs[name].lead_median) for name in names)],
            ["delivered within 25 days", "> 90%", *(figure(runs[name].within_25, 2) for name in names)],
            ["open requests", "under 10 (backlog)", *(figure(runs[name].backlog) for name in names)],
            ["cost per request, thousands", "2.9", *(figure(runs[name].cost) for name in names)],
        ],
    )
    return f"{calibration}\n\n{prediction}"


def _two(runs: dict[str, Quarters], measure: str, digits: int = 1) -> tuple[str, str]:
    first, second = (figure(getattr(runs[name], measure), digits) for name in ("before", "before, interruptions free"))
    return first, second


def _same_mean(scenario: Scenario, sigma: float) -> float:
    """The median that keeps the mean effort when the spread changes."""
    customer = scenario.customer
    return customer.effort_median * math.exp(0.5 * (customer.effort_sigma**2 - sigma**2))
