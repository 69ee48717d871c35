"""Reading one TOML file against one pydantic model: scenarios, experiments and policies are all read here."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import IntakeLabError
from sim.toml.locate import locate
from sim.toml.messages import Places, explain
from sim.toml.regular_file import LONGEST_PATH, read_regular
from sim.toml.shown import escaped
from sim.toml.walk import Loc

LARGEST = 1_000_000  # bytes; the largest sensible scenario is a hundredth of it
M = TypeVar("M", bound=BaseModel)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
DEEP_KEY = re.compile(rf"(?m)(?:^|[\[{{,])[ \t]*+(?:{PART}[ \t]*+\.[ \t]*+){{30}}")  # reading these takes quadratic time
AT_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class FilePlaces:
    """Places in a file, by line where the line is known."""

    label: str
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def lines(self) -> dict[Loc, int]:
        """The line of each place; looked for only where something is wrong."""
        return locate(self.text, self.data)

    def line(self, loc: Loc) -> int | None:
        """The line of a place, or of the table in which something is missing."""
        return next((self.lines[loc[:depth]] for depth in range(len(loc), 0, -1) if loc[:depth] in self.lines), None)

    def order(self, loc: Loc) -> float:
        """By line; places without a line come last."""
        return self.line(loc) or float("inf")

    def prefix(self, loc: Loc) -> str:
        """``my-project.toml, line 14: ``."""
        line = self.line(loc)
        return f"{self.label}, line {line}: " if line else f"{self.label}: "


def read_model(path: Path, model: type[M], error: type[IntakeLabError]) -> M:
    """Read a TOML file as a value of a pydantic model.

    Parameters
    ----------
    path
        The file, named in messages as it is given here.
    model
        What the file must describe.
    error
        The class of error to raise.

    Raises
    ------
    IntakeLabError
        The ``error`` asked for, whatever is wrong with the file: one line of text for each thing to mend.
    """
    return model_from_text(read_text(path, error), escaped(str(path), LONGEST_PATH), model, error)


def model_from_text(text: str, label: str, model: type[M], error: type[IntakeLabError]) -> M:
    """The same from a text that was read already; `label` is what messages call it."""
    data = parse(text, label, error)
    return validated(data, model, FilePlaces(label, text, data), error)


def validated(data: dict[str, Any], model: type[M], places: Places, error: type[IntakeLabError]) -> M:
    """A value of the model from plain data, or ``error`` with all that is wrong."""
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        raise error(explain(problem, model, places)) from None


def read_text(path: Path, error: type[IntakeLabError]) -> str:
    """The text of a file of reasonable size."""
    content = read_regular(path, LARGEST, error, "a TOML file", "which no TOML file of IntakeLab is")
    return _decoded(content, escaped(str(path), LONGEST_PATH), error)


def _decoded(content: bytes, label: str, error: type[IntakeLabError]) -> str:
    if content.startswith(UTF16_MARKS):
        raise error(f"{label}: is saved as UTF-16; save it as UTF-8")
    if b"\0" in content:
        raise error(f"{label}: is a binary file, not TOML text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        byte = content[problem.start]
        raise error(f"{label}, line {line}: is not UTF-8 text (byte 0x{byte:02x}); save it as UTF-8") from None
    return text


def parse(text: str, label: str, error: type[IntakeLabError]) -> dict[str, Any]:
    """Plain data from TOML text, or ``error`` with line and column."""
    if DEEP_KEY.search(text):
        raise error(f"{label}: has a key of more than 30 parts, which no TOML file of IntakeLab has")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise error(_syntax(str(problem), text, label)) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; lists in lists without end
        raise error(f"{label}: is no TOML file that can be read (a number too long, or lists nested too deeply)") from None
    if not data:
        raise error(f"{label}: is empty, it sets nothing")
    return data


def _syntax(message: str, text: str, label: str) -> str:
    """Says where and why, but repeats nothing of the file: somebody may have named a file that is none of ours."""
    lines = text.split("\n")
    at = AT_PLACE.search(message)
    reason = escaped(AT_PLACE.sub("", message), 200)
    if at is None:
        return f"{label}: not valid TOML — {reason}"
    line, column = (int(at[1]), int(at[2])) if at[1] else (len(lines), len(lines[-1]) + 1)
    hint = "; texts need quotes, numbers a decimal point and no unit" if "nvalid value" in reason or "newline" in reason else ""
    return f"{label}, line {line}, column {column}: not valid TOML — {reason}{hint}"
