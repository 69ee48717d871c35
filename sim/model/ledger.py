"""The ledger: the truth of a run. Every work item with its days, every request with its fate, every person-day with its use.

Outcomes, timeline and decision log are functions of it. Writing to it changes nothing in the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sim.model.staff import Visit
    from sim.model.streams import Streams
    from sim.model.truth import Request
    from sim.policies.view import Answer, Decision, Estimate, ProjectView

NEVER = -1.0
"""A day that has not come."""

USES = ("idle", "work", "rework", "switching", "evaluation", "review", "exploration")
"""What a person-day can be spent on; evaluation and review are time in meetings."""


class Spell(NamedTuple):
    """An unbroken stretch of one person's time: spells of a person tile the run without gap or overlap.

    `speed` is person-days done per day (above 1: overtime); of them the share `explored` went into exploration.
    """

    person: int
    start: float
    end: float
    use: str
    item: int
    speed: float
    explored: float


spell: Callable[[tuple[int, float, float, str, int, float, float]], Spell] = partial(tuple.__new__, Spell)
"""A spell of a tuple, in half the time of ``Spell(...)``: a run writes more of them than of anything else."""


class Item:
    """A piece of work: planned, an admitted request, or an idea of the team.

    What is not said stays as it is here; `number` is its place in the ledger, and in the queue among equals; `luck` and
    `position` say where its luck stands on the tape.
    """

    kind: Literal["planned", "request", "idea"]
    form: str = "as planned"  # of a request: as asked, reshaped, counter-proposal
    effort: float
    estimate: float
    benefit: float
    novelty: float
    feasible: bool = True
    ambiguity: float = 0.0
    urgency: float = 0.0
    rank: float = 0.0
    group: int = 0
    request: int = -1  # number of the request it came from
    arrived: float = 0.0
    started: float = NEVER
    delivered: float = NEVER
    closed: float = NEVER
    promised: float = NEVER
    parts_left: int = 1  # parts still in work
    attempts: int = 0  # reviews that it has failed
    given_up: bool = False

    def __init__(self, number: int, kind: Literal["planned", "request", "idea"], luck: Streams, position: int, day: float) -> None:
        self.number = number
        self.kind = kind
        self.luck, self.position = luck, position
        self.admitted = day
        self.agreed = day  # of the last talk about it before work began


class Ask:
    """A request in a run: what happened to it so far. Its status ends as its fate."""

    status: Literal["waiting", "deferred", "prototype", "admitted", "declined", "withdrawn"] = "waiting"
    answered: float = NEVER  # day of the first yes or no
    left: float = NEVER  # day of the refusal or withdrawal that was final
    offer: Answer | None = None  # the last answer that was a yes, a no or a proposal, agreed to or not
    returns: int = 0
    patient_since_return: int = -1  # the return for which the clock of patience is running
    evaluated: bool = False
    prototyped: bool = False
    seen_infeasible: bool = False
    clarity: float = 1.0  # factor left on ambiguity after talk and prototype
    item: Item | None = None
    visits: Sequence[Visit] = ()  # the judges' hours it waits for
    alone: bool = False  # whether those hours are for this request only

    def __init__(self, request: Request) -> None:
        self.request = request

    @property
    def fate(self) -> str:
        """delivered, failed, in work, declined, withdrawn or waiting: exactly one of `FATES`."""
        if self.status == "admitted":
            assert self.item is not None
            if self.item.delivered >= 0.0:
                return "delivered"
            return "failed" if self.item.given_up else "in work"
        return self.status if self.status in ("declined", "withdrawn") else "waiting"


FATES = ("delivered", "failed", "in work", "declined", "withdrawn", "waiting")
"""What can have become of a request at the end; `failed` work was given up after its last permitted rework."""


class Entry(NamedTuple):
    """A line of the decision log."""

    day: float
    request: int
    estimate: Estimate
    project: ProjectView
    decision: Decision
    outcome: str


class Ledger:
    """The record of one run."""

    def __init__(self, logged: bool) -> None:
        self.logged = logged
        self.spells: list[Spell] = []
        self.customer_spells: list[Spell] = []
        self.items: list[Item] = []
        self.asks: list[Ask] = []
        self.decisions: list[Entry] = []
        self.levels: list[tuple[float, str, str, float]] = []
        self.ideas_raised = 0
        self.ideas_heard = 0
        self.ai_cost = 0.0
        self.end = 0.0
        self.finished = False
        self.walked_away = False
        self.planned_finish = NEVER
