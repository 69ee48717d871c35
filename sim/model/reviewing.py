"""Review: delivered work is validated with the customer, and comes back as rework when it fails."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.model import effects
from sim.model.staff import SESSION_RANK

if TYPE_CHECKING:
    from sim.model.ledger import Item
    from sim.model.world import Project

HOURS = 8.0


class Review:
    """The feedback loop of one run."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.terms = project.scenario.review
        self.waiting: list[Item] = []
        self.meetings: list[float] = []  # days on which delivered work and needs were talked over

    def hand_in(self, item: Item) -> None:
        """All stages of an item are done."""
        if self.terms.cadence > 0.0:
            self.waiting.append(item)
        elif self.terms.team_hours + self.terms.customer_hours > 0.0:
            self.project.env.process(self._meet([item], 0.0))
        else:
            self._conclude(item)

    def meetings_at_cadence(self) -> Generator[Any, Any, None]:
        """Process: a review every `cadence` days, if there is something to review or to hear."""
        env = self.project.env
        while True:
            yield env.timeout(self.terms.cadence)
            exploration = self.project.exploration
            if self.waiting or exploration.unheard:
                batch, self.waiting = self.waiting, []
                env.process(self._meet(batch, self.terms.meeting_hours))

    def _meet(self, batch: list[Item], meeting_hours: float) -> Generator[Any, Any, None]:
        project, terms = self.project, self.terms
        hearing = project.exploration.take_unheard()
        hearing_hours = project.scenario.innovation.hearing_hours * len(hearing)
        reviewer = project.route[-1][0]
        team_hours = meeting_hours + terms.team_hours * len(batch) + hearing_hours
        visits = [reviewer.visit(None, team_hours / HOURS, "review", SESSION_RANK, 0)] if team_hours > 0.0 else []
        for group in project.customers:
            mine = sum(1 for item in batch if item.group == group.index)
            if mine or group.index == 0:
                hours = meeting_hours + terms.customer_hours * mine + (hearing_hours if group.index == 0 else 0.0)
                if hours > 0.0:
                    visits.append(group.desk.visit(None, hours / HOURS, "review", SESSION_RANK, 0))
        yield from visits
        self.meetings.append(project.env.now)
        for item in batch:
            self._conclude(item)
        project.exploration.hear(hearing)
        project.end_if_done()

    def _conclude(self, item: Item) -> None:
        if self._fails(item):
            item.attempts += 1
            if item.attempts > self.terms.max_rework:
                item.given_up = True
                self.project.close_item(item)
            else:
                # The customer has said what was meant: the next version starts from that talk.
                item.agreed = self.project.env.now
                item.started = -1.0
                self.project.start_rework(item, self.terms.rework_share)
        else:
            item.delivered = self.project.env.now
            self.project.close_item(item)

    def _fails(self, item: Item) -> bool:
        project = self.project
        attempt = item.attempts
        again = self.terms.repeat_failure if attempt else 1.0
        if not item.feasible:
            return True
        base = project.scenario.team.defect_rate
        if base > 0.0:
            chance = effects.defect_chance(base, project.pressure, project.scenario.team.pressure_errors)
            if self._luck(item, "defect", attempt) < chance * again:
                return True
        if item.ambiguity > 0.0 and self._luck(item, "ambiguity", attempt) < item.ambiguity * again:
            # A misunderstanding that came to light is one misunderstanding less.
            item.ambiguity *= 0.5
            return True
        drift = project.customers[item.group].traits.drift if item.kind != "idea" else 0.0
        if drift > 0.0:
            chance = effects.drift_chance(drift, project.env.now - self._last_talk(item))
            return self._luck(item, "drift", attempt) < chance * again
        return False

    def _last_talk(self, item: Item) -> float:
        """Day of the last talk about the item before it was started: its agreement, or a later review meeting."""
        before = bisect_left(self.meetings, item.started)
        return max(item.agreed, self.meetings[before - 1]) if before else item.agreed

    def _luck(self, item: Item, purpose: str, attempt: int) -> float:
        return self.project.luck("uniform", f"{item.prefix}/{purpose}/{attempt}", item.count)[item.position]
