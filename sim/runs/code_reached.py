"""The code that can be reached from a name, by reading sources: the walk that `sim.runs.model_code` takes."""

from __future__ import annotations

import ast
import importlib.util
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

Place = tuple[str, str]
"""A module and a name in it; "" is the module itself."""
WORDS_ONLY = {"Metric"}
"""Classes whose texts and numbers describe."""
SHOWN_ONLY = {"__str__", "__repr__", "__format__"}
NO_MATTER = {"ctx", "kind", "type_comment", "type_params", "annotation", "returns"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Reached:
    """All code that can be reached without leaving the modules that are followed.

    Parameters
    ----------
    follows
        Whether a module is followed.
    spoken
        Names of methods that are called from elsewhere.

    Attributes
    ----------
    spoken
        The same with all names that the code itself speaks.
    unknown
        Modules that should have been followed, but have no source that could be read.
    """

    def __init__(self, follows: Callable[[str], bool], spoken: Iterable[str] = ()) -> None:
        self.spoken = set(spoken)
        self.unknown: set[str] = set()
        self._follows = follows
        self._code: dict[Place, list[ast.stmt]] = {}
        self._methods: list[tuple[Place, Function]] = []  # whose names nobody has spoken yet

    def reach(self, roots: Iterable[Place]) -> Reached:
        """Walk from these names (of a method or of a function within another: from what it stands in)."""
        for module, name in roots:
            outer = name.partition(".")[0]
            self._reach((module, "" if outer == "<lambda>" else outer))
        while heard := [method for method in self._methods if self._is_spoken(method[1].name)]:
            self._methods = [method for method in self._methods if method not in heard]
            for place, method in heard:
                self._code.setdefault(place, []).append(method)
                self._read(place[0], method)
        return self

    def texts(self) -> list[str]:
        """What was reached, one text a name, whatever file it stands in."""
        return sorted(f"{name} {shape(node)}" for (_, name), nodes in self._code.items() for node in nodes)

    def names(self) -> tuple[str, ...]:
        """What was reached, as dotted names."""
        return tuple(sorted(f"{module}.{name}" for module, name in self._code))

    def _is_spoken(self, method: str) -> bool:
        dunder = method.startswith("__") and method.endswith("__")
        return method in self.spoken or (dunder and method not in SHOWN_ONLY)

    def _reach(self, place: Place) -> None:
        module, name = place
        source = self._source(module)
        if source is None or place in self._code:
            return
        if not name:  # a module as a value: all that it has
            for known in source.definitions:
                self._reach((module, known))
            return
        self._code[place] = code = []
        for node in source.definitions.get(name, []):
            code.append(self._without_methods(module, node) if isinstance(node, ast.ClassDef) else node)
            self._read(module, code[-1])

    def _without_methods(self, module: str, node: ast.ClassDef) -> ast.ClassDef:
        """A class as far as it counts by itself; its methods wait to be called."""
        data = self._is_data(module, node)
        body: list[ast.stmt] = []
        for part in node.body:
            if isinstance(part, Function):
                self._methods.append(((module, f"{node.name}.{part.name}"), part))
            elif isinstance(part, ast.AnnAssign) and data:  # the value counts with the scenario; its class may have methods
                for name in ast.walk(part.annotation):
                    place = self._meaning(module, name)
                    if place is not None and self._class(place) is not None:
                        self._reach(place)
            else:
                body.append(part)
        return ast.ClassDef(node.name, node.bases, node.keywords, body, node.decorator_list)

    def _is_data(self, module: str, node: ast.ClassDef) -> bool:
        """Whether the fields of a class are values that are digested elsewhere: a model of pydantic."""
        for base in node.bases:
            place = self._meaning(module, base)
            above = self._class(place) if place is not None else None
            if ast.unparse(base) == "BaseModel" or (place is not None and above is not None and self._is_data(place[0], above)):
                return True
        return False

    def _class(self, place: Place) -> ast.ClassDef | None:
        source = self._source(place[0])
        nodes = source.definitions.get(place[1], []) if source is not None else []
        return next((node for node in nodes if isinstance(node, ast.ClassDef)), None)

    def _read(self, module: str, node: ast.AST) -> None:
        """Reach what a piece of code uses."""
        if isinstance(node, ast.Attribute):
            self.spoken.add(node.attr)
        place = self._meaning(module, node)
        if place is not None:
            self._reach(place)
        else:
            for part in _parts(node):
                self._read(module, part)

    def _meaning(self, module: str, node: ast.AST) -> Place | None:
        """Where that is defined which a name, or a name behind dots, means."""
        if isinstance(node, ast.Name):
            return self._defined(module, node.id)
        if isinstance(node, ast.Attribute):
            inner = self._meaning(module, node.value)
            return self._defined(inner[0], node.attr) if inner is not None and not inner[1] else None
        return None

    def _defined(self, module: str, name: str) -> Place | None:
        source = self._source(module)
        if source is None:
            return None
        if name in source.definitions:
            return module, name
        home, inner = source.imports.get(name, (f"{module}.{name}", ""))
        if inner:
            return self._defined(home, inner)
        return (home, "") if self._follows(home) and source_of(home) is not None else None

    def _source(self, module: str) -> Source | None:
        if not self._follows(module):
            return None
        source = source_of(module)
        if source is None:
            self.unknown.add(module)
        return source


# --- sources ---


@dataclass(frozen=True)
class Source:
    """What the names of a module mean, as it is written."""

    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, Place] = field(default_factory=dict)


