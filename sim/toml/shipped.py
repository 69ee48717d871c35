"""Where scenarios and experiments are: those that IntakeLab brings along, in the wheel or in the repository, or somebody's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from sim.errors import IntakeLabError
from sim.toml.regular_file import LONGEST_PATH
from sim.toml.shown import escaped, listing, nearest

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


def find_file(kind: Kind, source: str | Path, error: type[IntakeLabError]) -> Path:
    """The file that a name or a path means; what is built in goes before a file of the same name.

    Raises
    ------
    IntakeLabError
        The ``error`` asked for where it is neither, with the nearest name.
    """
    names = builtin_names(kind)
    if isinstance(source, str) and source in names:
        return builtin_path(kind, source)
    if source and os.path.exists(source):
        return Path(source)
    said = str(source)
    near = nearest(Path(said.replace("\0", "")).stem, names)
    hint = f"did you mean {near}? " if near else ""
    raise error(f"{escaped(said, LONGEST_PATH) or 'an empty name'}: is neither a built-in {kind.removesuffix('s')} nor a file; "
                f"{hint}(built-in: {listing(names, most=30) or 'none'})")


def _root() -> Path:
    """A wheel carries the files inside the package; a checkout (or an editable install) has them beside it."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "builtin"
    return packaged if packaged.is_dir() else package.parent
