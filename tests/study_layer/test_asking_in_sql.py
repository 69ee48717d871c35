"""Results can be asked in SQL, and nothing else can: no file, no extension, no setting, no variable of Python."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from sim.errors import ResultsError
from sim.runs.sql import ask, pieces, whole

RUNS = pa.table({"point": [0, 0, 1], "policy": ["a", "b", "a"], "delay": [1.0, float("nan"), 3.0]})
POINTS = pd.DataFrame({"point": [0, 1], "customer.drift": [0.0, 0.1]})
secret = pd.DataFrame({"word": ["swordfish"]})


def answer(query: str) -> list[list[Any]]:
    found = ask(query, {"runs": RUNS, "points": POINTS}, {"runs": ["delay"]})
    return found.to_numpy().tolist()


@pytest.mark.parametrize(("query", "wanted"), [
    ("SELECT count(*), avg(delay) FROM runs", [[3, 2.0]]),
    ("SELECT policy FROM runs WHERE delay IS NULL", [["b"]]),
    ('SELECT sum("customer.drift") FROM runs JOIN points USING (point)', [[0.1]]),
    ("FROM points SELECT count(*);", [[2]]),
    ("WITH many AS (SELECT * FROM runs UNION ALL SELECT * FROM runs) SELECT count(*) FROM many", [[6]]),
    ("SELECT policy, a FROM (SELECT policy, 1 AS a FROM runs) -- why not\nORDER BY 1 LIMIT 1", [["a", 1]]),
])
def test_what_was_run_can_be_asked(query: str, wanted: list[list[Any]]) -> None:
    assert answer(query) == wanted


@pytest.mark.parametrize("query", ["DESCRIBE runs", "SUMMARIZE runs", "EXPLAIN SELECT 1", "PIVOT runs ON policy USING avg(delay)"])
def test_whatever_only_looks_is_a_question(query: str) -> None:
    assert answer(query)


@pytest.mark.parametrize("query", [
    "SELECT * FROM read_csv('{file}')", "SELECT * FROM '{file}'", "SELECT * FROM read_text('{file}')", "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM glob('{folder}/*')", "SELECT * FROM sniff_csv('{file}')", "SELECT * FROM parquet_metadata('{file}')",
    "SELECT * FROM read_json('{file}')", "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
    "COPY (SELECT 1) TO '{folder}/out.csv'", "COPY runs TO '{folder}/out.parquet' (FORMAT parquet)", "ATTACH '{folder}/other.db'",
    "EXPORT DATABASE '{folder}/out'", "INSTALL httpfs", "LOAD httpfs", "INSTALL spatial FROM community",
    "SELECT * FROM read_csv('https://example.org/x.csv')", "SET enable_external_access = true", "RESET lock_configuration",
    "PRAGMA enable_profiling", "SELECT * FROM secret", "SELECT * FROM duckdb_secrets()", "CREATE TABLE mine AS SELECT 1",
    "DROP VIEW runs", "DELETE FROM runs", "CALL pragma_version()", "USE mine", "CHECKPOINT",
])
def test_nothing_else_is_in_reach(tmp_path: Path, query: str) -> None:
    (tmp_path / "file.csv").write_text("word\nswordfish\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ResultsError) as caught:
        answer(query.format(file=tmp_path / "file.csv", folder=tmp_path))
    assert "swordfish" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("query", "said"), [
    ("", "it is empty; for example: SELECT policy, avg(delay) FROM runs GROUP BY policy"), (" ;\n", "empty"), ("-- x", "empty"),
    ("SELECT 1; SELECT 2", "one question at a time, not 2"), ("SELECT 1; DROP VIEW runs", "one question at a time"),
    ("INSTALL httpfs", "only the tables runs, points can be asked; files, extensions, settings and Python's variables are out of reach"),
    ("SELECT * FROM read_csv('/etc/passwd')", "only the tables runs, points can be asked"),
    ("SELECT nothing FROM runs", "nothing"), ("SELEC 1", "syntax error"), ("SELECT * FROM run", "runs"),
])
def test_a_query_that_cannot_be_answered_is_told_why(query: str, said: str) -> None:
    with pytest.raises(ResultsError) as caught:
        answer(query)
    assert said in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to oneself")
def test_ctrl_c_ends_a_query_without_end() -> None:
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(1.0, press).start()
    with pytest.raises(KeyboardInterrupt):
        answer("SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000) b")
    assert time.monotonic() - pressed[0] < 2.0


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to oneself")
def test_ctrl_c_ends_an_answer_without_end() -> None:
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(1.0, press).start()
    with pytest.raises(KeyboardInterrupt):
        for _ in pieces("SELECT repeat('x', 1000) FROM range(2147483647)", {}, {}):
            pass
    assert time.monotonic() - pressed[0] < 2.0


def test_an_answer_comes_piece_by_piece_with_the_same_types_and_columns() -> None:
    query = "SELECT CASE WHEN range < 3000 THEN range END AS one, 0.5 AS half FROM range(9000)"
    found = list(pieces(query, {}, {}))
    assert len(found) > 1
    assert len({tuple(piece.dtypes) for piece in found}) == 1
    assert sum(map(len, found)) == 9000
    held = whole(iter(found))
    assert held["one"].dtype == "float64"
    assert held["one"].count() == 3000


def test_an_answer_without_rows_has_its_columns() -> None:
    assert list(ask("SELECT point, policy FROM runs WHERE point > 9", {"runs": RUNS}, {}).columns) == ["point", "policy"]


def test_an_answer_that_is_held_has_a_bound_that_is_told() -> None:
    with pytest.raises(ResultsError, match="takes more than 200 MB"):
        ask("SELECT repeat('x', 100000) FROM range(100000)", {}, {})
    with pytest.raises(ResultsError, match="more than 100 rows"):
        whole(pieces("FROM range(2147483647)", {}, {}), 100)


def test_however_long_an_answer_is_only_a_piece_of_it_is_held() -> None:
    tracemalloc.start()
    try:
        rows = sum(len(piece) for piece in pieces("SELECT repeat('x', 1000) FROM range(200000)", {}, {}))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows == 200_000
    assert most < 20_000_000  # all of it: 200 MB
