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
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from sim.errors import FitError
from sim.fit.bounds import ADVICE, LARGEST, MOST_CELLS, MOST_ROWS, check_cells, check_table
from sim.fit.unpack import excel_sheet, parquet_table
from sim.toml.regular_file import LONGEST_PATH, read_regular
from sim.toml.shown import escaped, listing

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT, BEGINNING = 65_536, 1_000_000
"""Bytes by which a text is told from what is binary, and by which its delimiter is found out."""
MARKS = {b"PK\x03\x04": "Excel", b"PAR1": "Parquet", b"\xd0\xcf\x11\xe0": "old Excel", b"%PDF": "PDF", b"\x1f\x8b": "gzip"}
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}
Read = TypeVar("Read")


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


def read_export(path: Path) -> Export:
    """Read an export of any kind that is known: CSV, Excel, Parquet, JSON lines (or a JSON list).

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    FitError
        Where it cannot be read, or is more than is read (`sim.fit.bounds`), with what to do about it.
    """
    name = escaped(str(path), LONGEST_PATH)
    raw = read_regular(path, LARGEST, FitError, "an export", f"which is more than is read at once; {ADVICE}, or save it as Parquet")
    if not raw or raw.isspace():
        raise FitError(f"{name}: is empty")
    kind = next((kind for mark, kind in MARKS.items() if raw.startswith(mark)), "text")
    readers: dict[str, Callable[[bytes, str], tuple[str, pd.DataFrame]]] = {"Excel": _excel, "Parquet": _parquet, "text": _text}
    if kind not in readers:
        raise FitError(f"{name}: this is {kind}, not a table that can be read; save it as CSV (UTF-8) or .xlsx")
    said, table = readers[kind](raw, name)
    if table.empty:
        raise FitError(f"{name}: has a header and no rows; an export with a row for each request is needed")
    return Export(name, said, hashlib.sha256(raw).hexdigest(), table)


def _text(raw: bytes, name: str) -> tuple[str, pd.DataFrame]:
    encoding = _encoding(raw, name)
    called = "UTF-8" if encoding == "utf-8-sig" else encoding
    begin = raw[:BEGINNING].decode(encoding, errors="ignore")
    if begin.lstrip()[:1] in ("{", "["):
        return f"JSON, {called}", _as_text(_json(raw.decode(encoding), name))
    delimiter, columns = _delimiter(begin, cut=len(raw) > BEGINNING)
    check_table(0, columns, name)
    return f"CSV, {called}, {DELIMITERS[delimiter]} between columns", _as_text(_csv(raw, encoding, delimiter, columns, name))


def _encoding(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif any(byte in CONTROLS for byte in raw[:LOOKED_AT]):
        raise FitError(f"{name}: is binary, not a table that can be read; CSV, Excel (.xlsx), Parquet or JSON lines is needed")
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            raw.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    raise FitError(f"{name}: is neither UTF-8 nor any other text; save it as CSV in UTF-8")


def _delimiter(begin: str, cut: bool) -> tuple[str, int]:
    """The delimiter that cuts the first records into the most columns, and all into as many; and the number of columns."""
    csv.field_size_limit(BEGINNING)

    def score(delimiter: str) -> tuple[float, int]:
        try:
            records = list(islice(csv.reader(io.StringIO(begin), delimiter=delimiter), 50))
        except csv.Error:
            return 0.0, 0
        known = [row for row in (records[:-1] if cut and len(records) > 1 else records) if row]
        columns = len(known[0]) if known else 0
        alike = sum(len(row) == columns for row in known) / max(len(known), 1)
        return (alike if columns > 1 else 0.0), columns

    best = max(DELIMITERS, key=score)
    return best, score(best)[1]


def _csv(raw: bytes, encoding: str, delimiter: str, columns: int, name: str) -> pd.DataFrame:
    most = min(MOST_ROWS, MOST_CELLS // max(columns, 1))  # rows that are short are filled up: few bytes can be many cells
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # cells beyond the header would be lost in silence
            table = pd.read_csv(io.BytesIO(raw), sep=delimiter, encoding=encoding, dtype=str, keep_default_na=False,
                                index_col=False, nrows=most + 1)
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError, ValueError) as error:
        said = escaped(" ".join(str(error).split()), 160)
        raise FitError(f"{name}: is no table ({said}); every row needs as many cells as the header, and cells with a delimiter or "
                       "a line break need quotes") from None
    check_table(len(table), len(table.columns), name)
    return table


def _json(text: str, name: str) -> pd.DataFrame:
    check_cells(sum(map(text.count, ",[{")), name)  # no more values than these signs, and one
    try:
        if text.lstrip().startswith("["):
            records = json.loads(text)
        else:
            records = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise FitError(f"{name}: is no JSON ({escaped(str(error), 120)}); one object a line, or one list of objects, is "
                       "needed") from None
    if not all(isinstance(record, dict) for record in records):
        raise FitError(f"{name}: one object with names and values for each request is needed")
    check_table(len(records), len(dict.fromkeys(chain.from_iterable(records))), name)
    return pd.DataFrame(records, dtype=object)


def _excel(raw: bytes, name: str) -> tuple[str, pd.DataFrame]:
    if find_spec("openpyxl") is None:
        raise FitError(f"{name}: Excel files need the package openpyxl (pip install openpyxl); or save the sheet as CSV")
    return "Excel, first sheet", _unpacked(lambda: _as_text(excel_sheet(raw, name)), name, "Excel workbook")


def _parquet(raw: bytes, name: str) -> tuple[str, pd.DataFrame]:
    def read() -> tuple[str, pd.DataFrame]:
        table, others = parquet_table(raw, name)
        return "Parquet" + (f" without {listing(map(escaped, others))}" if others else ""), _as_text(table)

    return _unpacked(read, name, "Parquet file")


def _unpacked(reader: Callable[[], Read], name: str, what: str) -> Read:
    try:
        return reader()
    except FitError:
        raise
    except Exception as error:  # whatever somebody else's reader makes of a damaged file
        said = escaped(" ".join(str(error).split()), 120)
        raise FitError(f"{name}: is no {what} that can be read ({said}); save it as CSV") from None


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """All cells as text under names that differ, without the rows in which nothing stands."""
    names = _once_each([str(name).strip() for name in table.columns])
    text = pd.DataFrame({name: table.iloc[:, at].astype(object).map(_cell).to_numpy(dtype=object) for at, name in enumerate(names)},
                        index=pd.Index(table.index + 2, name="row"), columns=names)
    return text[(text != "").any(axis=1)]


def _once_each(names: list[str]) -> list[str]:
    """The same names, where a second ``Comment`` is called ``Comment.1``."""
    taken: dict[str, int] = {}
    for name in names:
        called, at = name, taken.get(name, 0)
        while called in taken:
            at += 1
            called = f"{name}.{at}"
        taken[name] = at
        taken.setdefault(called, 0)
    return list(taken)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        text = value.strip()
        return text if text.isascii() else text.encode(errors="replace").decode()  # half a character (JSON knows them) is "?"
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
