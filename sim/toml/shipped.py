"""Where the scenarios and experiments are that IntakeLab brings along: in the wheel, or in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Kind = Literal["scenarios", "experiments"]


def builtin_names(kind: Kind) -> tuple[str, ...]:
    """Names of the built-in files of a kind, in alphabetical order."""
    return tuple(sorted(path.stem for path in (_root() / kind).glob("*.toml")))


def builtin_path(kind: Kind, name: str) -> Path:
    """The file of a built-in scenario or experiment.

    Raises
    ------
    KeyError
        Where there is none of this name; names never reach the file system unless they are known.
    """
    if name not in builtin_names(kind):
        raise KeyError(name)
    return _root() / kind / f"{name}.toml"


def _root() -> Path:
    """A wheel carries the files inside the package; a checkout (or an editable install) has them beside it."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "builtin"
    return packaged if packaged.is_dir() else package.parent
