"""How much worse each policy does than one that knows the truth: regret against the clairvoyant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.design.design import Names
from sim.stats.choosing.regret import regret as regret_of
from sim.study.analyses.analysis import Analysis, Found, by_scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.plan import Plan


def regret(metrics: Names, plan: Plan, frame: pd.DataFrame, found: Found) -> None:
    """A table; the numbers speak for themselves."""
    found.add("regret", [(name, regret_of(rows, metrics, method="fitting")) for name, rows in by_scenario(plan, frame)])


REGRET = Analysis(
    key="regret", meaning="measures in which policies are held against the clairvoyant", asks=Names, find=regret, place=4,
    example=("net_benefit",),
    policies=("clairvoyant",))
