"""A progress bar with rate and time left, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sim.study.runner import Progress


@contextmanager
def progress_bar(total: int, what: str, quiet: bool) -> Iterator[Progress | None]:
    """A bar on standard error while the block runs; None (say nothing) when it is no terminal, or `quiet`."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
               TimeRemainingColumn())  # fmt: skip
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, rate="")

        def tell(done: int, _: int) -> None:
            elapsed = bar.tasks[0].elapsed
            bar.update(task, completed=done, rate=f"{done / elapsed:.1f}/s" if elapsed else "")

        yield tell
