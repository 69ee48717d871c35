"""Policies that look at room or time, never at the request's merit."""

from __future__ import annotations

from sim.policies.admission import AfterPlanned, Budget, Capacity, Contingency, Everything, Places
from sim.policies.parts import EXPEDITE, FORECAST
from sim.policies.policy import Policy, PolicyOfParts, Responses


def always_accept() -> Policy:
    """The customer is king: everything is accepted at once and interrupts planned work."""
    return PolicyOfParts(name="always-accept", admission=Everything(), queue=EXPEDITE)


def capacity_limit(k: Places = 8) -> Policy:
    """At most `k` requests are open at a time; whoever comes when all places are taken is refused."""
    return PolicyOfParts(name="capacity-limit", admission=Capacity(k), promise=FORECAST)


def change_budget(share: Contingency = 0.15) -> Policy:
    """A contingency of effort, first come first served; when it is used up, the answer is no."""
    return PolicyOfParts(name="change-budget", admission=Budget(share), promise=FORECAST)


def frozen_scope() -> Policy:
    """Every request waits until the planned scope is done."""
    return PolicyOfParts(
        name="frozen-scope", admission=AfterPlanned(), responses=Responses(defer=True), promise=FORECAST)
