"""Somebody's texts (questions, statements, titles, labels, errors of their code) made harmless for where they go.

A file may come from anybody. Its words must not move a terminal's cursor, become a link on a page, or a formula in a spreadsheet.
(For HTML there are `html.escape` and Jinja's autoescape.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sim.toml.shown import escaped

if TYPE_CHECKING:
    import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIGURE = re.compile(r"(?:[-+\d .,±%()\[\]–]|e[-+]?\d|to)+|[-+][\d.,]+ [^|=!@()'\"\t\r\n]*", re.ASCII)
"""A number, also with its interval; or a number and words without what a formula needs to call or to reach anything."""
ACTIVE = re.compile(r"[\\`*<\[|]")


def printable(text: str) -> str:
    r"""Text for a terminal: lines stay, other control characters are shown as they are written.

    Examples
    --------
    >>> print(printable("first line\nred \x1b[31m alert"))
    first line
    red \x1b[31m alert
    """
    return "\n".join(escaped(line, longest=len(line)) for line in text.split("\n"))


def markdown(text: str) -> str:
    r"""Text on one line of a Markdown page: no markup, no HTML, no link, no cell of a table begins in it.

    Examples
    --------
    >>> print(markdown("[click](javascript:x) <script> a|b\nc"))
    \[click](javascript:x) \<script> a\|b c
    """
    return ACTIVE.sub(r"\\\g<0>", printable(" ".join(text.split())))


def code(text: object) -> str:
    """A key or a name, as code on a Markdown page."""
    return "`" + printable(" ".join(str(text).split())).replace("`", "'").replace("|", "\\|") + "`"


def csv_cell(value: Any) -> Any:
    """A cell of a CSV file: a text that a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers.

    Examples
    --------
    >>> csv_cell("=1+1"), csv_cell("@sum"), csv_cell("-3.2"), csv_cell("-2.8 [-4.4 to -1.2] better"), csv_cell(-3.2), csv_cell("a")
    ("'=1+1", "'@sum", '-3.2', '-2.8 [-4.4 to -1.2] better', -3.2, 'a')
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) and not FIGURE.fullmatch(value):
        return f"'{value}"
    return value


def csv_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose cells and headings are harmless in a CSV file."""
    table = frame.rename(columns=csv_cell)
    for at, kind in enumerate(table.dtypes):
        if kind.kind not in "biufc":
            table.isetitem(at, table.iloc[:, at].map(csv_cell).to_numpy())
    return table
