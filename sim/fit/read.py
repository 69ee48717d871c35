"""A tracker's export as a table of text: the kind of file, its encoding and its delimiter are found out, never asked for."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from sim.errors import FitError
from sim.fit.bounds import ADVICE, LARGEST, MOST_CELLS, MOST_ROWS, check_table
from sim.fit.grid_header import LOOKED_AT as HEADER_WITHIN
from sim.fit.grid_header import NOTHING, header_at
from sim.fit.records import records_of
from sim.fit.unpack import excel_sheet, parquet_table
from sim.fit.web_table import web_rows
from sim.toml.regular_file import LONGEST_PATH, read_regular
from sim.toml.shown import escaped, listing

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT, BEGINNING = 65_536, 1_000_000
"""Bytes by which a text is told from what is binary, and by which its delimiter is found out."""
MARKS = {b"PK\x03\x04": "Excel", b"PAR1": "Parquet", b"\xd0\xcf\x11\xe0": "old Excel", b"%PDF": "PDF", b"\x1f\x8b": "gzip"}
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}
SEPARATOR = re.compile(r"(?i)sep=(.)\r?\n")
"""The first line by which Excel is told the delimiter."""
MOSTLY = 0.9
AS_MANY = "every row needs as many cells as the header, and cells with a delimiter or a line break need quotes"
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


def read_export(path: Path, empty: Iterable[str] = ()) -> Export:
    """Read an export of any kind that is known: CSV, Excel, Parquet, JSON, a table of a web page.

    A cell that says that there is nothing (NA, NULL, -, 0000-00-00) is empty, and so is one with a word of `empty`.

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
    if words := {word.casefold() for word in empty}:
        table = table.map(lambda cell: "" if cell.casefold() in words else cell)
    return Export(name, said, hashlib.sha256(raw).hexdigest(), table)


def _text(raw: bytes, name: str) -> tuple[str, pd.DataFrame]:
    encoding = _encoding(raw, name)
    called = "UTF-8" if encoding == "utf-8-sig" else encoding
    begin = raw[:BEGINNING].decode(encoding, errors="ignore").lstrip("\ufeff")
    if begin.lstrip()[:1] in ("{", "["):
        return f"JSON, {called}", _as_text(_json(raw.decode(encoding), name))
    if begin.lstrip()[:1] == "<":
        return f"a table of a web page, {called}", _as_text(_web(raw.decode(encoding), name))
    said = SEPARATOR.match(begin)
    shape = _shape(begin[said.end() if said else 0 :], cut=len(raw) > BEGINNING, delimiter=said[1] if said else None)
    check_table(0, shape.width, name)
    table = _as_text(_csv(raw, encoding, shape, name, int(said is not None)))
    return f"CSV, {called}, {DELIMITERS.get(shape.delimiter, shape.delimiter)} between columns", table


def _encoding(raw: bytes, name: str) -> str:
    encodings = ["utf-8-sig", "cp1252", "latin-1"]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif any(byte in CONTROLS for byte in raw[:LOOKED_AT]):
        unmarked = _without_a_mark(raw[:LOOKED_AT])
        if unmarked is None:
            raise FitError(f"{name}: is binary, not a table that can be read; CSV, Excel (.xlsx), Parquet or JSON lines is needed")
        encodings = [unmarked]
    for encoding in encodings:
        try:
            raw.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    raise FitError(f"{name}: is neither UTF-8 nor any other text; save it as CSV in UTF-8")


def _without_a_mark(begin: bytes) -> str | None:
    """UTF-16 by its zeros: of signs that most tables consist of, every second byte is one."""
    for encoding, zeros, others in (("utf-16-le", begin[1::2], begin[::2]), ("utf-16-be", begin[::2], begin[1::2])):
        if zeros.count(0) > MOSTLY * len(zeros) and not any(byte in CONTROLS for byte in others):
            return encoding
    return None


@dataclass(frozen=True)
class _Shape:
    """How a text is cut: its delimiter, the names in its header, the cells of a usual row, and the lines up to the first row."""

    delimiter: str
    names: list[str]
    width: int
    lines: int


def _shape(begin: str, cut: bool, delimiter: str | None) -> _Shape:
    """The delimiter that cuts the first records into the most columns, and all into as many; and where the table begins."""
    csv.field_size_limit(BEGINNING)

    def records(delimiter: str) -> tuple[list[list[str]], list[int]]:
        reader, rows, ends = csv.reader(io.StringIO(begin), delimiter=delimiter), [], []
        with suppress(csv.Error):
            for row in islice(reader, HEADER_WITHIN):
                rows.append(row)
                ends.append(reader.line_num)
        whole = -1 if cut and len(rows) > 1 else len(rows)
        return rows[:whole], ends[:whole]

    def score(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in records(delimiter)[0] if row)
        width, alike = widths.most_common(1)[0] if widths else (0, 0)
        return (alike / widths.total() if width > 1 else 0.0), width

    best = delimiter or max(DELIMITERS, key=score)
    rows, ends = records(best)
    if not rows:
        return _Shape(best, [], 0, 0)
    at = header_at(rows)
    return _Shape(best, rows[at], max(len(rows[at]), score(best)[1]), ends[at])


def _csv(raw: bytes, encoding: str, shape: _Shape, name: str, before: int) -> pd.DataFrame:
    columns = shape.width
    most = min(MOST_ROWS, MOST_CELLS // max(columns, 1))  # rows that are short are filled up: few bytes can be many cells
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # cells beyond the header would be lost in silence
            table = pd.read_csv(io.BytesIO(raw), sep=shape.delimiter, encoding=encoding, dtype=str, keep_default_na=False,
                                index_col=False, nrows=most + 1, header=None, names=range(columns),
                                skiprows=shape.lines + before, skip_blank_lines=True)
    except pd.errors.EmptyDataError:
        table = pd.DataFrame(columns=range(columns), dtype=str)
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError) as error:
        said = escaped(" ".join(str(error).split()), 160)
        raise FitError(f"{name}: is no table ({said}); {AS_MANY}") from None
    check_table(len(table), columns, name)
    header = [column or f"Unnamed: {at}" for at, column in enumerate(shape.names)]
    if (table.iloc[:, len(header):] != "").any(axis=None):
        raise FitError(f"{name}: is no table (rows have {columns} cells, the header has {len(header)}); {AS_MANY}")
    table.index = table.index + shape.lines + before - 1
    return table.iloc[:, : len(header)].set_axis(header, axis=1)


def _json(text: str, name: str) -> pd.DataFrame:
    records = records_of(text, name)
    check_table(len(records), len(dict.fromkeys(chain.from_iterable(records))), name)
    return pd.DataFrame(records, dtype=object)


def _web(text: str, name: str) -> pd.DataFrame:
    rows = web_rows(text, name)
    if not rows:
        raise FitError(f"{name}: is a web page without a table of requests; export them as CSV")
    at = header_at(rows)
    widest = max(map(len, rows[at:]))
    check_table(len(rows), widest, name)
    header = [cell or f"Unnamed: {place}" for place, cell in enumerate(_filled_up(rows[at], widest))]
    return pd.DataFrame([_filled_up(row, widest) for row in rows[at + 1 :]], columns=header, dtype=object)


def _filled_up(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


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
        if text.casefold() in NOTHING:
            return ""
        return text if text.isascii() else text.encode(errors="replace").decode()  # half a character (JSON knows them) is "?"
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
