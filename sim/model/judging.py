"""Judging: what the people whom a policy asks can see of a request. The only place where truth becomes an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model import effects
from sim.policies.view import Estimate

if TYPE_CHECKING:
    from sim.model.ledger import Ask
    from sim.model.world import Project
    from sim.policies.policy import Policy


class Judging:
    """The judges of one run and their errors, which stand on the tape."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.terms = project.scenario.evaluation
        self.judge_count = len(project.judges)

    def glance(self, ask: Ask) -> Estimate:
        """What can be seen without asking anybody: the customer's claim and a first impression of the effort."""
        return self._estimate(ask, None, None, None, None, ask.request.glance)

    def estimate(self, ask: Ask, policy: Policy) -> Estimate:
        """What the policy's evaluators see."""
        asked, request = policy.evaluators, ask.request
        if asked.truth:
            seen = self._estimate(ask, request.worth, None, None, None, request.effort)
            return seen._replace(feasible=request.feasible, stated=request.worth, urgency=request.urgency)
        if not (asked.customer or asked.experts or asked.ai):
            return self.glance(ask)
        return self._pooled(ask, policy)

    def _pooled(self, ask: Ask, policy: Policy) -> Estimate:
        terms, asked, authority = self.terms, policy.evaluators, policy.authority
        group, request = self.project.customers[ask.request.group], ask.request
        position, merit, rho = request.position, request.merit, terms.error_correlation
        common = group.luck("normal", "error/common")[position]
        signals: list[float] = []
        qualities: list[float] = []
        weights: list[float] = []

        def add_judge(purpose: str, quality: float, bias: float, weight: float) -> None:
            own = group.luck("normal", purpose)[position]
            signals.append(effects.signal(quality, merit, effects.shared_error(common, own, rho)) + bias)
            qualities.append(quality)
            weights.append(weight)

        customer_signal = expert_signal = ai_signal = None
        if asked.customer:
            quality = effects.disclosed_quality(terms.customer_quality, terms.disclosure, group.trust.value)
            add_judge("error/customer", quality, self._bias_of_customer(ask), authority.customer)
            customer_signal = signals[-1]
        first = len(signals)
        if asked.experts:
            for j in range(self.judge_count):
                add_judge(f"error/expert/{j}", terms.expert_quality, terms.expert_bias, authority.experts / self.judge_count)
            expert_signal = self._pool(signals[first:], qualities[first:], [1.0] * self.judge_count)
        if asked.ai:
            quality = min(max(terms.expert_quality + terms.ai_gain, 0.0), 1.0)
            add_judge("error/ai", quality, 0.0, authority.ai)
            ai_signal = signals[-1]
        if ai_signal is not None and group.luck("uniform", "automation")[position] < terms.automation_bias:
            pooled = ai_signal  # people follow the aid
        else:
            pooled = self._pool(signals, qualities, weights)
        worth = [
            None if s is None else group.traits.benefit_mean + group.traits.benefit_spread * s
            for s in (pooled, customer_signal, expert_signal, ai_signal)
        ]
        if asked.experts and not request.feasible and not ask.seen_infeasible:
            ask.seen_infeasible = group.luck("uniform", "detection")[position] < terms.detection
        effort = request.estimate if asked.experts else request.glance
        return self._estimate(ask, worth[0], worth[1], worth[2], worth[3], effort)

    def _pool(self, signals: list[float], qualities: list[float], weights: list[float]) -> float:
        if len(signals) == 1:
            return signals[0]
        coefficients = effects.pooling_coefficients(
            qualities, weights, self.terms.error_correlation, self.terms.facilitation)
        return sum(c * s for c, s in zip(coefficients, signals, strict=True))

    def _bias_of_customer(self, ask: Ask) -> float:
        traits = self.project.customers[ask.request.group].traits
        return traits.optimism + traits.loudness * ask.returns

    def stated(self, ask: Ask) -> float:
        """What the customer claims, in k€/pd."""
        terms, request = self.terms, ask.request
        group = self.project.customers[request.group]
        common = group.luck("normal", "error/common")[request.position]
        own = group.luck("normal", "error/customer")[request.position]
        error = effects.shared_error(common, own, terms.error_correlation)
        claim = effects.signal(terms.customer_quality, request.merit, error) + self._bias_of_customer(ask)
        return group.traits.benefit_mean + group.traits.benefit_spread * claim

    def _estimate(
        self, ask: Ask, value: float | None, customer: float | None, expert: float | None, ai: float | None, effort: float
    ) -> Estimate:
        request = ask.request
        return Estimate(
            request.number, self.project.customers[request.group].name, request.day, ask.returns, request.mandatory,
            self.stated(ask), value, customer, expert, ai, effort, request.stated_urgency, not ask.seen_infeasible,
            ask.prototyped, request.lot,
        )  # fmt: skip
