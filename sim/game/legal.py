"""The answers of a player, and when each can be given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from sim.errors import PolicyError
from sim.policies.view import ANSWERS as KNOWN
from sim.policies.view import Decision, Estimate, ProjectView
from sim.toml.shown import escaped, nearest

_WHY = "the player's answer"
ANSWERS: Mapping[str, Decision] = MappingProxyType({
    "yes": Decision("accept", _WHY),
    "core": Decision("reshape", _WHY, otherwise="accept"),
    "another-way": Decision("counter-propose", _WHY),
    "prototype": Decision("prototype", _WHY),
    "next-session": Decision("defer", _WHY),
    "after-plan": Decision("defer", _WHY, math.inf),
    "no": Decision("decline", _WHY),
})
"""What can be said, in the order in which it is offered. Who insists on more than the core gets it, as everywhere."""
Answer = str | Decision
"""One of `ANSWERS`, or a whole decision as a policy gives it, for which no name is needed (a day on which to look again)."""


def legal_answers(estimate: Estimate, project: ProjectView) -> tuple[str, ...]:
    """What a player can say to a request.

    A prototype is made once; once the plan is done there is no later any more, so that a game ends.
    """
    planned = project.planned_effort > 0.0
    if planned and project.planned_done >= 1.0:
        return ("yes", "no")
    barred = {"prototype"} if estimate.prototyped else set()
    if not planned:
        barred.add("after-plan")
    return tuple(answer for answer in ANSWERS if answer not in barred)


def decision_of(answer: Answer, number: int, estimate: Estimate, project: ProjectView) -> Decision:
    """What an answer says.

    Raises
    ------
    PolicyError
        Where the answer, which is number so many, cannot be given to this request.
    """
    if type(answer) is Decision and answer.answer in KNOWN:
        return answer
    allowed = legal_answers(estimate, project)
    if answer not in allowed:
        said = escaped(answer) if isinstance(answer, str) else type(answer).__name__
        near = nearest(said, allowed)
        hint = f"did you mean {near}?" if near and said not in ANSWERS else f"possible here: {', '.join(allowed)}"
        raise PolicyError(f"answer {number}, {said!r}, cannot be given; {hint}")
    return ANSWERS[str(answer)]
