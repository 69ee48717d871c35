"""How much of an export is read at most: within these bounds it takes less than a gigabyte, whatever kind of file it is."""

from __future__ import annotations

from sim.errors import FitError

LARGEST = 64_000_000
"""Bytes of a file, and of what a packed one (Excel, Parquet) unpacks to."""
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100_000, 10_000, 5_000_000
ADVICE = "keep only the columns with key, dates, status, resolution and effort (the texts are what is large)"


def check_table(rows: int, columns: int, name: str) -> None:
    """Refuse a table that is too much.

    Raises
    ------
    FitError
        With what to leave out.
    """
    if columns > MOST_COLUMNS:
        raise FitError(f"{name}: has more than the {MOST_COLUMNS} columns that are read; {ADVICE}")
    if rows > MOST_ROWS:
        raise FitError(f"{name}: has more than the {MOST_ROWS} rows that are read; keep the last years of one team")
    check_cells(rows * columns, name)


def check_cells(cells: int, name: str) -> None:
    """Refuse too many cells."""
    if cells > MOST_CELLS:
        raise FitError(f"{name}: has more than the {MOST_CELLS / 1e6:g} million cells that are read; {ADVICE}")


def check_unpacked(size: int, name: str) -> None:
    """Refuse a file that unpacks to too many bytes."""
    if size > LARGEST:
        raise FitError(f"{name}: unpacks to more than the {LARGEST / 1e6:g} MB that are read; {ADVICE}, and save it as CSV")
