"""Work: what is admitted goes through the stages of the workflow, part by part, is promised, and is closed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from simpy.events import URGENT

from sim.errors import LimitError
from sim.model import effects
from sim.model.ledger import NEVER, Item
from sim.model.plain import maker
from sim.model.staff import Role, Visit
from sim.model.streams import Streams
from sim.policies.view import Ticket

if TYPE_CHECKING:
    from simpy.core import Environment

    from sim.model.customers import CustomerGroup
    from sim.model.ledger import Ask
    from sim.model.practice import Practice
    from sim.model.truth import Idea
    from sim.model.world import World
    from sim.policies.view import Estimate, ProjectView

_ticket = maker(Ticket)
MOST_PARTS = 1000
"""Parts that an item is split into at most."""
MOST_PARTS_OF_ALL = 1_000_000
"""Parts of all items, those of rework included, that a replication may begin."""


class Part(Visit):
    """A part of an item: one event on its way through all stages of the workflow."""

    item: Item

    def __init__(
        self, env: Environment, callbacks: Any, item: Item, number: int, effort: float, estimate: float,
        use: Literal["work", "rework"],
    ) -> None:
        super().__init__(env, callbacks, effort, use, item.rank, item.number, item)
        self.part = number
        self.effort = effort
        self.estimate = estimate
        self.others: Sequence[Part] = ()  # parts that begin with this one
        self.stage = 0


class Work:
    """Everything that has been admitted in one run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.project, self.team = world.scenario.project, world.scenario.team
        self.planned = Streams(world.tape, "planned", len(world.truth.planned))
        self.ideas = Streams(world.tape, "idea", len(world.truth.ideas))
        self.felt = world.scenario.relationship.trust_rate > 0.0 or world.scenario.relationship.satisfaction_rate > 0.0
        self.noisy = world.noisy
        self.heaviness = 1.0  # factor on the effort of work that starts now
        # What happens after each stage is the same for every part: one tuple of callbacks, which SimPy only reads.
        self.stages: list[tuple[Role, float, Any]] = [
            (role, share, (role.finish, self._leave_stage)) for role, share in world.route]
        self._begins = (self._begin,)
        self._parts = 0

    # --- becoming work ---

    def begin_planned(self) -> None:
        """The planned scope is there from the start."""
        world, project, rank = self.world, self.project, self.world.practice.rank
        fading = 1.0 / project.benefit_window if project.benefit_window > 0.0 else 0.0
        who, effort, worth = world.customers[0].name, project.planned_effort, project.planned_benefit
        apart = effort / world.capacity  # days from one item's turn to the next one's
        world.planned_left = len(world.truth.planned)
        for position, planned in enumerate(world.truth.planned):
            item = self._item("planned", self.planned, position)
            item.effort, item.estimate = planned.effort, project.planned_effort
            item.benefit = planned.effort * project.planned_benefit
            item.novelty, item.ambiguity = planned.novelty, planned.ambiguity
            item.ticket = _ticket(("planned", who, effort, worth, fading, position * apart))
            item.rank = rank(item.ticket)
            self._start(item)

    def admit_request(self, ask: Ask, estimate: Estimate, form: str, practice: Practice, view: ProjectView) -> None:
        """An admitted request becomes work, in the form that was agreed."""
        world, request = self.world, ask.request
        group = world.customers[request.group]
        share = request.core_share if form == "reshaped" else 1.0
        guess = estimate.effort * share
        item = self._item("request", group.luck, request.position)
        item.form, item.group, item.request, item.optimism = form, group.index, request.number, ask.optimism
        item.arrived, item.urgency, item.ambiguity = request.day, request.urgency, request.ambiguity * ask.clarity
        if form == "counter-proposal":
            terms = world.scenario.evaluation
            fit = terms.counter_fit + group.luck.normal("counter")[request.position]
            worth = group.worth_of(group.need_weight * request.need + group.fit_weight * fit)
            item.novelty = min(request.novelty + terms.counter_novelty, 1.0)
        else:
            worth = request.worth
            item.novelty, item.feasible = request.novelty, request.feasible
        item.effort = request.effort * share
        if self.team.ripple > 1.0 and world.planned_items:
            item.effort *= effects.ripple_factor(1.0 - world.planned_left / world.planned_items, self.team.ripple)
        item.estimate = guess
        item.benefit = request.effort * worth
        if form == "reshaped":
            item.benefit = request.effort * effects.core_worth(worth, group.traits.upkeep, share, group.traits.core_value)
        item.ticket = _ticket(("request", group.name, guess, estimate.worth, estimate.urgency, request.day))
        item.rank = practice.rank(item.ticket)
        item.agreed = ask.talked
        ask.item = item
        world.open_requests += 1
        world.admitted_effort += guess
        self._promise(item, practice, view)
        self._start(item)

    def admit_idea(self, position: int, idea: Idea) -> None:
        """An idea that the customer agreed to becomes work."""
        world = self.world
        item = self._item("idea", self.ideas, position)
        item.arrived = world.env.now
        item.effort = item.estimate = idea.effort
        item.benefit, item.novelty = idea.effort * idea.worth, idea.novelty
        item.ticket = Ticket("idea", world.customers[0].name, idea.effort, idea.worth, 0.0, item.arrived)
        item.rank = world.practice.rank(item.ticket)
        self._start(item)

    def rank_anew(self) -> None:
        """Another policy is adopted: all work, what was admitted under the old one too, goes by the new one's queue."""
        rank = self.world.practice.rank
        for item in self.world.ledger.items:
            item.rank = rank(item.ticket)
        for role in self.world.roles:
            role.rank_anew()

    def _item(self, kind: Literal["planned", "request", "idea"], luck: Streams, position: int) -> Item:
        return Item(len(self.world.ledger.items), kind, luck, position, self.world.env._now)

    def _promise(self, item: Item, practice: Practice, view: ProjectView) -> None:
        basis, safety = practice.promise.basis, practice.promise.safety
        if basis == "none":
            return
        days = item.estimate + self.world.scenario.review.cadence
        if basis == "forecast":
            days += view.backlog / view.capacity
        item.promised = item.admitted + safety * days
        if self.felt:
            due = self.world.env.timeout(item.promised - item.admitted)
            due.callbacks.append(lambda _: self._promise_due(item))

    def _promise_due(self, item: Item) -> None:
        if item.delivered == NEVER:
            self.world.customers[item.group].feel_promise(kept=False)

    # --- being worked on ---

    def _start(self, item: Item) -> None:
        self.world.ledger.items.append(item)
        self.world.open_items += 1
        self._split(item, 1.0, "work")

    def mend(self, item: Item, share: float) -> None:
        """A failed item goes through the stages again, for a share of its effort."""
        self._split(item, share, "rework")

    def prototype(self, ask: Ask, effort: float) -> Visit:
        """Work on a prototype: one visit of the first stage's role, ahead of nobody."""
        world, request = self.world, ask.request
        ticket = Ticket("request", world.customers[request.group].name, effort, 0.0, request.stated_urgency, request.day)
        role = world.route[0][0]
        return role.visit(effort, "work", world.practice.rank(ticket), len(world.ledger.items))

    def _split(self, item: Item, share: float, use: Literal["work", "rework"]) -> None:
        """Start the work on an item (or on a share of it), in parts that several people can work on."""
        world, effort, estimate, largest = self.world, item.effort * share, item.estimate * share, self.team.split_above
        world.remaining += effort
        world.backlog += estimate
        parts = min(math.ceil(effort / largest), MOST_PARTS) if largest > 0.0 and effort > largest else 1
        item.parts_left = parts
        self._parts += parts
        if self._parts > MOST_PARTS_OF_ALL:
            raise LimitError(
                f"more than {MOST_PARTS_OF_ALL:,} parts of work by day {world.env.now:g}; fewer or larger ones are needed "
                "(team.split_above, project.planned_items, review.max_rework)")
        pieces = [Part(world.env, self._begins, item, number, effort / parts, estimate / parts, use) for number in range(parts)]
        first = pieces[0]
        first.others = pieces[1:]
        world.env.schedule(first, URGENT)  # when whoever admitted it has done the rest of what he does now

    def _begin(self, first: Any) -> None:
        for part in (first, *first.others):
            self._enter_stage(part)
        first.others = ()

    def _enter_stage(self, part: Part) -> None:
        role, share, part.callbacks = self.stages[part.stage]
        left = part.effort * share * self.heaviness
        if self.noisy:
            item = part.item
            left *= item.luck.exponential("visit", item.attempts, part.part, part.stage)[item.position]
        part.left = left
        role.take(part, self.world.practice.interrupts)

    def _leave_stage(self, part: Any) -> None:
        """The next stage, or, after the last one of the last part, the review."""
        world, share = self.world, self.stages[part.stage][1]
        world.remaining -= part.effort * share
        world.backlog -= part.estimate * share
        part.stage += 1
        if part.stage < len(self.stages):
            self._enter_stage(part)
            return
        part.item.parts_left -= 1
        if not part.item.parts_left:
            world.review.hand_in(part.item)

    # --- being done ---

    def close(self, item: Item) -> None:
        """An item is delivered, or given up."""
        world = self.world
        world.open_items -= 1
        item.closed = world.env._now
        world.flawed += item.flawed
        if item.kind == "planned":
            world.planned_left -= 1
            world.planned_flawed += item.flawed
            if not world.planned_left:
                self._finish_planned_scope()
        else:
            if not item.given_up:
                world.additions += item.effort
                if self.team.complexity > 0.0:
                    self.heaviness = effects.heaviness(world.additions, self.team.complexity)
            if item.kind == "request":
                world.open_requests -= 1
        self._let_feel(item)
        world.end_if_done()

    def _let_feel(self, item: Item) -> None:
        """Customers see what came of an item; that it works at last, after it had been taken for done, is no news."""
        if item.reopened and not item.given_up:
            return
        for group in self.whose(item):
            if 0.0 <= self.world.env.now <= item.promised and not item.given_up:
                group.feel_promise(kept=True)
            group.feel_delivery(item)

    def whose(self, item: Item) -> Sequence[CustomerGroup]:
        """Who feels what becomes of an item: everybody for the plan, nobody for an idea."""
        if not self.felt or item.kind == "idea":
            return ()
        return self.world.customers if item.kind == "planned" else (self.world.customers[item.group],)

    def reopen(self, item: Item) -> None:
        """A flaw has come to light in what had passed its review: it is open work again."""
        world = self.world
        item.delivered = item.closed = NEVER
        item.flawed, item.reopened = False, True
        world.open_items += 1
        world.flawed -= 1
        if item.kind == "planned":
            world.planned_left += 1
            world.planned_flawed -= 1
            return
        world.additions -= item.effort
        world.open_requests += item.kind == "request"

    def _finish_planned_scope(self) -> None:
        """All of the plan has passed its reviews: it is thought to be finished, and is if nothing of it is flawed."""
        world, now = self.world, self.world.env.now
        if world.ledger.believed_finish == NEVER:
            world.ledger.believed_finish = now
            world.closed_for_requests = True
            if self.team.after_plan == "released":
                for role in world.roles:
                    role.release()
            if 0.0 < now <= self.project.deadline:
                for group in world.customers:
                    group.feel_promise(kept=True)
        if not world.planned_flawed:
            world.ledger.planned_finish = now
        world.intake.reopen_deferred()
