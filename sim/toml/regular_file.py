"""The one way in which a file that somebody named is read: only a regular file, and never more of it than is said."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from sim.errors import IntakeLabError
from sim.toml.shown import escaped

LONGEST_PATH = 300
KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket"}


def regular_bytes(path: Path, largest: int) -> bytes:
    """The bytes of a file. Devices are endless, and a pipe waits for whoever may never write: neither is read.

    Raises
    ------
    OSError
        Where it is missing, may not be read, is no regular file (its text says what it is), or has more than `largest` bytes.
    """
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, "is a directory")
    with open(path, "rb", opener=_without_waiting) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, f"is {KINDS.get(stat.S_IFMT(found.st_mode), 'no regular file')}")
        content = file.read(largest + 1) if found.st_size <= largest else None
    if content is None or len(content) > largest:  # it can have grown since its size was asked for
        raise OSError(errno.EFBIG, f"is larger than {largest / 1e6:g} MB")
    return content


def read_regular(path: Path, largest: int, error: type[IntakeLabError], needed: str, advice: str) -> bytes:
    """The same with errors for the person who named the file.

    Parameters
    ----------
    path
        The file, named in messages as it is given here.
    largest
        Bytes above which it is refused, before anything is read.
    error
        The class of error to raise.
    needed
        What should be there, for the message: ``"a TOML file"``.
    advice
        What to say about a file that is too large: ``"which no TOML file of IntakeLab is"``.

    Raises
    ------
    IntakeLabError
        The ``error`` asked for.
    """
    try:
        return regular_bytes(path, largest)
    except OSError as problem:
        why = problem.strerror or str(problem)
        said = {
            errno.ENOENT: "no such file", errno.EACCES: "may not be read (permission denied)", errno.EFBIG: f"{why}, {advice}",
            errno.EISDIR: f"{why}, not {needed}", errno.EINVAL: f"{why}, not {needed}",
        }.get(problem.errno or 0, f"cannot be read ({escaped(why)})")
    except ValueError as problem:  # a name with a null byte
        said = f"cannot be read ({problem})"
    raise error(f"{escaped(str(path), LONGEST_PATH)}: {said}")


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that nobody writes to would otherwise be waited for before anybody can see that it is one."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
