"""All luck of one replication, the same for every policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.model.signals import Signals
from sim.model.streams import Streams
from sim.model.truth import Truth, draw_truth

if TYPE_CHECKING:
    from sim.model.tape import Tape
    from sim.scenario import Scenario


class Draw(NamedTuple):
    """The luck of one replication.

    Attributes
    ----------
    tape
        The random numbers.
    truth
        What they decide before any policy acts.
    signals
        What judges would see of the requests of each customer group.
    """

    tape: Tape
    truth: Truth
    signals: tuple[Signals, ...]


def draw_from(tape: Tape, scenario: Scenario) -> Draw:
    """Turn a tape into the luck of a replication of a scenario.

    Raises
    ------
    LimitError
        Where that would be too much to draw; see `sim.model.truth.MOST_ARRIVALS`.
    """
    truth = draw_truth(scenario, tape)
    signals = []
    for (name, _), occasions in zip(scenario.customers, truth.occasions, strict=True):
        merits = [request.merit for occasion in occasions for request in occasion.requests]
        luck = Streams(tape, f"request/{name}", len(merits))
        signals.append(Signals(scenario.evaluation, len(scenario.judges), luck, merits))
    return Draw(tape, truth, tuple(signals))
