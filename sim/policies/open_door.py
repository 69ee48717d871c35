"""Policies that look at room or time, never at the request's merit."""

from __future__ import annotations

from sim.policies.admission import AfterPlanned, AsToday, Budget, Capacity, Contingency, Everything, Nothing, Places, ShareToday
from sim.policies.parts import EXPEDITE, WISH
from sim.policies.policy import Policy, PolicyOfParts, Responses


def always_accept() -> Policy:
    """The customer is king: everything is accepted at once and interrupts planned work."""
    return PolicyOfParts(name="always-accept", admission=Everything(), promise=WISH, queue=EXPEDITE)


def accept_all() -> Policy:
    """Everything is accepted at once, and done when its turn comes."""
    return PolicyOfParts(name="accept-all", admission=Everything())


def refuse_all() -> Policy:
    """Everything is refused at once, but for what law or contract demands."""
    return PolicyOfParts(name="refuse-all", admission=Nothing())


def capacity_limit(k: Places = None) -> Policy:
    """The number of open requests is limited to `k`; whoever comes when all places are taken is refused."""
    return PolicyOfParts(name="capacity-limit", admission=Capacity(k))


def change_budget(share: Contingency = 0.15) -> Policy:
    """A contingency of effort, first come first served; when it is used up, the answer is no."""
    return PolicyOfParts(name="change-budget", admission=Budget(share))


def frozen_scope() -> Policy:
    """Every request waits until the planned scope is done."""
    return PolicyOfParts(name="frozen-scope", admission=AfterPlanned(), responses=Responses(defer=True))


def as_today(share: ShareToday = None) -> Policy:
    """As things are: a yes by lot, as often and as late as requests get one today; what a change is held against."""
    return PolicyOfParts(name="as-today", admission=AsToday(share))
