"""Review: delivered work is validated with the customer, and comes back as rework when it fails."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.model import effects
from sim.model.calendar import HOURS
from sim.model.ledger import NEVER
from sim.model.staff import REVIEW_RANK, SESSION_RANK

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.customers import CustomerGroup
    from sim.model.ledger import Item
    from sim.model.world import World


class Review:
    """The feedback loop of one run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms, self.team = world.scenario.review, world.scenario.team
        self.waiting: list[Item] = []

    def hand_in(self, item: Item) -> None:
        """All stages of an item are done."""
        if self.terms.cadence > 0.0:
            self.waiting.append(item)
            self._call_if_all_waits()
        elif self.terms.team_hours + self.terms.customer_hours > 0.0:
            self.world.env.process(self._meet([item], 0.0))
        else:
            self._conclude(item)

    def meetings_at_cadence(self) -> Generator[Event, Any, None]:
        """Process: a review every `cadence` days, if there is something to review or to hear."""
        while True:
            yield self.world.wait(self.terms.cadence, "reviews (review.cadence)")
            if self.waiting or self.world.exploration.unheard:
                self._call()

    def _call(self) -> None:
        """What waits gets its meeting."""
        batch, self.waiting = self.waiting, []
        self.world.env.process(self._meet(batch, self.terms.meeting_hours))

    def _call_if_all_waits(self) -> None:
        """Nobody has other items to work on: the review need not wait for its day."""
        if self.terms.when_idle and self.waiting and len(self.waiting) == self.world.open_items:
            self._call()

    def _meet(self, batch: list[Item], meeting_hours: float) -> Generator[Event, Any, None]:
        world, terms = self.world, self.terms
        hearing = world.exploration.take_unheard()
        hearing_hours = world.scenario.innovation.hearing_hours * len(hearing)
        reviewer = world.route[-1][0]
        team_hours = meeting_hours + terms.team_hours * len(batch) + hearing_hours
        visits = [reviewer.visit(team_hours / HOURS, "review", SESSION_RANK, 0)] if team_hours > 0.0 else []
        attending: list[CustomerGroup] = []
        for group in world.customers:
            mine = sum(1 for item in batch if item.group == group.index)
            if mine or group.index == 0:
                attending.append(group)
                hours = meeting_hours + terms.customer_hours * mine + (hearing_hours if group.index == 0 else 0.0)
                if hours > 0.0:
                    visits.append(group.desk.visit(hours / HOURS, "review", REVIEW_RANK, 0))
        yield from visits
        for group in attending:
            group.learn(world.scenario.understanding.reviews)
        world.exploration.hear(hearing)  # first: an idea that becomes work keeps a project open whose last item is concluded here
        for item in batch:
            self._conclude(item)
        self._call_if_all_waits()
        world.end_if_done()

    def _conclude(self, item: Item) -> None:
        if not self._fails(item):
            self._deliver(item)
            return
        attempt = item.attempts
        item.attempts += 1
        if item.attempts > self.terms.max_rework or self._is_beyond_mending(item, attempt):
            item.given_up = True
            self.world.work.close(item)
        elif self._escapes(item, attempt):
            item.flawed = True
            self._deliver(item)
            self._discover_later(item, attempt)
        else:
            self._send_back(item)

    def _deliver(self, item: Item) -> None:
        item.delivered = self.world.env._now
        if item.passed == NEVER:
            item.passed = item.delivered
        self.world.work.close(item)

    def _send_back(self, item: Item) -> None:
        item.agreed = self.world.env._now  # the customer has said what was meant: the next version starts from that talk
        for group in self.world.work.whose(item):
            group.feel_failure(item)
        self.world.work.mend(item, self.terms.rework_share)

    def _is_beyond_mending(self, item: Item, attempt: int) -> bool:
        """Whether a failed review shows that the item cannot be built."""
        revealed = self.terms.revealed
        return not item.feasible and revealed > 0.0 and item.luck.uniform("revealed", attempt)[item.position] < revealed

    def _escapes(self, item: Item, attempt: int) -> bool:
        """Whether a review does not find what is wrong with an item; what cannot be built never passes."""
        escape = self.terms.escape
        return item.feasible and escape > 0.0 and item.luck.uniform("escape", attempt)[item.position] < escape

    def _discover_later(self, item: Item, attempt: int) -> None:
        delay = item.luck.exponential("discovery", attempt)[item.position] * self.terms.discovery_days
        self.world.env.timeout(delay).callbacks.append(lambda _: self._discover(item))

    def _discover(self, item: Item) -> None:
        """What passed its review does not do: it comes back."""
        self.world.work.reopen(item)
        self._send_back(item)

    def _fails(self, item: Item) -> bool:
        """By impossibility, a defect, a misunderstanding, or because the need has moved on."""
        world, team, attempt = self.world, self.team, item.attempts
        again = self.terms.repeat_failure if attempt else 1.0
        if not item.feasible:
            return True
        if team.defect_rate > 0.0:
            chance = effects.defect_chance(team.defect_rate, world.pressure, team.pressure_errors)
            if item.luck.uniform("defect", attempt)[item.position] < chance * again:
                return True
        if item.ambiguity > 0.0 and item.luck.uniform("ambiguity", attempt)[item.position] < item.ambiguity * again:
            item.ambiguity *= 0.5  # a misunderstanding that came to light is one misunderstanding less
            return True
        drift = world.customers[item.group].traits.drift if item.kind != "idea" else 0.0
        if drift > 0.0:
            chance = effects.drift_chance(drift, world.env.now - item.agreed)
            return item.luck.uniform("drift", attempt)[item.position] < chance * again
        return False
