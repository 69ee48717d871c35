"""The runner: spans of replications over all policies, on any ``concurrent.futures.Executor`` or in this process.

Work travels in spans of whole replications, so that the luck of each is drawn once for all policies; the scenario and the
policies travel with each span. A replication depends on (scenario, policy, seed, replication) only, hence executor, size of
spans and order of arrival change no bit.
"""

from __future__ import annotations

import os
import pickle
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import IntakeLabError
from sim.model.outcome import METRICS, Outcome
from sim.policies.policy import Policy
from sim.runs.outcome_table import Done, Failed, table_of, together
from sim.runs.processes import Processes
from sim.runs.simulate import all_outcomes, draw, run_policy
from sim.runs.span import Span

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_IN_FLIGHT = 256  # spans handed to an executor of unknown size and not yet back: bounds memory, feeds a large cluster
GIVEN_UP_AFTER = 4
"""Deaths of a worker with the same span in hand after which its runs are recorded as failed."""
Progress = Callable[[int, int], None]
"""Called with (replications done, replications asked for)."""
Command = Callable[[int, str, int], str]
"""What to type to see a run again: of (point, policy, replication)."""


class Work(NamedTuple):
    """What runs at a design point."""

    scenario: Scenario
    policies: tuple[Policy, ...]
    seed: int


WorkOf = Callable[[int], Work]
"""The work at a design point, by its number; asked twice for each span, so it should keep what is dear to make."""


