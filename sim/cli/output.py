"""Text to standard output: plain when piped, with a little colour on a terminal (which never says anything alone)."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from sim.errors import IntakeLabError
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


def show_json(told: Any) -> None:
    """Print plain data for other programs."""
    print(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))


def write_text(path: Path, text: str) -> None:
    """Write a file that was asked for.

    Raises
    ------
    IntakeLabError
        Where it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from None


def write_bytes(path: Path, content: bytes) -> None:
    """The same of bytes."""
    try:
        path.write_bytes(content)
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: Exception) -> IntakeLabError:
    """The error that says why: no folder, no room, a name that no file can have."""
    return IntakeLabError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})")
