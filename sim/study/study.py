"""A study on disk, for a notebook: its frame, its design points, its verdicts."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim import show
from sim.errors import ResultsError
from sim.runs.results_folder import ResultsFolder
from sim.study.verdict import Verdicts
from sim.study.verdicts_file import Answer

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.experiment import Experiment


class Study:
    """Results that ``intakelab run`` wrote.

    Attributes
    ----------
    folder
        The results folder.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.load("results/customer-is-king-0123456789")
    Traceback (most recent call last):
    sim.errors.ResultsError: results/customer-is-king-0123456789: no results folder, there is no manifest.json
    """

    def __init__(self, folder: ResultsFolder) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        return f"<Study {self.folder.path.name} · {sum(self.folder.done.values())} replications · {len(self.points)} design points>"

    def _repr_html_(self) -> str:
        return show.html(self)

    @classmethod
    def load(cls, path: str | Path) -> Study:
        """Open a results folder to read.

        Raises
        ------
        ResultsError
            Where there is none, or it was altered.
        """
        return cls(ResultsFolder.open(path))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a (design point, policy, replication), sorted; ``.attrs["units"]`` has the unit of each measure."""
        return self.folder.frame()

    @property
    def points(self) -> pd.DataFrame:
        """The design points: point, scenario, label and one column a factor."""
        return self.folder.points

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Runs that came to no outcome, each with the command that reproduces it."""
        return self.folder.failures()

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment, as it was asked."""
        from sim.study.experiment_texts import kept, read_experiment

        return read_experiment(kept(self.folder.manifest, self.folder.path))

    @cached_property
    def verdicts(self) -> Verdicts:
        """One a hypothesis, as the last run left them; ``.table`` is all of them as a frame.

        Raises
        ------
        ResultsError
            Where no run has come to its end yet.
        """
        answer = Answer.read(self.folder.path)
        if answer is None:
            raise ResultsError(f"{self.folder.path}: no verdicts yet; run the experiment to its end")
        return Verdicts(answer.verdicts)

    def sql(self, query: str) -> pd.DataFrame:
        """Ask DuckDB; the tables are `runs`, `points` and `failures`."""
        return self.folder.sql(query)
