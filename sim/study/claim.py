"""A hypothesis: a claim that replications can refute, as data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from sim.errors import StudyError

Kind = Literal["less", "greater", "equivalent"]
About = Literal["claim", "boundary"]


@dataclass(frozen=True)
class Hypothesis:
    """A claim that the replications can refute, with the fields of ``[[hypotheses]]``; `HypothesisTable` says what each one is.

    Compared are `policy` and `against`, or the high end of `factor` and its low end; with both, what changes with the factor is
    the paired difference of the two policies. Where `relative`, then `smallest_effect`, `margin` and the effect are shares of the
    size of the reference's mean: that of `against`, or with a factor that at the low end. `region` has (factor, low, high).

    Raises
    ------
    StudyError
        Where the parts do not make a claim.
    """

    name: str
    statement: str
    metric: str
    kind: Kind
    policy: str
    against: str | None = None
    factor: str | None = None
    smallest_effect: float = 0.0
    margin: float | None = None
    relative: bool = False
    scenarios: tuple[str, ...] = ()
    region: tuple[tuple[str, float, float], ...] = ()
    points: tuple[str, ...] = ()
    about: About = "claim"

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise StudyError(f"hypothesis {self.name}: kind {self.kind!r} is not one of {', '.join(get_args(Kind))}")
        if self.against is None and self.factor is None:
            raise StudyError(f"hypothesis {self.name}: another policy (against) or a factor is needed")
        if self.against == self.policy:
            raise StudyError(f"hypothesis {self.name}: {self.policy} is compared with itself")
        if not 0.0 <= self.smallest_effect < math.inf:
            raise StudyError(f"hypothesis {self.name}: smallest_effect = {self.smallest_effect} — at least 0 is needed")
        if (self.kind == "equivalent") != (self.margin is not None):
            raise StudyError(f'hypothesis {self.name}: a margin belongs to kind "equivalent", and to no other')
        if self.margin is not None and not 0.0 < self.margin < math.inf:
            raise StudyError(f"hypothesis {self.name}: margin = {self.margin} — a number above 0 is needed")
        if self.relative and self.factor and self.against:
            raise StudyError(f"hypothesis {self.name}: relative to what? A factor and another policy need metric units")

    @property
    def bar(self) -> float:
        """What the effect is held against: the margin or the smallest effect."""
        return self.smallest_effect if self.margin is None else self.margin

    @property
    def sign(self) -> int:
        """-1 where less is claimed."""
        return -1 if self.kind == "less" else 1
