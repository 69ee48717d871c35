"""Conducting an experiment: run what is missing, judge, and write everything beside the results."""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim import show
from sim.runs.arithmetic import arithmetic
from sim.runs.cluster import cluster_executor
from sim.runs.origin import ASKED
from sim.runs.processes import cores, executor_for
from sim.runs.results_folder import ResultsFolder, bound
from sim.runs.verify import Verification, rerun, verify
from sim.study.experiment_texts import kept
from sim.study.findings import Findings, find
from sim.study.plan import Plan, make_plan
from sim.study.plugin import load_plugins
from sim.study.run_plan import HowMany, Tell, run_plan
from sim.study.verdicts_file import VERDICTS
from sim.toml.harmless import csv_frame

if TYPE_CHECKING:
    from sim.runs.span_files import Damage

REPORT = "report.txt"
REPORT_WIDTH = 100


def conduct(
    plan: Plan, path: Path, executor: Executor | None, how_many: HowMany, *,
    where: str, command: str, source: str, tell: Tell | None = None, retry: bool = False,
) -> Findings:
    """Run what is missing, judge the hypotheses, and write ``verdicts.json``, ``report.txt`` and the tables as CSV.

    See `sim.study.run_plan.run_plan` for the parameters.
    """
    with run_plan(plan, path, executor, how_many, where=where, command=command, source=source, tell=tell, retry=retry) as folder:
        found = find(plan, folder, how_many)
        write_findings(found, folder)
    return found


def write_findings(found: Findings, folder: ResultsFolder) -> None:
    """Put findings beside the results, each file whole or not at all."""
    for name, table in found.tables.items():
        folder.write_text(f"{name}.csv", csv_frame(table).to_csv(index=False))
    folder.write_text("failures.csv", csv_frame(found.failures).to_csv(index=False))
    folder.write_text(VERDICTS, found.answer.to_json() + "\n")
    folder.write_text(REPORT, show.text(found, REPORT_WIDTH) + "\n")


def executor_of(workers: int | None, cluster: str | None) -> tuple[AbstractContextManager[Executor | None], str]:
    """The executor that was asked for, and what to call it in the manifest."""
    if cluster is not None:
        return cluster_executor(cluster), f"Dask cluster at {cluster}"
    n = workers or cores()
    return executor_for(workers), "this process" if n == 1 else f"{n} processes"


def plan_of_results(folder: ResultsFolder, plugins: list[str]) -> Plan:
    """The plan that results were made from, from the texts that were kept with them."""
    return make_plan(kept(folder.manifest, folder.path), load_plugins(plugins))


class Check(NamedTuple):
    """What was found in a results folder.

    Attributes
    ----------
    damaged
        Parts that cannot be used or are not there; then nothing else was looked at.
    altered
        In words, what the kept texts ask that the results were not made of.
    changed
        In words, what is otherwise today than when the results were made.
    alike
        Whether this machine calculates as those did that wrote the results down.
    again
        Sampled replications, run once more.
    """

    damaged: list[Damage]
    altered: list[str]
    changed: list[str]
    alike: bool
    again: Verification

    @property
    def passed(self) -> bool:
        """Whether the results are what their texts ask and what the program gives."""
        return not self.damaged and not self.altered and self.again.close


def check_results(folder: ResultsFolder, sample: int, plugins: list[str]) -> Check:
    """Hold a results folder against its hashes, its own texts and the program of today.

    Parameters
    ----------
    folder, sample, plugins
        The results; how many replications to run again; the modules that the study's own policies come from.
    """
    damaged = folder.verify_parts()
    if damaged:
        return Check(damaged, [], [], True, Verification((), ()))
    plan, then = plan_of_results(folder, plugins), folder.origin
    today = bound(plan.origin(), plan.frame)
    same_program = (then.model, then.engine) == (today.model, today.engine)  # another one may read the texts otherwise
    altered = list(then.differences(today, ASKED)) if same_program else []
    changed = [line for line in then.differences(today) if line not in altered]
    alike = {session.versions.get("arithmetic") for session in folder.manifest.sessions} == {arithmetic()}
    return Check([], altered, changed, alike, verify(folder, sample, rerun(plan.work_of)))
