"""Text to standard output: plain when piped, with a little colour on a terminal (which never says anything alone)."""

from __future__ import annotations

import os
import shutil
import sys

from sim.toml.harmless import printable

COLOURS = {r"\bbetter$|▲": "green", r"\bworse$|▼": "red", r"^Next: .*": "dim"}


def width() -> int:
    """Columns of the terminal; 80 when piped, unless COLUMNS says otherwise."""
    return max(shutil.get_terminal_size((80, 24)).columns, 40)


def show(text: str) -> None:
    """Print text, which may have somebody's words in it."""
    text = printable(text)
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        print(text)
        return
    import re

    from rich.console import Console
    from rich.text import Text

    coloured = Text(text)
    for pattern, style in COLOURS.items():
        coloured.highlight_regex(re.compile(pattern, re.MULTILINE), style)
    Console(highlight=False).print(coloured, soft_wrap=True)
