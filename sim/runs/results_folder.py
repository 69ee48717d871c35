"""The results folder of a study: what was asked, with what, and every outcome to the last bit.

    NAME-HASH/
      manifest.json    what was asked, versions, platform, and each session of work: when, where, how much, how it ended
      points.parquet   the design points, one row each
      parts/           the outcomes, only ever added to (`sim.runs.span_files` says why nothing can be half there)
      set-aside/       parts that were found damaged; their replications were run again
      lock             who writes at present

Anybody may read while one process writes. A study goes on where it stopped: what is there is what the parts' names say.
"""

from __future__ import annotations

import io
import json
import platform
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultsError
from sim.model.outcome import METRICS
from sim.runs import span_files as files_of_parts
from sim.runs.origin import Origin, digest, versions
from sim.runs.span_files import Damage, Failed, Part, Span
from sim.runs.sql import ask
from sim.runs.whole_files import clear_unfinished, force_folder, only_writer, trouble, write_whole

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MANIFEST, POINTS, PARTS, SET_ASIDE = "manifest.json", "points.parquet", "parts", "set-aside"
UNITS = {name: metric.unit for name, metric in METRICS.items()}
FORMAT = 1
LARGEST_PART = 200  # runs: about a second of work, beside which the milliseconds of a part are little


def folder_name(name: str, *texts: str) -> str:
    """`NAME-HASH`: the name of the folder for what these texts ask."""
    return f"{name}-{digest(json.dumps(texts))[:10]}"


