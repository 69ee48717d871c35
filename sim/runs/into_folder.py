"""Spans of replications into a results folder: each is on the disk as soon as it is done, Ctrl-C keeps what is there."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import closing

from sim.runs.results_folder import ResultsFolder
from sim.runs.runner import Command, Interrupted, Progress, WorkOf, run_spans
from sim.runs.span import Span


class Stopped(Interrupted):
    """Ctrl-C; `kept` is the results folder, and the message says how to go on."""

    def __init__(self, folder: ResultsFolder, done: int, asked: int) -> None:
        super().__init__(folder)
        self.args = (
            f"interrupted after {done} of {asked} replications; they are kept in {folder.path}, "
            "run the same command again to go on",)

    def __str__(self) -> str:
        return str(self.args[0])


def run_into(
    folder: ResultsFolder, spans: Iterable[Span], work_of: WorkOf, executor: Executor | None = None, *, command: Command,
    in_flight: int | None = None, progress: Progress | None = None,
) -> None:
    """Run spans and put each into the folder as soon as it is back.

    Parameters
    ----------
    folder
        Where the outcomes go; opened to be written to.
    spans
        What to run; see `ResultsFolder.missing`.
    work_of, executor, command, in_flight, progress
        See `sim.runs.runner.run_spans`.

    Raises
    ------
    Stopped
        On Ctrl-C; whatever came back is in the folder.
    ResultsError
        Where the folder cannot be written to (disk full).
    IntakeLabError
        Where a policy cannot travel to another process, workers die before they do any work, or the cluster goes away.
    """
    spans, count = list(spans), 0
    try:
        with closing(run_spans(
            spans, work_of, executor, command=command, in_flight=in_flight, progress=progress)) as back:
            for span, done in back:
                folder.add(span, *done)
                count += span.size
    except KeyboardInterrupt:
        raise Stopped(folder, count, sum(span.size for span in spans)) from None
