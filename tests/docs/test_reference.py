"""Whatever is promised to people who write Python is in the reference, and a name in the reference is there.

That its docstrings are in order, `mkdocs build --strict` says.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parents[2] / "docs/reference"
SHOWN = [name for page in sorted(PAGES.glob("*.md")) for name in re.findall(r"^::: (\S+)$", page.read_text(encoding="utf-8"), re.M)]


def thing(name: str) -> Any:
    """What a dotted name stands for."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(import_module(module), attribute)


def members(module: Any) -> list[Any]:
    return [value for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__ and name[0] != "_"]


@pytest.mark.parametrize("name", SHOWN)
def test_a_name_in_the_reference_is_there_and_says_what_it_is(name: str) -> None:
    assert (thing(name).__doc__ or "").strip()


@pytest.mark.parametrize("module", ["sim", "sim.policies"])
def test_every_public_name_is_in_the_reference(module: str) -> None:
    whole = [value for name in SHOWN if (value := thing(name)).__class__.__name__ == "module"]
    shown = [*map(thing, SHOWN), *(value for one in whole for value in members(one))]
    missing = [name for name in thing(module).__all__ if not any(thing(f"{module}.{name}") is value for value in shown)]
    assert missing == []


def test_every_design_is_in_the_reference() -> None:
    assert "sim.design" in SHOWN
