"""A policy cannot touch an outcome, because it cannot even name the world: the imports of the code run one way."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
ALLOWED = {
    "policies": {"sim.errors", "sim.policies"},
    "model": {"sim.errors", "sim.policies", "sim.model", "simpy"},
}
"""What a part of the code may import at run time, besides the standard library."""
BESIDES = {
    "model/tape.py": {"numpy"}, "model/frames.py": {"pandas"},
    "policies/conformance.py": {"sim.model.run", "sim.scenario"},  # holds policies to the rules in the world; no policy itself
}  # fmt: skip


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports(tree: ast.AST) -> Iterator[str]:
    """Names of the modules that are imported at run time, at the top or inside functions."""
    for node in ast.iter_child_nodes(tree):
        if is_for_types_only(node):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from imports(node)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def found_in(path: Path) -> set[str]:
    return set(imports(ast.parse(path.read_text(encoding="utf-8"))))


def within(name: str, allowed: set[str]) -> bool:
    return any(name == one or name.startswith(one + ".") for one in allowed) or name.split(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("path", [path for path in MODULES if named(path).split("/")[0] in ALLOWED], ids=named)
def test_policies_and_model_import_nothing_from_above(path: Path) -> None:
    allowed = ALLOWED[named(path).split("/")[0]] | BESIDES.get(named(path), set())
    assert {name for name in found_in(path) if not within(name, allowed)} == set()


@pytest.mark.parametrize("path", [path for path in MODULES if not named(path).startswith("model/")], ids=named)
def test_only_the_model_imports_simpy(path: Path) -> None:
    assert not [name for name in found_in(path) if name.split(".")[0] == "simpy"]


def test_the_arrow_test_sees_what_it_forbids() -> None:
    source = "import random\ndef f():\n    from sim.model import run\nif TYPE_CHECKING:\n    import pandas\n"
    assert set(imports(ast.parse(source))) == {"random", "sim.model.run"}
    assert not within("sim.model.run", ALLOWED["policies"])
    assert not within("sim.policies_of_mine", ALLOWED["policies"])


@pytest.mark.parametrize("path", [path for path in MODULES if named(path).split("/")[0] in ALLOWED], ids=named)
def test_no_policy_and_no_part_of_the_model_reads_a_clock_or_another_source_of_chance(path: Path) -> None:
    forbidden = {"random", "time", "datetime", "secrets", "uuid", "os"}
    assert not {name.split(".")[0] for name in found_in(path)} & forbidden


@pytest.mark.parametrize(("module", "absent"), [
    ("sim.policies", ("simpy", "numpy", "pydantic", "pandas", "sim.model")),
    ("sim.model.run", ("pydantic", "pandas", "scipy", "sim.scenario")),
    ("sim.model.effects", ("simpy", "numpy", "pydantic")),
])  # fmt: skip
def test_importing_a_part_loads_nothing_that_it_must_not_need(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT.parent)!r}); import {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout.split()
    assert not set(loaded) & set(absent)
