"""Any usual kind of file is read; what cannot be read is refused with what to do about it."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import FitError
from sim.fit.answers import Lists
from sim.fit.clean import clean
from sim.fit.columns import parse_map, recognise
from sim.fit.read import read_export
from sim.fit.trackers import ANY
from tests.fit.exports import HADOOP, made, weekly

ROWS = "Id;Created;Resolved;Name\n1;2024-01-01;2024-01-03;Grün\n2;2024-01-02;;\"a;b\"\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(tmp_path, encoding, delimiter):
    text = ROWS.replace("a;b", "a§b").replace(";", delimiter).replace("§", ";")
    export = read_export(made(tmp_path / "x.csv", text.encode(encoding)))
    assert list(export.table.columns) == ["Id", "Created", "Resolved", "Name"]
    assert export.table["Name"].tolist() == ["Grün", "a;b"]
    assert list(export.table.index) == [2, 3]


def test_json_lines_json_list_and_parquet_say_the_same(tmp_path):
    table = weekly(20)
    records = table.to_dict("records")
    lines = made(tmp_path / "a.jsonl", "\n".join(json.dumps(record) for record in records))
    listed = made(tmp_path / "a.json", json.dumps(records))
    table.to_parquet(tmp_path / "a.parquet")
    for path in (lines, listed, tmp_path / "a.parquet"):
        pd.testing.assert_frame_equal(read_export(path).table.reset_index(drop=True), table, check_dtype=False)


def test_typed_dates_and_gaps_of_parquet_become_text(tmp_path):
    pd.DataFrame({"created": pd.to_datetime(["2024-01-01 10:00", None], utc=True), "n": [1.5, None]}).to_parquet(tmp_path / "t.parquet")
    assert read_export(tmp_path / "t.parquet").table["created"].tolist() == ["2024-01-01T10:00:00+00:00"]


def test_hash_is_that_of_the_bytes():
    import hashlib

    assert read_export(HADOOP).sha256 == hashlib.sha256(HADOOP.read_bytes()).hexdigest()


@pytest.mark.parametrize(("content", "said"), [
    (b"", "is empty"),
    (b" \n\n", "is empty"),
    (b"Created,Resolved\n", "has a header and no rows"),
    (b"\x7fELF\x00\x01\x02" * 50, "is binary"),
    (bytes(range(256)) * 10, "is binary"),
    (b"PAR1broken", "is no Parquet file"),
    (b"%PDF-1.4 ...", "this is PDF"),
    (b"\xd0\xcf\x11\xe0old", "this is old Excel"),
    (b"a,b\n1,2\n1,2,3\n", "Expected 2 fields in line 3, saw 3"),
    (b"a,b\n1,2,3\n1,2,3\n", "as many cells as the header"),
    (b'{"a": 1}\n{"a": ', "is no JSON"),
    (b'[1, 2]', "one object with names and values"),
])
def test_what_is_no_table_is_refused(tmp_path, content, said):
    with pytest.raises(FitError, match=said):
        read_export(made(tmp_path / "x.csv", content))


@pytest.mark.parametrize("packed", [True, False])
def test_parquet_whose_texts_are_no_utf_8_is_refused(tmp_path, packed):
    texts = pa.array([b"2024-01-01", b"\xff\xfe\x80"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"Created": texts, "Resolved": texts}), tmp_path / "x.parquet", use_dictionary=packed)
    with pytest.raises(FitError, match=r"is no Parquet file that can be read \(.*Invalid UTF8.*\); save it as CSV"):
        read_export(tmp_path / "x.parquet")


def test_half_a_character_in_json_can_be_shown(tmp_path):
    record = '{"created": "2024-01-01", "closed_at": "2024-01-02", "state": "\\ud83d"}'
    assert read_export(made(tmp_path / "x.jsonl", record)).table["state"].tolist() == ["?"]


def test_a_line_of_json_ends_where_its_file_says_so(tmp_path):
    """A text may hold the line separator of Unicode."""
    assert read_export(made(tmp_path / "x.jsonl", '{"created": "a\u2028b"}\n{"created": "c"}')).table["created"].tolist() == ["a\u2028b", "c"]


def test_a_sheet_that_begins_later_is_counted_from_its_first_row(tmp_path):
    book = openpyxl.Workbook()
    for row in ([], ["Created", None, "Created"], [], ["2024-01-01", 3.0, True, "beyond"]):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    table = read_export(tmp_path / "x.xlsx").table
    assert list(table.columns) == ["Created", "Unnamed: 1", "Created.1", "Unnamed: 3"]
    assert table.loc[4].tolist() == ["2024-01-01", "3", "True", "beyond"]


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # sparse: takes no room
    with pytest.raises(FitError, match=r"larger than 64 MB, .* keep only the columns"):
        read_export(path)


def test_missing_file_and_folder(tmp_path):
    for path, said in ((tmp_path / "none.csv", "no such file"), (tmp_path, "is a directory, not an export")):
        with pytest.raises(FitError, match=said):
            read_export(path)


def test_an_excel_export_is_read_as_the_csv_is(tmp_path):
    table = pd.read_csv(HADOOP)
    table["Created"] = pd.to_datetime(table["Created"], format="%d/%b/%y %H:%M")  # cells that are dates, as Excel keeps them
    table.to_excel(tmp_path / "hadoop.xlsx", index=False)
    logs = []
    for path in (HADOOP, tmp_path / "hadoop.xlsx"):
        read = read_export(path)
        columns = recognise(read.table.columns, {}, read.name)
        logs.append(clean(read, columns, Lists([], []), day_first=None, hours_per_day=8.0))
    csv, excel = (log.frame for log in logs)
    assert len(csv) == len(excel) > 400
    assert (csv["created"].to_numpy() == excel["created"].to_numpy()).all()
    assert list(csv["outcome"]) == list(excel["outcome"])


def test_excel_without_its_reader_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.fit.read.find_spec", lambda name: None)
    with pytest.raises(FitError, match=r"openpyxl.*or save the sheet as CSV"):
        read_export(made(tmp_path / "x.xlsx", b"PK\x03\x04..."))


def test_usual_names_of_columns_are_known_of_any_table():
    found = recognise(["Opened", "Closed", "State"], {}, "x.csv")
    assert found.tracker is ANY
    assert found.named == {"created": "Opened", "resolved": "Closed", "status": "State"}


def test_map_goes_before_what_is_recognised():
    names = ["Created", "Resolution", "Resolved", "Time Spent", "Days worked", "Opened at"]
    found = recognise(names, parse_map(["created=Opened at", "effort_days=Days worked"]), "x.csv")
    assert found["created"] == "Opened at"
    assert found.amount("effort", 7.0) == ("Days worked", 7.0)


@pytest.mark.parametrize(("mapping", "said"), [
    (["created"], "FIELD=COLUMN is needed"),
    (["craeted=Opened"], "did you mean created"),
    (["created=Openned"], 'has no column "Openned".*did you mean "Opened"'),
])
def test_map_that_names_nothing(mapping, said):
    with pytest.raises(FitError, match=said):
        recognise(["Opened", "Closed"], parse_map(mapping), "x.csv")


def test_without_a_column_of_dates_the_columns_are_listed():
    with pytest.raises(FitError, match=r'x.csv: no column says when a request came; name it: --map created="..." \(columns: A, B\)'):
        recognise(["A", "B"], {}, "x.csv")
    with pytest.raises(FitError, match="no column says when a request was closed"):
        recognise(["Created", "B"], {}, "x.csv")
