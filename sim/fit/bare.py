"""The scenario before anything is measured: the team as given, a stream of requests; and what is set so that it does not bind.

A log does not tell how often delivered work is reviewed, nor how many hours the customer has. Left at their defaults, these would
limit a project that they never limited: such values are set to where they cannot, and are listed as set.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.fit.load import DESK, loads
from sim.scenario import Review, Role, Scenario, Stage, Team, Understanding

WARM_UP = 65.0
MEASURED_DAYS = 260.0
GIVEN: dict[str, tuple[float, str]] = {
    "project.planned_items": (0, "a stream of requests; a tracker does not tell what was promised"),
    "project.deadline": (0.0, "none; with planned scope, set it"),
    "project.horizon": (WARM_UP + MEASURED_DAYS, "a quarter of warm-up and a year"),
    "project.warm_up": (WARM_UP, "the team starts with nothing to do; its first quarter is not measured"),
    "team.complexity": (0.0, "off for a stream: over years a team pays back what it borrows"),
}
FREED = {
    "review.cadence": "each item is reviewed when it is done; meetings on days would be the lead time",
    "customer.representatives": "so many that their hours bind under no policy",
    "understanding.reviews": "of one item, as much as of meetings every ten days",
}
"""What is set so that it does not bind, and how."""
DESK_AT_MOST = 0.5
"""Load of the customer's representatives, if they judged every request and reviewed every item."""


def bare(team: Mapping[str, int]) -> Scenario:
    """A stream for these people: one stage a role in the order given, effort in proportion to people."""
    people = sum(team.values())
    shares = [round(n / people, 4) for n in team.values()]
    shares[-1] = round(1.0 - sum(shares[:-1]), 4)
    stages = tuple(Stage(name=role, role=role, share=share) for role, share in zip(team, shares, strict=True))
    made = Scenario(team=Team(roles={role: Role(headcount=n) for role, n in team.items()}, workflow=stages))
    return made.with_values({**{key: value for key, (value, _) in GIVEN.items()}, "review.cadence": 0.0})


def freed(scenario: Scenario, yes: float) -> dict[str, float]:
    """Values at which what nobody measured does not bind, by key of `FREED`."""
    customer = scenario.customer
    desk = next(load for load in loads(scenario, 1.0, judged=True) if load.who.startswith(DESK))
    people = max(math.ceil(customer.representatives * desk.load / DESK_AT_MOST), 1)
    reviewed = customer.request_rate * (1.0 + customer.appetite * yes) * yes  # items a day
    each = Understanding().reviews / max(Review().cadence * reviewed, 1.0)
    return {"review.cadence": 0.0, "customer.representatives": min(people, 1000), "understanding.reviews": float(f"{each:.3g}")}


def effort_for(scenario: Scenario, closings: float, load: float) -> float:
    """Mean effort at which closing so many requests a day keeps the busiest role this busy (0: nothing is left for work).

    The load is a straight line in the effort, role by role.
    """
    spread = math.exp(scenario.customer.effort_sigma**2 / 2.0)
    rate = closings / (1.0 + scenario.customer.appetite)
    at = [loads(scenario.with_values({"customer.request_rate": rate, "customer.effort_median": mean / spread}), 1.0)
          for mean in (1.0, 2.0)]
    lines = [(one.load, two.load - one.load) for one, two in zip(*at, strict=True) if two.load > one.load]
    return float(max(min((load - first) / slope + 1.0 for first, slope in lines), 0.0))
