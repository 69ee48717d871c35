"""From a name or a path to a scenario."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.files.builtin import builtin_names, builtin_path
from sim.files.overrides import override, parse_overrides
from sim.files.template import new_scenario_text
from sim.files.toml_file import LONGEST_PATH, read_model
from sim.files.words import escaped, listing, nearest
from sim.scenario import Scenario

__all__ = ["find_scenario", "load_scenario", "new_scenario_text", "override", "parse_overrides"]


def load_scenario(source: str | Path, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Load a built-in scenario by name, or a TOML file by path, and apply overrides.

    Parameters
    ----------
    source
        A name (a built-in scenario goes before a file of the same name; write ``./name`` for the file) or a path.
    overrides
        Dotted keys with values, see `override`.

    Raises
    ------
    ScenarioError
        With file, line, key, value and what is allowed, one line for each thing to mend.
    """
    scenario = read_model(find_scenario(source), Scenario, ScenarioError)
    return override(scenario, overrides) if overrides else scenario


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
