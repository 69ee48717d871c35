"""A tracker's export as a table of text: the kind of file, its encoding and its delimiter are found out, never asked for."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import IntakeLabError
from sim.toml.shown import escaped

LARGEST = 300_000_000
"""Bytes; a table of text takes about ten times as much memory."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT = 65_536
LONGEST_CELL = 10_000_000
MARKS = {b"PK\x03\x04": "Excel", b"PAR1": "Parquet", b"\xd0\xcf\x11\xe0": "old Excel", b"%PDF": "PDF", b"\x1f\x8b": "gzip"}
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


class FitError(IntakeLabError):
    """An export cannot be read or fitted; the message names file, row, column and what is needed."""


@dataclass(frozen=True)
class Export:
    """What stood in a file.

    Attributes
    ----------
    name
        The file, as it may be shown.
    kind
        What kind of file it was, with encoding and delimiter.
    sha256
        Of the bytes of the file.
    table
        All cells as text, "" where there is nothing; the index is the row in the file, where the header is row 1.
    """

    name: str
    kind: str
    sha256: str
    table: pd.DataFrame


def read_export(path: Path, largest: int = LARGEST) -> Export:
    """Read an export of any kind that is known: CSV, Excel, Parquet, JSON lines (or a JSON list).

    Parameters
    ----------
    path
        The file.
    largest
        Bytes above which it is refused.

    Raises
    ------
    FitError
        Where it cannot be read, with what to do about it.
    """
    name = escaped(str(path), 200)
    raw = _bytes(path, name, largest)
    kind = next((kind for mark, kind in MARKS.items() if raw.startswith(mark)), "text")
    readers: dict[str, Callable[[bytes, str], tuple[str, pd.DataFrame]]] = {"Excel": _excel, "Parquet": _parquet, "text": _text}
    if kind not in readers:
        raise FitError(f"{name}: this is {kind}, not a table that can be read; save it as CSV (UTF-8) or .xlsx")
    said, table = readers[kind](raw, name)
    table = _as_text(table)
    if table.empty:
        raise FitError(f"{name}: has a header and no rows; an export with a row for each request is needed")
    return Export(name, said, hashlib.sha256(raw).hexdigest(), table)


def _bytes(path: Path, name: str, largest: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > largest:
            raise FitError(
                f"{name}: {size / 1e6:.0f} MB, more than the {largest / 1e6:.0f} MB that are read at once; keep only the "
                "columns with key, dates, status, resolution and effort (the texts are what is large), or save it as Parquet")
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise FitError(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if not raw.strip():
        raise FitError(f"{name}: is empty")
    return raw


def _text(raw: bytes, name: str) -> tuple[str, pd.DataFrame]:
    text, encoding = _decoded(raw, name)
    if text.lstrip()[:1] in ("{", "["):
        return f"JSON, {encoding}", _json(text, name)
    delimiter = _delimiter(text)
    frame = _csv(text, delimiter, name)
    return f"CSV, {encoding}, {DELIMITERS[delimiter]} between columns", frame


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif sum(byte in CONTROLS for byte in raw[:LOOKED_AT]) > 0:
        raise FitError(f"{name}: is binary, not a table that can be read; CSV, Excel (.xlsx), Parquet or JSON lines is needed")
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return raw.decode(encoding), "UTF-8" if encoding == "utf-8-sig" else encoding
        except UnicodeDecodeError:
            continue
    raise FitError(f"{name}: is neither UTF-8 nor any other text; save it as CSV in UTF-8")


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first records into the most columns, and all into as many."""
    csv.field_size_limit(LONGEST_CELL)

    def score(delimiter: str) -> tuple[float, int]:
        try:
            records = [row for _, row in zip(range(50), csv.reader(io.StringIO(text), delimiter=delimiter), strict=False) if row]
        except csv.Error:
            return 0.0, 0
        columns = len(records[0])
        alike = sum(len(row) == columns for row in records) / len(records)
        return (alike if columns > 1 else 0.0), columns

    return max(DELIMITERS, key=score)


def _csv(text: str, delimiter: str, name: str) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # cells beyond the header would be lost in silence
            return pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, index_col=False)
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError, ValueError) as error:
        said = escaped(" ".join(str(error).split()), 160)
        raise FitError(f"{name}: is no table ({said}); every row needs as many cells as the header, and cells with a delimiter or "
                       "a line break need quotes") from None  # fmt: skip


def _json(text: str, name: str) -> pd.DataFrame:
    try:
        if text.lstrip().startswith("["):
            records = json.loads(text)
        else:
            records = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise FitError(f"{name}: is no JSON ({escaped(str(error), 120)}); one object a line, or one list of objects, is "
                       "needed") from None
    if not all(isinstance(record, dict) for record in records):
        raise FitError(f"{name}: one object with names and values for each request is needed")
    return pd.DataFrame(records)


def _excel(raw: bytes, name: str) -> tuple[str, pd.DataFrame]:
    if find_spec("openpyxl") is None:
        raise FitError(f"{name}: Excel files need the package openpyxl (pip install openpyxl); or save the sheet as CSV")
    return "Excel, first sheet", _foreign(lambda: pd.read_excel(io.BytesIO(raw), dtype=object), name, "Excel workbook")


def _parquet(raw: bytes, name: str) -> tuple[str, pd.DataFrame]:
    return "Parquet", _foreign(lambda: pd.read_parquet(io.BytesIO(raw)).reset_index(drop=True), name, "Parquet file")


def _foreign(reader: Callable[[], pd.DataFrame], name: str, what: str) -> pd.DataFrame:
    try:
        return reader()
    except Exception as error:  # whatever a foreign reader makes of a damaged file
        said = escaped(" ".join(str(error).split()), 120)
        raise FitError(f"{name}: is no {what} that can be read ({said}); save it as CSV") from None


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    names = [str(name).strip() for name in table.columns]
    once = [name if names.index(name) == at else f"{name}.{at}" for at, name in enumerate(names)]
    text = pd.DataFrame({name: table.iloc[:, at].map(_cell).to_numpy(dtype=object) for at, name in enumerate(once)}, columns=once)
    text.index = pd.RangeIndex(2, len(text) + 2, name="row")
    return text[(text != "").any(axis=1)]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
