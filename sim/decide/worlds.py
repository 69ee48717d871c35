"""Worlds lived through: jobs of replications, each in a world of its own, run anywhere and kept in a results folder.

A job is a design point of the folder; its replications may differ in their worlds (a row of a prior is one replication in the
world that was drawn for it) or share one. What is there is not run again, whoever ran it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.model.outcome import METRICS
from sim.policies.policy import Policy
from sim.runs.into_folder import Stopped
from sim.runs.outcome_table import Done, together
from sim.runs.runner import Interrupted, Progress, Work, run_spans
from sim.runs.span import Span, merged
from sim.stats.responses import Array

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder
    from sim.scenario import Scenario

TOGETHER = 20
"""Consecutive replications that go into one part of the folder: what a kill can lose, and a part costs some milliseconds."""


class Job(NamedTuple):
    """Replications to be lived through under some policies: at which design point, and in which world each."""

    point: int
    policies: tuple[Policy, ...]
    replications: range
    world: Callable[[int], Scenario]


class Worlds:
    """The runs of a question about what is not known.

    Parameters
    ----------
    seed
        Fixes all luck: replication i of one job has that of replication i of any other.
    executor, folder
        Where runs are made (None: here) and kept (None: in memory only).
    progress, foreseen
        Told of the replications done, of as many as are foreseen.
    """

    def __init__(
        self, seed: int, executor: Executor | None = None, folder: ResultsFolder | None = None, progress: Progress | None = None,
        foreseen: int = 0,
    ) -> None:
        self.seed, self.foreseen = seed, foreseen
        self._executor, self._folder, self._progress = executor, folder, progress
        self._rows: dict[tuple[int, str], dict[int, Array]] = defaultdict(dict)
        self._there: set[tuple[int, int]] = set()
        if folder is not None:
            self._keep(folder.frame())
            self._there |= {(span.point, at) for span in folder.spans for at in span.replications}

    def run(self, jobs: Sequence[Job]) -> None:
        """See that all of them have been lived through."""
        units = [(job, at) for job in jobs for at in job.replications if (job.point, at) not in self._there]
        if not units:
            return

        @lru_cache(maxsize=1024)
        def work_of(unit: int) -> Work:
            job, at = units[unit]
            return Work(job.world(at), job.policies, self.seed)

        spans = [Span(unit, at, 1) for unit, (_, at) in enumerate(units)]
        waiting = _Parts(units)
        try:
            with closing(run_spans(spans, work_of, self._executor)) as back:
                for span, done in back:
                    for part in waiting.add(span.point, done):
                        self._take(*part)
        except KeyboardInterrupt:
            if self._folder is None:
                raise Interrupted(None) from None
            for part in waiting.rest():
                self._take(*part)
            raise Stopped(self._folder, self.done, max(self.foreseen, self.done)) from None

    def values(self, point: int, policies: Sequence[Policy], metric: str, replications: range) -> Array:
        """A measure, replications x policies; NaN where the run failed or the measure has no meaning."""
        at = list(METRICS).index(metric)
        nothing = np.full(len(METRICS), np.nan)
        return np.array([[self._rows[point, one.name].get(row, nothing)[at] for one in policies] for row in replications])

    @property
    def done(self) -> int:
        """Replications that are there."""
        return len(self._there)

    def _take(self, span: Span, done: Done) -> None:
        self._keep(done.outcomes)
        self._there |= {(span.point, at) for at in span.replications}
        if self._folder is not None:
            self._folder.add(span, *done)
        if self._progress is not None:
            self._progress(self.done, max(self.foreseen, self.done))

    def _keep(self, frame: pd.DataFrame) -> None:
        numbers = frame[list(METRICS)].to_numpy(dtype=np.float64)
        for point, policy, replication, row in zip(frame["point"], frame["policy"], frame["replication"], numbers, strict=True):
            self._rows[int(point), policy][int(replication)] = row


class _Parts:
    """Replications as they come back, put together to parts: so many consecutive ones of a job."""

    def __init__(self, units: Sequence[tuple[Job, int]]) -> None:
        self._units = units
        self._wanted: dict[tuple[int, int], int] = defaultdict(int)
        self._back: dict[tuple[int, int], dict[int, Done]] = defaultdict(dict)
        for job, at in units:
            self._wanted[job.point, at // TOGETHER] += 1

    def add(self, unit: int, done: Done) -> Iterator[tuple[Span, Done]]:
        job, at = self._units[unit]
        part = job.point, at // TOGETHER
        self._back[part][at] = _of_point(done, job.point)
        if len(self._back[part]) == self._wanted[part]:
            yield from self._whole(part)

    def rest(self) -> Iterator[tuple[Span, Done]]:
        for part in sorted(self._back):
            yield from self._whole(part)

    def _whole(self, part: tuple[int, int]) -> Iterator[tuple[Span, Done]]:
        back = self._back.pop(part)
        for span in merged(Span(part[0], at, 1) for at in back):
            yield span, together(back[at] for at in span.replications)


def _of_point(done: Done, point: int) -> Done:
    return Done(done.outcomes.assign(point=np.int64(point)), tuple(one._replace(point=point) for one in done.failures))
