"""Spans of replications over any executor into a results folder: memory stays bounded, a dead worker costs time only."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import IntakeLabError
from sim.policies.policy import Policy
from sim.runs.outcome_frame import tidy
from sim.runs.runner import Batch, Block, Failure, Interrupted, Progress, check_travel, cores, run_block
from sim.runs.span_files import KEYS, Failed, Span

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder
    from sim.scenario import Scenario

ALONE_AFTER = 2
"""Deaths of a worker with a span in flight after which the span runs alone, so that another cannot be blamed on it."""
GIVEN_UP_AFTER = 4
"""Deaths of a worker after which a span is recorded as failed; the last of them happened while it ran alone."""

Executors = Callable[[], AbstractContextManager[Executor | None]]
"""Makes an executor, anew after one broke: `partial(executor_for, 8)`, `partial(cluster_executor, "tcp://...")`."""


class Work(NamedTuple):
    """What runs at a design point."""

    scenario: Scenario
    policies: tuple[Policy, ...]
    seed: int


WorkOf = Callable[[int], Work]
"""The work at a design point, by its number."""
Command = Callable[[int, str, int], str]
"""What to type to see a run again: of (point, policy, replication)."""


class Stopped(Interrupted):
    """Ctrl-C; `kept` is the results folder, and the message says how to go on."""

    def __init__(self, store: ResultsFolder, done: int, asked: int) -> None:
        super().__init__(store)
        self.args = (
            f"interrupted after {done} of {asked} replications; they are kept in {store.path}, "
            "run the same command again to go on",)

    def __str__(self) -> str:
        return str(self.args[0])


def run_blocks(
    spans: Iterable[Span],
    work_of: WorkOf,
    executors: Executors,
    store: ResultsFolder,
    *,
    command: Command,
    in_flight: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Run spans and put each into the folder as soon as it is back.

    Parameters
    ----------
    spans
        What to run; see `ResultsFolder.missing`.
    work_of
        What runs at a design point; asked twice for each span, so it should keep what is dear to make.
    executors
        Makes the executor. Where a worker dies and takes a pool of processes with it, another one is made and what was in
        flight runs again; a span that brings it down every time becomes a failure of the stage "worker".
    store
        Where the outcomes go; opened to be written to.
    command
        Makes the command that reproduces a failure.
    in_flight
        Spans handed out and not yet back; by default two for each core of this machine. Give two for each worker of a cluster.
    progress
        Told (replications done, replications asked for) after each span.

    Raises
    ------
    Stopped
        On Ctrl-C; whatever came back is in the folder.
    ResultsError
        Where the folder cannot be written to (disk full).
    IntakeLabError
        Where a policy cannot travel to another process, workers die before they do any work, or the cluster goes away.
    """
    waiting = deque(spans)
    asked = sum(span.size for span in waiting)
    done = 0

    def finish(span: Span, block: Block) -> None:
        nonlocal done
        work = work_of(span.point)
        failures = [Failed(span.point, one.policy, one.replication, one.stage, one.error,
                           command(span.point, one.policy, one.replication)) for one in block.failures]  # fmt: skip
        store.add(span, rows(span.point, work, block), failures)
        done += span.size
        if progress is not None:
            progress(done, asked)

    deaths: Counter[Span] = Counter()
    again = False
    try:
        while waiting:
            with executors() as executor:
                if executor is None:
                    while waiting:
                        span = waiting.popleft()
                        finish(span, run_block(*work_of(span.point), span.replications))
                else:
                    if again:
                        _try(executor)
                    elif isinstance(executor, ProcessPoolExecutor):
                        check_travel(*work_of(waiting[0].point)[:2])
                    again = True
                    lost = _until_it_breaks(executor, waiting, work_of, finish, deaths, in_flight or 2 * cores())
                    deaths.update(lost)
                    for span in lost:
                        if deaths[span] >= GIVEN_UP_AFTER:
                            finish(span, _given_up(work_of(span.point).policies, span))
                        else:
                            waiting.appendleft(span)
    except KeyboardInterrupt:
        raise Stopped(store, done, asked) from None


def _until_it_breaks(
    executor: Executor, waiting: deque[Span], work_of: WorkOf, finish: Callable[[Span, Block], None],
    deaths: Counter[Span], in_flight: int,
) -> list[Span]:  # fmt: skip
    """Run what waits; where a worker's death ends it, the spans that were in flight."""
    running: dict[Future[Block], Span] = {}
    lost: list[Span] = []
    broken = False
    try:
        while (waiting and not broken) or running:
            while not broken and waiting and len(running) < _most(in_flight, deaths, [waiting[0], *running.values()]):
                span = waiting.popleft()
                try:
                    running[executor.submit(run_block, *work_of(span.point), span.replications)] = span
                except BrokenExecutor:
                    waiting.appendleft(span)  # it never started
                    broken = True
            lost += _collect(running, finish)
            broken = broken or bool(lost)  # what else was in flight comes back or is lost as well
        return lost
    finally:
        for future in running:
            future.cancel()


def _most(in_flight: int, deaths: Counter[Span], spans: Iterable[Span]) -> int:
    """How many may be in flight when one of these is: a suspect has no company."""
    return 1 if any(deaths[span] >= ALONE_AFTER for span in spans) else in_flight


def _collect(running: dict[Future[Block], Span], finish: Callable[[Span, Block], None]) -> list[Span]:
    """Finish at least one of those that run, if any do; gives those whose worker died."""
    lost = []
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        span = running.pop(future)
        try:
            block = future.result()
        except Exception as error:
            if not _worker_died(error):
                _explain(error)
                raise
            lost.append(span)
        else:
            finish(span, block)
    return lost


def _try(executor: Executor) -> None:
    """See that a new executor can work at all, or every span would be blamed in turn."""
    try:
        executor.submit(os.getpid).result()
    except BrokenExecutor as error:
        raise IntakeLabError(f"worker processes die before they do any work ({error})") from error


def _worker_died(error: Exception) -> bool:
    # Dask's own error for a task that outlived none of several workers; named, since Dask need not be installed.
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _explain(error: Exception) -> None:
    if isinstance(error, CancelledError):
        raise IntakeLabError("the cluster went away; what came back is kept, run the same command again to go on") from error
    if "pickle" in f"{type(error).__name__} {error}".lower():
        raise IntakeLabError(
            f"a policy cannot travel to another process ({error}); define it in a module, or use no executor") from error


def _given_up(policies: Sequence[Policy], span: Span) -> Block:
    import numpy as np

    from sim.model.outcome import METRICS

    error = f"the worker process died {GIVEN_UP_AFTER} times while this ran (killed, out of memory?)"
    failures = [Failure(replication, policy.name, "worker", error) for replication in span.replications for policy in policies]
    return Block((), np.empty((0, len(METRICS))), tuple(failures))


def rows(point: int, work: Work, block: Block) -> pd.DataFrame:
    """A block as tidy rows of one design point."""
    batch = Batch.of([block], sorted({replication for replication, _ in block.keys}))
    frame = tidy(work.scenario.name, [policy.name for policy in work.policies], work.seed, batch)
    frame.insert(1, "point", point)
    assert tuple(frame.columns[: len(KEYS)]) == KEYS
    return frame


def rerun(work_of: WorkOf) -> Callable[[int, int], pd.DataFrame]:
    """Runs one replication of a design point again, in this process (for `sim.runs.verify`)."""

    def again(point: int, replication: int) -> pd.DataFrame:
        work = work_of(point)
        return rows(point, work, run_block(*work, [replication]))

    return again
