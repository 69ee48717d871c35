"""Intake: requests wait for a look, are judged by the people whom the policy asks, and get an answer."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import PolicyError
from sim.model.hours import Hours
from sim.model.judging import Judging
from sim.model.ledger import NEVER, Entry
from sim.policies.view import ANSWERS, Decision

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.ledger import Ask
    from sim.model.practice import Practice
    from sim.model.world import World
    from sim.policies.view import Estimate, ProjectView

SOONEST_SECOND_LOOK = 1.0
"""Days before a request that was deferred by a policy without sessions is looked at again at the earliest."""
MANDATORY = Decision("accept", "mandatory")


class Intake:
    """The door of one run: sessions, judgements, answers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms, self.lessons = world.scenario.evaluation, world.scenario.understanding
        self.judging = Judging(world)
        self.hours = Hours(world)
        self.agenda: list[Ask] = []  # waiting for the next session
        self.until_planned_done: list[Ask] = []

    # --- coming in ---

    def submit(self, ask: Ask) -> None:
        """A request arrives, or returns after a refusal."""
        self.world.undecided += 1
        ask.asked = self.world.env._now
        self._take_in(ask)

    def withdraw(self, ask: Ask) -> None:
        """The requester gives up."""
        ask.status, ask.left = "withdrawn", self.world.env.now
        self.world.undecided -= 1
        if ask.alone:  # a session goes on for the others
            for visit in ask.visits:
                visit.cancelled = True
        ask.visits = ()
        self.world.end_if_done()

    def reopen_deferred(self) -> None:
        """The planned scope is done: what was put off until then is looked at again."""
        waiting, self.until_planned_done = self.until_planned_done, []
        for ask in waiting:
            if ask.status == "deferred":
                self._take_in(ask)

    def hand_over(self) -> None:
        """Another policy is adopted: what waits for the old one's session, or was put off, goes through the new one's door."""
        waiting, self.agenda = [ask for ask in self.agenda if ask.status == "waiting"], []
        put_off, self.until_planned_done = [ask for ask in self.until_planned_done if ask.status == "deferred"], []
        for ask in waiting + put_off:
            self._take_in(ask)

    def _take_in(self, ask: Ask) -> None:
        """A request is looked at now or waits for a session; its requester waits, patiently or not."""
        ask.status = "waiting"
        practice = self.world.practice
        group = self.world.customers[ask.request.group]
        if practice.days and not practice.policy.at_once(self.judging.glance(ask)):
            self.agenda.append(ask)
            group.wait_patiently(ask)
        elif practice.free:
            self._decide_alone(ask, practice)
        else:
            group.wait_patiently(ask)
            self.world.env.process(self._look_at_once(ask, practice))

    # --- looking ---

    def sessions(self, practice: Practice) -> Generator[Event, Any, None]:
        """Process: a session every so many days, if anything waits, until another policy is adopted."""
        world = self.world
        while True:
            yield world.wait(practice.days, "sessions of the policy")
            if world.practice is not practice:
                return
            self.agenda = [ask for ask in self.agenda if ask.status == "waiting"]
            most = practice.at_most or len(self.agenda)
            batch, self.agenda = self.agenda[:most], self.agenda[most:]
            if batch:
                world.env.process(self._hold_session(batch, practice))

    def _hold_session(self, batch: list[Ask], practice: Practice) -> Generator[Event, Any, None]:
        """Judge what is on the agenda together."""
        visits = self.hours.session(batch, practice)
        for ask in batch:
            ask.visits, ask.alone = visits, False
        yield from visits
        if practice.aid:
            yield self.world.env.timeout(self.terms.ai_latency)
        self._decide(batch, practice)

    def _look_at_once(self, ask: Ask, practice: Practice) -> Generator[Event, Any, None]:
        """Judge one request on demand."""
        if practice.days:  # the fast lane asks nobody
            self._decide_alone(ask, practice)
            return
        if self.terms.latency > 0.0:
            delay = self.world.customers[ask.request.group].luck.normal("latency")[ask.request.position]
            yield self.world.env.timeout(self.terms.latency * math.exp(self.terms.latency_sigma * delay))
            if ask.status != "waiting":
                return  # withdrawn before anybody had looked
        ask.visits, ask.alone = self.hours.on_demand(ask, practice), True
        yield from ask.visits
        if practice.aid and ask.status == "waiting":
            yield self.world.env.timeout(self.terms.ai_latency)
        if ask.status == "waiting":
            self._decide_alone(ask, practice)
        else:
            self.world.end_if_done()

    # --- answering ---

    def _decide_alone(self, ask: Ask, practice: Practice) -> None:
        ask.visits = ()
        self._answer(ask, self._judge(ask, practice), practice)
        self.world.end_if_done()

    def _decide(self, batch: list[Ask], practice: Practice) -> None:
        """Answer what is still waiting of a session's agenda, all of it judged before the first answer."""
        asks = [ask for ask in batch if ask.status == "waiting"]
        for ask in asks:
            ask.visits = ()
        estimates = [self._judge(ask, practice) for ask in asks]
        for place in _order(estimates, practice):
            self._answer(asks[place], estimates[place], practice)
        self.world.end_if_done()

    def _judge(self, ask: Ask, practice: Practice) -> Estimate:
        if practice.days:
            glance = self.judging.glance(ask)
            if practice.policy.at_once(glance):
                return glance
        if practice.joint:
            if not ask.evaluated:
                ask.clarity *= 1.0 - self.terms.clarification
            group = self.world.customers[ask.request.group]
            group.feel_heard()
            group.learn(self.lessons.sessions)
        if practice.asks_somebody:
            ask.evaluated = True
        if practice.customer:
            ask.talked = self.world.env.now
        return self.judging.estimate(ask, practice)

    def _answer(self, ask: Ask, estimate: Estimate, practice: Practice) -> None:
        world = self.world
        view = world.view()
        if ask.request.mandatory:
            decision = MANDATORY
        else:
            decision = practice.policy.decide(estimate, view)
            if type(decision) is not Decision or decision.answer not in ANSWERS or math.isnan(decision.until):
                raise PolicyError(f"policy {practice.policy.name!r} {_complaint(decision)}")
        outcome = self._carry_out(ask, estimate, decision, practice, view)
        if world.ledger.logged:
            world.ledger.decisions.append(Entry(world.env.now, ask.request.number, estimate, view, decision, outcome))

    def _carry_out(self, ask: Ask, estimate: Estimate, decision: Decision, practice: Practice, view: ProjectView) -> str:
        """Do what the answer says; returns what came of it in words."""
        answer = decision.answer
        if answer == "defer":
            return self._defer(ask, decision.until, practice)
        if answer == "prototype":
            return self._begin_prototype(ask, practice)
        ask.offer = answer
        if answer == "accept":
            self._admit(ask, estimate, "as asked", practice, view)
            return "admitted as asked"
        if answer == "decline":
            self._decline(ask, estimate, practice, view)
            return "declined"
        return self._propose(ask, estimate, decision, practice, view)

    def _propose(
        self, ask: Ask, estimate: Estimate, decision: Decision, practice: Practice, view: ProjectView
    ) -> str:
        """Offer the core only, or another solution; where nobody agrees, what the policy says of that."""
        group, request, turn = self.world.customers[ask.request.group], ask.request, ask.returns
        counter = decision.answer == "counter-propose"
        spoken = not counter or group.luck.uniform("voice", turn)[request.position] < self.world.voice.value
        if spoken:
            ask.talked = self.world.env.now
            self.hours.negotiate(group.index)
            chance = request.flexibility * (group.trust.value if counter else 0.5 * (1.0 + group.trust.value))
            if group.luck.uniform("consent", decision.answer, turn)[request.position] < chance:
                self._admit(ask, estimate, "counter-proposal" if counter else "reshaped", practice, view)
                return f"{decision.answer}: the customer agrees"
        why = "the customer insists" if spoken else "nobody speaks up"
        if decision.otherwise == "accept":
            self._admit(ask, estimate, "as asked", practice, view)
            return f"{decision.answer}: {why}; admitted as asked"
        self._decline(ask, estimate, practice, view)
        return f"{decision.answer}: {why}; declined"

    def _admit(self, ask: Ask, estimate: Estimate, form: str, practice: Practice, view: ProjectView) -> None:
        self._settle(ask, "admitted")
        self.world.voice.hear_of_yes(estimate, form, practice, view)
        self.world.work.admit_request(ask, estimate, form, practice, view)

    def _decline(self, ask: Ask, estimate: Estimate, practice: Practice, view: ProjectView) -> None:
        self._settle(ask, "declined")
        ask.left = self.world.env.now
        self.world.voice.hear_of_no(estimate, practice, view)
        self.hours.explain(practice.explanation)
        group = self.world.customers[ask.request.group]
        group.learn(self.lessons.explanations * practice.explanation)
        group.feel_refusal(ask, practice.explanation)
        group.escalate(ask, practice.explanation)

    def _settle(self, ask: Ask, status: Literal["admitted", "declined"]) -> None:
        ask.status = status
        self.world.undecided -= 1
        if ask.answered == NEVER:
            ask.answered = self.world.env._now
        group = self.world.customers[ask.request.group]
        group.learn_answer(status == "admitted")
        group.feel_wait(ask)

    # --- later ---

    def _defer(self, ask: Ask, until: float, practice: Practice) -> str:
        world, group = self.world, self.world.customers[ask.request.group]
        group.learn_answer(False)
        group.feel_deferral(ask, practice.explanation)
        group.wait_patiently(ask)
        if until == math.inf and world.planned_left:
            ask.status = "deferred"
            self.until_planned_done.append(ask)
            return "deferred until the planned scope is done"
        if until <= world.env.now and practice.days:
            self.agenda.append(ask)
            return "stays on the agenda of the next session"
        ask.status = "deferred"
        soonest = world.env.now + SOONEST_SECOND_LOOK
        day = soonest if until == math.inf else max(until, soonest)
        world.env.process(self._look_again_on(ask, day))
        return f"deferred to day {day:.1f}"

    def _look_again_on(self, ask: Ask, day: float) -> Generator[Event, Any, None]:
        yield self.world.wait(day - self.world.env.now, "second looks at deferred requests")
        if ask.status == "deferred":
            self._take_in(ask)

    def _begin_prototype(self, ask: Ask, practice: Practice) -> str:
        if ask.prototyped:
            raise PolicyError(
                f"policy {practice.policy.name!r} asked twice for a prototype of request {ask.request.number}")
        ask.status = "prototype"
        self.world.env.process(self._prototype(ask, practice))
        return "prototype begun"

    def _prototype(self, ask: Ask, practice: Practice) -> Generator[Event, Any, None]:
        request, learning = ask.request, self.terms.prototype_learning
        yield self.world.work.prototype(ask, request.effort * self.terms.prototype_share)
        ask.prototyped = True
        ask.clarity *= 1.0 - learning
        group = self.world.customers[request.group]
        group.learn(self.lessons.prototypes)
        found = group.luck.uniform("prototype")[request.position] < learning
        ask.seen_infeasible = ask.seen_infeasible or (found and not request.feasible)
        ask.status = "waiting"
        self._answer(ask, self.judging.estimate(ask, practice), practice)
        self.world.end_if_done()


def _order(estimates: list[Estimate], practice: Practice) -> Sequence[int]:
    """In which order a session answers."""
    count = len(estimates)
    if count < 2:
        return range(count)
    order = practice.policy.agenda(estimates)
    if sorted(order) != list(range(count)):
        raise PolicyError(
            f"policy {practice.policy.name!r} made an agenda {order!r} of {count} requests; each, once, is needed")
    return order


def _complaint(decision: Any) -> str:
    """What is wrong with an answer."""
    if type(decision) is not Decision or decision.answer not in ANSWERS:
        return f"answered {decision!r}; a Decision with one of {', '.join(ANSWERS)} is needed"
    return f"deferred until {decision.until!r}; a day is needed, or math.inf"
