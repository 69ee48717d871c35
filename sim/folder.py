"""A folder that is its own list: a design, an analysis is a file, and whoever adds the file has added it everywhere."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules_in(package: str) -> list[ModuleType]:
    """Every module of a package, imported, in the order of their names."""
    return [import_module(f"{package}.{found.name}") for found in iter_modules(import_module(package).__path__)]
