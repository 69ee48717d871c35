"""Policies in which customer and experts judge together, or learn before they judge."""

from __future__ import annotations

from typing import Annotated

from sim.policies.admission import AtLeast, Threshold, Veto
from sim.policies.parts import EXPERTS, TOGETHER, TOGETHER_WITH_AI, Authority, Cadence, Days, Evaluators
from sim.policies.policy import Explanation, FastLane, Policy, PolicyOfParts, PrototypeFrom, Reading, Responses
from sim.policies.setting import Setting

ExpertShare = Annotated[float, Setting("weight of the experts' judgement; the customer's is the rest of 1", high=1.0)]
COLLABORATIVE = Responses(reshape_from=3.0, counter=True)


def prototype_first(prototype_from: PrototypeFrom = 3.0) -> Policy:
    """What looks large is prototyped before anybody says yes; small requests are accepted unless experts object."""
    return PolicyOfParts(
        name="prototype-first", evaluators=EXPERTS, admission=Veto(), responses=Responses(prototype_from=prototype_from),
        explanation=0.5)


def _co_evaluated(
    name: str, evaluators: Evaluators, days: float, at_least: float, expert_share: float = 0.5, explanation: float = 1.0,
    fast_lane: float = 0.0, reading: Reading = "face-value",
) -> Policy:
    return PolicyOfParts(
        name=name, cadence=Cadence(days), evaluators=evaluators, authority=Authority(1.0 - expert_share, expert_share, 0.5),
        reading=reading, admission=Threshold(at_least), responses=COLLABORATIVE, explanation=explanation, fast_lane=fast_lane)


def fast_lane(below: FastLane = 1.0, days: Days = 5.0, at_least: AtLeast = 0.0) -> Policy:
    """What looks smaller than `below` person-days is accepted at once; the rest is co-evaluated."""
    return _co_evaluated("fast-lane", TOGETHER, days, at_least, fast_lane=below)


def co_evaluated(
    days: Days = 5.0, at_least: AtLeast = 0.0, expert_share: ExpertShare = 0.5, explanation: Explanation = 1.0,
    reading: Reading = "face-value",
) -> Policy:
    """Every `days` days customer and experts judge together; they may agree on the core only or on another solution."""
    return _co_evaluated("co-evaluated", TOGETHER, days, at_least, expert_share, explanation, reading=reading)


def co_evaluated_ai(days: Days = 5.0, at_least: AtLeast = 0.0) -> Policy:
    """As co-evaluated, with an AI aid as one more judge that costs time and money and is sometimes simply followed."""
    return _co_evaluated("co-evaluated-ai", TOGETHER_WITH_AI, days, at_least)
