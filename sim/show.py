"""How a thing shows itself, as text or in a notebook: it asks here, and the room that makes text answers.

A comparison or a verdict lies far below the room that has the words, and must not reach up to it. So it calls `text`, `html` or
`sentences`; ``sim.report.renderers`` registers who makes them, and is loaded when something is to be shown for the first time.
This is the only place in the package that names a room above it.
"""

from __future__ import annotations

from functools import singledispatch
from importlib import import_module
from typing import Any

ROOM = "sim.report.renderers"


@singledispatch
def text(thing: object, width: int = 100, **how: Any) -> str:
    """A thing as text for a terminal of this width."""
    return _made(text, thing)(thing, width, **how)  # type: ignore[no-any-return]


@singledispatch
def html(thing: object) -> str:
    """A thing for a notebook."""
    return _made(html, thing)(thing)  # type: ignore[no-any-return]


@singledispatch
def sentences(thing: object) -> tuple[str, ...]:
    """What a thing says, in plain words."""
    return _made(sentences, thing)(thing)  # type: ignore[no-any-return]


def _made(asked: Any, thing: object) -> Any:
    """Who makes it, once the room that has the words is there."""
    nobody = asked.dispatch(object)
    import_module(ROOM)
    found = asked.dispatch(type(thing))
    if found is nobody:
        raise TypeError(f"nobody has the words for a {type(thing).__name__}")
    return found
