"""A Dask cluster as an executor; other clusters need nothing of ours: `dask_jobqueue` and MPI hand out executors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from typing import Any

from sim.errors import IntakeLabError


@contextmanager
def cluster_executor(address: str, timeout: float = 10.0) -> Iterator[Executor]:
    """The workers of a Dask cluster.

    Every worker needs IntakeLab and the same versions as here; a replication then gives the same bits there, if the C library
    calculates alike (see `sim.runs.arithmetic`). Dask runs the work of a dead worker again by itself.

    Parameters
    ----------
    address
        Of its scheduler, for example ``tcp://10.0.0.1:8786``.
    timeout
        Seconds to wait for it.

    Raises
    ------
    IntakeLabError
        Where Dask is not installed or nobody answers.
    """
    try:
        import distributed
    except ImportError:
        raise IntakeLabError('a cluster needs Dask: pip install "intakelab[cluster]"') from None
    try:
        connect: Any = distributed.Client  # untyped
        client = connect(address, timeout=timeout, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise IntakeLabError(f"--cluster {address}: no Dask scheduler answers there ({error})") from error
    with client:
        yield _Cluster(client)


class _Cluster(Executor):
    """A client of Dask's as an executor.

    Dask's own takes what it gathered for an error where the worker that held it dies meanwhile; `Future.result` gathers again.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        there, here = self._client.submit(function, *args, pure=False, **options), Future[Any]()
        there.add_done_callback(partial(_hand_over, here))
        here.add_done_callback(lambda _: there.cancel() if here.cancelled() else None)
        return here


def _hand_over(here: Future[Any], there: Any) -> None:
    if not here.set_running_or_notify_cancel():
        return
    try:
        here.set_result(there.result())
    except Exception as error:
        here.set_exception(error)
