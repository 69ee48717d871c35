"""Customer groups: when they ask, how long they wait, and how the relationship with them moves."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.model import effects
from sim.model.calendar import HOURS, WEEK
from sim.model.exposure import Exposure
from sim.model.ledger import NEVER, Ask
from sim.model.level import Level
from sim.model.staff import Role
from sim.model.truth import largest_rate

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.ledger import Item
    from sim.model.signals import Signals
    from sim.model.truth import Occasion, Request
    from sim.model.world import World
    from sim.scenario import Customer

MOST_RETURNS = 3
"""Times that a refused requester comes back before he gives up for good."""


class CustomerGroup:
    """One group of customers during one run."""

    def __init__(
        self, world: World, index: int, name: str, traits: Customer, occasions: tuple[Occasion, ...], signals: Signals
    ) -> None:
        relationship = world.scenario.relationship
        self.world = world
        self.index = index
        self.name = name
        self.traits = traits
        self.luck = signals.luck
        self.signals = signals
        self.need_weight, self.fit_weight = math.sqrt(traits.need_share), math.sqrt(1.0 - traits.need_share)
        self.relationship = relationship
        self.exposure = Exposure(world.scenario.understanding)
        self.trust = Level(relationship.trust_start)
        self.satisfaction = Level(relationship.satisfaction_start)
        self.permissiveness = 0.5  # smoothed share of yes
        self.desk = Role(
            world.env, name, world.take_person_numbers(traits.representatives), traits.representatives,
            world.ledger.customer_spells, availability=traits.hours_per_week / (WEEK * HOURS))
        self._last_day = world.scenario.project.deadline if traits.asks_until == "deadline" else math.inf  # on which anybody asks
        self._occasions = iter(occasions)
        self._largest_rate = largest_rate(traits)

    # --- asking ---

    def await_occasion(self) -> None:
        """Wait for the next occasion to ask."""
        occasion = next(self._occasions, None)
        if occasion is not None:
            self._occasion = occasion
            env = self.world.env
            env.timeout(max(occasion.day - env.now, 0.0)).callbacks.append(self._ask)

    def _ask(self, _: object) -> None:
        """Candidates on the tape are thinned by the actual rate."""
        occasion, traits = self._occasion, self.traits
        if self._asks_no_more():
            return
        rate = traits.request_rate
        if traits.profile:
            rate *= effects.rate_factor(traits.profile, occasion.day)
        rate *= 1.0 + traits.appetite * self.permissiveness
        if occasion.chance * self._largest_rate < rate:
            understanding = self.exposure.understanding(occasion.day)
            for request in occasion.requests:
                self.ask_for(request, understanding)
        self.await_occasion()

    def ask_for(self, request: Request, understanding: float) -> None:
        """A request comes to the team's door, asked by somebody who understands so much of what can be done."""
        ask = self._put(request, understanding)
        self.world.ledger.asks.append(ask)
        self.world.intake.submit(ask)

    def _put(self, request: Request, understanding: float) -> Ask:
        """A request as somebody asks it who understands so much of what the technology can do."""
        if understanding > 0.0:
            request = self._made_feasible(self._made_fitting(request, understanding), understanding)
        return Ask(request, self.traits.optimism * (1.0 - understanding))

    def _made_fitting(self, request: Request, understanding: float) -> Request:
        gain, traits = self.world.scenario.understanding.fit_gain * understanding, self.traits
        if gain <= 0.0:
            return request
        fit = request.fit + gain
        merit = effects.merit(traits.need_share, request.need, fit)
        return request._replace(fit=fit, merit=merit, worth=self.worth_of(merit))

    def _made_feasible(self, request: Request, understanding: float) -> Request:
        if request.feasible:
            return request
        traits = self.traits
        chance = effects.infeasible_chance(
            traits.feasibility, traits.early_infeasible, request.day, traits.learning_days, understanding)
        return request._replace(feasible=self.luck.uniform("feasible")[request.position] >= chance)

    def _asks_no_more(self) -> bool:
        """The planned scope is done; or its deadline has passed, for those who ask no longer than that."""
        return self.world.closed_for_requests or self.world.env.now > self._last_day

    def wait_patiently(self, ask: Ask) -> None:
        """Start the clock after which the requester of an undecided request gives up."""
        rate, turn = self.traits.withdrawal_rate, ask.returns
        if rate <= 0.0 or ask.request.mandatory or ask.patient_since_return == turn:
            return
        ask.patient_since_return = turn
        patience = self.luck.exponential("patience", turn)[ask.request.position] / rate
        expiry = self.world.env.timeout(patience)
        expiry.callbacks.append(lambda _: self._lose_patience(ask, turn))

    def _lose_patience(self, ask: Ask, turn: int) -> None:
        undecided = ask.status in ("waiting", "deferred") and ask.returns == turn
        if undecided and not any(visit.begun for visit in ask.visits):
            self.world.intake.withdraw(ask)
            self.feel_wait(ask)
            self.feel_refusal(ask, 0.0)

    def escalate(self, ask: Ask, explanation: float) -> None:
        """A refused requester may come back, later and louder."""
        traits = self.traits
        if traits.escalation <= 0.0 or ask.returns >= MOST_RETURNS:
            return
        chance = traits.escalation * (1.0 - self.trust.value) * (1.0 - self.relationship.explanation_effect * explanation)
        if self.luck.uniform("escalate", ask.returns)[ask.request.position] < chance:
            self.world.env.process(self._come_back(ask))

    def _come_back(self, ask: Ask) -> Generator[Event, Any, None]:
        delay = self.luck.exponential("return", ask.returns)[ask.request.position] * self.traits.escalation_delay
        yield self.world.env.timeout(delay)
        if not self._asks_no_more():
            ask.returns += 1
            ask.left = NEVER
            self.world.intake.submit(ask)

    # --- saying ---

    def bias(self, ask: Ask) -> float:
        """By how much the customer overrates the merit of a request, in standard deviations: optimism, and after a no loudness."""
        return ask.optimism + self.traits.loudness * ask.returns

    def worth_of(self, merit: float, known: float = 1.0) -> float:
        """Worth in k€ per person-day that so much merit means, or so much on average if only a share of its variance is known."""
        return effects.lognormal_worth(self.traits.value, self.traits.value_spread, self.traits.upkeep, merit, known)

    def chance_of_feasible(self, ask: Ask, experts: bool) -> float:
        """Chance that a request can be built, from all that has been seen of it so far (by experts, in a prototype)."""
        if ask.seen_infeasible:
            return 0.0
        traits, terms = self.traits, self.world.scenario.evaluation
        doubt = effects.infeasible_chance(
            traits.feasibility, traits.early_infeasible, ask.request.day, traits.learning_days,
            self.exposure.understanding(self.world.env.now))
        unseen = (1.0 - terms.detection if experts else 1.0) * (1.0 - terms.prototype_learning if ask.prototyped else 1.0)
        return effects.chance_left(doubt, unseen)

    # --- learning ---

    def learn(self, exposure: float) -> None:
        """Live through something that shows what the technology can do."""
        if exposure > 0.0:
            now, ledger = self.world.env.now, self.world.ledger
            self.exposure.add(exposure, now)
            if ledger.logged:
                ledger.levels.append((now, self.name, "understanding", self.exposure.understanding(now)))

    # --- feeling ---

    def learn_answer(self, yes: bool) -> None:
        """How permissive the team is seen to be."""
        self.permissiveness = effects.smoothed(self.permissiveness, 1.0 if yes else 0.0, self.traits.appetite_memory)

    def feel(self, experience: float, expected: float, met: float, size: float = 1.0) -> None:
        """Move trust by an experience, and satisfaction by what was expected and what was met (0..1), each as far as its size."""
        r = self.relationship
        self._trust_after(size * experience)
        if r.satisfaction_rate > 0.0:
            level = effects.satisfied(
                self.satisfaction.value, expected, met, r.expectation_weight, min(size * r.satisfaction_rate, 1.0), r.loss_aversion)
            self.satisfaction.set(level, self.world.env.now)
            self._log("satisfaction", level)
        if r.walk_away > 0.0 and self.trust.value < r.walk_away:
            self.world.walk_away()

    def _trust_after(self, experience: float) -> None:
        r = self.relationship
        if r.trust_rate > 0.0:
            level = effects.moved(self.trust.value, experience, r.trust_rate, r.loss_aversion)
            self.trust.set(level, self.world.env.now)
            self._log("trust", level)

    def _log(self, quantity: str, level: float) -> None:
        if self.world.ledger.logged:
            self.world.ledger.levels.append((self.world.env.now, self.name, quantity, level))

    # benevolence: was he heard, answered, told why?

    def feel_heard(self) -> None:
        """A joint session has listened."""
        if self.relationship.hearing_weight > 0.0:
            self._trust_after(self.relationship.hearing_weight)

    def feel_refusal(self, ask: Ask, explanation: float) -> None:
        """A no, or a silence that was as good as a no."""
        r = self.relationship
        self._feel_let_down(ask, effects.refusal_sting(r.refusal_weight, r.explanation_effect, explanation))

    def feel_deferral(self, ask: Ask, explanation: float) -> None:
        """A later is a part of a no, when it is said for the first time since the request was asked."""
        r = self.relationship
        if r.deferral_weight <= 0.0 or ask.put_off_since_return == ask.returns:
            return
        ask.put_off_since_return = ask.returns
        sting = effects.refusal_sting(r.refusal_weight, r.explanation_effect, explanation)
        self._feel_let_down(ask, sting, r.deferral_weight)

    def feel_wait(self, ask: Ask) -> None:
        """The wait for a yes or no is over."""
        size = self.relationship.waiting_weight * (self.world.env.now - ask.asked) / WEEK
        if size > 0.0:
            self._feel_let_down(ask, 1.0, min(size, 1.0))

    def _feel_let_down(self, ask: Ask, sting: float, size: float = 1.0) -> None:
        expected = effects.appeal(ask.request.merit + ask.optimism)
        self.feel(-sting, expected, expected * (1.0 - min(sting, 1.0)), size)

    # integrity: are promises kept?

    def feel_promise(self, kept: bool) -> None:
        """A promise was kept or missed."""
        self.feel(1.0 if kept else -1.0, 0.5, 1.0 if kept else 0.0)

    # ability: does what they deliver work, and is it worth something?

    def feel_delivery(self, item: Item) -> None:
        """Work has passed its review, or was given up, worthless: is it as good as had been hoped, or planned?"""
        weight, merit = self.relationship.ability_weight, self._merit_met(item)
        met = 0.0 if item.given_up else effects.appeal(merit)
        self.feel(-weight if item.given_up else weight * met, effects.appeal(merit + item.optimism), met, self._size(item))

    def feel_failure(self, item: Item) -> None:
        """A review has failed, or a flaw has come to light: it will be mended."""
        r = self.relationship
        if r.failure_weight > 0.0:
            self._trust_after(-r.ability_weight * r.failure_weight * self._size(item))

    def _size(self, item: Item) -> float:
        """How much an item weighs, in requests."""
        return self.relationship.plan_weight * item.effort / self.world.planned_work if item.kind == "planned" else 1.0

    def _merit_met(self, item: Item) -> float:
        traits = self.traits
        per_day = item.benefit / item.effort if item.effort > 0.0 else 0.0
        return effects.merit_of_worth(traits.value, traits.value_spread, traits.upkeep, per_day)
