"""Requests out of JSON: a list of objects, one object a line, or a list that lies somewhere within an object.

Objects within a request are opened: the status of a ticket that lies in ``fields`` has the column ``fields.status.name``. An id
that stands in a list beside (the columns of a board) is replaced by what it is called there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import FitError
from sim.fit.bounds import check_cells
from sim.fit.trackers import TRACKERS
from sim.toml.shown import escaped

Record = dict[str, Any]
DEEPEST = 8
"""Levels of objects within a request that are opened."""


def records_of(text: str, name: str) -> list[Record]:
    """The requests, each with its cells by (dotted) name.

    Raises
    ------
    FitError
        Where it is no JSON, or one of something else than objects.
    """
    check_cells(sum(map(text.count, ",[{")), name)  # no more values than these signs, and one
    found = _parsed(text, name)
    if isinstance(found, list):
        if not all(isinstance(record, dict) for record in found):
            raise FitError(f"{name}: one object with names and values for each request is needed")
        return [flat(record) for record in found]
    if not isinstance(found, dict):
        raise FitError(f"{name}: one object with names and values for each request is needed")
    lists = list(_lists(found))
    if not lists:
        return [flat(found)]
    called = {str(entry["id"]): entry["name"] for entries in lists for entry in entries if {"id", "name"} <= set(entry)}
    return [_with_names(flat(record), called) for record in max(lists, key=_likely)]


def _parsed(text: str, name: str) -> Any:
    """One value, or a list of what stands on the lines."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as whole:
        lines = [line for line in text.split("\n") if line.strip()]
        try:
            return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            raise FitError(f"{name}: is no JSON ({escaped(str(whole), 120)}); one object a line, one list of objects, or an object "
                           "that holds one is needed") from None


def _lists(value: Any, depth: int = 0) -> Iterator[list[Record]]:
    """All lists of objects within, from the outside in; what lies within a request is not looked at."""
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        edges = [entry["node"] for entry in value if isinstance(entry.get("node"), dict)]  # GraphQL wraps them
        yield edges if len(edges) == len(value) else value
    elif isinstance(value, dict) and depth < DEEPEST:
        for inner in value.values():
            yield from _lists(inner, depth + 1)


def _likely(records: list[Record]) -> tuple[bool, int]:
    """Lists whose names are those of a tracker go first, then the longest."""
    names = {name.casefold() for record in records[:20] for name in flat(record)}
    return any(names.issuperset(tracker.marks) for tracker in TRACKERS), len(records)


def flat(record: Mapping[str, Any], before: str = "", depth: int = 0) -> Record:
    """The cells of an object, with those of objects within it under dotted names.

    Examples
    --------
    >>> flat({"key": "A-1", "fields": {"status": {"name": "Done"}}})
    {'key': 'A-1', 'fields.status.name': 'Done'}
    """
    cells: Record = {}
    for name, value in record.items():
        if isinstance(value, dict) and value and depth < DEEPEST:
            cells |= flat(value, f"{before}{name}.", depth + 1)
        else:
            cells[before + name] = value
    return cells


def _with_names(record: Record, called: Mapping[str, Any]) -> Record:
    return {name: called.get(value, value) if name.startswith("id") and name != "id" and isinstance(value, str) else value
            for name, value in record.items()}
