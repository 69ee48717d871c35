"""All luck of one replication, the same for every policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.model.signals import Signals
from sim.model.streams import Streams, luck_of_requests
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
        What blurs the judges' view of the requests of each customer group.
    ideas
        The same of the ideas.
    """

    tape: Tape
    truth: Truth
    signals: tuple[Signals, ...]
    ideas: Signals


def draw_from(tape: Tape, scenario: Scenario) -> Draw:
    """Turn a tape into the luck of a replication of a scenario.

    Raises
    ------
    LimitError
        Where that would be too much to draw; see `sim.model.truth.MOST_ARRIVALS`.
    """
    truth = draw_truth(scenario, tape)
    signals = []
    for (name, group), occasions in zip(scenario.customers, truth.occasions, strict=True):
        luck = luck_of_requests(tape, name, len(group.opening), sum(len(occasion.requests) for occasion in occasions))
        signals.append(Signals(scenario.evaluation, len(scenario.judges), luck, group.need_share))
    ideas = Signals(
        scenario.evaluation, len(scenario.judges), Streams(tape, "idea", len(truth.ideas)), scenario.customers[0][1].need_share)
    return Draw(tape, truth, tuple(signals), ideas)