@cache
def source_of(module: str) -> Source | None:
    """The source of a module; None where there is none that can be read."""
    path = path_of(module)
    if path is None:
        return None
    try:
        tree = _Bare().visit(ast.parse(path.read_bytes()))
    except (OSError, SyntaxError, ValueError):
        return None
    source = Source()
    for statement in _statements(tree.body):
        for name in _defined_names(statement):
            source.definitions.setdefault(name, []).append(statement)
    for node in ast.walk(tree):  # also those within functions
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                source.imports[name] = (alias.name if alias.asname else name, "")
        elif isinstance(node, ast.ImportFrom):
            home = importlib.util.resolve_name("." * node.level + (node.module or ""), module.rpartition(".")[0])
            source.imports.update({alias.asname or alias.name: (home, alias.name) for alias in node.names})
    return source


def path_of(module: str) -> Path | None:
    """The file that a module is read from."""
    file = getattr(sys.modules.get(module), "__file__", None)
    try:
        spec = None if module in sys.modules else importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    file = spec.origin if spec is not None else file
    return Path(file) if file is not None and file.endswith(".py") else None


def is_own(module: str) -> bool:
    """Whether a module is somebody's own file: of no library that was installed, and not of Python."""
    path = path_of(module)
    return path is not None and not {"site-packages", "dist-packages"} & set(path.parts) and not path.is_relative_to(
        sysconfig.get_path("stdlib"))


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Of a module, also those in an if or a try."""
    for node in body:
        yield node
        for block in ("body", "orelse", "finalbody") if isinstance(node, ast.If | ast.Try | ast.With) else ():
            yield from _statements(getattr(node, block, []))
        for handler in getattr(node, "handlers", []):
            yield from _statements(handler.body)


def _defined_names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, Function | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


# --- syntax ---


class _Bare(ast.NodeTransformer):
    """Takes out what describes: docstrings, texts of errors, what a `Metric` says of itself."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in WORDS_ONLY:
            told = [part for part in node.args if not _is_literal(part)]
            node.args = [*node.args[:1], *told] if told else []  # what has a formula counts, with the name that comes first
            node.keywords = [part for part in node.keywords if not _is_literal(part.value)]
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        if node.name in WORDS_ONLY:
            node.body = [part for part in node.body if isinstance(part, Function)]
        return self.generic_visit(node)


def _is_literal(node: ast.expr) -> bool:
    return not any(isinstance(part, ast.Name | ast.Lambda) for part in ast.walk(node))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name not in NO_MATTER:
            yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST))


def shape(node: Any) -> str:
    """Syntax as a text, the same for every version of Python.

    Examples
    --------
    >>> shape(ast.parse("x: int = 1  # so much").body[0]) == shape(ast.parse("x: float = (1)").body[0])
    True
    """
    if isinstance(node, list):
        return f"[{', '.join(map(shape, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = ((name, value) for name, value in ast.iter_fields(node) if name not in NO_MATTER and value not in (None, []))
    return f"{type(node).__name__}({', '.join(f'{name}={shape(value)}' for name, value in fields)})"
