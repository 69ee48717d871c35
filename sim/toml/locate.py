"""On which line of a TOML file each key stands, so that a message can say so.

``tomllib`` keeps no lines. This reads text that ``tomllib`` has accepted already, so it need not find errors; and it
compares what it found with what ``tomllib`` read: where the two differ, it says nothing rather than something wrong.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from sim.toml.walk import Loc

BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^\n,\]}#]+")


def locate(text: str, data: dict[str, Any]) -> dict[Loc, int]:
    """Line numbers (from 1) by place in what ``tomllib`` made of a text; empty where the text is too unusual to be sure."""
    try:
        scan = _Scan(text)
        scan.document()
        return scan.lines if scan.lines.keys() == _places(data) else {}
    except (ValueError, AttributeError, IndexError, KeyError, RecursionError):
        return {}


def _places(data: dict[str, Any]) -> set[Loc]:
    """All places of tables, lists and values."""
    found: set[Loc] = set()
    todo: list[tuple[Loc, Any]] = [((), data)]
    while todo:
        loc, value = todo.pop()
        found.add(loc)
        if isinstance(value, dict):
            todo += [((*loc, key), entry) for key, entry in value.items()]
        elif isinstance(value, list):
            todo += [((*loc, at), entry) for at, entry in enumerate(value)]
    return found - {()}


class _Scan:
    """One pass over the text; ``lines`` is what it found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.counted = 0
        self.lines: dict[Loc, int] = {}
        self.tables: dict[Loc, int] = {}  # how many entries each array of tables has so far

    def document(self) -> None:
        table: Loc = ()
        self.skip(BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(BLANK)

    def header(self) -> Loc:
        line = self.here()
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        *outer, last = self.key()
        self.at += 2 if array else 1
        table: Loc = ()
        for part in outer:
            table = self.entry_of((*table, part))
        table = (*table, last)
        if array:
            self.tables[table] = self.tables.get(table, -1) + 1
        table = self.entry_of(table)
        self.mention(table, 0, line)
        return table

    def entry_of(self, table: Loc) -> Loc:
        """The table itself, or the newest entry of an array of tables."""
        return (*table, self.tables[table]) if table in self.tables else table

    def pair(self, table: Loc) -> None:
        line = self.here()
        loc = (*table, *self.key())
        self.mention(loc, len(table), line)
        self.at += 1  # the equals sign
        self.skip(SPACE)
        self.value(loc)

    def mention(self, loc: Loc, known: int, line: int) -> None:
        """Note the line of a place and of the tables around it that were not mentioned before."""
        for depth in range(known + 1, len(loc) + 1):
            self.lines.setdefault(loc[:depth], line)

    def key(self) -> Loc:
        """Dotted parts; stands behind the last one, and the space after it, when done."""
        parts: list[str] = []
        while True:
            self.skip(SPACE)
            parts.append(self.key_part())
            self.skip(SPACE)
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def key_part(self) -> str:
        if self.text[self.at] in "\"'":
            quoted = self.take(STRING)
            return str(tomllib.loads(f"key = {quoted}")["key"])
        return self.take(BARE_KEY)

    def value(self, loc: Loc) -> None:
        first = self.text[self.at]
        if first == "{":
            self.entries(loc, "}")
        elif first == "[":
            self.entries(loc, "]")
        else:
            self.take(STRING if first in "\"'" else SCALAR)

    def entries(self, loc: Loc, closing: str) -> None:
        """The pairs of an inline table or the values of a list."""
        self.at += 1
        count = 0
        self.skip(BLANK)
        while self.text[self.at] != closing:
            if closing == "}":
                self.pair(loc)
            else:
                self.lines[(*loc, count)] = self.here()
                self.value((*loc, count))
            count += 1
            self.skip(BLANK)
            if self.text[self.at] == ",":
                self.at += 1
                self.skip(BLANK)
        self.at += 1

    def here(self) -> int:
        """The line of the present position."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def skip(self, pattern: re.Pattern[str]) -> None:
        self.at = pattern.match(self.text, self.at).end()  # type: ignore[union-attr]

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"unexpected text at {self.at}")
        self.at = found.end()
        return found.group()
