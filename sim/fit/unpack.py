"""Packed exports, Excel and Parquet: what they unpack to is counted before and while they are read.

A file of a megabyte can unpack to gigabytes: zeros that pack well, a text that a column repeats a million times, a cell in the last
column of each row, a row of tags without end. What a file says about its own size is a reason to refuse it, never to trust it.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import FitError
from sim.fit.bounds import check_cells, check_table, check_unpacked
from sim.fit.grid_header import header_at

if TYPE_CHECKING:
    import pyarrow as pa

MOST_TAGS, MOST_TOGETHER = 3_000_000, 250_000
"""Of XML: in all, and those that openpyxl holds at once (of a row, of a text, or of a part of the workbook that has neither)."""
ROW_OR_TEXT = re.compile(rb"(?=<(?:\w+:)?(?:row|si)\b)")
PARTS_WITH_THEM = ("xl/worksheets/", "xl/sharedStrings")
LAST_ROW = 1 << 20
CHUNK = 1 << 20
BATCH = 8192  # rows
LONGEST_FIXED = 64  # bytes of a value whose length is fixed


def excel_sheet(raw: bytes, name: str) -> pd.DataFrame:
    """The first sheet of a workbook; the first row as wide as those under it names the columns; the index counts from 2 on.

    Raises
    ------
    FitError
        Where it is too much. What openpyxl raises of a damaged file is passed on.
    """
    import openpyxl

    _check_tags(raw, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations that openpyxl does not know; no cell is missing for that
        sheet = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False).worksheets[0]
        sheet.reset_dimensions()  # what the file says of them can be wrong
        rows: dict[int, list[Any]] = {}
        widest = 0
        for at, row in _filled_rows(sheet, name):
            rows[at], widest = row, max(widest, len(row))
            check_table(len(rows) - 1, widest, name)
    if not rows:
        raise FitError(f"{name}: its first sheet is empty")
    places = list(rows)[header_at(list(rows.values())):]
    header, *cells = (rows[at] + [None] * (widest - len(rows[at])) for at in places)
    columns = [f"Unnamed: {at}" if name is None else name for at, name in enumerate(header)]
    return pd.DataFrame(cells, columns=columns, index=[at - 1 for at in places[1:]], dtype=object)


def _filled_rows(sheet: Any, name: str) -> Iterator[tuple[int, list[Any]]]:
    cells = 0
    for at, row in enumerate(sheet.rows):
        cells += len(row)
        check_cells(cells, name)
        if at >= LAST_ROW:
            raise FitError(f"{name}: has more than the {LAST_ROW} rows of a sheet")
        values = [_value(cell) for cell in row]
        while values and values[-1] is None:
            values.pop()
        if values:
            yield at, values


def _value(cell: Any) -> Any:
    """What a cell says; nothing where its formula failed."""
    if cell.data_type == "e":
        return None
    return int(cell.value) if isinstance(cell.value, float) and cell.value.is_integer() else cell.value


def _check_tags(raw: bytes, name: str) -> None:
    """Refuse a workbook whose XML would be too much, by unpacking it in pieces that are thrown away."""
    with zipfile.ZipFile(io.BytesIO(raw)) as workbook:
        parts = workbook.infolist()
        check_unpacked(sum(part.file_size for part in parts), name)  # no part gives more than it says, zipfile sees to that
        total = 0
        for part in parts:
            together = 0
            with workbook.open(part) as xml:
                while chunk := xml.read(CHUNK):
                    pieces = ROW_OR_TEXT.split(chunk) if part.filename.startswith(PARTS_WITH_THEM) else [chunk]
                    tags = [piece.count(b"<") for piece in pieces]
                    tags[0] += together
                    total, together = total + sum(tags), tags[-1]
                    if max(tags) > MOST_TOGETHER or total > MOST_TAGS:
                        raise FitError(f"{name}: {part.filename} in it is no sheet that a tracker writes; save it as CSV")


def parquet_table(raw: bytes, name: str) -> tuple[pd.DataFrame, list[str]]:
    """All columns that can hold a date, a number or a word, and the names of the others, which are left out.

    Raises
    ------
    FitError
        Where it is too much. What pyarrow raises of a damaged file is passed on.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(pa.BufferReader(raw))
    used = [field.name for field in schema if _is_plain(field.type)]
    # A text that is repeated stands once in a dictionary; kept there, it takes no room until it is known how much it would take.
    file = pq.ParquetFile(pa.BufferReader(raw), read_dictionary=used)
    said = file.metadata
    check_table(said.num_rows, len(used), name)
    check_unpacked(sum(said.row_group(at).total_byte_size for at in range(said.num_row_groups)), name)
    rows, size, batches = 0, 0, []
    for batch in file.iter_batches(batch_size=BATCH, columns=used):
        rows, size = rows + batch.num_rows, size + sum(map(_size, batch.columns))
        check_table(rows, len(used), name)
        check_unpacked(size, name)
        batches.append(batch)
    table = pa.Table.from_batches(batches, None if batches else pa.schema([]))
    table.validate(full=True)  # texts that are no UTF-8 would otherwise be found by whoever looks at them
    return table.to_pandas().reset_index(drop=True), [field.name for field in schema if field.name not in used]


def _is_plain(kind: pa.DataType) -> bool:
    import pyarrow.types as kinds

    return not kinds.is_nested(kind) and not (kinds.is_fixed_size_binary(kind) and kind.byte_width > LONGEST_FIXED)


def _size(column: pa.Array) -> int:
    """Bytes that a column takes where each of its rows has a copy of its text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    return pc.sum(pc.take(pc.binary_length(column.dictionary), column.indices)).as_py() or 0
