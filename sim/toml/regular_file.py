"""The one way in which a file that somebody named is read: only a regular file, and never more of it than is said."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sim.errors import IntakeLabError
from sim.toml.shown import escaped

LONGEST_PATH = 300
KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket"}


def read_regular(path: Path, largest: int, error: type[IntakeLabError], needed: str, advice: str) -> bytes:
    """The bytes of a file. Devices are endless, and a pipe waits for whoever may never write: neither is opened to be read.

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
        What to say about a file that is too large: ``"..., which no TOML file of IntakeLab is"``.

    Raises
    ------
    IntakeLabError
        The ``error`` asked for, where it is missing, may not be read, is no regular file, or is too large.
    """
    label = escaped(str(path), LONGEST_PATH)
    try:
        if os.path.isdir(path):
            raise error(f"{label}: is a directory, not {needed}")
        with open(path, "rb", opener=_without_waiting) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise error(f"{label}: is {KINDS.get(stat.S_IFMT(found.st_mode), 'no regular file')}, not {needed}")
            content = file.read(largest + 1) if found.st_size <= largest else None
    except FileNotFoundError:
        raise error(f"{label}: no such file") from None
    except PermissionError:
        raise error(f"{label}: may not be read (permission denied)") from None
    except (OSError, ValueError) as problem:
        raise error(f"{label}: cannot be read ({escaped(getattr(problem, 'strerror', None) or str(problem))})") from None
    if content is None or len(content) > largest:  # it can have grown since its size was asked for
        raise error(f"{label}: is larger than {largest / 1e6:g} MB, {advice}")
    return content


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that nobody writes to would otherwise be waited for before anybody can see that it is one."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