class ResultsFolder:
    """The results of one study.

    Attributes
    ----------
    path
        Where.
    manifest
        As in `manifest.json`.
    origin
        What the results depend on.
    points
        The design points: `point`, `scenario`, and one column a factor.

    Examples
    --------
    >>> folder = ResultsFolder.open("results/x-1234567890")
    Traceback (most recent call last):
    sim.errors.ResultsError: results/x-1234567890: no results folder, there is no manifest.json
    """

    def __init__(self, path: Path, manifest: dict[str, Any], points: pd.DataFrame, *, writable: bool = False) -> None:
        self.path = path
        self.manifest = manifest
        self.points = points
        self.origin = Origin.from_values(manifest["origin"])
        self._salt = self.origin.digest()
        self._schema = files_of_parts.columns(list(manifest["units"]), self.origin.seed)
        self._writable = writable
        self._parts = files_of_parts.listed(path / PARTS)

    def __repr__(self) -> str:
        return f"<ResultsFolder {self.path} · {sum(part.span.size for part in self._parts)} replications>"

    # -- to open ---------------------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: Path | str) -> ResultsFolder:
        """To read.

        Raises
        ------
        ResultsError
            Where there is none, or its manifest or design points were altered.
        """
        path = Path(path)
        try:
            manifest = json.loads((path / MANIFEST).read_bytes())
            origin = Origin.from_values(manifest["origin"])
            if origin.digest() != manifest["origin_digest"] or manifest["format"] != FORMAT:
                raise ResultsError(f"{path / MANIFEST}: what the results were made of was altered, or is of another format")
        except FileNotFoundError:
            raise ResultsError(f"{path}: no results folder, there is no {MANIFEST}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise ResultsError(f"{path / MANIFEST}: cannot be read ({type(error).__name__}: {error})") from error
        return cls(path, manifest, _read_points(path / POINTS, origin))

    @classmethod
    @contextmanager
    def writing(
        cls, path: Path | str, origin: Origin, points: pd.DataFrame, *,
        executor: str, command: str, texts: Mapping[str, str], units: Mapping[str, str] = UNITS,
    ) -> Iterator[ResultsFolder]:  # fmt: skip
        """Make the folder, or go on with it, as its only writer while the block runs.

        Damaged parts are set aside first, so that `missing` asks for them again.

        Parameters
        ----------
        path, origin, points
            Where; what the results depend on; the design points (`point`, `scenario`, factors).
        executor, command, texts
            For the manifest: where the work runs, in words; what was typed; the experiment's and the scenarios' texts by name.
        units
            The metrics and their units.

        Raises
        ------
        ResultsError
            Where somebody else writes to it, the disk is full, or it holds results of another origin: what differs is said.
        """
        import pandas as pd

        path, design = Path(path), _parquet(points)
        origin = replace(origin, points=_digest_of(pd.read_parquet(io.BytesIO(design))))
        try:
            (path / PARTS).mkdir(parents=True, exist_ok=True)
            force_folder(path.parent)
        except OSError as error:
            raise trouble(path, error) from error
        with only_writer(path):
            for place in (path, path / PARTS):
                clear_unfinished(place)
            if not (path / MANIFEST).exists():
                write_whole(path / POINTS, design)
                write_whole(path / MANIFEST, _json(_new_manifest(origin, units)))
            folder = cls.open(path)
            if changed := list(folder.origin.differences(origin)):
                said = "; ".join(changed)
                raise ResultsError(f"{path}: holds other results: {said}. Give another folder, or go back to what it was")
            folder._writable = True
            folder._set_aside(folder.verify_parts())
            with folder._session(executor, command, texts):
                yield folder

    # -- to write --------------------------------------------------------------------------------------------------------

    def missing(self, plan: Mapping[int, int], size: int | None = None, policies: int = 8) -> list[Span]:
        """What is still to be run.

        Parameters
        ----------
        plan
            For each design point how many replications are wanted; fewer than there are is no harm.
        size
            Replications that go into one part; by default so many that there are at least 64 parts where possible, and no part
            has more than 200 runs: a part is what a kill can lose, and costs some milliseconds to force to the disk.
        policies
            Runs of a replication.

        Returns
        -------
        list of Span
            Early replications of all points first.
        """
        gaps = files_of_parts.uncovered((part.span for part in self._parts), plan)
        largest = max(LARGEST_PART // policies, 1)
        return files_of_parts.cut(gaps, size or min(max(sum(gap.size for gap in gaps) // 64, 1), largest))

    def add(self, span: Span, frame: pd.DataFrame, failures: Sequence[Failed] = ()) -> None:
        """Add the rows of one span; when this returns, they are on the disk.

        Raises
        ------
        ResultsError
            Where the rows do not fit, some of these replications are there, or the disk is full (what is there stays whole).
        """
        self._may_write()
        if any(part.span.overlaps(span) for part in self._parts):
            raise ResultsError(f"{self.path}: some of replications {span.replications} of point {span.point} are there")
        data = files_of_parts.encode(span, frame, failures, self._schema)
        checksum = files_of_parts.checksum(self._salt, span, data)
        path = self.path / PARTS / f"{span}-{checksum}.parquet"
        write_whole(path, data)
        self._parts.append(Part(span, checksum, path))

    def write_text(self, name: str, text: str) -> Path:
        """Write a file beside the results (verdicts.json, a table as CSV) whole or not at all, in place of one of that name."""
        self._may_write()
        if Path(name).name != name or name in (MANIFEST, POINTS, PARTS, SET_ASIDE, "lock"):
            raise ResultsError(f"{name!r} is no name for a file of its own in {self.path}")
        write_whole(self.path / name, text.encode())
        return self.path / name

    def retry_failed(self) -> int:
        """Set the parts with failures aside, so that they are run again; says how many."""
        self._may_write()
        failed = [part for part in self._parts if files_of_parts.read(part, self._salt)[1]]
        self._set_aside([Damage(part.span, "failed", part.path) for part in failed])
        return len(failed)

    # -- to read ---------------------------------------------------------------------------------------------------------

    @property
    def done(self) -> dict[int, int]:
        """Replications that are there, by design point."""
        counts = dict.fromkeys(map(int, self.points["point"]), 0)
        for part in self._parts:
            counts[part.span.point] = counts.get(part.span.point, 0) + part.span.size
        return counts

    @property
    def spans(self) -> list[Span]:
        """What is there, in the order of points and replications."""
        return sorted(part.span for part in self._parts)

    def frame(self) -> pd.DataFrame:
        """All outcomes, tidy: sorted by point, replication and the order of the policies; the same bits however they came in.

        Returns
        -------
        pandas.DataFrame
            Columns scenario, point, policy, seed, replication, then the metrics; `.attrs["units"]` has their units.

        Raises
        ------
        ResultsError
            Where a part is damaged.
        """
        return self.frame_and_failures()[0]

    def frame_and_failures(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """`frame` and `failures`, each part read once."""
        import pandas as pd
        import pyarrow as pa

        parts = list(self._read(sorted(self._parts)))
        frame: pd.DataFrame = pa.concat_tables([self._schema.empty_table(), *(table for table, _ in parts)]).to_pandas()
        frame.attrs["units"] = dict(self.manifest["units"])
        rows = [failed for _, failures in parts for failed in failures]
        return frame, pd.DataFrame(rows, columns=list(Failed._fields))

    def failures(self) -> pd.DataFrame:
        """The runs that came to no outcome: point, policy, replication, stage, error, and the command to see it again."""
        return self.frame_and_failures()[1]

    def sql(self, query: str) -> pd.DataFrame:
        """Ask DuckDB; the tables are `runs`, `points` and `failures`.

        In `runs` a metric without a meaning in a run is NULL, so that averages leave it out as pandas' do.

        Raises
        ------
        ResultsError
            Where DuckDB is not installed, the query is wrong or reaches for anything else (see `sim.runs.sql`), or a part is
            damaged.
        """
        import pyarrow.dataset as dataset

        if damaged := self.verify_parts():
            raise ResultsError(f"{self.path}: {_said(damaged)}; run the study again, only these parts will be run")
        paths = [str(part.path) for part in self._parts]
        runs = dataset.dataset(paths, schema=self._schema) if paths else self._schema.empty_table()
        return ask(query, {"runs": runs, "points": self.points, "failures": self.failures()},
                   {"runs": self.manifest["units"]})  # fmt: skip

    def verify_parts(self, plan: Mapping[int, int] | None = None) -> list[Damage]:
        """The parts that are torn or altered by their checksums, or overlap; with a plan also what is missing from it."""
        found = [damaged for part in sorted(self._parts) if (damaged := files_of_parts.damage(part, self._salt))]
        whole = [part for part in sorted(self._parts) if part.path not in {damaged.path for damaged in found}]
        found += [Damage(two.span, "a double", two.path) for one, two in pairwise(whole) if one.span.overlaps(two.span)]
        spans = [part.span for part in whole]
        return found + [Damage(span, "missing", None) for span in files_of_parts.uncovered(spans, plan or {})]

    # -- inside ----------------------------------------------------------------------------------------------------------

    def _read(self, parts: Iterable[Part]) -> Iterator[tuple[pa.Table, list[Failed]]]:
        return (files_of_parts.read(part, self._salt) for part in parts)

    def _may_write(self) -> None:
        if not self._writable:
            raise ResultsError(f"{self.path}: was opened to be read")

    def _set_aside(self, damaged: Sequence[Damage]) -> None:
        for one in damaged:
            if one.path is not None and one.path.exists():
                (self.path / SET_ASIDE).mkdir(exist_ok=True)
                one.path.replace(self.path / SET_ASIDE / one.path.name)
        if damaged:
            force_folder(self.path / PARTS)
            gone = {one.path for one in damaged}
            self._parts = [part for part in self._parts if part.path not in gone]

    @contextmanager
    def _session(self, executor: str, command: str, texts: Mapping[str, str]) -> Iterator[None]:
        """Write down in the manifest when and where work was done; a session that was killed has no end."""
        before, start = sum(self.done.values()), time.monotonic()
        entry: dict[str, Any] = {
            "started": _now(), "ended": None, "seconds": None, "replications": None, "ending": None, "executor": executor,
            "command": command, "versions": versions(), "platform": platform.platform(),
            "texts": {name: digest(text) for name, text in texts.items()},
        }
        self.manifest["texts"] |= {digest(text): text for text in texts.values()}
        self.manifest["sessions"].append(entry)
        write_whole(self.path / MANIFEST, _json(self.manifest))
        ending = "finished"
        try:
            yield
        except BaseException as error:
            ending = "interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}: {error}"
            raise
        finally:
            self._writable = False
            entry |= {"ended": _now(), "seconds": round(time.monotonic() - start, 3), "ending": ending,
                      "replications": sum(self.done.values()) - before}  # fmt: skip
            try:
                write_whole(self.path / MANIFEST, _json(self.manifest))
            except ResultsError:
                if ending == "finished":  # otherwise the first error is the one to tell (a disk is still full)
                    raise


def _new_manifest(origin: Origin, units: Mapping[str, str]) -> dict[str, Any]:
    return {"format": FORMAT, "created": _now(), "origin": asdict(origin), "origin_digest": origin.digest(),
            "units": dict(units), "texts": {}, "sessions": []}  # fmt: skip


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(values: Any) -> bytes:
    return (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()


def _said(damaged: Sequence[Damage]) -> str:
    return ", ".join(f"{one.span} is {one.kind}" for one in damaged)


def _digest_of(points: pd.DataFrame) -> str:
    return digest(json.dumps(points.to_dict("split", index=False), default=str))


def _parquet(points: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    try:
        points.to_parquet(sink, index=False)
    except (ValueError, TypeError) as error:  # pyarrow's errors are these: a factor with numbers and texts, say
        raise ResultsError(f"the design points cannot be kept ({error})") from error
    return sink.getvalue()


def _read_points(path: Path, origin: Origin) -> pd.DataFrame:
    import pandas as pd

    try:
        points = pd.read_parquet(io.BytesIO(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: cannot be read ({error})") from error
    if _digest_of(points) != origin.points:
        raise ResultsError(f"{path}: these are not the design points of the manifest; the file was altered")
    return points
