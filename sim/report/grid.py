"""Tables for a terminal: columns of cells whose parts are aligned one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

GAP = "  "


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    head
        Its heading, one text a line.
    rows
        Each cell as parts.
    align
        How each part is aligned, "<" or ">".
    """

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    align: str = "<"

    def cells(self) -> list[str]:
        """The cells as texts; a part that is empty in every row takes no room."""
        widths = [max((len(row[at]) for row in self.rows), default=0) for at in range(len(self.align))]
        return [" ".join(f"{part:{side}{wide}}" for part, side, wide in zip(row, self.align, widths, strict=True) if wide)
                for row in self.rows]

    def lines(self) -> list[str]:
        """Heading and cells, all of one width."""
        texts = [*self.head, *self.cells()]
        wide = max(map(len, texts), default=0)
        return [f"{text:<{wide}}" for text in texts]


def lines(columns: Sequence[Column]) -> list[str]:
    """The table, line by line, headings first."""
    return [GAP.join(cells).rstrip() for cells in zip(*(column.lines() for column in columns), strict=True)]


def width_of(columns: Sequence[Column]) -> int:
    """How wide the table is."""
    return sum(len(column.lines()[0]) for column in columns) + len(GAP) * (len(columns) - 1)


def plain_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table of texts, all aligned to the left; a heading is its first row."""
    return lines([Column((), [(cell,) for cell in column]) for column in zip(*rows, strict=True)])


def fitting(columns: Iterable[Column], width: int, at_least: int) -> list[Column]:
    """The first columns, as many as fit, but so many in any case."""
    taken: list[Column] = []
    for column in columns:
        if len(taken) >= at_least and width_of([*taken, column]) > width:
            break
        taken.append(column)
    return taken
