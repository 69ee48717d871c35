"""Running an experiment from Python, on any executor."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.conduct import conduct, executor_of
from sim.study.plan import plan_from
from sim.study.plugin import load_plugins
from sim.study.run_plan import HowMany, folder_of
from sim.study.study import Study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor


def run(
    source: str | Path, *, executor: Executor | None = None, workers: int = 1, out: str | Path | None = None,
    replications: int | None = None, quick: bool = False, plugins: Sequence[str] = (),
) -> Study:
    """Run an experiment, or go on with it, and open its results.

    Parameters
    ----------
    source
        The name of a built-in experiment, or a file.
    executor
        Any ``concurrent.futures.Executor``: ``MPIPoolExecutor()``, ``dask_jobqueue``'s ``cluster.get_client().get_executor()``.
        It is used, not shut down.
    workers
        Without an executor: processes of this machine; 1 is this process.
    out
        The results folder; by default ``results/NAME-HASH``.
    replications, quick
        See `sim.study.run_plan.HowMany`.
    plugins
        Modules with policies of your own.

    Returns
    -------
    Study
        With ``.frame``, ``.verdicts``, ``.points``.

    Raises
    ------
    IntakeLabError
        Where the experiment or the folder cannot be used.
    """
    plan = plan_from(source, load_plugins(plugins))
    path = Path(out) if out is not None else folder_of(plan)
    lent = executor is not None and (nullcontext(executor), f"{type(executor).__module__}.{type(executor).__name__}")
    places, where = lent or executor_of(workers, None)
    with places as place:
        conduct(plan, path, place, HowMany(replications, quick), where=where, command="sim.run(...)", source=str(source))
    return Study.load(path)
