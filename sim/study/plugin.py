"""Policies written in Python, from a module that whoever runs the experiment names: nothing else ever runs code."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sim.errors import PolicyError
from sim.policies.policy import Policy
from sim.toml.names import NAME_RULE, is_name


class Plugin(NamedTuple):
    """What a module brings: its policies by name, and a SHA-256 of its source."""

    policies: dict[str, Policy]
    source: str


def load_plugins(names: Iterable[str]) -> Plugin:
    """Import modules and take the policies that they have at their top level (instances, or classes that need no arguments).

    Parameters
    ----------
    names
        Modules (``my_lab.policies``), or Python files (``./my_policies.py``). The present folder, or the file's own, is put on
        the path, also that of worker processes.

    Raises
    ------
    PolicyError
        Where one cannot be imported or brings no policy, or two policies have one name.
    """
    found: dict[str, Policy] = {}
    source = hashlib.sha256()
    for name in names:
        policies, text = _load(name)
        for policy in policies:
            if not is_name(policy.name):
                raise PolicyError(f"--plugin {name}: a policy is called {policy.name!r} — {NAME_RULE}")
            if found.get(policy.name, policy) is not policy:
                raise PolicyError(f"--plugin {name}: a second policy is called {policy.name!r}")
            found[policy.name] = policy
        source.update(text)
    return Plugin(found, source.hexdigest() if found else "")


def _load(name: str) -> tuple[list[Policy], bytes]:
    path = Path(name)
    try:
        folder, module_name = (path.resolve().parent, path.stem) if path.suffix == ".py" else (Path.cwd(), name)
        _look_here_first(folder, module_name)
        module = importlib.import_module(module_name)
    except Exception as error:  # of somebody's own code, or of a name that leads nowhere
        raise PolicyError(f"--plugin {name}: cannot be imported ({type(error).__name__}: {error})") from error
    policies = [made for value in vars(module).values() if (made := _policy(value, module_name)) is not None]
    if not policies:
        raise PolicyError(f"--plugin {name}: has no policy at its top level (an instance or a subclass of sim.Policy)")
    file = getattr(module, "__file__", None)
    return policies, Path(file).read_bytes() if file else b""


def _look_here_first(folder: Path, module_name: str) -> None:
    """So that the file of this folder is meant, also where one of the same name from elsewhere was imported before."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    file = folder / f"{module_name}.py"
    known = getattr(sys.modules.get(module_name), "__file__", None)
    if known and file.exists() and not file.samefile(known):
        sys.path.remove(str(folder))
        sys.path.insert(0, str(folder))
        del sys.modules[module_name]
        importlib.invalidate_caches()


def _policy(value: object, module: str) -> Policy | None:
    if isinstance(value, Policy):
        return value
    if isinstance(value, type) and issubclass(value, Policy) and value.__module__ == module:
        try:
            return value()
        except TypeError:
            return None
    return None
