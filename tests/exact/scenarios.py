"""The project as a textbook queue: everything off but what a test puts on."""

from __future__ import annotations

import math
from typing import Any

from sim.policies import PolicyOfParts
from sim.scenario import Scenario

FCFS = PolicyOfParts(name="fcfs")


def textbook(
    servers: int = 1, rate: float = 0.8, mean: float = 1.0, horizon: float = 20_000.0, sigma: float | None = None,
    overrides: dict[str, Any] | None = None,
) -> Scenario:
    """One role of so many servers, one stage; exponential service, or lognormal with the given sigma."""
    spread = 0.0 if sigma is None else sigma
    base = Scenario().off().with_values({
        "project.planned_items": 0, "project.deadline": 0.0, "project.horizon": horizon,
        "team.roles.developer.headcount": servers, "team.visit_spread": "exponential" if sigma is None else "none",
        "customer.request_rate": rate, "evaluation.charged": 1.0, "evaluation.expert_hours": 0.0,
        "customer.effort_median": mean * math.exp(-spread**2 / 2), "customer.effort_sigma": spread,
    })
    return base.with_values(overrides or {})
