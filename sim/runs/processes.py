"""Processes of this machine as an executor: they end with their parent, however it ends, and leave nothing behind.

``concurrent.futures.ProcessPoolExecutor`` is not enough here. Where its parent is killed, its workers wait for ever (with a fork
server, that and the tracker of resources too, and a folder in the temporary folder); where one worker dies, all that was in
flight is lost, and nobody knows whose fault it was. Here each worker is a process of its own at the end of a pipe. It needs no
lock, no semaphore and no file; when its parent is gone, it is told so by the system and ends; when it dies, its work alone is lost.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from sim.errors import IntakeLabError

HEAD_START = 0.4
"""Seconds of its own work that this process has done before it starts another: small work is done by then, and needs none."""
MOST_PER_PROCESSOR = 8
START = multiprocessing.get_context("spawn")  # a fork of a process that has threads (a progress bar) may hang


class WorkerDied(BrokenExecutor):
    """The process that had this work in hand is gone; others go on."""


class _Task(NamedTuple):
    future: Future[Any]
    call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Processes(Executor):
    """Up to so many processes, each started when there is work for it.

    Parameters
    ----------
    workers
        How many.
    head_start
        See `HEAD_START`; a process that does nothing itself waits four times as long on the clock.

    Attributes
    ----------
    warm
        Whether any work has come back yet.
    """

    def __init__(self, workers: int, head_start: float = HEAD_START) -> None:
        self.workers = workers
        self.warm = False
        self._head_start = head_start
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._given_up = threading.Event()
        self._workers: set[_Worker] = set()
        self._changing = threading.Lock()  # the set of workers

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called in another process; its future has a `WorkerDied` where that process died."""
        if self._closed:
            raise RuntimeError("cannot take any work after shutdown")
        task = _Task(Future(), (function, args, kwargs))
        self._tasks.put(task)
        if len(self._threads) < self.workers:
            self._threads.append(threading.Thread(target=self._attend, daemon=True))
            self._threads[-1].start()
        return task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: when all work is done, or at once where it is to be cancelled."""
        self._closed = True
        if cancel_futures:
            with suppress(Empty):
                while True:
                    task = self._tasks.get_nowait()
                    if task is not None:
                        task.future.cancel()
            with self._changing:
                self._given_up.set()
                for worker in self._workers:
                    worker.process.kill()  # it has nothing in hand but the work that is given up
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _attend(self) -> None:
        """Thread: hand one piece of work after another to a process, and start another one where it died."""
        if hasattr(signal, "pthread_sigmask"):  # Ctrl-C is for the parent; the processes that this thread starts inherit it
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._wait_for_more()
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                call = pickle.dumps(task.call)
                worker = worker or self._start()
                done, answer = worker.ask(call)
            except (EOFError, OSError) as error:
                code = self._end(worker)
                worker = None
                task.future.set_exception(WorkerDied(f"exit code {code}" if code is not None else str(error)))
            except Exception as error:  # it cannot be pickled
                task.future.set_exception(error)
            else:
                self.warm = True
                task.future.set_result(answer) if done else task.future.set_exception(answer)
        self._end(worker)

    def _wait_for_more(self) -> None:
        busy, clock = time.process_time() + self._head_start, time.monotonic() + 4.0 * self._head_start
        while time.process_time() < busy and time.monotonic() < clock and not self._given_up.wait(0.02):
            pass

    def _start(self) -> _Worker:
        with self._changing:
            if self._given_up.is_set():
                raise EOFError("no work is wanted any more")
            worker = _Worker()
            self._workers.add(worker)
            return worker

    def _end(self, worker: _Worker | None) -> int | None:
        if worker is None:
            return None
        with self._changing:
            self._workers.discard(worker)
        return worker.end()


class _Worker:
    """A process at the end of a pipe."""

    def __init__(self) -> None:
        self._pipe, theirs = START.Pipe()
        self.process = START.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, call: bytes) -> tuple[bool, Any]:
        """Whether the call came to its end, and its result or what it raised."""
        self._pipe.send_bytes(call)
        answer: tuple[bool, Any] = pickle.loads(self._pipe.recv_bytes())
        return answer

    def end(self) -> int | None:
        self._pipe.close()
        self.process.kill()
        self.process.join()
        return self.process.exitcode


def _serve(pipe: Connection) -> None:
    """In the process: answer one call after another until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            call = pipe.recv_bytes()
            try:
                function, args, kwargs = pickle.loads(call)
                answer = pickle.dumps((True, function(*args, **kwargs)))
            except Exception as error:
                answer = _failed(error)
            pipe.send_bytes(answer)


def _failed(error: Exception) -> bytes:
    try:
        answer = pickle.dumps((False, error))
        pickle.loads(answer)
    except Exception:  # an error that cannot travel
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return answer


def _end_with_parent() -> None:
    """Thread: the pipe ends with the parent too, but work in hand is not looked up from until it is done."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def executor_for(workers: int | None) -> Iterator[Processes | None]:
    """Processes of this machine while the block runs: None (this process) for one; by default one for each processor.

    Raises
    ------
    IntakeLabError
        Where so many are of no use here.
    """
    most = MOST_PER_PROCESSOR * cores()
    if workers is not None and workers > most:
        raise IntakeLabError(f"workers = {workers} — this machine has {cores()} processors; at most {most} are of use")
    if (workers or cores()) == 1:
        yield None
        return
    processes = Processes(workers or cores())
    try:
        yield processes
    finally:
        processes.shutdown(cancel_futures=True)
