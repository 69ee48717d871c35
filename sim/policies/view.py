"""What a policy may see, and what it may answer. Plain values only: nothing here leads to the hidden truth."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Answer = Literal["accept", "decline", "defer", "reshape", "counter-propose", "prototype"]
ANSWERS: tuple[Answer, ...] = ("accept", "decline", "defer", "reshape", "counter-propose", "prototype")


class Estimate(NamedTuple):
    """A request as its evaluators see it: signals and statements, never the truth.

    Attributes
    ----------
    number, group, arrived, returns
        The request's number, its customer group, the day it arrived, how often it has come back after a refusal.
    mandatory
        Whether law or contract demands it; the world admits such a request whatever the policy says.
    stated
        Worth per person-day that the customer claims, in k€/pd, optimism and loudness included.
    value
        Worth per person-day as the policy's evaluators judge it together, in k€/pd; None if nobody judged.
    customer_value, expert_value, ai_value
        The same by each side alone; None for a side that was not asked.
    need, fit
        How great the need is, and how well what is asked for meets it, as the evaluators judge it together, in standard deviations;
        None if nobody judged.
    alternative
        Worth per person-day that is to be expected of another solution for the same need, in k€/pd; None if nobody judged.
    effort
        Estimated effort in person-days: by experts if they were asked, otherwise a first glance.
    urgency
        Share of the benefit that the customer says is lost per day of waiting.
    feasible
        False if the evaluators (or a prototype) found that it cannot be built as asked.
    prototyped
        Whether a prototype has been made.
    forecast
        The day by which, as the AI aid forecasts it, this and all open work would be done; None if it was not asked.
    lot
        A uniform number on [0, 1) that belongs to this request, for policies that draw lots.
    """

    number: int
    group: str
    arrived: float
    returns: int
    mandatory: bool
    stated: float
    value: float | None
    customer_value: float | None
    expert_value: float | None
    ai_value: float | None
    need: float | None
    fit: float | None
    alternative: float | None
    effort: float
    urgency: float
    feasible: bool
    prototyped: bool
    lot: float
    forecast: float | None = None

    @property
    def worth(self) -> float:
        """The best judgement at hand, in k€/pd: the evaluators', or else what the customer states."""
        return self.stated if self.value is None else self.value


class ProjectView(NamedTuple):
    """The project as everybody in the room knows it: load, forecast, calendar.

    Attributes
    ----------
    day, deadline
        Today, and the promised day (0 for none).
    capacity
        Person-days that the team can do per day.
    backlog
        Estimated person-days of all open work.
    planned_effort, planned_done
        Person-days of the plan, and the share of its items that is delivered (1 without a plan).
    admitted_effort, open_requests, waiting_requests
        Estimated person-days admitted so far; admitted and not yet delivered; not yet decided.
    asked_per_month
        Requests that have been asked for in a month, on average since day 0; in the first month those so far.
    bar
        What a requested person-day takes in all, in k€/pd: building, and the rework and reviews that come with it. A request is
        worth building where it is worth more.
    yes_today
        Share of requests that get a yes as things are; 1 where nobody counted.
    """

    day: float
    deadline: float
    capacity: float
    backlog: float
    planned_effort: float
    planned_done: float
    admitted_effort: float
    open_requests: int
    waiting_requests: int
    asked_per_month: float
    bar: float
    yes_today: float = 1.0

    def forecast(self, effort: float) -> float:
        """The day by which `effort` more person-days would be done if all open work came first."""
        return self.day + (self.backlog + effort) / self.capacity


class Decision(NamedTuple):
    """An answer with its reason.

    Attributes
    ----------
    answer
        accept, decline, defer, reshape (build the core only), counter-propose (another solution for the same need) or
        prototype (learn first, then decide again).
    reason
        The rule that fired, in words; shown by ``intakelab explain``.
    until
        For defer: the day on which to look again; ``math.inf`` for "when the planned scope is done".
    otherwise
        For reshape and counter-propose: the answer if the customer does not agree.
    """

    answer: Answer
    reason: str
    until: float = 0.0
    otherwise: Literal["accept", "decline"] = "decline"


def accept(reason: str) -> Decision:
    """Build it as asked."""
    return Decision("accept", reason)


def decline(reason: str) -> Decision:
    """Say no."""
    return Decision("decline", reason)


def defer(reason: str, until: float = math.inf) -> Decision:
    """Look again on day `until`; by default when the planned scope is done."""
    return Decision("defer", reason, until)


class Ticket(NamedTuple):
    """An item at the moment it joins the backlog, as far as its place in the queue may depend on it.

    Attributes
    ----------
    kind, group
        What it is, and the customer group that it is for.
    effort, value, urgency
        Estimated person-days; benefit per person-day in k€/pd as it was judged; share of it that is said to be lost per day.
    date
        Day at which it stands in a queue by date: of a planned item when its turn comes if the plan is done item by item, of
        a request when it was asked, of an idea when it was agreed to.
    """

    kind: Literal["planned", "request", "idea"]
    group: str
    effort: float
    value: float
    urgency: float
    date: float
