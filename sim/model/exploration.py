"""Exploration: time kept free brings ideas, and an idea becomes work if the customer agrees."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.truth import Idea
    from sim.model.world import Project


class Exploration:
    """The team's own ideas in one run."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.terms = project.scenario.innovation
        self.unheard: list[tuple[int, Idea]] = []

    def ideas(self) -> Generator[Any, Any, None]:
        """Process: candidate ideas are thinned by how much exploration goes on and by the experts' voice."""
        project, env, terms = self.project, self.project.env, self.terms
        largest = terms.exploration_share * project.people
        for position, idea in enumerate(project.truth.ideas):
            yield env.timeout(idea.day - env.now)
            exploring = sum(person.explored for role in project.roles for person in role.people)
            rate = exploring * (1.0 - terms.silence * (1.0 - project.voice.value))
            if idea.chance * largest < rate and not project.closed_for_requests:
                project.ledger.ideas_raised += 1
                self.unheard.append((position, idea))
                if project.scenario.review.cadence <= 0.0:
                    self.hear(self.take_unheard())

    def take_unheard(self) -> list[tuple[int, Idea]]:
        """The ideas that wait for a hearing, which they get now."""
        taken, self.unheard = self.unheard, []
        return taken

    def hear(self, ideas: list[tuple[int, Idea]]) -> None:
        """Ideas get a hearing; those that the customer agrees to become work."""
        for position, idea in ideas:
            self.project.ledger.ideas_heard += 1
            group = self.project.customers[0]
            if idea.agree < group.trust.value:
                self.project.admit_idea(position, idea)
