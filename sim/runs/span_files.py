"""One part of the results: a span of whole replications of one design point over all policies, as one Parquet file.

A part is written once, whole, and never changed. The first half of its name says what it holds, the second half is a
SHA-256 over the folder's origin, that first half and all bytes of the file. Checksum and rows thus appear in the one step
in which the file takes its name: there is no moment, kill -9 included, at which one is there without the other. (A journal
of checksums beside the parts would need a second step, and a rule for each order in which the two can be torn.) Rows that
failed travel in the same file, as metadata of its schema, for the same reason.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import DamageError, ResultsError
from sim.runs.outcome_table import KEYS, Failed
from sim.runs.span import Span
from sim.runs.whole_files import read_file

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TEXTS = ("scenario", "policy")
_NAME = re.compile(r"p(\d{5,9})-r(\d{7,9})-n(\d{4,9})-([0-9a-f]{32})\.parquet")
_FAILURES = b"intakelab.failures"


class Part(NamedTuple):
    """A file of results that is there."""

    span: Span
    checksum: str
    path: Path


class Damage(NamedTuple):
    """A part that cannot be used: "torn" (its end is not there), "altered" (other bytes than were written), "unreadable" (no
    file: a folder, a link to itself), or "missing"."""

    span: Span
    kind: str
    path: Path | None


def listed(folder: Path) -> list[Part]:
    """The parts in a folder by their names, in the order of points and replications; other files are no parts.

    Raises
    ------
    DamageError
        Where there is something else than a folder.
    """
    found = []
    try:
        for path in folder.iterdir():
            if match := _NAME.fullmatch(path.name):
                point, first, size, checksum = match.groups()
                found.append(Part(Span(int(point), int(first), int(size)), checksum, path))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DamageError(f"{folder}: is not a folder that can be read ({error.strerror or error}); move it away, and "
                           "run the study again") from error
    return sorted(found)


def checksum(origin: str, span: Span, data: bytes) -> str:
    """Of the bytes, of what they claim to be, and of the folder they belong to: a part moved or renamed does not fit either."""
    return hashlib.sha256(f"{origin} {span}\n".encode() + data).hexdigest()[:32]


def columns(metrics: Sequence[str], seed: int) -> pa.Schema:
    """The columns of a part: `KEYS`, then the metrics as float64.

    Raises
    ------
    ResultsError
        Where the seed has more than 64 bits.
    """
    import pyarrow as pa

    if seed >= 2**64:
        raise ResultsError(f"seed = {seed} — a results folder holds seeds below 2^64")
    whole = {"point": pa.int64(), "seed": pa.int64() if seed < 2**63 else pa.uint64(), "replication": pa.int64()}
    keys = [pa.field(name, pa.string() if name in TEXTS else whole[name]) for name in KEYS]
    return pa.schema([*keys, *(pa.field(name, pa.float64()) for name in metrics)])


def encode(span: Span, frame: pd.DataFrame, failures: Sequence[Failed], schema: pa.Schema) -> bytes:
    """Rows as the bytes of a Parquet file, each float64 with its very bits, the payload of a NaN included.

    Raises
    ------
    ResultsError
        Where the frame has other columns than the schema, or rows that are not of this span and in its order.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if list(frame.columns) != schema.names:
        odd = sorted(set(frame.columns) ^ set(schema.names)) or "their order"
        raise ResultsError(f"these rows do not fit the folder; columns that differ: {odd}")
    numbers = frame["replication"].to_numpy()
    if set(frame["point"]) - {span.point} or set(numbers) - set(span.replications) or np.any(np.diff(numbers) < 0):
        raise ResultsError(f"these rows are not point {span.point}, replications {span.replications}, in their order")
    keys = [pa.array(list(frame[name]), schema.field(name).type) for name in KEYS]
    metrics = np.asfortranarray(frame.iloc[:, len(KEYS) :].to_numpy(dtype=np.float64))
    arrays = [*keys, *(pa.array(metrics[:, at]) for at in range(metrics.shape[1]))]
    told = json.dumps([failed._asdict() for failed in failures])
    table = pa.Table.from_arrays(arrays, schema=schema.with_metadata({_FAILURES: told}))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=list(TEXTS))
    data: bytes = sink.getvalue().to_pybytes()
    return data


def damage(part: Part, origin: str) -> Damage | None:
    """What is wrong with a part, if anything."""
    try:
        _bytes(part, origin)
    except _DamagedError as error:
        return error.damage
    return None


def read(part: Part, origin: str) -> tuple[pa.Table, list[Failed]]:
    """Rows and failures of a part; no number of a damaged part ever gets out.

    Raises
    ------
    DamageError
        Where the checksum does not fit.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(_bytes(part, origin)), use_threads=False)
    failures = [Failed(**row) for row in json.loads(table.schema.metadata[_FAILURES])]
    return table.replace_schema_metadata(), failures


class _DamagedError(DamageError):
    def __init__(self, damage: Damage) -> None:
        super().__init__(f"{damage.path}: this part is {damage.kind}; run the study again, only this part will be run")
        self.damage = damage


def _bytes(part: Part, origin: str) -> bytes:
    try:
        data = read_file(part.path)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        raise _DamagedError(Damage(part.span, "missing" if gone else "unreadable", part.path)) from None
    if checksum(origin, part.span, data) != part.checksum:
        raise _DamagedError(Damage(part.span, "altered" if data.endswith(b"PAR1") else "torn", part.path))
    return data
