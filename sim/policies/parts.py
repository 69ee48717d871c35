"""The parts that a policy is made of. Each costs what it costs in the world; none of them touches an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Literal

from sim.errors import PolicyError
from sim.policies.setting import SMALLEST_INTERVAL, Setting
from sim.policies.view import Ticket
from sim.toml.shown import span

Days = Annotated[float, Setting("days between sessions; 0: each request at once", "days", smallest=SMALLEST_INTERVAL)]
AtMost = Annotated[int, Setting("most requests decided in one session; 0: all that wait", "requests")]
WEIGHT = Setting("weight of this side's judgement")
LEAST_SAY = 1e-6
"""Those who judge together weigh at least so much in sum: weights are relative, and of nothing there are no shares."""
Weight = Annotated[float, WEIGHT]


@dataclass(frozen=True, slots=True)
class Cadence:
    """When requests are looked at.

    Parameters
    ----------
    days
        Days between sessions; 0 looks at each request at once; None meets as often as delivered work is reviewed.
    at_most
        Most requests decided in one session; 0 for no limit.
    """

    days: Days | None = 0.0
    at_most: AtMost = 0

    def __post_init__(self) -> None:
        if self.days is not None and 0.0 < self.days < SMALLEST_INTERVAL:
            raise PolicyError(f"cadence.days = {self.days!r} — 0 (at once), or at least {SMALLEST_INTERVAL:g} days are needed")

    def __str__(self) -> str:
        if self.days is None:
            return "with each review"
        return "at once" if self.days == 0 else f"every {self.days:g} days"


@dataclass(frozen=True, slots=True)
class Evaluators:
    """Who judges a request before it is decided.

    `truth` is for the clairvoyant control only.
    """

    customer: Annotated[bool, Setting("whether the customer is asked")] = False
    experts: Annotated[bool, Setting("whether experts are asked")] = False
    ai: Annotated[bool, Setting("whether an AI aid is asked")] = False
    truth: bool = False

    def __str__(self) -> str:
        asked = [name for name in ("customer", "experts", "ai", "truth") if getattr(self, name)]
        return " + ".join(asked) or "nobody"

    @property
    def joint(self) -> bool:
        """Whether customer and experts talk to each other about the request."""
        return self.customer and self.experts


SIDES = ("customer", "experts", "ai")


@dataclass(frozen=True, slots=True)
class Authority:
    """How much the judgement of each side weighs when they judge together (relative weights)."""

    customer: Weight = 1.0
    experts: Weight = 1.0
    ai: Weight = 1.0

    def __post_init__(self) -> None:
        for side, weight in zip(SIDES, (self.customer, self.experts, self.ai), strict=True):
            if not WEIGHT.allows(weight):
                raise PolicyError(f"authority.{side} = {weight!r} — a number from {span(WEIGHT.low, WEIGHT.high)} is needed")

    def speechless(self, asked: Evaluators) -> str:
        """Where several sides are asked and have no say: their settings in words; otherwise "".

        One side that is asked alone judges whatever it weighs.
        """
        weights = {side: getattr(self, side) for side in SIDES if getattr(asked, side)}
        if len(weights) < 2 or sum(weights.values()) >= LEAST_SAY:
            return ""
        return ", ".join(f"{side} = {weight:g}" for side, weight in weights.items())

    def __str__(self) -> str:
        return f"customer {self.customer:g} : experts {self.experts:g} : ai {self.ai:g}"


@dataclass(frozen=True, slots=True)
class Promise:
    """The delivery day that is promised with a yes.

    Parameters
    ----------
    basis
        "wish": on the spot, estimate + review cadence, as if nothing else were in work; "forecast": backlog / capacity on top, from
        the queue as it is; "none": no promise.
    safety
        Factor on the promised time; by default a quarter on top for rework and reviews.
    """

    basis: Annotated[Literal["wish", "forecast", "none"], Setting("from what the day is read")] = "forecast"
    safety: Annotated[float, Setting("factor on the promised time", high=100.0)] = 1.25

    def __str__(self) -> str:
        return {"wish": "on the spot", "forecast": f"forecast x {self.safety:g}", "none": "none"}[self.basis]


@dataclass(frozen=True, slots=True)
class QueueRule:
    """Which open work is done next.

    Parameters
    ----------
    order
        "fcfs": as admitted; "by-date": each planned item when its turn in the plan comes, each request on the day that it was
        asked; "requests-first"; "planned-first"; "urgency": what is said to be most urgent; "wsjf": cost of delay divided by
        duration. Ties are served as admitted. Rework keeps its item's place. (The whole plan joins on day 0, so that "fcfs"
        does planned work before requests as "planned-first" does.)
    preempt
        Whether work that comes first interrupts work that comes later.
    """

    order: Annotated[
        Literal["fcfs", "by-date", "requests-first", "planned-first", "urgency", "wsjf"], Setting("who comes first")] = "by-date"
    preempt: Annotated[bool, Setting("whether what comes first interrupts what comes later")] = False

    def __str__(self) -> str:
        return self.order + (" (interrupting)" if self.preempt else "")

    def rank(self, ticket: Ticket) -> float:
        """Place in the backlog: lower is served first; must not depend on anything but the ticket."""
        order = self.order
        if order == "fcfs":
            return 0.0
        if order == "by-date":
            return ticket.date
        if order == "requests-first":
            return 0.0 if ticket.kind == "request" else 1.0
        if order == "planned-first":
            return 1.0 if ticket.kind == "request" else 0.0
        if order == "urgency":
            return -ticket.urgency
        # Benefit is proportional to effort, so (benefit lost per day) / duration is value per person-day x share lost a day.
        return -ticket.value * ticket.urgency


AT_ONCE = Cadence()
NOBODY = Evaluators()
CUSTOMER = Evaluators(customer=True)
EXPERTS = Evaluators(experts=True)
TOGETHER = Evaluators(customer=True, experts=True)
TOGETHER_WITH_AI = Evaluators(customer=True, experts=True, ai=True)
TRUTH = Evaluators(truth=True)
WISH = Promise("wish", safety=1.0)
EXPEDITE = QueueRule("requests-first", preempt=True)

HOUSE_PARTS: Mapping[str, type[Promise] | type[QueueRule]] = MappingProxyType({"promise": Promise, "queue": QueueRule})
"""Parts that a policy may leave to the house: None is what ``team.promise`` and ``team.queue`` of the scenario say."""


def part_in_words(part: Promise | QueueRule | None) -> str:
    """Such a part in words."""
    return "the house's" if part is None else str(part)
