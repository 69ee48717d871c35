"""Customer groups: when they ask, how long they wait, and how the relationship with them moves."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.model import effects
from sim.model.ledger import Ask
from sim.model.staff import Role
from sim.model.truth import largest_rate

if TYPE_CHECKING:
    from sim.model.ledger import Item
    from sim.model.truth import Occasion
    from sim.model.world import Project
    from sim.scenario import Customer

MOST_RETURNS = 3
"""Times that a refused requester comes back before he gives up for good."""


class Level:
    """A quantity on [0, 1] with its mean over time."""

    __slots__ = ("_since", "_sum", "value")

    def __init__(self, value: float) -> None:
        self.value = value
        self._since = 0.0
        self._sum = 0.0

    def set(self, value: float, now: float) -> None:
        """Change the level at time `now`."""
        self._sum += self.value * (now - self._since)
        self._since = now
        self.value = value

    def mean(self, end: float) -> float:
        """Time average from 0 to `end`."""
        return (self._sum + self.value * (end - self._since)) / end if end > 0.0 else self.value


class CustomerGroup:
    """One group of customers during one run."""

    def __init__(self, project: Project, index: int, name: str, group: Customer, occasions: tuple[Occasion, ...]) -> None:
        scenario = project.scenario
        self.project = project
        self.index = index
        self.name = name
        self.traits = group
        self.occasions = occasions
        self.prefix = f"request/{name}"
        self.count = sum(len(o.requests) for o in occasions)
        self.trust = Level(scenario.relationship.trust_start)
        self.satisfaction = Level(scenario.relationship.satisfaction_start)
        self.permissiveness = 0.5  # smoothed share of yes
        self.desk = Role(
            project.env, name, project.take_person_numbers(group.representatives), group.representatives,
            project.ledger.customer_spells, availability=group.hours_per_week / 40.0,
        )  # fmt: skip

    # --- asking ---

    def ask(self) -> Generator[Any, Any, None]:
        """Process: requests arrive; candidates on the tape are thinned by the actual rate."""
        project, traits, env = self.project, self.traits, self.project.env
        largest = largest_rate(traits)
        for occasion in self.occasions:
            yield env.timeout(occasion.day - env.now)
            if project.closed_for_requests:
                return
            appetite = 1.0 + traits.appetite * self.permissiveness
            rate = traits.request_rate * effects.rate_factor(traits.profile, occasion.day) * appetite
            if occasion.chance * largest < rate:
                for request in occasion.requests:
                    ask = Ask(request, occasion.day)
                    project.ledger.asks.append(ask)
                    project.intake.submit(ask)

    def wait_patiently(self, ask: Ask) -> None:
        """Start the clock after which the requester of an undecided request gives up."""
        rate, turn = self.traits.withdrawal_rate, ask.returns
        if rate <= 0.0 or ask.request.mandatory or ask.patient_since_return == turn:
            return
        ask.patient_since_return = turn
        patience = self.luck("exponential", f"patience/{turn}")[ask.request.position] / rate
        expiry = self.project.env.timeout(patience)
        expiry.callbacks.append(lambda _: self._lose_patience(ask, turn))

    def _lose_patience(self, ask: Ask, turn: int) -> None:
        undecided = ask.status in ("waiting", "deferred") and ask.returns == turn
        if undecided and not any(visit.begun for visit in ask.visits):
            self.project.intake.withdraw(ask)
            self.feel_refusal(ask, 0.0)

    def come_back(self, ask: Ask, explanation: float) -> Generator[Any, Any, None] | None:
        """Whether a refused requester escalates; if so, the process in which he returns."""
        traits = self.traits
        if traits.escalation <= 0.0 or ask.returns >= MOST_RETURNS:
            return None
        effect = self.project.scenario.relationship.explanation_effect
        chance = traits.escalation * (1.0 - self.trust.value) * (1.0 - effect * explanation)
        if self.luck("uniform", f"escalate/{ask.returns}")[ask.request.position] >= chance:
            return None
        return self._return_later(ask)

    def _return_later(self, ask: Ask) -> Generator[Any, Any, None]:
        delay = self.luck("exponential", f"return/{ask.returns}")[ask.request.position] * self.traits.escalation_delay
        yield self.project.env.timeout(delay)
        if not self.project.closed_for_requests:
            ask.returns += 1
            self.project.intake.submit(ask)

    # --- feeling ---

    def learn_answer(self, yes: bool) -> None:
        """How permissive the team is seen to be."""
        self.permissiveness = effects.smoothed(self.permissiveness, 1.0 if yes else 0.0, self.traits.appetite_memory)

    def feel(self, experience: float, expected: float, met: float) -> None:
        """Move trust by an experience in [-1, 1], and satisfaction by what was expected and what was met (0..1)."""
        r, now = self.project.scenario.relationship, self.project.env.now
        if r.trust_rate > 0.0:
            self.trust.set(effects.moved(self.trust.value, experience, r.trust_rate, r.loss_aversion), now)
        if r.satisfaction_rate > 0.0:
            level = effects.satisfied(
                self.satisfaction.value, expected, met, r.expectation_weight, r.satisfaction_rate, r.loss_aversion)
            self.satisfaction.set(level, now)
        if self.project.ledger.logged:
            self.project.ledger.levels.append((now, self.name, "trust", self.trust.value))
            self.project.ledger.levels.append((now, self.name, "satisfaction", self.satisfaction.value))
        if r.walk_away > 0.0 and self.trust.value < r.walk_away:
            self.project.walk_away()

    def feel_heard(self) -> None:
        """A joint session has listened."""
        r = self.project.scenario.relationship
        if r.hearing_weight > 0.0 and r.trust_rate > 0.0:
            trust = effects.moved(self.trust.value, r.hearing_weight, r.trust_rate, r.loss_aversion)
            self.trust.set(trust, self.project.env.now)

    def feel_refusal(self, ask: Ask, explanation: float) -> None:
        """A no, or a silence that was as good as a no."""
        r = self.project.scenario.relationship
        sting = effects.refusal_sting(r.refusal_weight, r.explanation_effect, explanation)
        expected = self.expectation(ask.request.merit)
        self.feel(-sting, expected, expected * (1.0 - min(sting, 1.0)))

    def feel_promise(self, kept: bool) -> None:
        """A promise was kept or missed."""
        self.feel(1.0 if kept else -1.0, 0.5, 1.0 if kept else 0.0)

    def feel_delivery(self, item: Item, merit: float) -> None:
        """Delivered work turned out as good as it is, against what had been hoped for; `item.given_up`: worthless."""
        expected = self.expectation(merit)
        met = 0.0 if item.given_up else effects.appeal(merit)
        self.feel(met - expected, expected, met)

    def expectation(self, merit: float) -> float:
        """What the customer hopes for: the request's merit seen with his optimism."""
        return effects.appeal(merit + self.traits.optimism)

    def luck(self, kind: str, purpose: str) -> list[float]:
        """A stream of this group's requests on the tape."""
        return self.project.luck(kind, f"{self.prefix}/{purpose}", self.count)
