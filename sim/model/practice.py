"""A policy as this project practises it: its parts, looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.policies.parts import WISH, Promise, QueueRule

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

PROMISES = {"forecast": Promise(), "wish": WISH, "none": Promise("none")}
"""What ``team.promise`` says, as a part."""


class Practice:
    """A policy in force, with the house's promise and queue where it has none of its own.

    Attributes
    ----------
    days
        Days between sessions; 0 if each request is looked at at once.
    customer, experts, ai
        Who judges.
    asks_somebody
        Whether anybody judges.
    calibrated
        Whether what they see is read by how good they are.
    advised
        Whether the experts' judgement is advice: another side judges too, so that they can be overruled.
    asks_forecast, aid
        Whether the AI aid forecasts, and whether it is asked for anything.
    free
        Whether a look on arrival takes no time of anybody, so that the answer comes at once.
    rank, interrupts
        The place in the backlog of what joins it, and whether what comes first interrupts what comes later.
    """

    def __init__(self, policy: Policy, scenario: Scenario) -> None:
        asked, terms = policy.evaluators, scenario.evaluation
        self.policy = policy
        self.days = scenario.review.cadence if policy.cadence.days is None else policy.cadence.days
        self.at_most = policy.cadence.at_most
        self.customer, self.experts, self.ai, self.sees_truth = asked.customer, asked.experts, asked.ai, asked.truth
        self.joint = asked.joint
        self.asks_forecast = policy.asks_forecast
        self.aid = asked.ai or self.asks_forecast
        self.asks_somebody = asked.customer or asked.experts or asked.ai
        self.calibrated = policy.reading == "calibrated"
        self.advised = asked.experts and (asked.customer or asked.ai)
        self.free = not (
            (asked.experts and terms.expert_hours * terms.charged > 0.0)
            or (asked.customer and terms.customer_hours > 0.0)
            or (self.aid and (terms.ai_latency > 0.0 or terms.ai_hours > 0.0 or terms.ai_cost > 0.0))
            or ((self.asks_somebody or policy.answers_late) and terms.latency > 0.0)
        )
        queue = QueueRule(scenario.team.queue) if policy.queue is None else policy.queue
        self.rank, self.interrupts = queue.rank, queue.preempt
        self.promise = PROMISES[scenario.team.promise] if policy.promise is None else policy.promise
        self.explanation = policy.explanation
