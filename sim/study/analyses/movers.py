"""Which factors move a measure, or the difference between two policies."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from sim.design.design import Design, Names
from sim.scenario.assumption import Name
from sim.stats.regions.sensitivity import Analyse, Sensitivity, morris_effects, sobol_indices
from sim.study.analyses.analysis import Analysis, Question, Search

if TYPE_CHECKING:
    import pandas as pd

METHODS: Mapping[str, Analyse] = {"morris": morris_effects, "saltelli": sobol_indices}
"""The arithmetic that each design is made for."""
DOMINATES, ENOUGH = 0.5, 0.1
"""Shares of luck in the variance between design points: from which it is warned of, and at which it would be little."""


class SensitivityTable(Question):
    """Which factors move a measure, or the difference between two policies (morris, saltelli)."""

    policy: Name = Field(description="under which policy")
    against: Name | None = Field(default=None, description="of the difference to which other policy")

    def policies(self) -> Names:
        return (self.policy,) if self.against is None else (self.policy, self.against)


def sensitivity(asked: Sequence[SensitivityTable], search: Search) -> None:
    """One table; the five factors that matter most are named, and what a reader must know before believing it."""
    plan = search.plan
    analyse = METHODS[plan.experiment.design.kind]
    parts = []
    for one in asked:
        for name in plan.scenarios:
            points = [point for point in plan.points if point.scenario == name]
            seen = analyse(search.frame, points, plan.factors, one.metric, one.policy, one.against)
            what = f"{one.metric} of {one.policy}" + (f" against {one.against}" if one.against else "")
            parts.append((name, seen.table.assign(answer=what, noise_share=seen.noise.share)))
            search.sentences.append(f"{name}, {seen.method}, {what}: {_leaders(seen.table)}.")
            search.notes += [f"{name}, {what}: {warning}" for warning in warnings_of(seen)]
    search.add("sensitivity", parts)


def _leaders(table: pd.DataFrame) -> str:
    """The factors that matter most, with their intervals."""
    size = "total" if "total" in table.columns else "mu_star"
    leading = table.sort_values(size, ascending=False).head(5)
    return ", ".join(f"{row['factor']} {row[size]:.3g} {_limits(row[f'{size}_low'], row[f'{size}_high'])}"
                     for _, row in leading.iterrows())


def _limits(low: float, high: float) -> str:
    """The interval; none where resampling found some sample in which nothing but noise varies."""
    return f"[{low:.3g}, {high:.3g}]" if math.isfinite(low) and math.isfinite(high) else "(no interval)"


def warnings_of(seen: Sensitivity) -> Iterator[str]:
    """What a reader must know before believing an index."""
    noise = seen.noise
    if noise.variance_of_means == 0.0:
        yield "All design points give the same mean: there is nothing to explain."
    elif noise.replications < 2:
        yield "One replication a point: noise cannot be told from effects of the factors. Run at least two."
    elif noise.share > DOMINATES:
        needed = noise.needed(ENOUGH)
        more = f"About {math.ceil(needed)}" if math.isfinite(needed) else "No number that can be foretold of"
        yield (f"Noise dominates: {100 * noise.share:.0f}% of the variance between design points is luck. {more} replications "
               f"a point would bring that down to about {100 * ENOUGH:.0f}%.")
    if not seen.known and noise.replications >= 2:
        yield "The variance between design points is not larger than the noise: no index can be given."


def _refuses(design: Design) -> str:
    return "" if design.kind in METHODS else f"sensitivity is asked of designs {' and '.join(METHODS)}"


SENSITIVITY = Analysis(
    key="sensitivity", meaning="answers to be explained", asks=tuple[SensitivityTable, ...], find=sensitivity, place=7,
    example=({"metric": "delay", "policy": "always-accept", "against": "co-evaluated"},),
    refuses=_refuses)
