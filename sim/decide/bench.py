"""Replications on demand: a search asks for policies on some luck, and what was run before is not run again.

A stage of the search is a design point of the results folder. Which policies run in a replication follows from what came before,
and that from the luck: a search that goes on asks again for the very runs that it made, and finds them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sim.model.outcome import METRICS
from sim.policies.policy import Policy
from sim.runs.into_folder import Stopped
from sim.runs.outcome_table import Done
from sim.runs.runner import Interrupted, Progress, Work, run_spans
from sim.runs.span import Span, cut
from sim.stats.responses import Array

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder
    from sim.scenario import Scenario

RUNS_TOGETHER = 40
"""About so many runs travel together: a second of work."""
PLACE = {name: at for at, name in enumerate(METRICS)}


class Bench:
    """The runs of a search.

    Parameters
    ----------
    scenario, seed
        The world, and its luck.
    executor, folder
        Where runs are made (None: here) and kept (None: in memory only).
    progress, foreseen
        Told of the runs done, of as many as are foreseen.
    """

    def __init__(
        self, scenario: Scenario, seed: int, executor: Executor | None = None, folder: ResultsFolder | None = None,
        progress: Progress | None = None, foreseen: int = 0,
    ) -> None:
        self.scenario, self.seed, self.foreseen = scenario, seed, foreseen
        self._executor, self._folder, self._progress = executor, folder, progress
        self._rows: dict[str, dict[int, Array]] = defaultdict(dict)
        self.asked: dict[str, set[tuple[str, int]]] = defaultdict(set)
        if folder is not None:
            frame, failures = folder.frame_and_failures()
            self._keep(frame, list(zip(failures["policy"], failures["replication"], strict=True)))

    def run(self, stage: str, point: int, policies: Sequence[Policy], replications: range) -> None:
        """See that these policies have run in these replications."""
        self.asked[stage] |= {(policy.name, at) for policy in policies for at in replications}
        lacking = [(at, tuple(one for one in policies if at not in self._rows[one.name])) for at in replications]
        for missing, group in groupby(lacking, key=lambda one: one[1]):
            numbers = [at for at, _ in group]
            if missing:
                self._work(missing, cut([Span(point, numbers[0], len(numbers))], max(RUNS_TOGETHER // len(missing), 1)))

    def values(self, policy: Policy | str, metric: str, replications: range) -> Array:
        """A measure in these replications; NaN where the run failed or the measure has no meaning."""
        rows = self._rows[policy if isinstance(policy, str) else policy.name]
        return np.array([rows[at][PLACE[metric]] if at in rows else math.nan for at in replications])

    @property
    def done(self) -> int:
        """Runs that are there."""
        return sum(map(len, self._rows.values()))

    def _work(self, policies: tuple[Policy, ...], spans: list[Span]) -> None:
        work = Work(self.scenario, policies, self.seed)
        try:
            with closing(run_spans(spans, lambda _: work, self._executor)) as back:
                for span, done in back:
                    self._take(span, done)
        except KeyboardInterrupt:
            if self._folder is None:
                raise Interrupted(None) from None
            raise Stopped(self._folder, self.done, max(self.foreseen, self.done)) from None

    def _take(self, span: Span, done: Done) -> None:
        self._keep(done.outcomes, [(one.policy, one.replication) for one in done.failures])
        if self._folder is not None:
            self._folder.add(span, *done)
        if self._progress is not None:
            self._progress(self.done, max(self.foreseen, self.done))

    def _keep(self, frame: pd.DataFrame, failed: Sequence[tuple[str, int]]) -> None:
        numbers = frame[list(METRICS)].to_numpy(dtype=np.float64)
        for policy, replication, row in zip(frame["policy"], frame["replication"], numbers, strict=True):
            self._rows[policy][int(replication)] = row
        for policy, replication in failed:
            self._rows[policy][int(replication)] = np.full(len(METRICS), math.nan)
