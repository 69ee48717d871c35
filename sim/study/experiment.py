"""The experiment file: a question with its scenarios, policies, design, precision and hypotheses, as one frozen value.

Read and validated like a scenario. A file by itself never runs code: policies are names, parts, or TOML files of parts;
policies written in Python come from a ``--plugin`` that whoever runs the experiment names.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from sim.design import AnyDesign
from sim.design.as_it_is import AsItIs
from sim.design.design import Names, choice
from sim.design.factor import Factor
from sim.policies.policy_file import PolicyTable
from sim.runs.limits import MOST_REPLICATIONS
from sim.scenario import Frozen, Name
from sim.study.analyses import AnalysisTable
from sim.study.claim import About, Hypothesis, Kind

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Level = bool | int | float | str


def _as_tuple(value: Any) -> Any:
    """TOML has lists, values are frozen."""
    return tuple(_as_tuple(entry) for entry in value) if isinstance(value, list) else value


Key = Annotated[Name | Names, BeforeValidator(_as_tuple)]
Levels = Annotated[tuple[Level | tuple[Level, ...], ...], BeforeValidator(_as_tuple)]
End = Annotated[float | tuple[float, ...] | None, BeforeValidator(_as_tuple)]


class FactorTable(Frozen):
    """What is varied: a dotted key (or several that move together), over levels or over a range."""

    key: Key = Field(description="dotted key of a scenario, policy.NAME.SETTING, or a list of such keys")
    levels: Levels = Field(default=(), description="the values; or a range instead")
    low: End = Field(default=None, description="lower end of the range")
    high: End = Field(default=None, description="upper end of the range")
    scale: Literal["linear", "log"] = Field(default="linear", description="how the range is divided")
    integer: bool = Field(default=False, description="whether the range has whole numbers only")

    def made(self) -> Factor:
        """As the designs want it."""
        return Factor(**dict(self))


class PrecisionTable(Frozen):
    """How many replications: a fixed number, or until the paired differences to the reference are as sure as was asked."""

    replications: int = choice(
        100, "replications at each design point; with half-widths the floor", "replications", 2, MOST_REPLICATIONS)
    quick: int = choice(20, "the same with --quick, without half-widths", "replications", 2, MOST_REPLICATIONS)
    half_width: dict[Name, float] = Field(
        default={}, description="half-width asked of the paired difference to the reference, by metric, in the metric's unit")
    relative: dict[Name, float] = Field(default={}, description="the same as a share of the reference's mean")
    budget: int = choice(1000, "most replications at a design point, with half-widths", "replications", 2, MOST_REPLICATIONS)
    batch: int = choice(10, "replications are added in multiples of this", "replications", 1, 10_000)

    @property
    def sequential(self) -> bool:
        """Whether half-widths decide."""
        return bool(self.half_width or self.relative)


class RegionTable(Frozen):
    """Limits of a factor, ends included."""

    factor: Name = Field(description="dotted key of the design")
    low: float = Field(default=-1e300, description="from")
    high: float = Field(default=1e300, description="to")


class HypothesisTable(Frozen):
    """A claim that the replications can refute."""

    name: Name = Field(description="a short name")
    statement: Sentence = Field(description="the claim in words")
    metric: Name = Field(description="which measure")
    kind: Kind = Field(description="what is claimed of the policy")
    policy: Name = Field(description="which policy")
    against: Name | None = Field(default=None, description="compared with which policy")
    factor: Name | None = Field(default=None, description="or (or as well): from the low to the high end of which factor")
    smallest_effect: float = choice(0.0, "differences up to this do not matter", "metric", 0, 1e12)
    margin: float | None = Field(default=None, description='the same for kind "equivalent", above 0')
    relative: bool = Field(default=False, description="whether these are shares of the reference's mean")
    scenarios: Names = Field(default=(), strict=False, description="where it is claimed; empty: in all")
    region: tuple[RegionTable, ...] = Field(default=(), strict=False, description="within which limits of the factors")
    points: Names = Field(default=(), strict=False, description="at design points of these labels; empty: all")
    about: About = Field(
        default="claim", description="claim: what the question claims; boundary: where the claim should fail")

    def made(self) -> Hypothesis:
        """As the statistics want it."""
        region = tuple((limits.factor, limits.low, limits.high) for limits in self.region)
        return Hypothesis(**dict(self) | {"region": region})


class Experiment(Frozen):
    """A question and how it is answered."""

    name: Name = Field(description="a short name, for folders")
    question: Sentence = Field(description="the question in words")
    expectation: str = Field(default="", max_length=4000, description="what is claimed, by whom, and where it should fail")
    scenarios: Names = Field(default=("ai-project",), strict=False, min_length=1, max_length=50, description="names or files")
    set: dict[Name, Any] = Field(default={}, description="dotted keys set in every scenario")
    policies: Names = Field(
        default=("always-accept", "co-evaluated"), strict=False, min_length=1, max_length=100,
        description="names, name:setting=value, names of [policy.NAME] tables, TOML files of parts, or names of a plugin")
    policy: dict[Name, PolicyTable] = Field(default={}, max_length=50, description="policies made of parts, by name")
    reference: Name = Field(default="always-accept", description="the policy that differences are taken to")
    metrics: Names = Field(
        default=("delay", "cost", "innovation", "benefit", "satisfaction"), strict=False, min_length=1, max_length=40,
        description="measures that are shown")
    seed: int = choice(1, "fixes all luck", "1", 0, 2**32 - 1)
    factors: tuple[FactorTable, ...] = Field(default=(), strict=False, max_length=60, description="what is varied")
    design: AnyDesign = AsItIs(kind="none")
    precision: PrecisionTable = PrecisionTable()
    hypotheses: tuple[HypothesisTable, ...] = Field(default=(), strict=False, max_length=200, description="the claims")
    analysis: AnalysisTable = AnalysisTable()

    @model_validator(mode="after")
    def _fits_together(self) -> Experiment:
        from sim.study.experiment_checks import check_consistency

        check_consistency(self)
        return self

    def policy_names(self) -> list[str]:
        """All policies that are named, by the list of policies or by the design."""
        return list(dict.fromkeys([*self.policies, *self.design.policies().values()]))

    def digest(self) -> str:
        """SHA-256 of what is asked, precision left out: more replications extend an answer, they do not change the question.

        What is left at its default is left out, so that no new setting makes an old answer another one.
        """
        content = self.model_dump(mode="json", exclude={"precision"}, exclude_defaults=True)
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
