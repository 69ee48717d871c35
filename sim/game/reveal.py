"""The reveal: what each request was in truth, and what became of it under each of several runs on the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.game.room import numbers_by_appearance

if TYPE_CHECKING:
    from sim.model.ledger import Ask
    from sim.runs.simulate import Run

FORMS = {"as asked": "yes", "reshaped": "core", "counter-proposal": "other"}


@dataclass(frozen=True)
class Truth:
    """A request after the game.

    Attributes
    ----------
    number
        By appearance in the first run; of what was not asked there, the numbers go on.
    effort, benefit, gain
        Person-days; k€ that it brings as asked and in time, and what is left of it once it is built.
    feasible, worthy
        Whether it can be built as asked; whether it is worth building.
    answers
        For each run: yes, core, other, no, gone (the customer gave up), open (no answer at the end), or "" where nobody asked.
    """

    number: int
    effort: float
    benefit: float
    gain: float
    feasible: bool
    worthy: bool
    answers: tuple[str, ...]


def reveal(runs: Sequence[Run]) -> tuple[Truth, ...]:
    """The truth of all requests of some runs on the same luck; the first one's in the order in which they came up there."""
    asked = [{ask.request.number: ask for ask in run.ledger.asks} for run in runs]
    numbers = numbers_by_appearance(runs[0].ledger)
    others = sorted(set().union(*asked) - set(numbers))
    numbers |= {number: len(numbers) + at for at, number in enumerate(others, start=1)}
    bar = runs[0].scenario.bar
    found = []
    for number, shown in numbers.items():
        request = next(asks[number] for asks in asked if number in asks).request
        worthy = request.feasible and request.worth > bar
        benefit = request.benefit if request.feasible else 0.0
        answers = tuple(_answer(asks.get(number)) for asks in asked)
        found.append(Truth(
            shown, request.effort, benefit, benefit - bar * request.effort, request.feasible, worthy, answers))
    return tuple(found)


def _answer(ask: Ask | None) -> str:
    if ask is None:
        return ""
    if ask.item is not None:
        return FORMS[ask.item.form]
    return {"declined": "no", "withdrawn": "gone"}.get(ask.status, "open")
