"""Small files that unpack, or are filled up, to very large tables."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
SST = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
TEXTS_ARE_THERE = (b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                   b'spreadsheetml.sharedStrings+xml"/></Types>')


def workbook(**parts: bytes) -> bytes:
    """A workbook in which some parts are replaced: `sheet`, `styles`, `sharedStrings`, or others that are added."""
    plain, made = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Created", "Resolved"])  # type: ignore[union-attr]
    book.save(plain)
    names = {"sheet": "xl/worksheets/sheet1.xml", "styles": "xl/styles.xml", "sharedStrings": "xl/sharedStrings.xml"}
    replaced = {names["sharedStrings"]: SST.encode() + b"</sst>"} | {names.get(name, name): data for name, data in parts.items()}
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = replaced.pop(name, source.read(name))
            target.writestr(name, data.replace(b"</Types>", TEXTS_ARE_THERE) if name == "[Content_Types].xml" else data)
        for name, data in replaced.items():
            target.writestr(name, data)
    return made.getvalue()


def sheet(rows: str, repeated: int = 1) -> bytes:
    return workbook(sheet=(HEAD + rows * repeated + TAIL).encode())


def of_zeros(size: int) -> bytes:
    """A picture of nothing in the workbook."""
    return workbook(picture=bytes(size))


def of_wide_rows(rows: int) -> bytes:
    """Each row has one cell, in the last column."""
    return sheet('<row><c r="XFD1"><v>1</v></c></row>', rows)


def of_one_row(cells: int) -> bytes:
    """One row of empty cells."""
    return sheet("<row>" + "<c/>" * cells + "</row>")


def of_many_rows(rows: int) -> bytes:
    return sheet("<row><c><v>1</v></c></row>", rows)


def of_a_late_row(number: int) -> bytes:
    """A row with a number so high that a reader fills up what is before it."""
    return sheet(f'<row r="{number}"><c><v>1</v></c></row>')


def of_styles(styles: int) -> bytes:
    return workbook(styles=('<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
                            + "<xf/>" * styles + "</cellXfs></styleSheet>").encode())


def of_shared_texts(texts: int) -> bytes:
    return workbook(sharedStrings=(SST + "<si/>" * texts + "</sst>").encode())


def parquet(**columns: pa.Array) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, compression="zstd")
    return sink.getvalue()


def of_one_text(size: int, rows: int) -> bytes:
    """A text that stands once in the file and in each row of the table."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * size]))
    return parquet(Created=text.cast(pa.string()) if size * rows < 1e6 else text)


def of_fixed_bytes(size: int, rows: int) -> bytes:
    """The same with bytes of a fixed length, which no reader keeps in a dictionary."""
    return parquet(Created=pa.array(["2024-01-01"] * rows), picture=pa.array([bytes(size)] * rows, pa.binary(size)))


def of_numbers(rows: int) -> bytes:
    """Forty columns of one number, which pack well."""
    return parquet(**{f"c{at}": pa.array([0.0], pa.float64()).take(pa.array([0] * rows)) for at in range(40)})


def of_short_rows(columns: int, rows: int) -> bytes:
    """A CSV file with a wide header and rows of one letter."""
    return (",".join(f"c{at}" for at in range(columns)) + "\n" + "a\n" * rows).encode()


def of_other_names(records: int, names: int) -> bytes:
    """JSON lines in which each object has names that no other one has."""
    return "\n".join(json.dumps({f"{record}.{at}": 0 for at in range(names)}) for record in range(records)).encode()


def of_brackets(pairs: int) -> bytes:
    return b'[{"created": [' + b"[]," * pairs + b"0]}]"
