"""Running an experiment from Python, on any executor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.conduct import conduct, executors_for, lent
from sim.study.plan import plan_from
from sim.study.plugin import load_plugins
from sim.study.run_plan import Effort, folder_of
from sim.study.study import Study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor


def run(
    source: str | Path, *, executor: Executor | None = None, workers: int = 1, out: str | Path | None = None,
    replications: int | None = None, quick: bool = False, plugins: Sequence[str] = (),
) -> Study:  # fmt: skip
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
        See `sim.study.run_plan.Effort`.
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
    executors, words, in_flight = executors_for(workers, None)
    if executor is not None:
        executors, words, in_flight = lent(executor), f"{type(executor).__module__}.{type(executor).__name__}", None
    conduct(plan, path, executors, Effort(replications, quick), executor=words, command="sim.run(...)", source=str(source),
            in_flight=in_flight)  # fmt: skip
    return Study.load(path)
