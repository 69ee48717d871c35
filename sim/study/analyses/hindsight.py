"""How much worse each policy does than one that knows the truth: regret against the clairvoyant."""

from __future__ import annotations

from sim.design.design import Names
from sim.stats.choosing.regret import regret as regret_of
from sim.study.analyses.analysis import Analysis, Search


def regret(metrics: Names, search: Search) -> None:
    """A table; the numbers speak for themselves."""
    search.add("regret", [(name, regret_of(rows, metrics, method="fitting")) for name, rows in search.by_scenario()])


REGRET = Analysis(
    key="regret", meaning="measures in which policies are held against the clairvoyant", asks=Names, find=regret, place=4,
    example=("net_benefit",),
    policies=("clairvoyant",))
