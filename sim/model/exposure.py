"""What a customer group has been exposed to so far, and what it understands by that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model import effects

if TYPE_CHECKING:
    from sim.scenario.understanding import Understanding


class Exposure:
    """Exposure of one group: grows at once by what it lives through, and over time by the calendar; is forgotten over time.

    Between two reads it is solved exactly, so that how often it is read changes nothing but rounding.
    """

    __slots__ = ("_amount", "_since", "terms")

    def __init__(self, terms: Understanding) -> None:
        self.terms = terms
        self._amount = 0.0
        self._since = 0.0

    def add(self, amount: float, now: float) -> None:
        """Live through something at time `now`."""
        self._amount = self._at(now) + amount
        self._since = now

    def understanding(self, now: float) -> float:
        """What the group understands at time `now`, on [0, 1]."""
        return effects.understanding(self.terms.start, self._at(now))

    def _at(self, now: float) -> float:
        return effects.exposure_after(self._amount, now - self._since, self.terms.calendar, self.terms.forgetting)
