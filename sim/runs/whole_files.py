"""Files that are there whole or not at all, and one writer at a time: what a results folder rests on."""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.toml.regular_file import regular_bytes

TEMPORARY = ".unfinished-"
LOCK, SET_ASIDE = "lock", "set-aside"
FAR = 2**30
LARGEST = 200_000_000  # bytes of any file of a results folder
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
            "Make room and run the same again")
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
        with suppress(OSError):
            left.unlink()


def read_file(path: Path) -> bytes:
    """The bytes of a file of a results folder.

    Raises
    ------
    OSError
        Where it is none (not there, a link to nowhere or to itself, a folder, a pipe, a device), or larger than any that there is.
    """
    return regular_bytes(path, LARGEST)


def put_away(path: Path, folder: Path) -> None:
    """Set something of a folder aside, whatever it is, under a name that nothing has yet.

    Raises
    ------
    ResultsError
        Where it cannot be moved.
    """
    aside = folder / SET_ASIDE
    try:
        if os.path.lexists(path):
            aside.mkdir(exist_ok=True)
            names = (f"{path.name}.{at}" if at else path.name for at in count())
            path.rename(next(aside / name for name in names if not os.path.lexists(aside / name)))
    except OSError as error:
        raise trouble(aside, error) from error


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the only process that writes to a folder while the block runs.

    The file `lock` is locked by the system, which frees it when its holder is gone, however that ended and whether or not
    anybody has taken notice; what it says (process, machine, since when) is for people. Another machine may not see the lock
    of a shared folder, so a holder that is said to be elsewhere is believed.

    Raises
    ------
    ResultsError
        Where somebody else holds it.
    """
    path = folder / LOCK
    mine = {"pid": os.getpid(), "machine": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise trouble(path, error) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ResultsError(f"{path}: is no regular file; remove it")
        held = not _locked(handle, path)
        holder = _read(handle)
        if held or holder.get("machine", mine["machine"]) != mine["machine"]:
            raise ResultsError(_busy(path, holder, held))
        _write(path, handle, json.dumps(mine).encode())
        try:
            yield
        finally:
            os.ftruncate(handle, 0)
            _unlock(handle)  # closing it would not do where somebody has forked meanwhile
    finally:
        os.close(handle)


def _busy(path: Path, holder: dict[str, Any], here: bool) -> str:
    who = f"process {holder['pid']}" if "pid" in holder else "another process"
    said = f"{path.parent}: {who} has been writing to it since {holder.get('since', 'just now')}"
    if here:
        return f"{said} (or processes that it left behind); wait for it or end it, then run the same again: it goes on from there"
    return f"{said} on {holder.get('machine')}; whether it still lives cannot be seen from here: if it does not, remove {path}"


def _locked(handle: int, path: Path) -> bool:
    """Lock it; False where somebody else has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, FAR, os.SEEK_SET)  # others cannot read what is locked, and should read who holds it
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise ResultsError(f"{path}: this disk cannot lock files ({error.strerror or error}); give another folder") from error
    return True


def _unlock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)


def _read(handle: int) -> dict[str, Any]:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        holder = json.loads(os.read(handle, 10_000))
    except (ValueError, RecursionError):  # empty: free; torn: its writer died while writing
        return {}
    return holder if isinstance(holder, dict) else {}


def _write(path: Path, handle: int, data: bytes) -> None:
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, data)
    except OSError as error:
        raise trouble(path, error) from error
