"""A policy that answers from a list: everything but its answers is another policy's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from sim.errors import PolicyError
from sim.game.legal import Answer, decision_of
from sim.policies.policy import Policy
from sim.policies.together import co_evaluated
from sim.policies.view import Decision, Estimate, ProjectView


class NeedDecision(Exception):  # noqa: N818 - no error: the run waits for an answer
    """A run has come to a request for which there is no answer yet.

    SimPy makes an exception anew from its `args`, so that all it says stands there: what is seen of the request, the project as
    everybody knows it, and what `Human.watch` looks at.
    """


def _nothing() -> None:
    """What there is to see where nobody watches."""


class _Progress:
    """How far a run has come: answers that were asked for, and what is missing."""

    def __init__(self) -> None:
        self.asked = 0
        self.missing: NeedDecision | None = None


@dataclass(frozen=True)
class Human(Policy):
    """Answers from a list, and in everything else like another policy. Good for one run.

    Parameters
    ----------
    like
        The policy whose parts decide who is asked and when, what is promised, what is worked on first. No control.
    decisions
        The answers in the order in which requests come up; after the last one the run stops with `NeedDecision`.
    most
        So many are asked for; `like` gives the answers after that. None: all are.

    Raises
    ------
    PolicyError
        Where `like` is a control: nobody can sit there.
    """

    like: Policy = field(default_factory=co_evaluated)
    decisions: tuple[Answer, ...] = ()
    most: int | None = None
    _progress: _Progress = field(default_factory=_Progress, init=False, repr=False, compare=False)
    _look: Callable[[], Any] = field(default_factory=lambda: _nothing, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.like.is_control:
            raise PolicyError(f"{self.like.name!r} is a control: it sees what nobody sees, and nobody can answer in its place")
        for part in fields(Policy):
            object.__setattr__(self, part.name, getattr(self.like, part.name))

    def watch(self, look: Callable[[], Any]) -> None:
        """Have this looked at in the moment in which an answer is missing."""
        object.__setattr__(self, "_look", look)

    @property
    def asked(self) -> int:
        """Answers that were asked for so far."""
        return self._progress.asked

    @property
    def asks_forecast(self) -> bool:
        return self.like.asks_forecast

    @property
    def answers_late(self) -> bool:
        return self.like.answers_late

    def at_once(self, glance: Estimate) -> bool:
        return self.like.at_once(glance)

    def agenda(self, estimates: list[Estimate]) -> list[int]:
        return self.like.agenda(estimates)

    def bar(self, project: ProjectView) -> float:
        return self.like.bar(project)

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        progress = self._progress
        if progress.missing is not None:  # what else happens at that moment happens after the answer
            raise progress.missing
        at = progress.asked
        if self.most is not None and at >= self.most:
            return self.like.decide(estimate, project)
        if at == len(self.decisions):
            progress.missing = NeedDecision(estimate, project, self._look())
            raise progress.missing
        progress.asked += 1
        return decision_of(self.decisions[at], at + 1, estimate, project)
