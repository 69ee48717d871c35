"""The design points of a results folder as a Parquet file, believed only where they have the digest that the origin names."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import DamageError, ResultsError
from sim.runs.origin import digest
from sim.runs.whole_files import put_away, read_file, write_whole

if TYPE_CHECKING:
    import pandas as pd

POINTS = "points.parquet"
AGAIN = "run the study again, this file will be written anew"


def points_digest(points: pd.DataFrame) -> str:
    """SHA-256 of design points as they are after a way through a file."""
    return _digest(_from(_bytes(points)))


def write_points(folder: Path, points: pd.DataFrame) -> None:
    """Into a folder, whole or not at all.

    Raises
    ------
    ResultsError
        Where they cannot be kept.
    """
    write_whole(folder / POINTS, _bytes(points))


def read_points(folder: Path, expected: str) -> pd.DataFrame:
    """From a folder.

    Raises
    ------
    DamageError
        Where there are none, or not those of the expected digest.
    """
    path = folder / POINTS
    try:
        points = _from(read_file(path))
        found = _digest(points)
    except Exception as error:  # of pyarrow, pandas or the disk: whatever bytes may do
        raise DamageError(f"{path}: cannot be read ({error}); {AGAIN}") from error
    if found != expected:
        raise DamageError(f"{path}: these are not the design points of the manifest, the file was altered; {AGAIN}")
    return points


def mended_points(folder: Path, expected: str, points: pd.DataFrame) -> pd.DataFrame:
    """From a folder; written anew where they are not there, or not these."""
    try:
        return read_points(folder, expected)
    except DamageError:
        put_away(folder / POINTS, folder)
        write_points(folder, points)
        return read_points(folder, expected)


def _digest(points: pd.DataFrame) -> str:
    return digest(json.dumps(points.to_dict("split", index=False), default=str))


def _bytes(points: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    try:
        points.to_parquet(sink, index=False)
    except (ValueError, TypeError) as error:  # pyarrow's errors are these: a factor with numbers and texts, say
        raise ResultsError(f"the design points cannot be kept ({error})") from error
    return sink.getvalue()


def _from(data: bytes) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(io.BytesIO(data))
