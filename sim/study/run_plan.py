"""Running a plan into its results folder: what is there already is not run again, whoever ran it and however it ended."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.runs.into_folder import run_into
from sim.runs.results_folder import ResultsFolder, folder_name
from sim.stats.precision import PrecisionRule, Scale
from sim.study.plan import Plan
from sim.toml.shown import listing

if TYPE_CHECKING:
    import pandas as pd

RESULTS = "results"
Tell = Callable[[int, int, int, int], None]
"""Called with (replications done, asked for, design points done, asked for)."""


@dataclass(frozen=True)
class HowMany:
    """How many replications a run may make.

    Parameters
    ----------
    replications
        At each design point; None: as the experiment has it.
    quick
        Take the experiment's quick number, and no half-widths.
    """

    replications: int | None = None
    quick: bool = False

    def floor(self, plan: Plan) -> int:
        """Replications at each design point before any half-width is looked at."""
        asked = plan.experiment.precision
        return self.replications or (asked.quick if self.quick else asked.replications)

    def rule(self, plan: Plan) -> PrecisionRule | None:
        """The half-widths asked for; None where the number is fixed."""
        asked = plan.experiment.precision
        if not asked.sequential or self.quick or self.replications is not None:
            return None
        wanted: dict[str, tuple[float, Scale]] = {name: (width, "absolute") for name, width in asked.half_width.items()}
        wanted |= {name: (width, "relative") for name, width in asked.relative.items()}
        return PrecisionRule(wanted, asked.replications, asked.budget, asked.batch)


def folder_of(plan: Plan, under: str | Path = RESULTS) -> Path:
    """Where an experiment's results are by default: ``results/NAME-HASH``, the hash of what is asked, precision left out."""
    return Path(under) / folder_name(plan.experiment.name, plan.experiment.digest())


@contextmanager
def run_plan(
    plan: Plan, path: Path, executor: Executor | None, how_many: HowMany, *,
    where: str, command: str, source: str, tell: Tell | None = None, retry: bool = False,
) -> Iterator[ResultsFolder]:
    """Bring a results folder to the replications that are asked for; it is open to be written to while the block runs.

    With half-widths, looks are taken at the same numbers of replications whatever is in the folder already, so that an
    interrupted run asks for the very replications that an uninterrupted one does.

    Parameters
    ----------
    plan, path
        What to run, and where its results go.
    executor
        Where the work runs; None is this process.
    how_many
        How many replications.
    where, command
        For the manifest: where the work runs, in words; what was typed.
    source
        What the experiment is called in commands that reproduce a failure.
    tell
        Told about progress.
    retry
        Run again what failed before.

    Raises
    ------
    Stopped
        On Ctrl-C; what is done is kept.
    ResultsError
        Where the folder holds other results, or cannot be written to.
    """
    texts = {role: text.text for role, text in plan.texts.items()}
    with ResultsFolder.writing(path, plan.origin(), plan.frame, executor=where, command=command, texts=texts) as folder:
        wanted = dict.fromkeys((point.number for point in plan.points), how_many.floor(plan))
        rule = how_many.rule(plan)
        if retry:
            folder.retry_failed()
        while True:
            spans = folder.missing(wanted, policies=len(plan.policies))
            progress = _progress(folder, wanted, tell) if tell else None
            run_into(folder, spans, plan.work_of, executor, command=reproduce(plan, source), progress=progress)
            more = rule.needs_more(_looked_at(folder, wanted), plan.experiment.reference, wanted) if rule else {}
            if not more:
                break
            wanted = {point: n + more.get(point, 0) for point, n in wanted.items()}
        yield folder


def reproduce(plan: Plan, source: str) -> Callable[[int, str, int], str]:
    """What to type to see one run again, in words."""

    def command(point: int, policy: str, replication: int) -> str:
        told = ["--point", str(point)] if len(plan.points) > 1 else []
        told += ["--policy", policy, "--replication", str(replication)]
        return shlex.join(["intakelab", "explain", "--experiment", source, *told])

    return command


def precision_status(plan: Plan, how_many: HowMany, frame: pd.DataFrame) -> pd.DataFrame | None:
    """Which half-widths were reached, and where the budget ran out; None where none was asked for."""
    rule = how_many.rule(plan)
    return None if rule is None else rule.status(frame, plan.experiment.reference)


def others_of(plan: Plan, path: Path) -> str:
    """Says that there are results of another version of this file, where there are."""
    name = plan.experiment.name
    others = [other.name for other in sorted(path.parent.glob(f"{name}-" + "?" * 10)) if other.name != path.name]
    if path.exists() or not others:
        return ""
    return f"{path.parent} has results of other versions of this experiment ({listing(others)}); a changed file starts anew"


def _looked_at(folder: ResultsFolder, wanted: dict[int, int]) -> pd.DataFrame:
    """The replications that an uninterrupted run would have looked at now."""
    frame = folder.frame()
    kept: pd.DataFrame = frame[frame["replication"] < frame["point"].map(wanted)]
    return kept


def _progress(folder: ResultsFolder, wanted: dict[int, int], tell: Tell) -> Callable[[int, int], None]:
    total = sum(wanted.values())

    def progress(done: int, asked: int) -> None:
        there = folder.done
        finished = sum(there.get(point, 0) >= n for point, n in wanted.items())
        tell(total - asked + done, total, finished, len(wanted))

    return progress
