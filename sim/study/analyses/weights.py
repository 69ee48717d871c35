"""Who comes first how often when nobody knows what weight each measure deserves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.design.design import Names
from sim.stats.choosing.ranking import first_under_weights
from sim.study.analyses.analysis import Analysis, Found, adoptable, by_scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.plan import Plan


def weights(metrics: Names, plan: Plan, frame: pd.DataFrame, found: Found) -> None:
    """Policies that come first in 5% of the weightings are named."""
    parts = []
    for name, rows in by_scenario(plan, frame):
        table = first_under_weights(rows, metrics, adoptable(plan))
        parts.append((name, table))
        first = [f"{row['policy']} {100 * row['first']:.0f}% [{100 * row['first_low']:.0f}, {100 * row['first_high']:.0f}]"
                 for _, row in table.iterrows() if row["first"] >= 0.05]
        found.sentences.append(f"{name}: with weights unknown on {', '.join(metrics)}, first comes {', '.join(first)}.")
    found.add("weights", parts)


WEIGHTS = Analysis(
    key="weights", meaning="measures whose weights nobody knows: who comes first how often?", asks=Names, find=weights, place=2,
    example=("delay", "cost"))
