"""Worlds and measurements that the anti-rigging battery shares."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from scipy import stats

from sim.policies import Policy, PolicyOfParts, QueueRule, Responses
from sim.policies.admission import Everything
from sim.policies.controls import Placebo
from sim.policies.parts import AT_ONCE
from sim.runs.simulate import Run
from sim.scenario import Scenario

SMALL = Scenario().with_values({"project.planned_items": 15, "project.horizon": 90.0, "project.deadline": 40.0})
"""Every default mechanism at work, in a run of a few milliseconds."""


def stream(**values: Any) -> Scenario:
    """A stream of requests with every mechanism off but those that are said (``__`` stands for the dot)."""
    people = {
        "team.roles.developer.headcount": 10, "project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 250.0,
        "evaluation.charged": 1.0, "evaluation.expert_hours": 0.0}
    said = {key.replace("__", "."): value for key, value in values.items()}
    return Scenario().off().with_values({**people, "customer.request_rate": 2.0, **said})


def made_equal(policy: Policy) -> Policy:
    """The policy with another's admission: everything, at once, as asked, first come first served. The rest stays its own."""
    assert isinstance(policy, PolicyOfParts)
    equal = policy.with_parts(
        admission=Everything(), cadence=AT_ONCE, responses=Responses(), queue=QueueRule("fcfs"), fast_lane=0.0)
    if isinstance(equal, Placebo) and equal.reference is not None:
        return equal.with_parts(reference=made_equal(equal.reference))
    return equal


def bits(run: Run, *besides: str) -> str:
    """All that a run came to, bit for bit, but its policy's name (and the measures `besides`)."""
    outcome = {name: value for name, value in run.outcome.items() if name not in besides}
    fates = [(ask.request.number, ask.fate, ask.answered, ask.left) for ask in run.ledger.asks]
    return repr((outcome, run.ledger.spells, run.ledger.customer_spells, fates))


def admitted(run: Run) -> set[int]:
    """Numbers of the admitted requests."""
    return {ask.request.number for ask in run.ledger.asks if ask.item is not None}


def paired_interval(differences: Iterable[float], confidence: float = 0.99) -> tuple[float, float]:
    """Student's interval for the mean of paired differences."""
    values = list(differences)
    mean = math.fsum(values) / len(values)
    error = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values))
    half_width = float(stats.t.ppf(0.5 + confidence / 2.0, len(values) - 1)) * error
    return mean - half_width, mean + half_width
