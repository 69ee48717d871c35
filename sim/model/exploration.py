"""Exploration: time kept free brings ideas, and an idea becomes work if the customer agrees."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.truth import Idea
    from sim.model.world import World


class Exploration:
    """The team's own ideas in one run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms = world.scenario.innovation
        self.unheard: list[tuple[int, Idea]] = []

    def ideas(self) -> Generator[Event, Any, None]:
        """Process: candidate ideas are thinned by how much exploration goes on and by the experts' voice."""
        world, env, terms = self.world, self.world.env, self.terms
        largest = terms.exploration_share * world.people
        for position, idea in enumerate(world.truth.ideas):
            yield env.timeout(idea.day - env.now)
            exploring = sum(person.explored for role in world.roles for person in role.people)
            rate = exploring * (1.0 - terms.silence * (1.0 - world.voice.value))
            if idea.chance * largest < rate and not world.closed_for_requests:
                world.ledger.ideas_raised += 1
                self.unheard.append((position, idea))
                if world.scenario.review.cadence <= 0.0:
                    self.hear(self.take_unheard())

    def take_unheard(self) -> list[tuple[int, Idea]]:
        """The ideas that wait for a hearing, which they get now."""
        taken, self.unheard = self.unheard, []
        return taken

    def hear(self, ideas: list[tuple[int, Idea]]) -> None:
        """Ideas get a hearing; those that look worth building, and that the customer agrees to, become work."""
        world = self.world
        for position, idea in ideas:
            world.ledger.ideas_heard += 1
            if idea.agree < world.customers[0].trust.value and self._looks_worth_building(position, idea):
                world.work.admit_idea(position, idea)

    def _looks_worth_building(self, position: int, idea: Idea) -> bool:
        return self.world.intake.judging.worth_seen_in(position, idea) >= self.world.scenario.bar
