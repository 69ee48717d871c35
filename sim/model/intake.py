"""Intake: requests wait for a look, are judged by the people whom the policy asks, and get an answer."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.errors import PolicyError
from sim.model.judging import Judging
from sim.model.ledger import NEVER, Entry
from sim.model.staff import SESSION_RANK
from sim.policies.view import ANSWERS, Decision

if TYPE_CHECKING:
    from sim.model.ledger import Ask
    from sim.model.staff import Visit
    from sim.model.world import Project
    from sim.policies.policy import Policy
    from sim.policies.view import Estimate, ProjectView

HOURS = 8.0
SOONEST_SECOND_LOOK = 1.0
"""Days before a request that was deferred by a policy without sessions is looked at again at the earliest."""


class Intake:
    """The door of one run: sessions, judgements, answers."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.terms = project.scenario.evaluation
        self.judging = Judging(project)
        self.agenda: list[Ask] = []  # waiting for the next session
        self.until_planned_done: list[Ask] = []
        self.undecided = 0

    # --- coming in ---

    def submit(self, ask: Ask) -> None:
        """A request arrives (or returns): it is looked at now or waits for a session."""
        ask.status, ask.left = "waiting", NEVER
        self.undecided += 1
        policy = self.project.policy
        if self.project.session_days(policy) and not self._fast(policy, ask):
            self.agenda.append(ask)
            self.project.customers[ask.request.group].wait_patiently(ask)
        elif self._free_of_charge(policy):
            self._decide([ask], policy)
        else:
            self.project.customers[ask.request.group].wait_patiently(ask)
            self.project.env.process(self._look_at_once(ask, policy))

    def withdraw(self, ask: Ask) -> None:
        """The requester gives up."""
        ask.status, ask.left = "withdrawn", self.project.env.now
        self.undecided -= 1
        if ask.alone:  # a session goes on for the others
            for visit in ask.visits:
                visit.cancelled = True
        ask.visits = []
        self.project.end_if_done()

    def sessions(self, policy: Policy, days: float) -> Generator[Any, Any, None]:
        """Process: a session of the policy every `days` days, if anything waits."""
        project = self.project
        while True:
            yield project.env.timeout(days)
            if project.policy is not policy:
                return  # another policy has been adopted, with sessions of its own
            self.agenda = [ask for ask in self.agenda if ask.status == "waiting"]
            most = policy.cadence.at_most or len(self.agenda)
            batch, self.agenda = self.agenda[:most], self.agenda[most:]
            if batch:
                project.env.process(self._hold_session(batch, policy))

    def reopen_deferred(self) -> None:
        """The planned scope is done: what was put off until then is looked at again."""
        waiting, self.until_planned_done = self.until_planned_done, []
        for ask in waiting:
            if ask.status == "deferred":
                self._look_again(ask)

    def hand_over(self, policy: Policy) -> None:
        """Another policy is adopted: what waits for the old one's session, or was put off, goes through the new one's door."""
        waiting, self.agenda = [ask for ask in self.agenda if ask.status == "waiting"], []
        put_off, self.until_planned_done = [ask for ask in self.until_planned_done if ask.status == "deferred"], []
        for ask in waiting + put_off:
            self._look_again(ask)

    # --- looking ---

    def _fast(self, policy: Policy, ask: Ask) -> bool:
        return policy.at_once(self.judging.glance(ask))

    def _free_of_charge(self, policy: Policy) -> bool:
        asked, terms = policy.evaluators, self.terms
        return not (
            (asked.experts and terms.expert_hours > 0.0)
            or (asked.customer and terms.customer_hours > 0.0)
            or (asked.ai and (terms.ai_latency > 0.0 or terms.ai_hours > 0.0 or terms.ai_cost > 0.0))
            or ((asked.experts or asked.customer or asked.ai) and terms.latency > 0.0)
        )

    def _look_at_once(self, ask: Ask, policy: Policy) -> Generator[Any, Any, None]:
        """Judge one request on demand: the judges are interrupted in their work."""
        if self.project.session_days(policy):  # the fast lane asks nobody
            self._decide([ask], policy)
            return
        if self.terms.latency > 0.0:
            group = self.project.customers[ask.request.group]
            delay = group.luck("normal", "latency")[ask.request.position]
            yield self.project.env.timeout(self.terms.latency * math.exp(self.terms.latency_sigma * delay))
            if ask.status != "waiting":
                return  # withdrawn before anybody had looked
        ask.visits, ask.alone = self._call_in([ask], policy, fixed_hours=0.0, interrupting=True), True
        yield from ask.visits
        if policy.evaluators.ai and ask.status == "waiting":
            yield self.project.env.timeout(self.terms.ai_latency)
        self._decide([ask], policy)

    def _hold_session(self, batch: list[Ask], policy: Policy) -> Generator[Any, Any, None]:
        """Judge what is on the agenda together; the session waits for people between two pieces of their work."""
        visits = self._call_in(batch, policy, self.terms.session_hours, interrupting=False)
        for ask in batch:
            ask.visits, ask.alone = visits, False
        yield from visits
        if policy.evaluators.ai:
            yield self.project.env.timeout(self.terms.ai_latency)
        self._decide(batch, policy)

    def _call_in(self, batch: list[Ask], policy: Policy, fixed_hours: float, interrupting: bool) -> list[Visit]:
        """Take the evaluators' hours out of the team and the customer."""
        project, terms, asked = self.project, self.terms, policy.evaluators
        dearer = project.learning_factor()
        visits: list[Visit] = []
        noise = project.visit_noise(batch[0].request) if project.noisy else 1.0
        if asked.experts or asked.ai:
            per_request = (terms.expert_hours if asked.experts else 0.0) + (terms.ai_hours if asked.ai else 0.0)
            hours = (fixed_hours + per_request * len(batch)) * dearer * noise
            if hours > 0.0:
                visits = [
                    role.visit(None, hours / HOURS, "evaluation", SESSION_RANK, 0, interrupting) for role in project.judges
                ]
        if asked.customer:
            for group in project.customers:
                mine = sum(1 for ask in batch if ask.request.group == group.index)
                hours = (fixed_hours + terms.customer_hours * mine) * dearer * noise if mine else 0.0
                if hours > 0.0:
                    visits.append(group.desk.visit(None, hours / HOURS, "evaluation", SESSION_RANK, 0))
        if asked.ai:
            project.ledger.ai_cost += terms.ai_cost * len(batch)
        return visits

    # --- answering ---

    def _decide(self, batch: list[Ask], policy: Policy) -> None:
        asks = [ask for ask in batch if ask.status == "waiting"]
        for ask in asks:
            ask.visits = []
        estimates = [self._judge(ask, policy) for ask in asks]
        order = policy.agenda(estimates) if len(asks) > 1 else list(range(len(asks)))
        if sorted(order) != list(range(len(asks))):
            raise PolicyError(f"policy {policy.name!r} made an agenda {order!r} of {len(asks)} requests; each, once, is needed")
        for place in order:
            self._answer(asks[place], estimates[place], policy)
        self.project.end_if_done()

    def _judge(self, ask: Ask, policy: Policy) -> Estimate:
        asked = policy.evaluators
        if self.project.session_days(policy) and self._fast(policy, ask):
            return self.judging.glance(ask)
        if asked.joint:
            if not ask.evaluated:
                ask.clarity *= 1.0 - self.terms.clarification
            self.project.customers[ask.request.group].feel_heard()
        if asked.experts or asked.customer or asked.ai:
            ask.evaluated = True
        return self.judging.estimate(ask, policy)

    def _answer(self, ask: Ask, estimate: Estimate, policy: Policy) -> None:
        view = self.project.view()
        if ask.request.mandatory:
            decision = Decision("accept", "mandatory")
        else:
            decision = policy.decide(estimate, view)
            if type(decision) is not Decision or decision.answer not in ANSWERS:
                raise PolicyError(
                    f"policy {policy.name!r} answered {decision!r}; a Decision with one of {', '.join(ANSWERS)} is needed")
            if math.isnan(decision.until):
                raise PolicyError(f"policy {policy.name!r} deferred until {decision.until!r}; a day is needed, or math.inf")
        outcome = self._carry_out(ask, estimate, decision, policy, view)
        if self.project.ledger.logged:
            self.project.ledger.decisions.append(
                Entry(self.project.env.now, ask.request.number, estimate, view, decision, outcome))

    def _carry_out(self, ask: Ask, estimate: Estimate, decision: Decision, policy: Policy, view: ProjectView) -> str:
        """Do what the answer says; returns what came of it in words."""
        answer = decision.answer
        if answer not in ("defer", "prototype"):
            ask.offer = answer
        if answer == "accept":
            self._admit(ask, estimate, "as asked", policy, view)
            return "admitted as asked"
        if answer == "decline":
            self._decline(ask, estimate, policy)
            return "declined"
        if answer == "defer":
            return self._defer(ask, decision.until, policy)
        if answer == "prototype":
            if ask.prototyped:
                raise PolicyError(f"policy {policy.name!r} asked twice for a prototype of request {ask.request.number}")
            ask.status = "prototype"
            self.project.env.process(self._prototype(ask, policy))
            return "prototype begun"
        return self._propose(ask, estimate, decision, policy, view)

    def _propose(self, ask: Ask, estimate: Estimate, decision: Decision, policy: Policy, view: ProjectView) -> str:
        group, request = self.project.customers[ask.request.group], ask.request
        counter = decision.answer == "counter-propose"
        spoken = True
        chance = request.flexibility * 0.5 * (1.0 + group.trust.value)
        if counter:
            spoken = group.luck("uniform", f"voice/{ask.returns}")[request.position] < self.project.voice.value
            chance = request.flexibility * group.trust.value
        if spoken:
            self._spend(self.terms.negotiation_hours, group.index, experts=True)
            if group.luck("uniform", f"consent/{decision.answer}/{ask.returns}")[request.position] < chance:
                self._admit(ask, estimate, "counter-proposal" if counter else "reshaped", policy, view)
                return f"{decision.answer}: the customer agrees"
        why = "the customer insists" if spoken else "nobody speaks up"
        if decision.otherwise == "accept":
            self._admit(ask, estimate, "as asked", policy, view)
            return f"{decision.answer}: {why}; admitted as asked"
        self._decline(ask, estimate, policy)
        return f"{decision.answer}: {why}; declined"

    def _admit(self, ask: Ask, estimate: Estimate, form: str, policy: Policy, view: ProjectView) -> None:
        self._settle(ask, "admitted", True)
        self.project.feel_advice(estimate, followed=self._advice(estimate) is not False)
        self.project.admit_request(ask, estimate, form, policy, view)

    def _decline(self, ask: Ask, estimate: Estimate, policy: Policy) -> None:
        self._settle(ask, "declined", False)
        ask.left = self.project.env.now
        group = self.project.customers[ask.request.group]
        self.project.feel_advice(estimate, followed=self._advice(estimate) is not True)
        if policy.explanation > 0.0:
            self._spend(self.terms.explanation_hours * policy.explanation, group.index, experts=True, customer=False)
        group.feel_refusal(ask, policy.explanation)
        back = group.come_back(ask, policy.explanation)
        if back is not None:
            self.project.env.process(back)

    def _defer(self, ask: Ask, until: float, policy: Policy) -> str:
        now = self.project.env.now
        group = self.project.customers[ask.request.group]
        group.learn_answer(False)
        group.wait_patiently(ask)
        if until == math.inf and not self.project.planned_done:
            ask.status = "deferred"
            self.until_planned_done.append(ask)
            return "deferred until the planned scope is done"
        if until <= now and self.project.session_days(policy):
            self.agenda.append(ask)
            return "stays on the agenda of the next session"
        ask.status = "deferred"
        if until == math.inf:
            until = now + SOONEST_SECOND_LOOK
        self.project.env.process(self._look_again_on(ask, max(until, now + SOONEST_SECOND_LOOK)))
        return f"deferred to day {max(until, now + SOONEST_SECOND_LOOK):.1f}"

    def _look_again_on(self, ask: Ask, day: float) -> Generator[Any, Any, None]:
        yield self.project.env.timeout(day - self.project.env.now)
        if ask.status == "deferred":
            self._look_again(ask)

    def _look_again(self, ask: Ask) -> None:
        """Back through the door; patience goes on running."""
        ask.status = "waiting"
        policy = self.project.policy
        if self.project.session_days(policy) and not self._fast(policy, ask):
            self.agenda.append(ask)
        elif self._free_of_charge(policy):
            self._decide([ask], policy)
        else:
            self.project.env.process(self._look_at_once(ask, policy))

    def _prototype(self, ask: Ask, policy: Policy) -> Generator[Any, Any, None]:
        project, request = self.project, ask.request
        yield project.prototype_visit(ask, request.effort * self.terms.prototype_share)
        group = project.customers[request.group]
        ask.prototyped = True
        ask.clarity *= 1.0 - self.terms.prototype_learning
        found = group.luck("uniform", "prototype")[request.position] < self.terms.prototype_learning
        ask.seen_infeasible = ask.seen_infeasible or (found and not request.feasible)
        ask.status = "waiting"
        self._answer(ask, self.judging.estimate(ask, policy), policy)
        project.end_if_done()

    # --- small print ---

    def _settle(self, ask: Ask, status: str, yes: bool) -> None:
        ask.status = status
        self.undecided -= 1
        if ask.answered == NEVER:
            ask.answered = self.project.env.now
        self.project.customers[ask.request.group].learn_answer(yes)

    def _advice(self, estimate: Estimate) -> bool | None:
        """What the experts would have done: None if they were not asked."""
        if estimate.expert_value is None:
            return None
        return estimate.expert_value >= 0.0 and estimate.feasible

    def _spend(self, hours: float, group: int, experts: bool, customer: bool = True) -> None:
        """Take hours for a talk that nothing waits for."""
        if hours <= 0.0:
            return
        if experts:
            self.project.judges[0].visit(None, hours / HOURS, "evaluation", SESSION_RANK, 0)
        if customer:
            self.project.customers[group].desk.visit(None, hours / HOURS, "evaluation", SESSION_RANK, 0)