class Block(NamedTuple):
    """What a span came to, as it travels between processes (where no pandas is needed): a row of numbers for each run."""

    policies: tuple[str, ...]
    replications: tuple[int, ...]
    numbers: NDArray[np.float64]
    failures: tuple[Failed, ...]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C; `kept` is what was done until then, in the shape in which it was asked for."""

    def __init__(self, kept: Any) -> None:
        super().__init__("interrupted")
        self.kept = kept


# --- one span, wherever it runs ---


def run_block(work: Work, span: Span) -> Block:
    """Run a span under all policies, in this process.

    A run that raises becomes a `Failed`; the other policies of the same replication, and the other replications, go on.
    """
    names: list[str] = []
    replications: list[int] = []
    numbers: list[list[float]] = []
    failures: list[Failed] = []
    for replication in span.replications:
        for policy, done in zip(work.policies, _runs(work, span.point, replication), strict=True):
            if isinstance(done, Failed):
                failures.append(done)
            else:
                names.append(policy.name)
                replications.append(replication)
                numbers.append(list(done.values()))
    table = np.array(numbers, dtype=np.float64).reshape(len(numbers), len(METRICS))
    return Block(tuple(names), tuple(replications), table, tuple(failures))


def _runs(work: Work, point: int, replication: int) -> list[Outcome] | list[Outcome | Failed]:
    try:
        return all_outcomes(work.scenario, work.policies, seed=work.seed, replication=replication)
    except Exception:  # somebody's policy or the model: find out whose, one by one
        return [_run_alone(work, policy, point, replication) for policy in work.policies]


def _run_alone(work: Work, policy: Policy, point: int, replication: int) -> Outcome | Failed:
    stage = "draw"
    try:
        luck = draw(work.scenario, work.seed, replication)
        stage = "run"
        return run_policy(work.scenario, policy, luck).outcome
    except Exception as error:
        return Failed(point, policy.name, replication, stage, f"{type(error).__name__}: {error}")


# --- all spans, anywhere ---


def run_spans(
    spans: Iterable[Span], work_of: WorkOf, executor: Executor | None = None, *, command: Command = lambda *_: "",
    in_flight: int | None = None, progress: Progress | None = None,
) -> Generator[tuple[Span, Done], None, None]:
    """Run spans and yield each as soon as it is done; close the generator to give up what is in flight.

    A worker that dies costs time only: its span is run again, and becomes failures of the stage "worker" where that happens
    every time. Until processes of our own have come up, this process works too.

    Parameters
    ----------
    spans
        What to run.
    work_of
        What runs at a design point.
    executor
        Where to run; None is this process. It is used, not shut down. With other processes, scenario and policies must be
        picklable.
    command
        Makes the command that reproduces a failure.
    in_flight
        Spans handed out and not yet back; by default two for each process of our own, `MOST_IN_FLIGHT` elsewhere.
    progress
        Told after each span that was taken.

    Raises
    ------
    IntakeLabError
        Where a policy cannot travel to another process, workers die before they do any work, or the cluster goes away.
    """
    spans = list(spans)
    blocks = _here(spans, work_of) if executor is None else _there(spans, work_of, executor, in_flight)
    asked, count = sum(span.size for span in spans), 0
    with closing(blocks):
        for span, (names, replications, numbers, failures) in blocks:
            work = work_of(span.point)
            told = tuple(one._replace(command=command(one.point, one.policy, one.replication)) for one in failures)
            yield span, Done(table_of(work.scenario.name, work.seed, span, names, replications, numbers), told)
            count += span.size
            if progress is not None:
                progress(count, asked)


def run_all(
    spans: Iterable[Span], work_of: WorkOf, executor: Executor | None = None, *, command: Command = lambda *_: "",
    progress: Progress | None = None,
) -> Done:
    """Run spans and put them together; see `run_spans`.

    Raises
    ------
    Interrupted
        On Ctrl-C; its ``kept`` is what was done, together.
    """
    found: list[Done] = []
    try:
        with closing(run_spans(spans, work_of, executor, command=command, progress=progress)) as back:
            found.extend(done for _, done in back)
    except KeyboardInterrupt:
        raise Interrupted(together(found)) from None
    return together(found)


Blocks = Generator[tuple[Span, Block], None, None]


def _here(spans: Iterable[Span], work_of: WorkOf) -> Blocks:
    for span in spans:
        yield span, run_block(work_of(span.point), span)


def _there(spans: Iterable[Span], work_of: WorkOf, executor: Executor, in_flight: int | None) -> Blocks:
    flight = _Flight(spans, work_of, executor, in_flight)
    try:
        while flight.waiting or flight.running:
            flight.hand_out()
            mine = flight.take_back()
            if mine is not None:
                yield mine, run_block(work_of(mine.point), mine)
            yield from flight.collect(wait_for_one=mine is None)
    finally:
        for future in flight.running:
            future.cancel()


class _Flight:
    """What waits, and what an executor has in hand."""

    def __init__(self, spans: Iterable[Span], work_of: WorkOf, executor: Executor, in_flight: int | None) -> None:
        self.waiting = deque(spans)
        self.running: dict[Future[Block], Span] = {}
        self._work_of, self._executor = work_of, executor
        self._most = in_flight or (2 * executor.workers if isinstance(executor, Processes) else MOST_IN_FLIGHT)
        self._deaths: Counter[Span] = Counter()
        self._works = False  # whether anything has ever come back
        if self.waiting and isinstance(executor, Processes | ProcessPoolExecutor):
            _check_travel(work_of(self.waiting[0].point))

    def hand_out(self) -> None:
        while self.waiting and len(self.running) < self._most:
            span = self.waiting[0]
            try:
                self.running[self._executor.submit(run_block, self._work_of(span.point), span)] = span
            except BrokenExecutor as error:
                raise _nobody_works(error) from error
            self.waiting.popleft()

    def take_back(self) -> Span | None:
        """Something to do here while processes come up, which takes longer than small work does."""
        if isinstance(self._executor, Processes) and not self._executor.warm:
            for future, span in self.running.items():
                if future.cancel():
                    del self.running[future]
                    return span
        return None

    def collect(self, wait_for_one: bool) -> Iterator[tuple[Span, Block]]:
        """What has come back, whole or given up."""
        for future in wait(self.running, None if wait_for_one else 0.0, FIRST_COMPLETED).done:
            span = self.running.pop(future)
            try:
                block = future.result()
            except Exception as error:
                if not _worker_died(error):
                    _explain(error)
                    raise
                lost = self._lost(span, error)
                if lost is not None:
                    yield span, lost
            else:
                self._works = True
                yield span, block

    def _lost(self, span: Span, error: Exception) -> Block | None:
        """Run it again, or give it up where it brings down every worker."""
        if not self._works:  # it may not be the span's fault
            try:
                self._executor.submit(os.getpid).result()
            except BrokenExecutor as again:
                raise _nobody_works(again) from error
        self._deaths[span] += 1
        if self._deaths[span] < GIVEN_UP_AFTER:
            self.waiting.appendleft(span)
            return None
        said = f"the worker process died {GIVEN_UP_AFTER} times while this ran (killed, out of memory?)"
        return Block((), (), np.empty((0, len(METRICS))), tuple(
            Failed(span.point, policy.name, replication, "worker", said)
            for replication in span.replications for policy in self._work_of(span.point).policies))


def _worker_died(error: Exception) -> bool:
    # Dask's own error for a task that outlived none of several workers; named, since Dask need not be installed.
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _nobody_works(error: Exception) -> IntakeLabError:
    return IntakeLabError(f"a worker process died, and others die before they do any work ({error or 'killed?'}); try fewer "
                          "workers: --workers 1 needs no other process. A script of your own must start them below "
                          "if __name__ == \"__main__\"")


def _explain(error: Exception) -> None:
    if isinstance(error, CancelledError | OSError):  # of the connection: those of the work are failures of a run
        raise IntakeLabError("the cluster went away; what came back is kept, run the same command again to go on") from error
    if "pickle" in f"{type(error).__name__} {error}".lower():
        raise IntakeLabError(
            f"a policy cannot travel to another process ({error}); define it in a module, or use no executor") from error


def _check_travel(work: Work) -> None:
    """Refuse what cannot be pickled before anything runs: found out in the pool, it can leave the pool hanging (CPython 3.11)."""
    for value in (work.scenario, *work.policies):
        try:
            pickle.dumps(value)
        except Exception as error:
            raise IntakeLabError(
                f"{getattr(value, 'name', value)!r} cannot travel to another process ({error}); "
                "define it at the top of a module, or use no executor") from error
