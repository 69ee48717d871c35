"""What `fit` keeps of a log beside its scenario: days, answers and efforts; no key, no text, nobody's words.

A forecast and its backtest need more than parameters. The file is named, with its SHA-256, in a comment of the scenario.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.errors import FitError
from sim.fit.bounds import LARGEST, check_table
from sim.toml.regular_file import read_regular
from sim.toml.shown import escaped

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.fit.clean import Log

KNOWN_TO, NAMES = b"known to", ("created", "resolved", "answer", "effort")
ANSWERS = ("yes", "no", "duplicate", "unknown")
"""What became of a request: done, refused, there already; `unknown` where it is open, or closed in another way."""
SAID = {"accepted": "yes", "rejected": "no", "duplicate": "duplicate"}
COMMENT = re.compile(r"^# Log kept: (?P<name>.+), SHA-256 (?P<sha256>[0-9a-f]{64})\r?$", re.MULTILINE)
ADVICE = "fit the export again: intakelab fit EXPORT --team ... --out NEW.toml"


@dataclass(frozen=True)
class KeptLog:
    """The log of a fitted scenario.

    Attributes
    ----------
    frame
        One row a request, in the order in which they came: `created` and `resolved` (local time, microseconds; NaT: open),
        `answer` (one of `ANSWERS`), `effort` (person-days; NaN: not told, or open).
    known_to
        The last moment of which the log knows anything.
    """

    frame: pd.DataFrame
    known_to: pd.Timestamp

    @property
    def open(self) -> pd.DataFrame:
        """Requests that are open at `known_to`."""
        return self.frame[self.frame["resolved"].isna()]


def kept_of(log: Log, hours_per_day: float) -> KeptLog:
    """What is kept of a log whose efforts are in hours."""
    frame = log.frame.sort_values(["created", "resolved"], kind="stable", ignore_index=True)
    origin = log.origin.tz_localize(None)

    def moments(days: pd.Series[float]) -> pd.Series[pd.Timestamp]:
        return (origin + pd.to_timedelta(days, unit="D")).dt.round("s").astype("datetime64[us]")

    kept = pd.DataFrame({
        "created": moments(frame["created"]), "resolved": moments(frame["resolved"]),
        "answer": frame["outcome"].map(SAID).fillna("unknown").astype(str),
        "effort": frame["effort"].where(frame["resolved"].notna()).astype(float) / hours_per_day})
    return KeptLog(kept, (origin + pd.Timedelta(days=log.end)).round("s"))


def log_bytes(kept: KeptLog) -> bytes:
    """The file's bytes: the same for the same log."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema().with_metadata({KNOWN_TO: kept.known_to.isoformat().encode()})
    table = pa.Table.from_pandas(kept.frame[list(NAMES)], schema=_schema(), preserve_index=False).cast(schema)
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(schema.metadata), buffer, compression="zstd")
    return buffer.getvalue()


def comment_of(name: str, content: bytes) -> str:
    """The line of a scenario that names its log."""
    return f"# Log kept: {name}, SHA-256 {hashlib.sha256(content).hexdigest()}"


def log_beside(scenario: Path) -> KeptLog:
    """The log that `fit` kept beside a scenario.

    Raises
    ------
    FitError
        Where the scenario names none, or the file is missing, is another one than was written, or is damaged.
    """
    text = read_regular(scenario, LARGEST, FitError, "a scenario", "which no scenario is").decode("utf-8", errors="replace")
    named = COMMENT.search(text)
    if named is None:
        raise FitError(f"{_shown(scenario)}: names no log of requests (a line \"# Log kept: ...\"), which only intakelab fit "
                       f"writes; {ADVICE}")
    path = scenario.with_name(Path(named["name"]).name)
    content = read_regular(path, LARGEST, FitError, "the log of a fitted scenario", "which no such log is")
    if hashlib.sha256(content).hexdigest() != named["sha256"]:
        raise FitError(f"{_shown(path)}: is not the log that {_shown(scenario)} was fitted to (another SHA-256); {ADVICE}")
    return read_log(content, _shown(path))


def read_log(content: bytes, name: str) -> KeptLog:
    """The log in a file's bytes.

    Raises
    ------
    FitError
        Where they are no such log.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        check_table(file.metadata.num_rows, len(NAMES), name)
        table = file.read()
        known_to = pd.Timestamp((table.schema.metadata or {})[KNOWN_TO].decode())
        frame = table.select(NAMES).cast(_schema()).to_pandas()
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise FitError(f"{name}: is no log that intakelab fit keeps ({escaped(str(error), 80)}); {ADVICE}") from None
    strange = set(frame["answer"].dropna().unique()) - set(ANSWERS)
    if strange or frame[["created", "answer"]].isna().any(axis=None) or (frame["resolved"] < frame["created"]).any():
        raise FitError(f"{name}: is no log that intakelab fit keeps (a day or an answer in it cannot be); {ADVICE}")
    return KeptLog(frame, known_to)


def _schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("created", pa.timestamp("us")), ("resolved", pa.timestamp("us")), ("answer", pa.string()),
                      ("effort", pa.float64())])


def _shown(path: Path) -> str:
    return escaped(str(path), 300)
