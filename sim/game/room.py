"""What everybody in the room knows of a run by a day: what was planned, promised, delivered, paid and answered. No truth.

Effort is as it was estimated, work is done when it has passed its review: a flaw that nobody has discovered is none. Requests are
numbered as they come up; the numbers of the ledger have gaps, which would tell of what was never asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.ledger import NEVER, Ask, Entry, Item, Ledger

if TYPE_CHECKING:
    from sim.scenario import Scenario

Line = tuple[tuple[float, float], ...]
STATES = {"waiting": "waiting", "deferred": "put off", "prototype": "prototype", "declined": "refused", "withdrawn": "gone"}


@dataclass(frozen=True)
class Lines:
    """Pairs of (day, value) for each day that has begun, and for today.

    Attributes
    ----------
    scope, done
        Estimated person-days of the plan and of all that was agreed to beside it; of them what is done.
    cost
        k€ paid for people, overtime included; the AI aid comes on top.
    forecast
        At each decision: the day by which all open work would be done.
    """

    scope: Line
    done: Line
    cost: Line
    forecast: Line


@dataclass(frozen=True)
class Said:
    """An answer that was given, and what came of it at once."""

    day: float
    answer: str
    outcome: str


@dataclass(frozen=True)
class Row:
    """A request as it stands.

    Attributes
    ----------
    number, group, arrived
        Its number by appearance; who asks; when.
    state
        waiting, put off, prototype, in work, delivered, given up, refused or gone (the customer gave up).
    stated, effort
        Worth in k€/pd that the customer claims and person-days as they were estimated at the last look; None before the first.
    answers
        What was said to it so far.
    promised, delivered
        Days; None where there is none.
    """

    number: int
    group: str
    arrived: float
    state: str
    stated: float | None
    effort: float | None
    answers: tuple[Said, ...]
    promised: float | None
    delivered: float | None


@dataclass(frozen=True)
class Room:
    """What everybody knows by a day."""

    day: float
    lines: Lines
    requests: tuple[Row, ...]


def room_of(ledger: Ledger, scenario: Scenario, day: float) -> Room:
    """What everybody knows of a logged run by a day, up to which its ledger is written."""
    days = (*(float(whole) for whole in range(math.ceil(day))), day)
    lines = Lines(
        scope=_sums(days, ledger.items, lambda item: (item.admitted, item.closed if item.given_up else NEVER)),
        done=_sums(days, ledger.items, lambda item: (item.delivered, NEVER)),
        cost=_cost(days, ledger, scenario),
        forecast=tuple((entry.day, entry.project.forecast(0.0)) for entry in ledger.decisions))
    log: dict[int, list[Entry]] = {}
    for entry in ledger.decisions:
        log.setdefault(entry.request, []).append(entry)
    names = [name for name, _ in scenario.customers]
    rows = tuple(
        _row(number, names[ask.request.group], ask, log.get(ask.request.number, ()))
        for number, ask in enumerate(ledger.asks, start=1))
    return Room(day, lines, rows)


def numbers_by_appearance(ledger: Ledger) -> dict[int, int]:
    """The number that a player knows, by the number in the ledger."""
    return {ask.request.number: number for number, ask in enumerate(ledger.asks, start=1)}


def _sums(days: Sequence[float], items: Iterable[Item], span: Callable[[Item], tuple[float, float]]) -> Line:
    """Estimated effort of the items that count on each day: from one day on, and until another if that has come."""
    spans = [(*span(item), item.estimate) for item in items]
    return tuple(
        (day, math.fsum([effort for start, end, effort in spans if NEVER < start <= day and not NEVER < end <= day]))
        for day in days)


def _cost(days: Sequence[float], ledger: Ledger, scenario: Scenario) -> Line:
    surcharge = 1.0 + scenario.team.overtime_premium
    rates = [stint.day_rate for stint in ledger.staff]
    special = [
        (spell.start, spell.end, rates[spell.person] * (-1.0 if spell.use == "released" else (spell.speed - 1.0) * surcharge))
        for spell in ledger.spells if spell.use == "released" or spell.speed > 1.0]
    return tuple(
        (day, math.fsum([stint.day_rate * stint.days(0.0, day) for stint in ledger.staff]
                        + [rate * (min(end, day) - start) for start, end, rate in special if start < day]))
        for day in days)


def _row(number: int, group: str, ask: Ask, log: Sequence[Entry]) -> Row:
    item, seen = ask.item, log[-1].estimate if log else None
    return Row(
        number, group, ask.request.day, _state(ask), None if seen is None else seen.stated, None if seen is None else seen.effort,
        tuple(Said(entry.day, entry.decision.answer, entry.outcome) for entry in log),
        _day(NEVER if item is None else item.promised), _day(NEVER if item is None else item.delivered))


def _state(ask: Ask) -> str:
    if ask.item is None:
        return STATES[ask.status]
    return "given up" if ask.item.given_up else "delivered" if ask.item.delivered != NEVER else "in work"


def _day(day: float) -> float | None:
    return None if day == NEVER else day
