"""The plan of the house: rooms lie above each other, imports point down, nothing runs in a circle, no file's name stands twice.

A policy cannot touch an outcome, because it cannot even name the world.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).parent
ROOMS = (
    "version", "errors", "folder", "show", "toml", "policies", "scenario", "model", "design", "runs", "game", "stats", "study", "fit", "decide", "report", "cli",
    "sim",
)
"""From the ground up: a room may import itself and what stands before it. The last one is ``sim/__init__.py``, the public names."""
LIBRARIES = {"policies": set(), "model": {"simpy"}}
"""What these rooms may import besides the standard library: they also run where nothing else is installed."""
HEAVY = {
    "SALib", "dask", "distributed", "duckdb", "jinja2", "matplotlib", "numpy", "openpyxl", "pandas", "pyarrow", "pydantic", "rich",
    "scipy", "simpy", "sklearn",
}
BESIDES = {"sim.model.variates_numpy": {"numpy"}}
AT_THE_EDGE = {"sim.policies.policy_file"}
"""Reads files, for whoever works with files; no policy needs it."""


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports(tree: ast.AST) -> Iterator[str]:
    """Names of the modules (or of what is in them) that are imported at run time, at the top or inside functions."""
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


def module_name(path: Path) -> str:
    return ".".join(("sim", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "sim"


def module_in(name: str, known: Iterable[str]) -> str:
    """The module that an imported name means: itself, or the one that it stands in."""
    return name if name in known else name.rpartition(".")[0]


TREES = {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}
ARROWS: dict[str, set[str]] = {
    module: {module_in(name, TREES) for name in imports(tree) if name.split(".")[0] == "sim"} - {module}
    for module, tree in TREES.items()
}


def upward(arrows: Mapping[str, set[str]]) -> list[str]:
    return [
        f"{module} imports {other}" for module, others in arrows.items() for other in sorted(others)
        if ROOMS.index(room_of(other)) > ROOMS.index(room_of(module))]


def circle(arrows: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def foreign(module: str) -> set[str]:
    """Libraries that a module imports."""
    tops = {name.split(".")[0] for name in imports(TREES[module])}
    return {top for top in tops if top != "sim" and top not in sys.stdlib_module_names}


def test_every_import_points_down() -> None:
    assert upward(ARROWS) == []


def test_no_imports_run_in_a_circle() -> None:
    assert circle(ARROWS) == []


def test_every_import_of_ours_is_of_something_that_is_there() -> None:
    assert {other for others in ARROWS.values() for other in others} <= set(TREES)


def test_no_file_name_stands_twice() -> None:
    names = Counter(path.name for path in ROOT.rglob("*.py") if path.name not in ("__init__.py", "__main__.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_folder_that_is_its_own_list_loads_nothing_but_itself() -> None:
    loaded = [ast.unparse(node.args[0]) for tree in TREES.values() for node in ast.walk(tree)
              if isinstance(node, ast.Call) and ast.unparse(node.func) == "modules_in"]
    assert set(loaded) == {"__name__"}


def test_only_one_file_names_a_room_above_it_and_only_to_load_it() -> None:
    loads = [module for module, tree in TREES.items() if any("import_module" in ast.unparse(node) for node in ast.walk(tree)
             if isinstance(node, ast.Call))]
    assert sorted(loads) == ["sim", "sim.folder", "sim.show", "sim.study.plugin"]


def test_the_tests_of_the_house_see_what_they_forbid() -> None:
    source = "import random\ndef f():\n    from sim.model import effects\nif TYPE_CHECKING:\n    import pandas\n"
    assert set(imports(ast.parse(source))) == {"random", "sim.model.effects"}
    assert upward({"sim.policies.gates": {"sim.model.effects"}}) == ["sim.policies.gates imports sim.model.effects"]
    assert upward({"sim.model.effects": {"sim.policies.gates", "sim.model.tape"}}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
    assert module_in("sim.model.effects.appeal", TREES) == "sim.model.effects"


@pytest.mark.parametrize("module", [module for module in TREES if room_of(module) in LIBRARIES and module not in AT_THE_EDGE])
def test_policies_and_model_need_no_library_but_simpy_and_for_the_tape_numpy(module: str) -> None:
    assert foreign(module) - LIBRARIES[room_of(module)] - BESIDES.get(module, set()) == set()


@pytest.mark.parametrize("module", [module for module in TREES if room_of(module) != "model"])
def test_only_the_model_imports_simpy(module: str) -> None:
    assert "simpy" not in foreign(module)


@pytest.mark.parametrize("module", [module for module in TREES if room_of(module) in LIBRARIES])
def test_no_policy_and_no_part_of_the_model_reads_a_clock_or_another_source_of_chance(module: str) -> None:
    forbidden = {"random", "time", "datetime", "secrets", "uuid", "os"}
    assert not {name.split(".")[0] for name in imports(TREES[module])} & forbidden


@pytest.mark.parametrize(("module", "absent"), [
    ("sim.policies", ("simpy", "numpy", "pydantic", "pandas", "sim.model")),
    ("sim.runs.simulate", ("pydantic", "pandas", "scipy", "sim.scenario")),
    ("sim.game", ("pydantic", "pandas", "scipy", "sim.scenario")),
    ("sim.model.effects", ("simpy", "numpy", "pydantic")),
])
def test_importing_a_part_loads_nothing_that_it_must_not_need(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT.parent)!r}); import {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout.split()
    assert not set(loaded) & set(absent)


@pytest.mark.parametrize("used", [
    "import sim; dir(sim)",
    "from sim.cli import app; app(['--help'], standalone_mode=False)",
    "from sim.cli import app; app(['--version'], standalone_mode=False)",
])
def test_help_comes_at_once_because_nothing_heavy_is_loaded_for_it(used: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT.parent)!r}); {used}; print(*sys.modules, file=sys.stderr)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stderr.split()
    assert "sim.version" in loaded
    assert not HEAVY & set(loaded)
