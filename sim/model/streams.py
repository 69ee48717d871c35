"""Where the luck of one kind of entity stands on the tape: a stream for each purpose, a number for each entity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.tape import Tape

Purpose = tuple[str | int, ...]


class Streams:
    """The streams of so many entities: the requests of a group, the planned items, the ideas.

    Where others come `before`, theirs are the first positions; each entity keeps its number, however many of the others there are.

    Examples
    --------
    >>> from sim.model.tape import Tape
    >>> tape = Tape(seed=1, replication=7)
    >>> Streams(tape, "request/customer", 3).uniform("defect", 0) == tape.uniforms("request/customer/defect/0", 3)
    True
    """

    def __init__(self, tape: Tape, prefix: str, count: int, before: Streams | None = None) -> None:
        self.tape = tape
        self.prefix = prefix
        self.before = before
        self.own = count
        self.count: int = count + (before.count if before else 0)
        self._known: dict[Purpose, list[float]] = {}

    def uniform(self, *purpose: str | int) -> list[float]:
        """Numbers on [0, 1), one for each entity."""
        return self._known.get(purpose) or self._draw(self.tape.uniforms, purpose)

    def normal(self, *purpose: str | int) -> list[float]:
        """Standard normal numbers."""
        return self._known.get(purpose) or self._draw(self.tape.normals, purpose)

    def exponential(self, *purpose: str | int) -> list[float]:
        """Exponential numbers of mean 1."""
        return self._known.get(purpose) or self._draw(self.tape.exponentials, purpose)

    def _draw(self, stream: Callable[[str, int], list[float]], purpose: Purpose) -> list[float]:
        drawn = stream("/".join(map(str, (self.prefix, *purpose))), self.own)[: self.own]
        if self.before is not None:
            drawn = self.before._draw(stream, purpose) + drawn
        self._known[purpose] = drawn
        return drawn


def luck_of_requests(tape: Tape, group: str, opening: int, arriving: int) -> Streams:
    """The streams of a group's requests: those that are open at the start come first."""
    before = Streams(tape, f"opening/{group}", opening) if opening else None
    return Streams(tape, f"request/{group}", arriving, before)
