"""Asking results in SQL: DuckDB on three tables, read only, and with everything else out of reach.

A query may come from anybody (a report, a colleague, a language model), and DuckDB's SQL can read and write any file, attach
databases, fetch extensions from the internet and look into Python's variables. Here it can do none of that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.toml.shown import listing

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

LOCKED = {
    "enable_external_access": "false", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    "allow_community_extensions": "false", "python_enable_replacements": "false", "memory_limit": "400MB", "temp_directory": "",
}
QUESTIONS = ("SELECT", "EXPLAIN", "MULTI")
"""Kinds of statement that change nothing; a PIVOT counts as several."""
REACH = "only the tables {} can be asked; files, extensions, settings and Python's variables are out of reach"
EXAMPLE = "SELECT policy, avg(delay) FROM runs GROUP BY policy"


def ask(query: str, tables: Mapping[str, Any], numbers: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """The answer to one query.

    Parameters
    ----------
    query
        One SELECT (or what DuckDB takes for one: FROM, WITH, PIVOT, DESCRIBE, SUMMARIZE, EXPLAIN).
    tables
        By name: frames, Arrow tables or datasets.
    numbers
        Of a table, the columns in which NaN means "no number": NULL in the query, so that averages leave it out.

    Raises
    ------
    ResultsError
        Where DuckDB is not installed, or the query is empty, no question, wrong, or reaches for anything else.
    """
    try:
        import duckdb
    except ImportError:
        raise ResultsError("to ask in SQL, DuckDB is needed: pip install duckdb") from None
    query.encode()  # bytes that are no UTF-8 are not for DuckDB to find
    with duckdb.connect(config=dict(LOCKED)) as asked:
        for name, table in tables.items():
            asked.register(f"stored_{name}", table)
            known = ", ".join(f'nullif("{one}", \'nan\'::DOUBLE) AS "{one}"' for one in numbers.get(name, ()))
            replaced = f"REPLACE ({known})" if known else ""
            asked.execute(f'CREATE VIEW "{name}" AS SELECT * {replaced} FROM "stored_{name}"')
        asked.execute("SET lock_configuration = true")
        reach = REACH.format(listing(list(tables)))
        try:
            kinds = [str(one.type).rpartition(".")[2] for one in asked.extract_statements(query)]
            if not kinds:
                raise ResultsError(f"the query cannot be answered: it is empty; for example: {EXAMPLE}")
            if len(kinds) > 1:
                raise ResultsError(f"one question at a time, not {len(kinds)}")
            if not kinds[0].startswith(QUESTIONS):
                raise ResultsError(f"{kinds[0]} is no question: {reach}, by SELECT")
            return _answer(asked, query)
        except duckdb.PermissionException:
            raise ResultsError(f"the query cannot be answered: {reach}") from None
        except duckdb.Error as error:
            raise ResultsError(f"the query cannot be answered: {error}") from None


def _answer(asked: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """In another thread: DuckDB does not hear Ctrl-C while it works."""
    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(lambda: asked.execute(query).df())
        try:
            return answer.result()
        except KeyboardInterrupt:
            asked.interrupt()
            raise
