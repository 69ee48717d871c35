"""The experts' voice: it moves by what becomes of their advice, and by what is decided on their work without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model import effects
from sim.model.level import Level

if TYPE_CHECKING:
    from sim.model.practice import Practice
    from sim.model.world import World
    from sim.policies.view import Estimate, ProjectView


class Voice(Level):
    """The experts' readiness to speak up, on [0, 1]; all of them have one."""

    __slots__ = ("terms", "world")

    def __init__(self, world: World) -> None:
        self.world, self.terms = world, world.scenario.relationship
        super().__init__(self.terms.voice_start)

    def hear_of_yes(self, estimate: Estimate, form: str, practice: Practice, view: ProjectView) -> None:
        """A request was admitted, as asked or in another form."""
        if form == "counter-proposal":  # their own idea
            self._move(estimate, 1.0)
        elif estimate.expert_value is None:
            self._move(estimate, -self.terms.unasked_weight)
        elif practice.advised:
            self._move(estimate, 1.0 if _is_for_it(estimate, estimate.expert_value, practice, view) else -1.0)

    def hear_of_no(self, estimate: Estimate, practice: Practice, view: ProjectView) -> None:
        """A request was refused; a refusal without asking them makes no work."""
        if practice.advised and estimate.expert_value is not None:
            self._move(estimate, -1.0 if _is_for_it(estimate, estimate.expert_value, practice, view) else 1.0)

    def _move(self, estimate: Estimate, experience: float) -> None:
        terms, world = self.terms, self.world
        if terms.voice_rate <= 0.0 or not experience or estimate.mandatory:
            return
        self.set(effects.moved(self.value, experience, terms.voice_rate, terms.loss_aversion), world.env.now)
        if world.ledger.logged:
            world.ledger.levels.append((world.env.now, "team", "voice", self.value))


def _is_for_it(estimate: Estimate, seen: float, practice: Practice, view: ProjectView) -> bool:
    """Whether the experts alone would have said yes by the policy's own bar."""
    return estimate.feasible and seen >= practice.policy.bar(view)
