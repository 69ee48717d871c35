"""Who is not beaten in all of some measures: the Pareto front."""

from __future__ import annotations

from sim.design.design import Names
from sim.stats.choosing.pareto import pareto_front
from sim.study.analyses.analysis import Analysis, Search


def trade_off(metrics: Names, search: Search) -> None:
    """Needs three policies and two measures; with fewer there is no front to speak of."""
    if len(search.adoptable) < 3 or len(metrics) < 2:
        return
    parts = []
    for name, rows in search.by_scenario():
        table = pareto_front(rows, metrics, search.adoptable)
        parts.append((name, table))
        on = [f"{policy} ({100 * share:.0f}%)" for policy, share in
              zip(table["policy"], table["probability"], strict=True) if share >= 0.5]
        search.sentences.append(f"{name}: nobody is better in all of {', '.join(metrics)} than {', '.join(on) or 'some policy'} "
                               "(share of resamples on the Pareto front).")
    search.add("pareto", parts)


TRADE_OFF = Analysis(
    key="pareto", meaning="measures of the trade-off: who is not beaten in all of them?", asks=Names, find=trade_off, place=1,
    example=("delay", "cost"),
    default=("delay", "cost", "innovation"))
