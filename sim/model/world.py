"""The project: puts team, customers, intake, review and exploration together and lets time run."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simpy.core import Environment

from sim.model import effects
from sim.model.customers import CustomerGroup, Level
from sim.model.exploration import Exploration
from sim.model.intake import Intake
from sim.model.ledger import NEVER, Ask, Item, Ledger
from sim.model.reviewing import Review
from sim.model.staff import Role, Visit
from sim.policies.view import ProjectView, Ticket

if TYPE_CHECKING:
    from sim.model.tape import Tape
    from sim.model.truth import Idea, Request, Truth
    from sim.policies.policy import Policy
    from sim.policies.view import Estimate
    from sim.scenario import Scenario

HOURS = 8.0
WEEK = 5.0
MONTH = 21.0
MOST_PARTS = 1000


class Project:
    """One replication of one scenario under one policy.

    Parameters
    ----------
    scenario, policy
        Frozen values; nothing is changed in them.
    before
        The policy in force until ``adoption.day`` (unused if that is 0).
    truth, tape
        What is decided before any policy acts, and the luck of what happens on the way.
    logged
        Whether decisions and levels are written down; changes nothing else.
    """

    def __init__(
        self, scenario: Scenario, policy: Policy, before: Policy, truth: Truth, tape: Tape, logged: bool = False
    ) -> None:
        self.scenario, self.tape, self.truth = scenario, tape, truth
        self.adopted_policy = policy
        self.policy = before if scenario.adoption.day > 0.0 else policy
        self.env = Environment()
        self.ledger = Ledger(logged)
        self._streams: dict[str, list[float]] = {}
        self._people = 0
        self._customer_people = 0
        self._set_up_team()
        self.voice = Level(scenario.relationship.voice_start)
        self.customers = [
            CustomerGroup(self, i, name, group, truth.occasions[i]) for i, (name, group) in enumerate(scenario.customers)
        ]
        self.intake = Intake(self)
        self.review = Review(self)
        self.exploration = Exploration(self)
        self.pressure = 0.0
        self.remaining = 0.0  # true person-days of open work
        self.backlog = 0.0  # the same as estimated
        self.additions = 0.0  # person-days of delivered requests and ideas
        self.admitted_effort = 0.0  # estimated person-days of admitted requests
        self.open_items = self.open_requests = 0
        self.planned_left = 0
        self.planned_effort = scenario.project.planned_items * scenario.project.planned_effort
        self.closed_for_requests = False
        self._ended = self.env.event()

    def _set_up_team(self) -> None:
        scenario, team = self.scenario, self.scenario.team
        switch_cost = team.switch_cost / HOURS
        explore = scenario.innovation.exploration_share
        by_name: dict[str, Role] = {}
        for name, people in team.roles.items():
            first, self._people = self._people, self._people + people.headcount
            role = Role(self.env, name, first, people.headcount, self.ledger.spells, switch_cost)
            role.set_pace(1.0, explore)
            by_name[name] = role
        self.roles = list(by_name.values())
        self.route = [(by_name[stage.role], stage.share) for stage in team.workflow]
        self.judges = [by_name[name] for name in scenario.judges]
        self.people = self._people
        self.capacity = self._bottleneck() * (1.0 - explore)  # person-days of items that can be finished per day
        self.noisy = team.visit_spread == "exponential"

    def _bottleneck(self) -> float:
        """Person-days of items that the scarcest role lets through per day."""
        load: dict[str, float] = {}
        for role, share in self.route:
            load[role.name] = load.get(role.name, 0.0) + share
        return min(len(role.people) / load[role.name] for role, _ in self.route)

    def take_person_numbers(self, count: int) -> int:
        """Numbers for customers' representatives in the ledger; returns the first."""
        first, self._customer_people = self._customer_people, self._customer_people + count
        return first

    def luck(self, kind: str, purpose: str, count: int) -> list[float]:
        """A stream of the tape with at least `count` numbers."""
        stream = self._streams.get(purpose)
        if stream is None:
            draw = {"uniform": self.tape.uniforms, "normal": self.tape.normals, "exponential": self.tape.exponentials}[kind]
            stream = self._streams[purpose] = draw(purpose, count)
        return stream

    # --- time ---

    def run(self) -> Ledger:
        """Let the project run to its end or to the horizon."""
        env, scenario = self.env, self.scenario
        self._begin_planned_work()
        for group in self.customers:
            env.process(group.ask())
        if scenario.review.cadence > 0.0:
            env.process(self.review.meetings_at_cadence())
        if self.truth.ideas:
            env.process(self.exploration.ideas())
        if self._pressure_matters():
            env.process(self._feel_pressure())
        if scenario.project.deadline > 0.0 and self.planned_left:
            env.process(self._watch_deadline())
        self._begin_sessions()
        if scenario.adoption.day > 0.0:
            env.process(self._adopt())
        horizon = env.timeout(scenario.project.horizon)
        horizon.callbacks.append(lambda _: self._end(finished=self.scenario.project.planned_items == 0))
        self.end_if_done()
        env.run(until=self._ended)
        self.ledger.end = env.now
        for role in self.roles:
            role.close(env.now)
        for group in self.customers:
            group.desk.close(env.now)
        return self.ledger

    def _end(self, finished: bool) -> None:
        if not self._ended.triggered:
            self.ledger.finished = finished
            self._ended.succeed()

    def end_if_done(self) -> None:
        """End a project whose planned scope is done, once nothing that was admitted or asked is open."""
        if self.scenario.project.planned_items and not (self.planned_left or self.open_items or self.intake.undecided):
            self._end(finished=True)

    def walk_away(self) -> None:
        """The customer ends the project."""
        if self._ended.triggered:
            return
        self.ledger.walked_away = True
        self.closed_for_requests = True
        self._end(finished=False)

    def _begin_sessions(self) -> None:
        days = self.session_days(self.policy)
        if days > 0.0:
            self.env.process(self.intake.sessions(self.policy, days))

    def session_days(self, policy: Policy) -> float:
        """Days between a policy's sessions; 0 if it looks at each request at once."""
        days = policy.cadence.days
        return self.scenario.review.cadence if days is None else days

    def _adopt(self) -> Generator[Any, Any, None]:
        yield self.env.timeout(self.scenario.adoption.day)
        self.policy = self.adopted_policy
        self._begin_sessions()
        self.intake.hand_over(self.policy)

    def learning_factor(self) -> float:
        """How much dearer sessions are while a newly adopted policy is being learnt."""
        adoption = self.scenario.adoption
        if adoption.learning_days <= 0.0 or self.policy is not self.adopted_policy:
            return 1.0
        left = 1.0 - (self.env.now - adoption.day) / adoption.learning_days
        return 1.0 + adoption.learning_cost * max(left, 0.0)

    def _pressure_matters(self) -> bool:
        team, innovation = self.scenario.team, self.scenario.innovation
        crowded = innovation.exploration_share > 0.0 and innovation.crowding > 0.0
        return self.scenario.project.deadline > 0.0 and (
            team.overtime_cap > 0.0 or (team.defect_rate > 0.0 and team.pressure_errors > 0.0) or crowded)

    def _feel_pressure(self) -> Generator[Any, Any, None]:
        """Process: once a week the team looks at what is left and sets its pace."""
        team, innovation, deadline = self.scenario.team, self.scenario.innovation, self.scenario.project.deadline
        while True:
            self.pressure = effects.pressure(self.remaining, self.capacity, self.env.now, deadline)
            speed = effects.speed_under(self.pressure, team.overtime_cap)
            explore = effects.exploration_under(self.pressure, innovation.exploration_share, innovation.crowding)
            for role in self.roles:
                if role.speed != speed or role.explore != explore:
                    role.set_pace(speed, explore)
            yield self.env.timeout(WEEK)

    def _watch_deadline(self) -> Generator[Any, Any, None]:
        """Process: a deadline that has passed is a missed promise, and is felt again every month."""
        yield self.env.timeout(self.scenario.project.deadline)
        while self.planned_left:
            for group in self.customers:
                group.feel_promise(kept=False)
            yield self.env.timeout(MONTH)

    # --- work ---

    @property
    def planned_done(self) -> bool:
        """Whether the whole planned scope is closed."""
        return self.planned_left == 0

    def _begin_planned_work(self) -> None:
        project, count = self.scenario.project, len(self.truth.planned)
        self.planned_left = count
        fading = 1.0 / project.benefit_window if project.benefit_window > 0.0 else 0.0
        ticket = Ticket("planned", self.customers[0].name, project.planned_effort, project.planned_benefit, fading)
        rank = self.policy.queue.rank(ticket)
        for i, planned in enumerate(self.truth.planned):
            self._start(Item(
                number=i, kind="planned", form="as planned", group=0, prefix="planned", position=i, count=count, day=0.0,
                effort=planned.effort, estimate=project.planned_effort, benefit=planned.effort * project.planned_benefit,
                novelty=planned.novelty, feasible=True, ambiguity=planned.ambiguity, urgency=0.0, rank=rank, arrived=0.0,
                request=-1,
            ))  # fmt: skip

    def admit_request(self, ask: Ask, estimate: Estimate, form: str, policy: Policy, view: ProjectView) -> None:
        """An admitted request becomes work, in the form that was agreed."""
        request, group = ask.request, self.customers[ask.request.group]
        evaluation, traits = self.scenario.evaluation, self.customers[ask.request.group].traits
        share, benefit_share, worth, novelty, feasible = 1.0, 1.0, request.worth, request.novelty, request.feasible
        if form == "reshaped":
            share = request.core_share
            benefit_share = share**traits.core_value
        elif form == "counter-proposal":
            worth = traits.benefit_mean + traits.benefit_spread * (request.merit + evaluation.counter_merit)
            novelty, feasible = min(novelty + evaluation.counter_novelty, 1.0), True
        planned = self.scenario.project.planned_items
        done = 1.0 - self.planned_left / planned if planned else 0.0
        ripple = effects.ripple_factor(done, self.scenario.team.ripple)
        guess = estimate.effort * share
        ticket = Ticket("request", group.name, guess, estimate.worth, estimate.urgency)
        item = Item(
            number=len(self.ledger.items), kind="request", form=form, group=group.index, prefix=group.prefix,
            position=request.position, count=group.count, day=self.env.now, effort=request.effort * share * ripple,
            estimate=guess, benefit=request.effort * worth * benefit_share, novelty=novelty, feasible=feasible,
            ambiguity=request.ambiguity * ask.clarity, urgency=request.urgency, rank=policy.queue.rank(ticket),
            arrived=request.day, request=request.number,
        )  # fmt: skip
        if not policy.evaluators.customer:
            item.agreed = request.day  # nobody has talked about the need since it was voiced: it may have gone stale
        ask.item = item
        self.open_requests += 1
        self.admitted_effort += guess
        self._promise(item, policy, view)
        self._start(item)

    def admit_idea(self, position: int, idea: Idea) -> None:
        """An idea that the customer agreed to becomes work."""
        rank = self.policy.queue.rank(Ticket("idea", self.customers[0].name, idea.effort, idea.worth, 0.0))
        self._start(Item(
            number=len(self.ledger.items), kind="idea", form="as planned", group=0, prefix="idea", position=position,
            count=len(self.truth.ideas), day=self.env.now, effort=idea.effort, estimate=idea.effort,
            benefit=idea.effort * idea.worth, novelty=idea.novelty, feasible=True, ambiguity=0.0, urgency=0.0, rank=rank,
            arrived=self.env.now, request=-1,
        ))  # fmt: skip

    def _promise(self, item: Item, policy: Policy, view: ProjectView) -> None:
        promise = policy.promise
        if promise.basis == "none":
            return
        days = item.estimate + self.scenario.review.cadence
        if promise.basis == "forecast":
            days += view.backlog / view.capacity
        item.promised = self.env.now + promise.safety * days
        if self.scenario.relationship.trust_rate > 0.0 or self.scenario.relationship.satisfaction_rate > 0.0:
            due = self.env.timeout(item.promised - self.env.now)
            due.callbacks.append(lambda _: self._promise_due(item))

    def _promise_due(self, item: Item) -> None:
        if item.delivered == NEVER:
            self.customers[item.group].feel_promise(kept=False)

    def _start(self, item: Item) -> None:
        self.ledger.items.append(item)
        self.open_items += 1
        self.remaining += item.effort
        self.backlog += item.estimate
        self._send_through(item, 1.0, "work")

    def start_rework(self, item: Item, share: float) -> None:
        """A failed item goes through the stages again, for a share of its effort."""
        self.remaining += item.effort * share
        self.backlog += item.estimate * share
        self._send_through(item, share, "rework")

    def _send_through(self, item: Item, share: float, use: str) -> None:
        """Start the work on an item (or on a share of it), split into parts that several people can work on."""
        effort, largest = item.effort * share, self.scenario.team.split_above
        parts = min(math.ceil(effort / largest), MOST_PARTS) if largest > 0.0 and effort > largest else 1
        item.parts_left = parts
        for part in range(parts):
            self.env.process(self._build(item, part, effort / parts, item.estimate * share / parts, use))

    def _build(self, item: Item, part: int, effort: float, estimate: float, use: str) -> Generator[Any, Any, None]:
        """Process: a part of an item goes through the stages of the workflow; the last part takes the item to review."""
        complexity, interrupting = self.scenario.team.complexity, self.policy.queue.preempt
        rank, number = item.rank, item.number
        for stage, (role, share) in enumerate(self.route):
            piece = effort * share
            work = piece
            if complexity > 0.0:
                work *= effects.heaviness(self.additions, complexity)
            if self.noisy:
                work *= self._stage_noise(item, part, stage)
            yield role.visit(item, work, use, rank, number, interrupting)
            self.remaining -= piece
            self.backlog -= estimate * share
        item.parts_left -= 1
        if not item.parts_left:
            self.review.hand_in(item)

    def _stage_noise(self, item: Item, part: int, stage: int) -> float:
        return self.luck("exponential", f"{item.prefix}/visit/{item.attempts}/{part}/{stage}", item.count)[item.position]

    def visit_noise(self, request: Request) -> float:
        """Scatter of a judgement's time, where stage visits scatter."""
        group = self.customers[request.group]
        return self.luck("exponential", f"{group.prefix}/judged", group.count)[request.position]

    def prototype_visit(self, ask: Ask, effort: float) -> Visit:
        """Work on a prototype: one visit of the first stage's role, ahead of nobody."""
        ticket = Ticket("request", self.customers[ask.request.group].name, effort, 0.0, ask.request.stated_urgency)
        return self.route[0][0].visit(None, effort, "work", self.policy.queue.rank(ticket), len(self.ledger.items))

    def close_item(self, item: Item) -> None:
        """An item is delivered, or given up after its last permitted rework."""
        self.open_items -= 1
        item.closed = self.env.now
        if item.kind == "planned":
            self.planned_left -= 1
            if not self.planned_left:
                self._finish_planned_scope()
        else:
            if not item.given_up:
                self.additions += item.effort
            if item.kind == "request":
                self.open_requests -= 1
                self._hand_over(item)
        self.end_if_done()

    def _finish_planned_scope(self) -> None:
        now, deadline = self.env.now, self.scenario.project.deadline
        self.ledger.planned_finish = now
        self.closed_for_requests = True
        if 0.0 < now <= deadline:
            for group in self.customers:
                group.feel_promise(kept=True)
        self.intake.reopen_deferred()

    def _hand_over(self, item: Item) -> None:
        group = self.customers[item.group]
        r = self.scenario.relationship
        if r.trust_rate <= 0.0 and r.satisfaction_rate <= 0.0:
            return
        if 0.0 <= self.env.now <= item.promised and not item.given_up:
            group.feel_promise(kept=True)
        traits = group.traits
        per_day = item.benefit / item.effort if item.effort > 0.0 else 0.0
        merit = (per_day - traits.benefit_mean) / traits.benefit_spread if traits.benefit_spread > 0.0 else 0.0
        group.feel_delivery(item, merit)

    # --- what everybody in the room knows ---

    def feel_advice(self, estimate: Estimate, followed: bool) -> None:
        """Experts whose advice was asked speak up more when it is followed, less when it is overruled."""
        r = self.scenario.relationship
        if estimate.expert_value is None or r.voice_rate <= 0.0 or estimate.mandatory:
            return
        experience = 1.0 if followed else -1.0
        self.voice.set(effects.moved(self.voice.value, experience, r.voice_rate, r.loss_aversion), self.env.now)
        if self.ledger.logged:
            self.ledger.levels.append((self.env.now, "team", "voice", self.voice.value))

    def view(self) -> ProjectView:
        """The project as a policy sees it."""
        planned = self.scenario.project.planned_items
        return ProjectView(
            self.env._now, self.scenario.project.deadline, self.capacity, max(self.backlog, 0.0), self.planned_effort,
            1.0 - self.planned_left / planned if planned else 1.0, self.admitted_effort, self.open_requests,
            self.intake.undecided,
        )  # fmt: skip
