"""Hours that judging, explaining and negotiating take out of the team's and the customers' days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.calendar import HOURS
from sim.model.staff import SESSION_RANK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.model.ledger import Ask
    from sim.model.practice import Practice
    from sim.model.staff import Visit
    from sim.model.world import World


class Hours:
    """Who is called away from work, and for how long."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms = world.scenario.evaluation
        self.learning = world.scenario.adoption

    def on_demand(self, ask: Ask, practice: Practice) -> list[Visit]:
        """Visits in which one request is judged at once: the judges are interrupted in their work."""
        return self._judge([ask], practice, fixed=0.0, interrupting=True)

    def session(self, batch: Sequence[Ask], practice: Practice) -> list[Visit]:
        """Visits of a session, which waits for people between two pieces of their work."""
        return self._judge(batch, practice, fixed=self.terms.session_hours, interrupting=False)

    def negotiate(self, group: int) -> None:
        """An expert and the customer talk about another form of a request."""
        self._talk(self.terms.negotiation_hours, group)

    def explain(self, explanation: float) -> None:
        """An expert explains a refusal, as far as the policy does."""
        self._talk(self.terms.explanation_hours * explanation, None)

    def _judge(self, batch: Sequence[Ask], practice: Practice, fixed: float, interrupting: bool) -> list[Visit]:
        world, terms = self.world, self.terms
        factor = self._learning_factor()
        scatter = self._scatter(batch[0]) if world.noisy else 1.0
        visits: list[Visit] = []
        if practice.experts or practice.aid:
            looking = terms.expert_hours * terms.charged if practice.experts else 0.0
            per_request = looking + (terms.ai_hours if practice.aid else 0.0)
            hours = (fixed + per_request * len(batch)) * factor * scatter
            if hours > 0.0:
                visits = [
                    role.visit(hours / HOURS, "evaluation", SESSION_RANK, 0, interrupting) for role in world.judges]
        if practice.customer:
            for group in world.customers:
                mine = sum(1 for ask in batch if ask.request.group == group.index)
                hours = (fixed + terms.customer_hours * mine) * factor * scatter if mine else 0.0
                if hours > 0.0:
                    visits.append(group.desk.visit(hours / HOURS, "evaluation", SESSION_RANK, 0))
        if practice.aid:
            world.ledger.ai_cost += terms.ai_cost * len(batch)
        return visits

    def _learning_factor(self) -> float:
        """How much dearer judging is while a newly adopted policy is being learnt."""
        learning = self.learning
        if learning.learning_days <= 0.0 or self.world.practice is not self.world.adopted:
            return 1.0
        left = 1.0 - (self.world.env.now - learning.day) / learning.learning_days
        return 1.0 + learning.learning_cost * max(left, 0.0)

    def _scatter(self, ask: Ask) -> float:
        """Of a judgement's time, where stage visits scatter."""
        return self.world.customers[ask.request.group].luck.exponential("judged")[ask.request.position]

    def _talk(self, hours: float, group: int | None) -> None:
        """Hours of an expert, and of a customer group, that nothing waits for."""
        if hours > 0.0:
            self.world.judges[0].visit(hours / HOURS, "evaluation", SESSION_RANK, 0)
            if group is not None:
                self.world.customers[group].desk.visit(hours / HOURS, "evaluation", SESSION_RANK, 0)
