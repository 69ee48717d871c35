"""A verdict: what the replications say about one hypothesis. It writes itself to ``verdicts.json`` and reads itself from there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, computed_field

from sim import show
from sim.stats.holm import Limits
from sim.stats.means import Interval
from sim.study.claim import About, Kind

if TYPE_CHECKING:
    import pandas as pd

Ruling = Literal["supported", "contradicted", "equivalent", "inconclusive"]
Number = Annotated[float, BeforeValidator(lambda value: math.nan if value is None else value)]
"""JSON has no NaN: a number that is none is null there."""
RELATIVE = "of the reference"
"""The unit of an effect that is told as a share of the reference's mean."""


class Verdict(BaseModel):
    """What the replications say about one hypothesis.

    Effects and limits are in the metric's unit, or shares of the reference's mean where `unit` says so. In files and tables
    `ruling` is called "verdict", `kind` "claim", `mean` "effect" and `better` "superiority".

    Attributes
    ----------
    hypothesis, statement, about, metric, unit, kind, smallest_effect
        What was claimed (see `sim.study.claim.Hypothesis`); with kind "equivalent" the smallest effect is the margin.
    compared
        What was compared, in words.
    ruling, reason
        What became of the claim, and why nothing could be judged ("" otherwise).
    mean, low, high
        Mean paired difference with its own t-interval (not corrected): within a replication the design points are averaged
        with equal weight, then replications.
    together_low, together_high
        The interval that holds for all hypotheses of the file together; the ruling is read off it.
    p_value
        Holm-adjusted: the smallest 1 - confidence at which the claim is supported.
    better, superiority_low, superiority_high
        Chance that in a single run the policy does better than the other with the same luck (ties count half; better is
        the metric's own direction, without one: the claimed one), averaged over points, with Wilson's interval, which is
        cautious for such averages. With a factor: that a replication's own change is for the better.
    replications, points
        Replications at the design point that has the fewest; design points it is about.
    smallest_at_a_point, largest_at_a_point
        Smallest and largest effect of a single design point (NaN with a factor); luck included, so wider than the truth.
    pairs, left_out
        Paired runs used (None: a file of an earlier version does not say), and those left out because a metric has no meaning
        in one of them or a run is missing.
    censored
        Runs behind it that were not done at the horizon; None if the frame does not say.
    words
        All of it in a few sentences.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, ser_json_inf_nan="null")

    hypothesis: str
    statement: str
    about: About = "claim"
    ruling: Ruling = Field(alias="verdict")
    metric: str
    unit: str
    kind: Kind = Field(alias="claim")
    compared: str
    smallest_effect: float
    mean: Number = Field(alias="effect")
    low: Number
    high: Number
    together_low: Number
    together_high: Number
    p_value: Number
    better: Number = Field(alias="superiority")
    superiority_low: Number
    superiority_high: Number
    replications: int
    points: int
    smallest_at_a_point: Number
    largest_at_a_point: Number
    pairs: int | None = None
    left_out: int
    censored: int | None
    reason: str

    @property
    def effect(self) -> Interval:
        """The mean with its own interval."""
        return Interval(self.replications, self.mean, self.low, self.high)

    @property
    def together(self) -> Limits:
        """The interval that the ruling is read off."""
        return Limits(self.together_low, self.together_high)

    @property
    def superiority(self) -> Interval:
        """The chance of doing better, with its interval."""
        return Interval(self.replications, self.better, self.superiority_low, self.superiority_high)

    @property
    def spread(self) -> Limits:
        """The smallest and the largest effect of a single design point."""
        return Limits(self.smallest_at_a_point, self.largest_at_a_point)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def words(self) -> str:
        """All of it in a few sentences."""
        return show.text(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdict) and repr(self.__dict__) == repr(other.__dict__)  # NaN is the same as NaN here

    def __hash__(self) -> int:
        return hash(self.hypothesis)

    def __repr__(self) -> str:
        return f"<Verdict {self.words}>"


class Verdicts(tuple[Verdict, ...]):
    """The verdicts of one experiment; a tuple that shows itself as a table."""

    __slots__ = ()

    @property
    def table(self) -> pd.DataFrame:
        """One row a hypothesis, columns as in ``verdicts.json``."""
        import pandas as pd

        return pd.DataFrame([verdict.model_dump(by_alias=True, exclude={"words"}) for verdict in self])

    def __repr__(self) -> str:
        return show.text(self)

    def _repr_html_(self) -> str:
        return show.html(self)
