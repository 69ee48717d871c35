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
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import ResultsError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

KEYS = ("scenario", "point", "policy", "seed", "replication")
TEXTS = ("scenario", "policy")
_NAME = re.compile(r"p(\d+)-r(\d+)-n(\d+)-([0-9a-f]{32})\.parquet")
_FAILURES = b"intakelab.failures"


class Span(NamedTuple):
    """Consecutive replications of one design point."""

    point: int
    first: int
    size: int

    @property
    def replications(self) -> range:
        """Their numbers."""
        return range(self.first, self.first + self.size)

    def overlaps(self, other: Span) -> bool:
        """Whether the two have a replication in common."""
        return self.point == other.point and self.first < other.first + other.size and other.first < self.first + self.size

    def __str__(self) -> str:
        return f"p{self.point:05d}-r{self.first:07d}-n{self.size:04d}"


class Failed(NamedTuple):
    """A run that came to no outcome: in which stage, what was raised, and what to type to see it again.

    The stages are "draw" the luck, "run" the policy, and "worker" (its process died whenever it was tried).
    """

    point: int
    policy: str
    replication: int
    stage: str
    error: str
    command: str


class Part(NamedTuple):
    """A file of results that is there."""

    span: Span
    checksum: str
    path: Path


class Damage(NamedTuple):
    """A part that cannot be used: "torn" (its end is not there), "altered" (other bytes than were written), or "missing"."""

    span: Span
    kind: str
    path: Path | None


def listed(folder: Path) -> list[Part]:
    """The parts in a folder by their names, in the order of points and replications; other files are no parts."""
    found = []
    for path in folder.iterdir():
        if match := _NAME.fullmatch(path.name):
            point, first, size, checksum = match.groups()
            found.append(Part(Span(int(point), int(first), int(size)), checksum, path))
    return sorted(found)


def uncovered(spans: Iterable[Span], plan: Mapping[int, int]) -> list[Span]:
    """The gaps: what the plan (replications wanted, by point) asks for and no span holds, one span a gap."""
    done: dict[int, list[Span]] = {}
    for span in sorted(spans):
        done.setdefault(span.point, []).append(span)
    gaps = []
    for point, wanted in sorted(plan.items()):
        at = 0
        for span in [*done.get(point, []), Span(point, wanted, 0)]:
            if span.first > at and at < wanted:
                gaps.append(Span(point, at, min(span.first, wanted) - at))
            at = max(at, span.first + span.size)
    return gaps


def cut(spans: Iterable[Span], size: int) -> list[Span]:
    """The same replications in spans of at most `size`; early replications of all points come first."""
    pieces = [Span(span.point, first, min(size, span.first + span.size - first))
              for span in spans for first in range(span.first, span.first + span.size, size)]  # fmt: skip
    return sorted(pieces, key=lambda piece: (piece.first, piece.point))


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
    ResultsError
        Where the checksum does not fit.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(_bytes(part, origin)), use_threads=False)
    failures = [Failed(**row) for row in json.loads(table.schema.metadata[_FAILURES])]
    return table.replace_schema_metadata(), failures


class _DamagedError(ResultsError):
    def __init__(self, damage: Damage) -> None:
        super().__init__(f"{damage.path}: this part is {damage.kind}; run the study again, only this part will be run")
        self.damage = damage


def _bytes(part: Part, origin: str) -> bytes:
    try:
        data = part.path.read_bytes()
    except FileNotFoundError:
        raise _DamagedError(Damage(part.span, "missing", part.path)) from None
    if checksum(origin, part.span, data) != part.checksum:
        raise _DamagedError(Damage(part.span, "altered" if data.endswith(b"PAR1") else "torn", part.path))
    return data
