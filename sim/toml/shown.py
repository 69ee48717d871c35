"""Words for messages: values and names from a file as they may be shown, and the nearest name to a misspelt one."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

LONGEST = 60  # characters of a value that a message repeats
MOST_ENTRIES = 5  # entries of a list or table that a message repeats


def escaped(text: str, longest: int = LONGEST) -> str:
    r"""Text on one line without control characters, so that a file cannot move the cursor of a terminal.

    Examples
    --------
    >>> print(escaped("red \x1b[31m alert"))
    red \x1b[31m alert
    """
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in short)


def dotted(loc: Iterable[int | str]) -> str:
    """A place in a file as one dotted key; names that TOML would quote are quoted."""
    return ".".join(str(part) if isinstance(part, int) else _key(part) for part in loc)


def _key(part: str) -> str:
    return part if re.fullmatch(r"[\w-]{1,80}", part) else f'"{escaped(part)}"'


def shown(value: Any, depth: int = 2) -> str:
    """A value as TOML would write it, shortened.

    Examples
    --------
    >>> shown(True), shown("often"), shown([1, 2.5]), shown({"a": 1})
    ('true', '"often"', '[1, 2.5]', '{a = 1}')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if value.bit_length() < 100 else f"a number of about {round(value.bit_length() * 0.30103)} digits"
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, str):
        return f'"{escaped(value)}"'
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _bracketed("{}", value.items(), lambda pair: f"{_key(str(pair[0]))} = {shown(pair[1], depth - 1)}", depth)
    if isinstance(value, list | tuple):
        return _bracketed("[]", value, lambda entry: shown(entry, depth - 1), depth)
    return f"a value of type {type(value).__name__}"


def _bracketed(brackets: str, entries: Collection[Any], written: Callable[[Any], str], depth: int) -> str:
    """The first entries; what is nested deeper than ``depth`` is not looked into (a file can nest without end)."""
    first = [written(entry) for entry in islice(entries, MOST_ENTRIES if depth > 0 else 0)]
    inner = ", ".join(first + ["…"] * (len(entries) > len(first)))
    return brackets[0] + (inner if len(inner) <= LONGEST else inner[: LONGEST - 1] + "…") + brackets[1]


def number(value: float) -> str:
    """A number without an exponent and without a ".0".

    Examples
    --------
    >>> number(1e7), number(0.000001), number(120.0)
    ('10000000', '0.000001', '120')
    """
    return f"{value:.9f}".rstrip("0").rstrip(".")


def span(low: float | None, high: float | None, smallest: float | None = None) -> str:
    """A range in words; "" where it has no ends.

    Examples
    --------
    >>> span(0, 1), span(0, 1000, 0.1)
    ('0 to 1', '0 or 0.1 to 1000')
    """
    if low is None or high is None:
        return ""
    return (f"{number(low)} or {number(smallest)}" if smallest else number(low)) + f" to {number(high)}"


def listing(words: Iterable[str], most: int = 12) -> str:
    """A list of names for a sentence, cut after ``most``."""
    named = list(words)
    return ", ".join(named[:most]) + (f" and {len(named) - most} more" if len(named) > most else "")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that ``word`` is most likely a misspelling or the beginning of, or None.

    Examples
    --------
    >>> nearest("apetite", ["appetite", "drift"]), nearest("gate", ["gatekeeper"]), nearest("zzz", ["drift"])
    ('appetite', 'gatekeeper', None)
    """
    by_fold = {name.casefold().replace("_", "-"): name for name in known}
    folded = word[:200].casefold().replace("_", "-").replace(" ", "-")
    begin_alike = [name for name in by_fold if len(folded) > 2 and name.startswith(folded)]
    close = get_close_matches(folded, by_fold, n=1, cutoff=0.6) or begin_alike
    return by_fold[close[0]] if close else None
