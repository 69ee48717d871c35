"""A comparison from a results folder: the runs are there, so that nothing is run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ResultsError
from sim.study.comparison import Comparison
from sim.study.conduct import plan_of_results

if TYPE_CHECKING:
    from sim.runs.results_folder import ResultsFolder


def comparison_of(folder: ResultsFolder, point: int, plugins: list[str]) -> Comparison:
    """The comparison at one design point of a study whose own policies come from these modules.

    Raises
    ------
    ResultsError
        Where there is no such point, or none of its runs.
    """
    if point not in set(folder.points["point"]):
        raise ResultsError(f"{folder.path}: design point {point} is not there; there are 0 to {len(folder.points) - 1}")
    plan = plan_of_results(folder, plugins)
    scenario, policies, seed = plan.work_of(point)
    frame, failures = folder.frame_and_failures()
    rows = frame[frame["point"] == point].drop(columns="point").reset_index(drop=True)
    if rows.empty:
        raise ResultsError(f"{folder.path}: design point {point} has no runs yet; run the experiment first")
    lost = failures[failures["point"] == point].drop(columns="point").reset_index(drop=True)
    names = [policy.name for policy in policies]
    reference = plan.experiment.reference if plan.experiment.reference in names else names[0]
    asked = max(int(folder.done.get(point, 0)), 1)
    return Comparison(scenario, tuple(policies), reference, seed, asked, rows, lost)
