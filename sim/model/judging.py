"""Judging: what the people whom a policy asks can see of a request. The only place where truth becomes an estimate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.model import effects
from sim.model.effects import signal
from sim.model.plain import maker
from sim.policies.parts import TOGETHER, Authority, Evaluators
from sim.policies.view import Estimate

if TYPE_CHECKING:
    from sim.model.customers import CustomerGroup
    from sim.model.ledger import Ask
    from sim.model.practice import Practice
    from sim.model.signals import Blur
    from sim.model.truth import Idea
    from sim.model.world import World

_seen = maker(Estimate)
EQUALS = Authority()


class Sight(NamedTuple):
    """What somebody sees of a question: a signal of unit variance (biases aside), and its correlation with the truth."""

    signal: float
    quality: float


class Sights(NamedTuple):
    """What each side sees of a question, None for one that was not asked, and what all see together."""

    customer: Sight | None
    experts: Sight | None
    ai: Sight | None
    together: Sight


class Question:
    """One of the two questions about a request, and how well each side can answer it."""

    def __init__(self, world: World, customer: float, expert: float, hours: float) -> None:
        terms, judges = world.scenario.evaluation, len(world.judges)
        self.correlation, self.facilitation = terms.error_correlation, terms.facilitation
        self.customer = customer
        self.expert = effects.insight(expert, hours, terms.insight_hours)
        self.ai = min(max(expert + terms.ai_gain, 0.0), 1.0)
        self.judges = judges
        self.among_experts = effects.pooling_coefficients(
            [self.expert] * judges, [1.0] * judges, self.correlation, self.facilitation)

    def look(
        self, truth: float, blur: Blur, at: int, panel: Evaluators, authority: Authority, openness: float,
        biases: tuple[float, float],
    ) -> Sights:
        """What a panel sees of the truth about request `at`; the customer discloses his view as far as his `openness`."""
        signals: list[float] = []
        qualities: list[float] = []
        weights: list[float] = []
        customer = experts = ai = None
        if panel.customer:
            quality = self.customer * openness
            customer = Sight(signal(quality, truth, blur.customer[at]) + biases[0], quality)
            signals.append(customer.signal)
            qualities.append(quality)
            weights.append(authority.customer)
        if panel.experts:
            each = [signal(self.expert, truth, error) + biases[1] for error in blur.experts[at]]
            experts = _pool(self.among_experts, each, [self.expert] * self.judges)
            signals += each
            qualities += [self.expert] * self.judges
            weights += [authority.experts / self.judges] * self.judges
        if panel.ai:
            ai = Sight(signal(self.ai, truth, blur.ai[at]), self.ai)
            signals.append(ai.signal)
            qualities.append(self.ai)
            weights.append(authority.ai)
        sides = [side for side in (customer, experts, ai) if side is not None]
        if len(sides) == 1:
            return Sights(customer, experts, ai, sides[0])
        coefficients = effects.pooling_coefficients(qualities, weights, self.correlation, self.facilitation)
        return Sights(customer, experts, ai, _pool(coefficients, signals, qualities))


class Judging:
    """The judges of one run; their errors stand on the tape."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms = terms = world.scenario.evaluation
        qualities = (
            (terms.customer_need_quality, terms.expert_need_quality), (terms.customer_fit_quality, terms.expert_fit_quality))
        self.need, self.fit = (Question(world, *quality, terms.expert_hours) for quality in qualities)
        hearing_hours = world.scenario.innovation.hearing_hours
        self.idea_need, self.idea_fit = (Question(world, *quality, hearing_hours) for quality in qualities)

    def glance(self, ask: Ask) -> Estimate:
        """What can be seen without asking anybody: the customer's claim and a first impression of the effort."""
        return self._estimate(ask, (None,) * 7, ask.request.glance)

    def estimate(self, ask: Ask, practice: Practice) -> Estimate:
        """What the policy's evaluators see, and the AI aid's forecast where the policy asks for one."""
        seen = self._seen_by_evaluators(ask, practice)
        return seen._replace(forecast=self._forecast(ask)) if practice.asks_forecast else seen

    def _forecast(self, ask: Ask) -> float:
        """By when the aid thinks that open work and this would be done: it sees both as well as it sees at all."""
        world, request = self.world, ask.request
        group = world.customers[request.group]
        spread = effects.forecast_spread(self.terms.forecast_spread, self.fit.ai)
        days = (max(world.remaining, 0.0) + request.effort) / world.capacity
        if spread > 0.0:
            days *= math.exp(spread * group.luck.normal("forecast", ask.returns)[request.position])
        return world.env.now + days

    def _seen_by_evaluators(self, ask: Ask, practice: Practice) -> Estimate:
        if practice.sees_truth:
            request, group = ask.request, self.world.customers[ask.request.group]
            other = self._alternative(group, request.need, 1.0)
            seen = self._estimate(ask, (request.worth, None, None, None, request.need, request.fit, other), request.effort)
            return seen._replace(feasible=request.feasible, stated=request.worth, urgency=request.urgency)
        if practice.asks_somebody:
            return self._judged(ask, practice)
        return self.glance(ask)

    def worth_seen_in(self, position: int, idea: Idea) -> float:
        """What an idea is worth in the eyes of the first customer group and the experts, who hear it together."""
        world, terms, group = self.world, self.world.scenario.innovation, self.world.customers[0]
        openness = 1.0 - self.terms.disclosure * (1.0 - group.trust.value)
        need, fit = (
            question.look(truth, blur, position, TOGETHER, EQUALS, openness, (0.0, weight * self.terms.expert_bias))
            for question, truth, blur, weight in (
                (self.idea_need, idea.need, world.ideas.need, group.need_weight),
                (self.idea_fit, idea.fit, world.ideas.fit, group.fit_weight)))
        merit = group.need_weight * need.together.signal + group.fit_weight * fit.together.signal
        return effects.capped_worth(terms.idea_value, terms.idea_tail, terms.idea_upkeep, merit, terms.idea_cap)

    def _judged(self, ask: Ask, practice: Practice) -> Estimate:
        request = ask.request
        group, at = self.world.customers[request.group], request.position
        need, fit = self._look(ask, group, practice)
        if need.ai is not None and fit.ai is not None and group.luck.uniform("automation")[at] < self.terms.automation_bias:
            need, fit = need._replace(together=need.ai), fit._replace(together=fit.ai)  # people follow the aid
        if practice.experts and not request.feasible and not ask.seen_infeasible:
            ask.seen_infeasible = group.luck.uniform("detection")[at] < self.terms.detection
        calibrated = practice.calibrated
        feasible = group.chance_of_feasible(ask, practice.experts) if calibrated else 1.0
        worths = [
            None if n is None or f is None else _worth(group, n, f, calibrated, feasible)
            for n, f in ((need.together, fit.together), (need.customer, fit.customer), (need.experts, fit.experts),
                         (need.ai, fit.ai))]
        seen_need, known = _read(need.together, calibrated)
        seen_fit, _ = _read(fit.together, calibrated)
        other = self._alternative(group, seen_need, known)
        return self._estimate(
            ask, (*worths, seen_need, seen_fit, other), request.estimate if practice.experts else request.glance)

    def _look(self, ask: Ask, group: CustomerGroup, practice: Practice) -> tuple[Sights, Sights]:
        """Need and fit as seen; who keeps a record of judgements takes the biases off that he knows."""
        request, policy, terms = ask.request, practice.policy, self.terms
        openness = 1.0 - terms.disclosure * (1.0 - group.trust.value)
        biases = (0.0, 0.0) if practice.calibrated else (group.bias(ask), terms.expert_bias)
        need, fit = (
            question.look(truth, blur, request.position, policy.evaluators, authority, openness,
                          (weight * biases[0], weight * biases[1]))
            for question, truth, blur, authority, weight in (
                (self.need, request.need, group.signals.need, policy.authority, group.need_weight),
                (self.fit, request.fit, group.signals.fit, policy.fit_authority or policy.authority, group.fit_weight)))
        return need, fit

    def _alternative(self, group: CustomerGroup, need: float, known: float) -> float:
        """Worth that another solution for the same need is expected to have; of its fit nothing is known but the mean."""
        merit = group.need_weight * need + group.fit_weight * self.terms.counter_fit
        return group.worth_of(merit, group.traits.need_share * known)

    def _stated(self, ask: Ask, group: CustomerGroup) -> float:
        """What the customer claims: all that he sees, optimism and loudness."""
        if not group.traits.value_spread:
            return group.worth_of(0.0)
        request, at = ask.request, ask.request.position
        need = signal(self.need.customer, request.need, group.signals.need.customer[at])
        fit = signal(self.fit.customer, request.fit, group.signals.fit.customer[at])
        return group.worth_of(group.need_weight * need + group.fit_weight * fit + group.bias(ask))

    def _estimate(self, ask: Ask, judged: tuple[float | None, ...], effort: float) -> Estimate:
        request = ask.request
        group = self.world.customers[request.group]
        return _seen((
            request.number, group.name, request.day, ask.returns, request.mandatory, self._stated(ask, group), *judged, effort,
            request.stated_urgency, not ask.seen_infeasible, ask.prototyped, request.lot, None))


def _pool(coefficients: list[float], signals: list[float], qualities: list[float]) -> Sight:
    """Several signals added up to one of unit variance."""
    return Sight(effects.pooled(coefficients, signals), effects.pooled(coefficients, qualities))


def _read(sight: Sight, calibrated: bool) -> tuple[float, float]:
    """What is taken for the truth, and for how much of its variance: the signal as it is, or its mean given the signal."""
    return (sight.quality * sight.signal, sight.quality * sight.quality) if calibrated else (sight.signal, 1.0)


def _worth(group: CustomerGroup, need: Sight, fit: Sight, calibrated: bool, feasible: float) -> float:
    """Worth as read; a calibrated reading counts in that what cannot be built brings nothing."""
    (n, n_known), (f, f_known) = _read(need, calibrated), _read(fit, calibrated)
    share = group.traits.need_share
    return feasible * group.worth_of(group.need_weight * n + group.fit_weight * f, share * n_known + (1.0 - share) * f_known)
