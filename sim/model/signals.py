"""What blurs each judge's view of each request of a group: the same under every policy, worked out when first asked for.

A judge sees two questions apart: how great is the need, and how well does what is asked for meet it?
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sim.model import effects

if TYPE_CHECKING:
    from sim.model.streams import Streams
    from sim.scenario import Evaluation


class Blur:
    """Errors of all judges about one question, standard normal, one for each request of a group.

    Parameters
    ----------
    luck
        The streams of the group's requests; nothing is drawn before it is needed.
    question
        "need" or "fit".
    judges
        How many experts judge.
    correlation
        Between the errors of any two judges.
    asked
        Whether the question matters; where it does not, nobody errs.
    """

    def __init__(self, luck: Streams, question: str, judges: int, correlation: float, asked: bool) -> None:
        self.luck, self.question, self.judges, self.correlation, self.asked = luck, question, judges, correlation, asked

    @cached_property
    def customer(self) -> list[float]:
        """Errors of the customer."""
        return self._errors("customer")

    @cached_property
    def experts(self) -> list[tuple[float, ...]]:
        """For each request the error of each expert."""
        return list(zip(*(self._errors("expert", judge) for judge in range(self.judges)), strict=True))

    @cached_property
    def ai(self) -> list[float]:
        """Errors of the AI aid."""
        return self._errors("ai")

    def _errors(self, *judge: str | int) -> list[float]:
        luck, rho = self.luck, self.correlation
        if not self.asked:
            return [0.0] * luck.count
        both = zip(luck.normal("error", "common", self.question), luck.normal("error", *judge, self.question), strict=True)
        return [effects.shared_error(common, own, rho) for common, own in both]


class Signals:
    """The luck of a group's requests, and what blurs the judges' view of their need and of their fit."""

    def __init__(self, terms: Evaluation, judges: int, luck: Streams, need_share: float) -> None:
        self.luck = luck
        self.need = Blur(luck, "need", judges, terms.error_correlation, need_share > 0.0)
        self.fit = Blur(luck, "fit", judges, terms.error_correlation, need_share < 1.0)
