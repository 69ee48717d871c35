"""The experiment file: a question with its scenarios, policies, design, precision and hypotheses, as one frozen value.

Read and validated like a scenario. A file by itself never runs code: policies are names, parts, or TOML files of parts;
policies written in Python come from a ``--plugin`` that whoever runs the experiment names.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from sim.design import Factor
from sim.policies.policy_file import PolicyTable
from sim.scenario import Frozen, Name
from sim.scenario.assumption import assumption
from sim.study.claim import Hypothesis

CHOICE = "a choice of the experimenter"
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Names = tuple[Name, ...]
Level = bool | int | float | str


def _as_tuple(value: Any) -> Any:
    """TOML has lists, values are frozen."""
    return tuple(_as_tuple(entry) for entry in value) if isinstance(value, list) else value


Key = Annotated[Name | Names, BeforeValidator(_as_tuple)]
Levels = Annotated[tuple[Level | tuple[Level, ...], ...], BeforeValidator(_as_tuple)]
End = Annotated[float | tuple[float, ...] | None, BeforeValidator(_as_tuple)]


def _choice(default: Any, meaning: str, unit: str, low: float, high: float) -> Any:
    return assumption(default, meaning, unit=unit, low=low, high=high, source=CHOICE, evidence="project")


class FactorTable(Frozen):
    """What is varied: a dotted key (or several that move together), over levels or over a range."""

    key: Key = Field(description="dotted key of a scenario, policy.NAME.SETTING, or a list of such keys")
    levels: Levels = Field(default=(), max_length=1000, description="the values, at most 1,000; or a range instead")
    low: End = Field(default=None, description="lower end of the range")
    high: End = Field(default=None, description="upper end of the range")
    scale: Literal["linear", "log"] = Field(default="linear", description="how the range is divided")
    integer: bool = Field(default=False, description="whether the range has whole numbers only")

    def made(self) -> Factor:
        """As the designs want it."""
        return Factor(self.key, self.levels, self.low, self.high, self.scale, self.integer)


class DesignTable(Frozen):
    """How the factors are combined into design points."""

    kind: Literal[
        "none", "sweep", "factorial", "fractional", "table", "latin", "saltelli", "morris", "anatomy", "knock-out"
    ] = Field(default="none", description="none: the scenarios as they are; the others as docs/studies.md tells")
    steps: int = _choice(5, "for sweep, factorial: values of a factor that has a range", "values", 2, 100)
    samples: int = _choice(64, "points (latin), base samples (saltelli), trajectories (morris); in all at most 100,000 points",
                           "points", 2, 100_000)  # fmt: skip
    seed: int = _choice(1, "of the sampling of points; has nothing to do with the replications", "1", 0, 2**32 - 1)
    grid: int = _choice(4, "for morris: levels of each factor", "levels", 2, 100)
    generators: Names = Field(default=(), strict=False, description='for fractional: for example ["D=ABC"]')
    table: Name | None = Field(default=None, description="for table: a CSV file beside the experiment, one row a point")
    policy: Name = Field(default="co-evaluated", description="for anatomy: the policy that is taken apart")
    plain: Name = Field(default="always-accept", description="for anatomy: the policy that gives the replacements")
    swaps: dict[Name, Name] = Field(default={}, description="for anatomy: for a part, the policy that gives another one")
    mechanisms: Names = Field(default=(), strict=False, description="for knock-out: only these mechanisms; empty: all")


class PrecisionTable(Frozen):
    """How many replications: a fixed number, or until the paired differences to the reference are as sure as was asked."""

    replications: int = _choice(100, "replications at each design point; with half-widths the floor", "replications", 2, 1_000_000)
    quick: int = _choice(20, "the same with --quick, without half-widths", "replications", 2, 1_000_000)
    half_width: dict[Name, float] = Field(
        default={}, description="half-width asked of the paired difference to the reference, by metric, in the metric's unit")
    relative: dict[Name, float] = Field(default={}, description="the same as a share of the reference's mean")
    budget: int = _choice(1000, "most replications at a design point, with half-widths", "replications", 2, 1_000_000)
    batch: int = _choice(10, "replications are added in multiples of this", "replications", 1, 10_000)

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
    kind: Literal["less", "greater", "equivalent"] = Field(description="what is claimed of the policy")
    policy: Name = Field(description="which policy")
    against: Name | None = Field(default=None, description="compared with which policy")
    factor: Name | None = Field(default=None, description="or (or as well): from the low to the high end of which factor")
    smallest_effect: float = _choice(0.0, "differences up to this do not matter", "metric", 0, 1e12)
    margin: float | None = Field(default=None, description='the same for kind "equivalent", above 0')
    relative: bool = Field(default=False, description="whether these are shares of the reference's mean")
    scenarios: Names = Field(default=(), strict=False, description="where it is claimed; empty: in all")
    region: tuple[RegionTable, ...] = Field(default=(), strict=False, description="within which limits of the factors")
    points: Names = Field(default=(), strict=False, description="at design points of these labels; empty: all")
    about: Literal["claim", "boundary"] = Field(
        default="claim", description="claim: what the question claims; boundary: where the claim should fail")

    def made(self) -> Hypothesis:
        """As the statistics want it."""
        return Hypothesis(
            name=self.name, statement=self.statement, metric=self.metric, kind=self.kind, policy=self.policy,
            against=self.against, factor=self.factor, smallest_effect=self.smallest_effect, margin=self.margin,
            relative=self.relative, scenarios=self.scenarios,
            region=tuple((limits.factor, limits.low, limits.high) for limits in self.region), points=self.points)


class SelectTable(Frozen):
    """Selection of the best policy with a stated probability of being right (procedure KN)."""

    metric: Name = Field(description="by which measure")
    indifference: float = Field(gt=0, description="smallest difference of means worth telling apart, in the metric's unit")
    confidence: float = _choice(0.95, "probability of a right selection", "1", 0.5, 0.9999)
    scenario: Name | None = Field(default=None, description="in which scenario; none: the first")


class FlipTable(Frozen):
    """Where does the answer flip? For designs that cover a region (latin, saltelli)."""

    metric: Name = Field(description="by which measure")
    first: Name = Field(description="a policy")
    second: Name = Field(description="another policy")


class SensitivityTable(Frozen):
    """Which factors move a measure, or the difference between two policies (morris, saltelli)."""

    metric: Name = Field(description="which measure")
    policy: Name = Field(description="under which policy")
    against: Name | None = Field(default=None, description="of the difference to which other policy")


class Analysis(Frozen):
    """What is shown beside the verdicts, all of it exploratory."""

    pareto: Names = Field(default=("delay", "cost", "innovation"), strict=False, description="measures of the trade-off")
    weights: Names = Field(default=(), strict=False, description="measures whose weights nobody knows: who comes first how often?")
    success: bool = Field(default=False, description="do on-time/on-budget and the wider set of measures rank alike?")
    regret: Names = Field(default=(), strict=False, description="measures in which policies are held against the clairvoyant")
    select: tuple[SelectTable, ...] = Field(default=(), strict=False, description="selections of the best")
    flips: tuple[FlipTable, ...] = Field(default=(), strict=False, description="pairs of policies between which it may flip")
    sensitivity: tuple[SensitivityTable, ...] = Field(default=(), strict=False, description="answers to be explained")


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
    seed: int = _choice(1, "fixes all luck", "1", 0, 2**32 - 1)
    factors: tuple[FactorTable, ...] = Field(default=(), strict=False, max_length=60, description="what is varied")
    design: DesignTable = DesignTable()
    precision: PrecisionTable = PrecisionTable()
    hypotheses: tuple[HypothesisTable, ...] = Field(default=(), strict=False, max_length=200, description="the claims")
    analysis: Analysis = Analysis()

    @model_validator(mode="after")
    def _fits_together(self) -> Experiment:
        from sim.study.experiment_checks import check_consistency

        check_consistency(self)
        return self

    def digest(self) -> str:
        """SHA-256 of what is asked, precision left out: more replications extend an answer, they do not change the question."""
        content = self.model_dump(mode="json", exclude={"precision"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
