"""A small file that unpacks to gigabytes is refused before it has: within the bounds of a test, and for real under -m long."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from sim.errors import FitError
from sim.fit import bounds, unpack
from sim.fit.read import read_export
from tests.fit import bombs
from tests.fit.exports import made

MEASURED = """
import json, re, sys, time
from pathlib import Path
from sim.errors import FitError
from sim.fit.read import read_export
start = time.process_time()
try:
    said = str(read_export(Path(sys.argv[1])).table.shape)
except FitError as error:
    said = str(error)
seconds = time.process_time() - start
print(json.dumps([said, seconds, int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1e6]))
"""


@pytest.mark.parametrize(("bomb", "said"), [
    (lambda: bombs.of_zeros(1_100_000), "unpacks to more than the 1 MB"),
    (lambda: bombs.of_wide_rows(2), "more than the 1000 columns"),
    (lambda: bombs.of_one_row(10_001), "sheet1.xml in it is no sheet that a tracker writes"),
    (lambda: bombs.of_many_rows(102), "more than the 100 rows"),
    (lambda: bombs.of_a_late_row(10**12), "more than the 1048576 rows of a sheet"),
    (lambda: bombs.of_styles(10_001), "styles.xml in it is no sheet"),
    (lambda: bombs.of_shared_texts(40_001), "sharedStrings.xml in it is no sheet"),
    (lambda: bombs.of_one_text(20_000, 60), "unpacks to more than the 1 MB"),
    (lambda: bombs.of_numbers(101), "more than the 100 rows"),
    (lambda: bombs.of_short_rows(250, 90), "more than the 0.02 million cells"),
    (lambda: bombs.of_short_rows(2, 101), "more than the 100 rows"),
    (lambda: bombs.of_short_rows(1001, 1), "more than the 1000 columns"),
    (lambda: bombs.of_other_names(90, 12), "more than the 1000 columns"),
    (lambda: bombs.of_brackets(10_000), "more than the 0.02 million cells"),
])
def test_what_unpacks_or_is_filled_up_to_too_much_is_refused(tmp_path, monkeypatch, bomb, said):
    monkeypatch.setattr(bounds, "LARGEST", 1_000_000)
    monkeypatch.setattr(bounds, "MOST_ROWS", 100)
    monkeypatch.setattr(bounds, "MOST_COLUMNS", 1000)
    monkeypatch.setattr(bounds, "MOST_CELLS", 20_000)
    monkeypatch.setattr(unpack, "MOST_TOGETHER", 10_000)
    monkeypatch.setattr(unpack, "MOST_TAGS", 40_000)
    with pytest.raises(FitError, match=said):
        read_export(made(tmp_path / "bomb", bomb()))


def test_columns_that_could_hold_neither_date_nor_word_are_left_out_and_named(tmp_path):
    """A long value of fixed length is no text, and no reader keeps it in a dictionary."""
    raw = bombs.parquet(Created=pa.array(["2024-01-01"] * 3), labels=pa.array([["a"]] * 3), picture=pa.array([bytes(99)] * 3, pa.binary(99)))
    export = read_export(made(tmp_path / "x.parquet", raw))
    assert export.kind == "Parquet without labels, picture"
    assert list(export.table.columns) == ["Created"]


REAL: dict[str, Callable[[], bytes]] = {
    "zeros.xlsx": lambda: bombs.of_zeros(1_500_000_000),
    "wide.xlsx": lambda: bombs.of_wide_rows(400_000),
    "row.xlsx": lambda: bombs.of_one_row(15_000_000),
    "rows.xlsx": lambda: bombs.of_many_rows(400_000),
    "late.xlsx": lambda: bombs.of_a_late_row(10**12),
    "styles.xlsx": lambda: bombs.of_styles(2_900_000),
    "texts.xlsx": lambda: bombs.of_shared_texts(2_900_000),
    "text.parquet": lambda: bombs.of_one_text(60_000_000, 50_000),
    "fixed.parquet": lambda: bombs.of_fixed_bytes(1_000_000, 1200),
    "numbers.parquet": lambda: bombs.of_numbers(99_000),
    "short-rows.csv": lambda: bombs.of_short_rows(9_999, 7_000_000),
    "names.jsonl": lambda: bombs.of_other_names(2000, 1000),
    "brackets.json": lambda: bombs.of_brackets(2_400_000),
    "most.csv": lambda: b"created,resolved" + b",x" * 48 + b"\n" + (b"2024-01-01,2024" + b",yy" * 48 + b"\n") * 99_000,
}


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the most memory that a process had is read there")
@pytest.mark.parametrize("name", REAL)
def test_nothing_takes_a_gigabyte_or_twenty_seconds(tmp_path, name):
    path = made(tmp_path / name, REAL[name]())
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, timeout=120, check=True,
                          cwd=Path(__file__).parents[2])
    said, seconds, gigabytes = json.loads(done.stdout)
    print(f"{name} of {path.stat().st_size / 1e6:.2f} MB: {seconds:.1f} s, {gigabytes:.2f} GB, {said[-120:]}")
    assert gigabytes < 1.0, said
    assert seconds < 20.0, said
