"""The tables that every experiment gets: levels, differences to the reference, and these at each design point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.errors import StudyError
from sim.stats.choosing.many import against_reference
from sim.stats.means import CONFIDENCE, corrected, mean_interval
from sim.stats.paired_effects import paired
from sim.study.analyses.analysis import Search


def levels(search: Search) -> None:
    """Mean, standard deviation and number at each design point."""
    plan, metrics = search.plan, list(search.plan.experiment.metrics)
    table = search.frame.groupby(["scenario", "point", "policy"], sort=False)[metrics].agg(["mean", "std", "count"])
    table.columns = [metric if what == "mean" else f"{metric}_{what}" for metric in metrics for what in ("mean", "std", "count")]
    labels = {point.number: point.label for point in plan.points}
    table = table.reset_index()
    table.insert(2, "label", table["point"].map(labels))
    search.tables["levels"] = table


def differences(search: Search) -> None:
    """Paired differences to the reference with simultaneous intervals, over all design points of each scenario."""
    asked = search.plan.experiment
    parts = []
    for name, rows in search.by_scenario():
        if rows["policy"].nunique() < 2:
            continue
        for metric in asked.metrics:
            try:
                table = against_reference(rows, metric, asked.reference, method="fitting")
            except StudyError as error:
                search.notes.append(f"differences in {metric}, {name}: {error}")
                continue
            parts.append((name, table.assign(metric=metric)))
    search.add("differences", parts)


def by_point(search: Search) -> None:
    """Paired difference to the reference at each design point, corrected for the policies compared there."""
    import pandas as pd

    plan, rows = search.plan, []
    reference = plan.experiment.reference
    if len(plan.points) == len(plan.scenarios):
        return
    labels = {point.number: point.label for point in plan.points}
    others = [policy.name for policy in plan.policies if policy.name != reference]
    level = corrected(CONFIDENCE, len(others)) if others else CONFIDENCE
    for metric in plan.experiment.metrics:
        for name in others:
            table = paired(search.frame, metric, name, reference)
            for point, gaps in zip(table.index, table.to_numpy(dtype="float64"), strict=True):
                n, mean, low, high = mean_interval(gaps[~np.isnan(gaps)], level)
                rows.append((plan.points[point].scenario, point, labels[point], name, metric, n, mean, low, high))
    search.tables["by_point"] = pd.DataFrame(
        rows, columns=["scenario", "point", "label", "policy", "metric", "n", "difference", "low", "high"])


STANDARD_TABLES: tuple[Callable[[Search], None], ...] = (levels, differences, by_point)
