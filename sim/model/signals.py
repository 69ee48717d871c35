"""What each judge would see of each request of a group: the same under every policy, worked out when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sim.model import effects

if TYPE_CHECKING:
    from sim.model.streams import Streams
    from sim.scenario import Evaluation


class Signals:
    """Signals of merit, in standard deviations, one for each request of a group.

    Parameters
    ----------
    terms
        Qualities and biases of the judges.
    judges
        How many experts judge.
    luck
        The streams of the group's requests; nothing is drawn before it is needed.
    merits
        True merits of the requests.
    """

    def __init__(self, terms: Evaluation, judges: int, luck: Streams, merits: Sequence[float]) -> None:
        self.terms = terms
        self.judges = judges
        self.luck = luck
        self.merits = merits

    @cached_property
    def customer_errors(self) -> list[float]:
        """Errors of the customer's judgement; how much they blur depends on what he discloses at the time."""
        return self._errors("customer")

    @cached_property
    def experts(self) -> list[list[float]]:
        """For each request what each expert sees."""
        columns = [
            [signal + self.terms.expert_bias for signal in self._signals(self.terms.expert_quality, "expert", judge)]
            for judge in range(self.judges)]
        return [list(seen) for seen in zip(*columns, strict=True)]

    @cached_property
    def experts_together(self) -> list[float]:
        """What the experts see together, each weighing the same."""
        if self.judges == 1:
            return [seen for seen, in self.experts]
        coefficients = effects.pooling_coefficients(
            [self.terms.expert_quality] * self.judges, [1.0] * self.judges, self.terms.error_correlation, self.terms.facilitation)
        return [effects.pooled(coefficients, seen) for seen in self.experts]

    @cached_property
    def ai_quality(self) -> float:
        """Quality of the AI aid's judgement."""
        return min(max(self.terms.expert_quality + self.terms.ai_gain, 0.0), 1.0)

    @cached_property
    def ai(self) -> list[float]:
        """What the AI aid sees."""
        return self._signals(self.ai_quality, "ai")

    def _signals(self, quality: float, *judge: str | int) -> list[float]:
        return [
            effects.signal(quality, merit, error) for merit, error in zip(self.merits, self._errors(*judge), strict=True)]

    def _errors(self, *judge: str | int) -> list[float]:
        rho = self.terms.error_correlation
        both = zip(self.luck.normal("error", "common"), self.luck.normal("error", *judge), strict=True)
        return [effects.shared_error(common, own, rho) for common, own in both]
