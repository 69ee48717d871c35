"""Many replications over all policies, on any ``concurrent.futures.Executor`` or in this process.

Work travels in blocks of whole replications, so that the luck of each is drawn once for all policies; the scenario and the
policies travel once per block. A replication depends on (scenario, policy, seed, replication) only, hence executor, block
size and order of arrival change no bit.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import IntakeLabError
from sim.model.outcome import METRICS, Outcome
from sim.policies.policy import Policy
from sim.runs.simulate import all_outcomes, draw, run_policy

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_REPLICATIONS = 1_000_000
MOST_IN_FLIGHT = 256  # blocks handed to the executor and not yet back: bounds memory, feeds a large cluster
Progress = Callable[[int, int], None]
"""Called with (replications done, replications asked for)."""


class Failure(NamedTuple):
    """A run that came to no outcome: in which stage ("draw" the luck, "run" the policy), and what was raised."""

    replication: int
    policy: str
    stage: str
    error: str


class Block(NamedTuple):
    """The outcomes of some replications: one row of `outcomes` (a column per metric) for each key (replication, policy)."""

    keys: tuple[tuple[int, int], ...]
    outcomes: NDArray[np.float64]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Batch:
    """All outcomes in the order of replications, then policies, whatever the order in which they arrived."""

    keys: tuple[tuple[int, int], ...]
    outcomes: NDArray[np.float64]
    failures: tuple[Failure, ...]
    replications: tuple[int, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block], replications: Sequence[int]) -> Batch:
        """Blocks in any order, put together; `replications` are those that were done."""
        keys = [key for block in blocks for key in block.keys]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        outcomes = np.concatenate([block.outcomes for block in blocks]) if blocks else np.empty((0, len(METRICS)))
        return cls(
            tuple(keys[at] for at in order), outcomes[order],
            tuple(sorted(failure for block in blocks for failure in block.failures)), tuple(sorted(replications)))


class Interrupted(KeyboardInterrupt):
    """Ctrl-C; `kept` is what was done until then (a `Batch`, or a `Comparison` where one was being made)."""

    def __init__(self, kept: Any) -> None:
        super().__init__("interrupted")
        self.kept = kept


def run_block(scenario: Scenario, policies: Sequence[Policy], seed: int, replications: Sequence[int]) -> Block:
    """Run some replications under all policies, in this process.

    A run that raises becomes a `Failure`; the other policies of the same replication, and the other replications, go on.
    """
    keys: list[tuple[int, int]] = []
    outcomes: list[list[float]] = []
    failures: list[Failure] = []
    for replication in replications:
        for at, done in enumerate(_runs(scenario, policies, seed, replication)):
            if isinstance(done, Failure):
                failures.append(done)
            else:
                keys.append((replication, at))
                outcomes.append(list(done.values()))
    return Block(tuple(keys), np.array(outcomes, dtype=np.float64).reshape(len(keys), len(METRICS)), tuple(failures))


def _runs(scenario: Scenario, policies: Sequence[Policy], seed: int, replication: int) -> Sequence[Outcome | Failure]:
    try:
        return all_outcomes(scenario, policies, seed=seed, replication=replication)
    except Exception:  # somebody's policy or the model: find out whose, one by one
        return [_run_alone(scenario, policy, seed, replication) for policy in policies]


def _run_alone(scenario: Scenario, policy: Policy, seed: int, replication: int) -> Outcome | Failure:
    stage = "draw"
    try:
        luck = draw(scenario, seed, replication)
        stage = "run"
        return run_policy(scenario, policy, luck).outcome
    except Exception as error:
        return Failure(replication, policy.name, stage, f"{type(error).__name__}: {error}")


def run_batch(
    scenario: Scenario,
    policies: Sequence[Policy],
    *,
    seed: int,
    replications: Sequence[int],
    executor: Executor | None = None,
    block_size: int | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Run replications under all policies.

    Parameters
    ----------
    scenario, policies, seed, replications
        What to run. With an executor of other processes, scenario and policies must be picklable.
    executor
        Where to run; None is this process. It is used, not shut down.
    block_size
        Replications that travel together; by default 1 to 10, so that there are at least 64 blocks where possible.
    progress
        Told after each block.

    Raises
    ------
    Interrupted
        On Ctrl-C, with the batch of whole blocks that were done.
    IntakeLabError
        Where the executor breaks (a process was killed), or a policy cannot travel to another process.
    """
    size = block_size or min(max(len(replications) // 64, 1), 10)
    parts = [replications[start : start + size] for start in range(0, len(replications), size)]
    arrived: list[tuple[Sequence[int], Block]] = []
    results = _here(scenario, policies, seed, parts) if executor is None else _there(executor, scenario, policies, seed, parts)
    try:
        for part, block in results:
            arrived.append((part, block))
            if progress is not None:
                progress(sum(len(part) for part, _ in arrived), len(replications))
    except KeyboardInterrupt:
        raise Interrupted(_together(arrived)) from None
    finally:
        results.close()
    return _together(arrived)


def _together(arrived: list[tuple[Sequence[int], Block]]) -> Batch:
    return Batch.of([block for _, block in arrived], [replication for part, _ in arrived for replication in part])


Results = Generator[tuple[Sequence[int], Block], None, None]


def _here(scenario: Scenario, policies: Sequence[Policy], seed: int, parts: Sequence[Sequence[int]]) -> Results:
    for part in parts:
        yield part, run_block(scenario, policies, seed, part)


def _there(
    executor: Executor, scenario: Scenario, policies: Sequence[Policy], seed: int, parts: Sequence[Sequence[int]]
) -> Results:
    """Blocks as they come back, with a bounded number in flight."""
    if isinstance(executor, ProcessPoolExecutor):
        check_travel(scenario, policies)
    waiting = iter(parts)
    running: dict[Future[Block], Sequence[int]] = {}
    try:
        while True:
            for part in islice(waiting, MOST_IN_FLIGHT - len(running)):
                running[executor.submit(run_block, scenario, policies, seed, part)] = part
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), result_of(future)
    finally:
        for future in running:
            future.cancel()


def result_of(future: Future[Block]) -> Block:
    """What a worker brought; a worker that died is one clear message."""
    try:
        return future.result()
    except BrokenExecutor as error:
        raise IntakeLabError(f"a worker process died ({error or 'killed, or out of memory'}); try fewer --workers") from error


def check_travel(scenario: Scenario, policies: Sequence[Policy]) -> None:
    """Refuse what cannot be pickled here: found out in the pool, it can leave the pool hanging (CPython 3.11)."""
    for value in (scenario, *policies):
        try:
            pickle.dumps(value)
        except Exception as error:
            raise IntakeLabError(
                f"{getattr(value, 'name', value)!r} cannot travel to another process ({error}); "
                "define it at the top of a module, or use no executor") from error


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def executor_for(workers: int) -> Iterator[Executor | None]:
    """Processes of this machine: None (this process) for 1 worker.

    Ctrl-C reaches this process only; the workers finish their block and end.
    """
    if workers <= 1:
        yield None
        return
    # A fork of a process that has threads (a progress bar) may hang; a fork server has none and is as quick.
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["sim.runs.runner", "sim.scenario"])
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
