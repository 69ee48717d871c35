"""Which replications: spans of consecutive ones at a design point, what is missing from a plan, and how work is cut up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Span(NamedTuple):
    """Consecutive replications of one design point."""

    point: int
    first: int
    size: int

    @property
    def replications(self) -> range:
        """Their numbers."""
        return range(self.first, self.first + self.size)

    def overlaps(self, other: Span) -> bool:
        """Whether the two have a replication in common."""
        return self.point == other.point and self.first < other.first + other.size and other.first < self.first + self.size

    def __str__(self) -> str:
        return f"p{self.point:05d}-r{self.first:07d}-n{self.size:04d}"


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same replications in as few spans as possible."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and found[-1].point == span.point and span.first <= found[-1].first + found[-1].size:
            _, first, size = found[-1]
            found[-1] = Span(span.point, first, max(size, span.first + span.size - first))
        else:
            found.append(span)
    return tuple(found)


def lacking(spans: Iterable[Span], wanted: Iterable[Span]) -> list[Span]:
    """The gaps: what is wanted and no span holds, one span a gap."""
    there: dict[int, list[Span]] = {}
    for span in sorted(spans):
        there.setdefault(span.point, []).append(span)
    gaps = []
    for point, at, size in merged(wanted):
        end = at + size
        for span in [*there.get(point, []), Span(point, end, 0)]:
            if span.first > at and at < end:
                gaps.append(Span(point, at, min(span.first, end) - at))
            at = max(at, span.first + span.size)
    return gaps


def uncovered(spans: Iterable[Span], plan: Mapping[int, int]) -> list[Span]:
    """The same for a plan: replications wanted, from the first one on, by point."""
    return lacking(spans, (Span(point, 0, wanted) for point, wanted in plan.items()))


def cut(spans: Iterable[Span], size: int) -> list[Span]:
    """The same replications in spans of at most `size`; early replications of all points come first."""
    pieces = [Span(span.point, first, min(size, span.first + span.size - first))
              for span in spans for first in range(span.first, span.first + span.size, size)]
    return sorted(pieces, key=lambda piece: (piece.first, piece.point))


def handy(spans: Iterable[Span], most: int) -> int:
    """A size to cut at: at least 64 spans where possible, none larger than `most`."""
    return min(max(sum(span.size for span in spans) // 64, 1), most)
