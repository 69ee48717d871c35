"""Judging: what the people whom a policy asks can see of a request. The only place where truth becomes an estimate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model import effects
from sim.model.plain import maker
from sim.policies.view import Estimate

if TYPE_CHECKING:
    from sim.model.customers import CustomerGroup
    from sim.model.ledger import Ask
    from sim.model.practice import Practice
    from sim.model.world import World

_seen = maker(Estimate)


class Judging:
    """The judges of one run; their errors stand on the tape."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms = world.scenario.evaluation
        self.judges = len(world.judges)

    def glance(self, ask: Ask) -> Estimate:
        """What can be seen without asking anybody: the customer's claim and a first impression of the effort."""
        return self._estimate(ask, None, None, None, None, ask.request.glance)

    def estimate(self, ask: Ask, practice: Practice) -> Estimate:
        """What the policy's evaluators see, and the AI aid's forecast where the policy asks for one."""
        seen = self._seen_by_evaluators(ask, practice)
        return seen._replace(forecast=self._forecast(ask)) if practice.asks_forecast else seen

    def _forecast(self, ask: Ask) -> float:
        """By when the aid thinks that open work and this would be done: it sees both as well as it sees at all."""
        world, request = self.world, ask.request
        group = world.customers[request.group]
        spread = effects.forecast_spread(self.terms.forecast_spread, group.signals.ai_quality)
        days = (max(world.remaining, 0.0) + request.effort) / world.capacity
        if spread > 0.0:
            days *= math.exp(spread * group.luck.normal("forecast", ask.returns)[request.position])
        return world.env.now + days

    def _seen_by_evaluators(self, ask: Ask, practice: Practice) -> Estimate:
        if practice.sees_truth:
            request = ask.request
            seen = self._estimate(ask, request.worth, None, None, None, request.effort)
            return seen._replace(feasible=request.feasible, stated=request.worth, urgency=request.urgency)
        if practice.asks_somebody:
            return self._judged(ask, practice)
        return self.glance(ask)

    def _judged(self, ask: Ask, practice: Practice) -> Estimate:
        request, authority = ask.request, practice.policy.authority
        group, at = self.world.customers[request.group], request.position
        together: list[float] = []  # signals, qualities and weights of all judges
        qualities: list[float] = []
        weights: list[float] = []
        customer = experts = ai = None
        if practice.customer:
            qualities.append(effects.disclosed_quality(self.terms.customer_quality, self.terms.disclosure, group.trust.value))
            customer = effects.signal(qualities[0], request.merit, group.signals.customer_errors[at]) + group.bias(ask)
            together.append(customer)
            weights.append(authority.customer)
        if practice.experts:
            experts = group.signals.experts_together[at]
            together += group.signals.experts[at]
            qualities += [self.terms.expert_quality] * self.judges
            weights += [authority.experts / self.judges] * self.judges
        if practice.ai:
            ai = group.signals.ai[at]
            together.append(ai)
            qualities.append(group.signals.ai_quality)
            weights.append(authority.ai)
        if ai is not None and group.luck.uniform("automation")[at] < self.terms.automation_bias:
            pooled = ai  # people follow the aid
        else:
            pooled = self._pool(together, qualities, weights)
        if practice.experts and not request.feasible and not ask.seen_infeasible:
            ask.seen_infeasible = group.luck.uniform("detection")[at] < self.terms.detection
        effort = request.estimate if practice.experts else request.glance
        return self._estimate(
            ask, group.worth_of(pooled), _worth(group, customer), _worth(group, experts), _worth(group, ai), effort)

    def _pool(self, signals: list[float], qualities: list[float], weights: list[float]) -> float:
        if len(signals) == 1:
            return signals[0]
        terms = self.terms
        coefficients = effects.pooling_coefficients(qualities, weights, terms.error_correlation, terms.facilitation)
        return effects.pooled(coefficients, signals)

    def _estimate(
        self, ask: Ask, value: float | None, customer: float | None, experts: float | None, ai: float | None, effort: float
    ) -> Estimate:
        request = ask.request
        group = self.world.customers[request.group]
        return _seen((
            request.number, group.name, request.day, ask.returns, request.mandatory,
            group.worth_of(request.claim + group.bias(ask)), value, customer, experts, ai, effort, request.stated_urgency,
            not ask.seen_infeasible, ask.prototyped, request.lot, None))


def _worth(group: CustomerGroup, signal: float | None) -> float | None:
    return None if signal is None else group.worth_of(signal)
