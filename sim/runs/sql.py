"""Asking results in SQL: DuckDB on three tables, read only, and with everything else out of reach.

A query may come from anybody (a report, a colleague, a language model), and DuckDB's SQL can read and write any file, attach
databases, fetch extensions from the internet and look into Python's variables. Here it can do none of that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import ResultsError
from sim.toml.shown import listing

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

T = TypeVar("T")
LOCKED = {
    "enable_external_access": "false", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    "allow_community_extensions": "false", "python_enable_replacements": "false", "memory_limit": "400MB", "temp_directory": "",
}
QUESTIONS = ("SELECT", "EXPLAIN", "MULTI")
"""Kinds of statement that change nothing; a PIVOT counts as several."""
REACH = "only the tables {} can be asked; files, extensions, settings and Python's variables are out of reach"
EXAMPLE = "SELECT policy, avg(delay) FROM runs GROUP BY policy"
WHOLE = {
    "TINYINT": "Int8", "SMALLINT": "Int16", "INTEGER": "Int32", "BIGINT": "Int64",
    "UTINYINT": "UInt8", "USMALLINT": "UInt16", "UINTEGER": "UInt32", "UBIGINT": "UInt64",
}
"""DuckDB's integers, and pandas' that can also be missing: a piece with a NULL has the types of one without."""
MOST_BYTES = 200_000_000
"""Of an answer that is held as a whole."""


def ask(query: str, tables: Mapping[str, Any], numbers: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """The answer to one query, as a whole; what is asked, with what, and the errors are those of `pieces`."""
    return whole(pieces(query, tables, numbers))


def whole(answer: Iterable[pd.DataFrame], most_rows: int | None = None) -> pd.DataFrame:
    """The pieces of an answer as one frame, with numpy's types.

    Raises
    ------
    ResultsError
        Where it has more than `most_rows` rows, or takes more than `MOST_BYTES`.
    """
    import pandas as pd

    held: list[pd.DataFrame] = []
    rows = taken = 0
    for piece in answer:
        held.append(piece)
        rows += len(piece)
        taken += int(piece.memory_usage(deep=True).sum())
        if most_rows is not None and rows > most_rows:
            raise ResultsError(f"the answer has more than {most_rows:,} rows; ask for fewer of them (LIMIT), or for CSV")
        if taken > MOST_BYTES:
            held_at_most = f"{MOST_BYTES // 1_000_000} MB"
            raise ResultsError(f"the answer takes more than {held_at_most}; ask for fewer rows (LIMIT) or columns, or for CSV")
    found = pd.concat(held, ignore_index=True) if len(held) > 1 else held[0]
    kinds = {name: "float64" if found[name].hasnans else kind.numpy_dtype
             for name, kind in found.dtypes.items() if str(kind) in WHOLE.values()}
    return found.astype(kinds)


def pieces(query: str, tables: Mapping[str, Any], numbers: Mapping[str, Collection[str]]) -> Iterator[pd.DataFrame]:
    """The answer to one query, some thousand rows at a time and at least one piece, of which only one is held.

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
            yield from _answered(asked, query)
        except duckdb.PermissionException:
            raise ResultsError(f"the query cannot be answered: {reach}") from None
        except duckdb.Error as error:
            raise ResultsError(f"the query cannot be answered: {error}") from None


def _answered(asked: duckdb.DuckDBPyConnection, query: str) -> Iterator[pd.DataFrame]:
    """In another thread: DuckDB does not hear Ctrl-C while it works."""
    with ThreadPoolExecutor(1) as beside:

        def heard(work: Callable[[], T]) -> T:
            answer = beside.submit(work)
            try:
                return answer.result()
            except KeyboardInterrupt:
                asked.interrupt()
                raise

        heard(lambda: asked.execute(query))
        integers = {at: WHOLE[str(kind)] for at, (_, kind, *_) in enumerate(asked.description or ()) if str(kind) in WHOLE}
        first = True
        while len(piece := heard(asked.fetch_df_chunk)) or first:
            yield piece.astype({piece.columns[at]: kind for at, kind in integers.items()})
            first = False
