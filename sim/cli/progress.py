"""A progress bar with rate and time left, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.runs.runner import Progress

Say = Callable[[int, int, str], None]
"""Called with (replications done, asked for, what is being done)."""


@contextmanager
def progress_bar(total: int, what: str, quiet: bool) -> Iterator[Progress | None]:
    """A bar on standard error while the block runs; None (say nothing) when it is no terminal, or `quiet`."""
    with _bar(total, what, quiet) as say:
        yield None if say is None else lambda done, asked: say(done, asked, what)


@contextmanager
def study_bar(title: str, quiet: bool) -> Iterator[Callable[[int, int, int, int], None] | None]:
    """The same for an experiment, which also tells how many design points are done."""
    with _bar(1, title, quiet) as say:
        if say is None:
            yield None
            return

        def tell(done: int, asked: int, points: int, of: int) -> None:
            say(done, asked, f"{title}: {points} of {of} design points" if of > 1 else f"{title}: replications")

        yield tell


@contextmanager
def _bar(total: int, what: str, quiet: bool) -> Iterator[Say | None]:
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
               TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, rate="")
        first: list[int] = []  # what was there before this run does not count for the rate

        def say(done: int, asked: int, what: str) -> None:
            first.append(done) if not first else None
            elapsed = bar.tasks[0].elapsed
            rate = f"{(done - first[0]) / elapsed:.1f}/s" if elapsed else ""
            bar.update(task, completed=done, total=asked, description=what, rate=rate)

        yield say
