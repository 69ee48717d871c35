"""Who is not beaten in all of some measures: the Pareto front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.design.design import Names
from sim.stats.choosing.pareto import pareto_front
from sim.study.analyses.analysis import Analysis, Found, adoptable, by_scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.plan import Plan


def trade_off(metrics: Names, plan: Plan, frame: pd.DataFrame, found: Found) -> None:
    """Needs three policies and two measures; with fewer there is no front to speak of."""
    names = adoptable(plan)
    if len(names) < 3 or len(metrics) < 2:
        return
    parts = []
    for name, rows in by_scenario(plan, frame):
        table = pareto_front(rows, metrics, names)
        parts.append((name, table))
        on = [f"{policy} ({100 * share:.0f}%)" for policy, share in
              zip(table["policy"], table["probability"], strict=True) if share >= 0.5]
        found.sentences.append(f"{name}: nobody is better in all of {', '.join(metrics)} than {', '.join(on) or 'some policy'} "
                               "(share of resamples on the Pareto front).")
    found.add("pareto", parts)


TRADE_OFF = Analysis(
    key="pareto", meaning="measures of the trade-off: who is not beaten in all of them?", asks=Names, find=trade_off, place=1,
    example=("delay", "cost"),
    default=("delay", "cost", "innovation"))
