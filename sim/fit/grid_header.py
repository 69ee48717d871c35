"""Where a table begins, with lines above its header; and what stands in cells that say nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

LOOKED_AT = 50
"""Rows by which the header is found."""
NEARLY = 0.6
"""Share of a usual row's cells that a header fills at least; some columns have no name, some rows have more cells."""
NOTHING = frozenset({
    "na", "n/a", "#n/a", "nan", "nat", "null", "(null)", "<null>", "none", "nil", "-", "--", "---", "\u2013", "\u2014", "\\n",
    "0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "(none)", "(empty)", "(leer)", "<none>"})
"""What trackers and databases write where there is nothing, in small letters."""


def header_at(rows: Sequence[Sequence[Any]]) -> int:
    """Which row names the columns: the first that is about as wide as the rows under it.

    Lines above it (the name of a report, the day of the export) fill fewer cells.

    Examples
    --------
    >>> header_at([["Report"], [], ["Key", "Created", "Resolved"], ["1", "2024-01-08", ""], ["2", "2024-01-09", ""]])
    2
    """
    widths = [_filled(row) for row in rows[:LOOKED_AT]]
    usual = Counter(width for width in widths if width).most_common(1)
    if not usual or max(widths) < 2:
        return next((at for at, width in enumerate(widths) if width), 0)
    enough = max(2, math.ceil(NEARLY * usual[0][0]))
    return next((at for at, width in enumerate(widths) if width >= enough), 0)


def _filled(row: Sequence[Any]) -> int:
    return sum(cell is not None and str(cell).strip() != "" for cell in row)
