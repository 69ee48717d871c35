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

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import DamageError, ResultsError
from sim.runs import span_files as files_of_parts
from sim.runs.manifest import MANIFEST, Manifest, Session
from sim.runs.origin import Origin, digest
from sim.runs.outcome_table import UNITS, Failed, failures_table
from sim.runs.points_file import POINTS, mended_points, points_digest, read_points, write_points
from sim.runs.span import Span, cut, handy, lacking, uncovered
from sim.runs.span_files import Damage, Part
from sim.runs.sql import pieces, whole
from sim.runs.whole_files import LOCK, SET_ASIDE, clear_unfinished, force_folder, only_writer, put_away, trouble, write_whole

if TYPE_CHECKING:
    import pandas as pd

PARTS = "parts"
LARGEST_PART = 200  # runs: about a second of work, beside which the milliseconds of a part are little


def folder_name(name: str, *texts: str) -> str:
    """`NAME-HASH`: the name of the folder for what these texts ask."""
    return f"{name}-{digest(json.dumps(texts))[:10]}"


def bound(origin: Origin, points: pd.DataFrame, units: Mapping[str, str] = UNITS) -> Origin:
    """An origin with what a folder adds to it."""
    return replace(origin, points=points_digest(points), units=dict(units))


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

    def __init__(self, path: Path, manifest: Manifest, points: pd.DataFrame) -> None:
        self.path = path
        self.manifest = manifest
        self.points = points
        self.origin = manifest.origin
        self._salt = manifest.origin_digest
        self._schema = files_of_parts.columns(list(self.origin.units), self.origin.seed)
        self._writable = False
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
            Where there is none.
        DamageError
            Where its manifest or design points were altered.
        """
        path = Path(path)
        manifest = Manifest.read(path)
        return cls(path, manifest, read_points(path, manifest.origin.points))

    @classmethod
    @contextmanager
    def writing(
        cls, path: Path | str, origin: Origin, points: pd.DataFrame, *,
        executor: str, command: str, texts: Mapping[str, str], units: Mapping[str, str] = UNITS,
    ) -> Iterator[ResultsFolder]:
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
        path, origin = Path(path), bound(origin, points, units)
        try:
            path.mkdir(parents=True, exist_ok=True)
            force_folder(path.parent)
        except OSError as error:
            raise trouble(path, error) from error
        with only_writer(path):
            if not (path / PARTS).is_dir():
                put_away(path / PARTS, path)
                (path / PARTS).mkdir()
            for place in (path, path / PARTS):
                clear_unfinished(place)
            if not os.path.lexists(path / MANIFEST):
                write_points(path, points)
                Manifest.of(origin).write(path)
            manifest = Manifest.read(path)
            if changed := list(manifest.origin.differences(origin)):
                said = "; ".join(changed)
                raise ResultsError(f"{path}: holds other results: {said}. Give another folder, or go back to what it was")
            folder = cls(path, manifest, mended_points(path, manifest.origin.points, points))
            folder._writable = True
            folder._set_aside(folder.verify_parts())
            with folder._session(Session.begun(executor, command, texts), texts):
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
        gaps = uncovered((part.span for part in self._parts), plan)
        return cut(gaps, size or handy(gaps, max(LARGEST_PART // policies, 1)))

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
        if Path(name).name != name or name in (MANIFEST, POINTS, PARTS, SET_ASIDE, LOCK):
            raise ResultsError(f"{name!r} is no name for a file of its own in {self.path}")
        write_whole(self.path / name, text.encode())
        return self.path / name

    def retry_failed(self) -> int:
        """Set the parts with failures aside, so that they are run again; says how many."""
        self._may_write()
        failed = [part for part in self._parts if files_of_parts.read(part, self._salt)[1]]
        self.manifest = self.manifest.with_spans(part.span for part in self._parts if part not in failed)
        self.manifest.write(self.path)  # first, or whoever reads meanwhile misses them
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
        import pyarrow as pa

        parts = [files_of_parts.read(part, self._salt) for part in sorted(self._parts)]
        self._need([*_doubles(self._parts), *_missing(self._parts, self.manifest.there)])
        frame: pd.DataFrame = pa.concat_tables([self._schema.empty_table(), *(table for table, _ in parts)]).to_pandas()
        frame.attrs["units"] = dict(self.origin.units)
        return frame, failures_table(failed for _, failures in parts for failed in failures)

    def failures(self) -> pd.DataFrame:
        """The runs that came to no outcome: point, policy, replication, stage, error, and the command to see it again."""
        return self.frame_and_failures()[1]

    def sql(self, query: str) -> pd.DataFrame:
        """Ask DuckDB; the tables are `runs`, `points` and `failures`.

        In `runs` a metric without a meaning in a run is NULL, so that averages leave it out as pandas' do.

        Raises
        ------
        ResultsError
            Where DuckDB is not installed, the query is wrong or reaches for anything else, the answer is too large to be held
            (see `sim.runs.sql`), or a part is damaged.
        """
        return whole(self.sql_pieces(query))

    def sql_pieces(self, query: str) -> Iterator[pd.DataFrame]:
        """The same answer, some thousand rows at a time: however long it is, it takes little memory."""
        import pyarrow.dataset as dataset

        self.need_whole()
        paths = [str(part.path) for part in self._parts]
        runs = dataset.dataset(paths, schema=self._schema) if paths else self._schema.empty_table()
        return pieces(query, {"runs": runs, "points": self.points, "failures": self.failures()}, {"runs": list(self.origin.units)})

    def verify_parts(self, plan: Mapping[int, int] | None = None) -> list[Damage]:
        """What cannot be used or is not there.

        Parameters
        ----------
        plan
            Replications that should be there and usable, by design point; by default those for which there was a part when the
            manifest was last written.

        Returns
        -------
        list of Damage
            The parts that are torn or altered by their checksums, or overlap; and what is missing.
        """
        found = [damaged for part in sorted(self._parts) if (damaged := files_of_parts.damage(part, self._salt))]
        whole = [part for part in self._parts if part.path not in {damaged.path for damaged in found}]
        if plan is None:
            return [*found, *_doubles(whole), *_missing(self._parts, self.manifest.there)]
        return [*found, *_doubles(whole), *_missing(whole, (Span(point, 0, wanted) for point, wanted in plan.items()))]

    def need_whole(self) -> None:
        """See that all is there and as it was written.

        Raises
        ------
        DamageError
            Naming each part that is not.
        """
        self._need(self.verify_parts())

    # -- inside ----------------------------------------------------------------------------------------------------------

    def _need(self, nothing: Sequence[Damage]) -> None:
        if nothing:
            said = ", ".join(f"{one.span} is {one.kind}" for one in nothing)
            raise DamageError(f"{self.path}: {said}; run the study again, only these parts will be run")

    def _may_write(self) -> None:
        if not self._writable:
            raise ResultsError(f"{self.path}: was opened to be read")

    def _set_aside(self, damaged: Sequence[Damage]) -> None:
        gone = {one.path for one in damaged if one.path is not None}
        for path in gone:
            put_away(path, self.path)
        if gone:
            force_folder(self.path / PARTS)
        self._parts = [part for part in self._parts if part.path not in gone]

    @contextmanager
    def _session(self, session: Session, texts: Mapping[str, str]) -> Iterator[None]:
        """Write down in the manifest when and where work was done; a session that was killed has no end."""
        before, start = sum(self.done.values()), time.monotonic()
        self.manifest = self.manifest.with_session(session, texts).with_spans(self.spans)
        self.manifest.write(self.path)
        ending = "finished"
        try:
            yield
        except BaseException as error:
            ending = "interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}: {error}"
            raise
        finally:
            self._writable = False
            seconds, replications = round(time.monotonic() - start, 3), sum(self.done.values()) - before
            self.manifest = self.manifest.ended(ending, seconds, replications).with_spans(self.spans)
            try:
                self.manifest.write(self.path)
            except ResultsError:
                if ending == "finished":  # otherwise the first error is the one to tell (a disk is still full)
                    raise


def _doubles(parts: Iterable[Part]) -> Iterator[Damage]:
    return (Damage(two.span, "a double", two.path) for one, two in pairwise(sorted(parts)) if one.span.overlaps(two.span))


def _missing(parts: Iterable[Part], wanted: Iterable[Span]) -> Iterator[Damage]:
    return (Damage(span, "missing", None) for span in lacking((part.span for part in parts), wanted))
