"""What the replications say: verdicts on the hypotheses, and tables beside them that nobody predicted (exploratory)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.study.analyses.analysis import Search
from sim.study.hypotheses import judge
from sim.study.plan import Plan
from sim.study.run_plan import HowMany, precision_status
from sim.study.standard_tables import STANDARD_TABLES
from sim.study.verdict import Verdicts
from sim.study.verdicts_file import Answer, Range

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder


@dataclass(frozen=True)
class Findings:
    """What an experiment found.

    Attributes
    ----------
    plan
        What was asked.
    frame, points, failures
        Outcomes, design points, and runs without an outcome.
    verdicts
        One a hypothesis.
    precision
        Which half-widths were reached; None where none was asked for.
    tables
        Exploratory tables by name; each becomes a CSV file.
    sentences
        Exploratory findings in words.
    notes
        What could not be said, and why.
    """

    plan: Plan
    frame: pd.DataFrame
    points: pd.DataFrame
    failures: pd.DataFrame
    verdicts: Verdicts
    precision: pd.DataFrame | None
    tables: dict[str, pd.DataFrame]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def replications(self) -> Range:
        """Replications of the design point that has the fewest, and of the one that has the most."""
        counts = self.frame.groupby("point")["replication"].nunique()
        return Range(fewest=counts.min(), most=counts.max()) if len(counts) else Range(fewest=0, most=0)

    @property
    def supported(self) -> bool:
        """Whether every hypothesis is supported and no run failed."""
        return all(verdict.ruling == "supported" for verdict in self.verdicts) and self.failures.empty

    @property
    def answer(self) -> Answer:
        """Verdicts and what they rest on, for ``verdicts.json``."""
        asked = self.plan.experiment
        return Answer(
            experiment=asked.name, question=asked.question, expectation=asked.expectation, experiment_digest=asked.digest(),
            seed=asked.seed, design=asked.design.kind, points=len(self.points),
            policies=tuple(policy.name for policy in self.plan.policies), scenarios=tuple(self.plan.scenarios),
            replications=self.replications, runs=len(self.frame), failures=len(self.failures), verdicts=self.verdicts,
            exploratory=self.sentences, notes=self.notes)


def find(plan: Plan, folder: ResultsFolder, how_many: HowMany) -> Findings:
    """Judge the hypotheses and make the exploratory tables from everything that is in the folder."""
    frame, failures = folder.frame_and_failures()
    frame.attrs.clear()  # pandas copies them at every step, deeply
    points = folder.points
    claims = [table.made() for table in plan.experiment.hypotheses]
    verdicts = judge(claims, frame, points) if len(frame) else Verdicts()
    search = Search(plan, frame)
    looks: list[tuple[str, Callable[[Search], None]]] = [(table.__name__, table) for table in STANDARD_TABLES]
    looks += [(one.find.__name__, partial(one.find, asked)) for one, asked in plan.experiment.analysis.asked()]
    for name, look in looks if len(frame) else ():
        try:
            look(search)
        except StudyError as error:
            search.notes.append(f"{name.replace('_', ' ')}: {error}")
    precision = precision_status(plan, how_many, frame) if len(frame) else None
    if precision is not None:
        search.tables["precision"] = precision
    return Findings(plan, frame, points, failures, verdicts, precision, search.tables, tuple(search.sentences),
                    tuple(search.notes))
