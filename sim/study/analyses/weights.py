"""Who comes first how often when nobody knows what weight each measure deserves."""

from __future__ import annotations

from sim.design.design import Names
from sim.stats.choosing.ranking import first_under_weights
from sim.study.analyses.analysis import Analysis, Search


def weights(metrics: Names, search: Search) -> None:
    """Policies that come first in 5% of the weightings are named."""
    parts = []
    for name, rows in search.by_scenario():
        table = first_under_weights(rows, metrics, search.adoptable)
        parts.append((name, table))
        first = [f"{row['policy']} {100 * row['first']:.0f}% [{100 * row['first_low']:.0f}, {100 * row['first_high']:.0f}]"
                 for _, row in table.iterrows() if row["first"] >= 0.05]
        search.sentences.append(f"{name}: with weights unknown on {', '.join(metrics)}, first comes {', '.join(first)}.")
    search.add("weights", parts)


WEIGHTS = Analysis(
    key="weights", meaning="measures whose weights nobody knows: who comes first how often?", asks=Names, find=weights, place=2,
    example=("delay", "cost"))
