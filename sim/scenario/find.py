"""From a name or a path to the file of a scenario."""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import ScenarioError
from sim.toml.regular_file import LONGEST_PATH
from sim.toml.shipped import builtin_names, builtin_path
from sim.toml.shown import escaped, listing, nearest


def find_scenario(source: str | Path) -> Path:
    """The file that a name or a path means.

    Raises
    ------
    ScenarioError
        Where it is neither a built-in scenario nor a file, with the nearest names.
    """
    if isinstance(source, str) and source in builtin_names("scenarios"):
        return builtin_path("scenarios", source)
    if source and os.path.exists(source):
        return Path(source)
    raise ScenarioError(_not_found(str(source)))


def _not_found(source: str) -> str:
    names = builtin_names("scenarios")
    near = nearest(Path(source.replace("\0", "")).stem, names)
    hint = f"did you mean {near}? " if near else ""
    return (
        f"{escaped(source, LONGEST_PATH) or 'an empty name'}: is neither a built-in scenario nor a file; "
        f"{hint}(built-in: {listing(names, most=20) or 'none'})"
    )
