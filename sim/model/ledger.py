"""The ledger: the truth of a run. Every work item with its days, every request with its fate, every person-day with its use.

Outcomes, timeline and decision log are functions of it. Writing to it changes nothing in the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.model.plain import maker

if TYPE_CHECKING:
    from sim.model.staff import Visit
    from sim.model.streams import Streams
    from sim.model.truth import Request
    from sim.model.turnover import Stint
    from sim.policies.view import Answer, Decision, Estimate, ProjectView, Ticket

NEVER = -1.0
"""A day that has not come."""

USES = ("idle", "work", "rework", "switching", "evaluation", "review", "exploration", "onboarding", "released")
"""What a person-day can be spent on.

Evaluation and review are time in meetings, onboarding what newcomers take of everybody's; released people are free and unpaid.
"""


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


spell = maker(Spell)


class Item:
    """A piece of work: planned, an admitted request, or an idea of the team.

    `number` is its place in the ledger, and in the queue among equals; `luck` and `position` say where its luck stands on the
    tape. Whoever makes it says the rest.
    """

    __slots__ = (
        "admitted", "agreed", "ambiguity", "arrived", "attempts", "benefit", "closed", "delivered", "effort", "estimate",
        "feasible", "flawed", "form", "given_up", "group", "kind", "luck", "novelty", "number", "optimism", "parts_left",
        "passed", "position", "promised", "rank", "reopened", "request", "started", "ticket", "urgency",
    )

    effort: float
    estimate: float
    benefit: float
    novelty: float
    rank: float
    ticket: Ticket

    def __init__(self, number: int, kind: Literal["planned", "request", "idea"], luck: Streams, position: int, day: float) -> None:
        self.number = number
        self.kind = kind
        self.luck, self.position = luck, position
        self.form = "as planned"  # of a request: as asked, reshaped, counter-proposal
        self.group = 0
        self.request = -1  # number of the request it came from
        self.feasible = True
        self.ambiguity = self.urgency = 0.0
        self.optimism = 0.0  # by how much the merit of a request was overrated when it was asked for
        self.arrived = 0.0
        self.admitted = day
        self.agreed = day  # of the last talk with the customer about it
        self.started = self.passed = self.delivered = self.closed = self.promised = NEVER
        self.parts_left = 1  # parts still in work
        self.attempts = 0  # reviews that it has failed
        self.given_up = False
        self.reopened = False  # a flaw came to light after it had passed
        self.flawed = False  # passed its review with a flaw that nobody has discovered yet


class Ask:
    """A request in a run: what happened to it so far. Its status ends as its fate."""

    __slots__ = (
        "alone", "answered", "asked", "clarity", "evaluated", "item", "left", "offer", "optimism", "patient_since_return",
        "prototyped", "put_off_since_return", "request", "returns", "seen_infeasible", "status", "talked", "visits",
    )

    def __init__(self, request: Request, optimism: float) -> None:
        self.request = request  # as it was asked: whoever understands more asks for less that cannot be built
        self.optimism = optimism  # by how much its merit was overrated when it was asked for
        self.status = "waiting"  # waiting, deferred, prototype, admitted, declined, withdrawn
        self.asked = request.day  # or came back after a no
        self.answered = NEVER  # day of the first yes or no
        self.left = NEVER  # day of the refusal or withdrawal that was final
        self.offer: Answer | None = None  # the last answer that was a yes, a no or a proposal, agreed to or not
        self.talked = request.day  # day of the last talk with the customer about it
        self.returns = 0
        self.patient_since_return = -1  # the return for which the clock of patience is running
        self.put_off_since_return = -1  # the return at which a first later was said
        self.evaluated = False
        self.prototyped = False
        self.seen_infeasible = False
        self.clarity = 1.0  # factor left on ambiguity after talk and prototype
        self.item: Item | None = None
        self.visits: Sequence[Visit] = ()  # the judges' hours it waits for
        self.alone = False  # whether those hours are for this request only

    @property
    def undecided(self) -> bool:
        """Whether it has no yes or no: it waits, is put off or prototyped."""
        return self.status in ("waiting", "deferred", "prototype")

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
"""What can have become of a request at the end; `failed` work was given up.

Either after its last permitted rework, or because a review showed that it cannot be built.
"""


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
        self.staff: list[Stint] = []  # by number of the person in the spells
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
        self.believed_finish = NEVER  # of the planned scope, as it was thought: a flaw may have come to light later
        self.planned_finish = NEVER
