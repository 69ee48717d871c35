"""A Dask cluster as an executor; other clusters need nothing of ours: `dask_jobqueue` and MPI hand out executors."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
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
    with client, client.get_executor(pure=False) as executor:
        yield executor
