"""Files that are there whole or not at all, and one writer at a time: what a results folder rests on."""

from __future__ import annotations

import errno
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.errors import ResultsError

try:
    import fcntl
except ImportError:  # Windows: the moment of taking a lock is not protected there
    fcntl = None  # type: ignore[assignment]

TEMPORARY = ".unfinished-"
LOCK = "lock"
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that, whenever the process or the machine stops, the old one or the whole new one is there.

    The data goes to a temporary file of the same folder, is forced to the disk, and takes its name in one step; then the
    folder is forced to the disk, so that the name is there as well.

    Raises
    ------
    ResultsError
        Where the disk is full or the file cannot be written; what was there before is as it was.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
        temporary = None
        force_folder(path.parent)
    except OSError as error:
        raise trouble(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def trouble(path: Path, error: OSError) -> ResultsError:
    """The error in words for the person who owns the disk."""
    if error.errno in FULL:
        return ResultsError(
            f"{path.parent}: the disk is full, {path.name} was not written; what is there is whole. "
            "Make room and run the same again: it goes on from here")
    return ResultsError(f"{path}: cannot be written ({error.strerror or error})")


def force_folder(folder: Path) -> None:
    """Force the names in a folder to the disk (where a system lets a folder be opened)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_unfinished(folder: Path) -> None:
    """Remove what a stopped process left half written."""
    for left in folder.glob(TEMPORARY + "*"):
        left.unlink(missing_ok=True)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the only process that writes to a folder while the block runs.

    The file `lock` names the holder: process, machine, and when the process started, so that a number that the system gave
    to another process later is not taken for the holder. A lock whose holder is gone (killed) is taken over. The file is
    read and written under an advisory lock of the system, so that of two that find it stale only one takes it; that one is
    not held longer, since worker processes could inherit it and outlive their parent.

    Raises
    ------
    ResultsError
        Where somebody else holds it.
    """
    path = folder / LOCK
    mine = {"pid": os.getpid(), "machine": socket.gethostname(), "process_started": _process_started(os.getpid()),
            "since": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
    with _alone(path) as handle:
        holder = _read(handle)
        if holder is not None and _lives(holder):
            elsewhere = "" if holder.get("machine") == mine["machine"] else (
                f" on {holder.get('machine')}; whether it still lives cannot be seen from here: if it does not, remove {path}")
            raise ResultsError(
                f"{folder}: process {holder.get('pid')} has been writing to it since {holder.get('since')}{elsewhere}")
        _write(path, handle, json.dumps(mine).encode())
    try:
        yield
    finally:
        with _alone(path) as handle:
            if _read(handle) == mine:
                os.ftruncate(handle, 0)


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise trouble(path, error) from error
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _read(handle: int) -> dict[str, Any] | None:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        holder = json.loads(os.read(handle, 10_000))
    except ValueError:  # empty: free; torn: its writer died while writing
        return None
    return holder if isinstance(holder, dict) else None


def _write(path: Path, handle: int, data: bytes) -> None:
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, data, 0)
    except OSError as error:
        raise trouble(path, error) from error


def _lives(holder: dict[str, Any]) -> bool:
    pid = holder.get("pid")
    if holder.get("machine") != socket.gethostname() or os.name == "nt" or not isinstance(pid, int) or pid <= 0:
        return True  # cannot be seen from here: believe the file
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return holder.get("process_started") == _process_started(pid)


def _process_started(pid: int) -> str | None:
    """When a process started, in ticks since the machine did; None where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None
