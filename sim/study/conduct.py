"""Conducting an experiment: run what is missing, judge, and write everything beside the results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim import show
from sim.runs.batch import Executors, rerun
from sim.runs.cluster import cluster_executor
from sim.runs.runner import cores, executor_for
from sim.runs.verify import Verification, verify
from sim.study.experiment_texts import kept
from sim.study.findings import Findings, find
from sim.study.plan import Plan, make_plan
from sim.study.plugin import load_plugins
from sim.study.run_plan import Effort, Tell, run_plan
from sim.study.verdicts_file import VERDICTS
from sim.toml.harmless import csv_frame

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.runs.results_folder import ResultsFolder

REPORT = "report.txt"
REPORT_WIDTH = 100


def conduct(
    plan: Plan, path: Path, executors: Executors, effort: Effort, *,
    executor: str, command: str, source: str, in_flight: int | None = None, tell: Tell | None = None, retry: bool = False,
) -> Findings:  # fmt: skip
    """Run what is missing, judge the hypotheses, and write ``verdicts.json``, ``report.txt`` and the tables as CSV.

    See `sim.study.run_plan.run_plan` for the parameters.
    """
    made: list[Findings] = []

    def finish(folder: ResultsFolder) -> None:
        made.append(find(plan, folder, effort))
        write_findings(made[0], folder)

    run_plan(plan, path, executors, effort, executor=executor, command=command, source=source, in_flight=in_flight, tell=tell,
             retry=retry, finish=finish)  # fmt: skip
    return made[0]


def write_findings(found: Findings, folder: ResultsFolder) -> None:
    """Put findings beside the results, each file whole or not at all."""
    for name, table in found.tables.items():
        folder.write_text(f"{name}.csv", csv_frame(table).to_csv(index=False))
    folder.write_text("failures.csv", csv_frame(found.failures).to_csv(index=False))
    folder.write_text(VERDICTS, found.answer.to_json() + "\n")
    folder.write_text(REPORT, show.text(found, REPORT_WIDTH) + "\n")


def executors_for(workers: int | None, cluster: str | None) -> tuple[Executors, str, int | None]:
    """What makes the executor, what to call it in the manifest, and how many spans should be in flight."""
    if cluster is not None:
        return partial(cluster_executor, cluster), f"Dask cluster at {cluster}", None
    n = workers or cores()
    return partial(executor_for, n), "this process" if n == 1 else f"{n} processes", 2 * n


def lent(executor: Executor) -> Executors:
    """An executor of somebody else's (MPI, dask-jobqueue), used and not shut down."""

    @contextmanager
    def lend() -> Iterator[Executor]:
        yield executor

    def executors() -> AbstractContextManager[Executor]:
        return lend()

    return executors


def plan_of_results(folder: ResultsFolder, plugins: list[str]) -> Plan:
    """The plan that results were made from, from the texts that were kept with them."""
    return make_plan(kept(folder.manifest, folder.path), load_plugins(plugins))


def verify_results(folder: ResultsFolder, sample: int, plugins: list[str]) -> tuple[Verification, list[str]]:
    """Run sampled replications again; also, in words, whatever is otherwise today than when the results were made."""
    from dataclasses import replace

    plan = plan_of_results(folder, plugins)
    today = replace(plan.origin(), points=folder.origin.points)
    return verify(folder, sample, rerun(plan.work_of)), list(folder.origin.differences(today))
