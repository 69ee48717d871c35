"""A real study that takes half a second: a small project at two design points under two policies, kept in a folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pandas as pd

from sim.policies.catalogue import make
from sim.policies.policy import Policy, PolicyFromFunction
from sim.policies.view import accept
from sim.runs.into_folder import run_into
from sim.runs.model_code import model_version
from sim.runs.origin import Origin, engine
from sim.runs.processes import Processes
from sim.runs.results_folder import ResultsFolder
from sim.runs.runner import Work
from sim.scenario import Scenario

Executors = Callable[[], AbstractContextManager[Executor | None]]
SEED = 3
RATES = (0.3, 0.9)
POINTS = pd.DataFrame({"point": [0, 1], "scenario": "small", "customer.request_rate": RATES})
POLICIES = (make("always-accept"), make("co-evaluated"))


@cache
def scenario_of(point: int) -> Scenario:
    values = {"project.planned_items": 6, "project.deadline": 20.0, "project.horizon": 60.0}
    return Scenario(name="small").with_values(values | {"customer.request_rate": RATES[point]})


def work_of(point: int) -> Work:
    return Work(scenario_of(point), POLICIES, SEED)


def origin(**changed: Any) -> Origin:
    values: dict[str, Any] = {
        "experiment": "e" * 64, "scenarios": {"small": scenario_of(0).digest()},
        "policies": {policy.name: repr(policy) for policy in POLICIES},
        "seed": SEED, "model": model_version(), "engine": engine(),
    }
    return Origin(**(values | changed))


def writing(path: Path, **changed: Any) -> AbstractContextManager[ResultsFolder]:
    texts = {"experiment": "what is asked"}
    return ResultsFolder.writing(path, origin(**changed), POINTS, executor="here", command="a test", texts=texts)


def nowhere() -> AbstractContextManager[None]:
    """No executor: everything runs in this process."""
    return nullcontext()


def run(path: Path, each: int, executors: Executors = nowhere, size: int = 2, **options: Any) -> int:
    """Bring the folder to so many replications of each design point; says how many had to be run."""
    plan = dict.fromkeys(range(len(RATES)), each)
    with executors() as executor, writing(path) as folder:
        spans = folder.missing(plan, size)
        run_into(folder, spans, options.pop("work_of", work_of), executor, command=command, **options)
    return sum(span.size for span in spans)


def command(point: int, policy: str, replication: int) -> str:
    return f"explain {point} {policy} {replication}"


def bits(path: Path) -> list[tuple[str, bytes]]:
    """Everything that a study found, as bytes."""
    frame = ResultsFolder.open(path).frame()
    columns = [(name, frame[name]) for name in frame.columns]
    return [(name, x.to_numpy().tobytes() if x.dtype.kind in "fiu" else "|".join(x).encode()) for name, x in columns]


KEEPS_RESULTS = tuple(f"runs/{name}.py" for name in ("whole_files", "span_files", "points_file", "manifest", "results_folder"))


def run_and_die(path: Path, each: int, at_line: int) -> None:
    """Run the study, and die of SIGKILL before the so-many-th line of the code that keeps the results."""
    left = at_line

    def count(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        nonlocal left
        if not frame.f_code.co_filename.endswith(KEEPS_RESULTS):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return count

    sys.settrace(count)
    run(path, each)


def kills_its_process(estimate: Any, project: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def kills_its_process_once(mark: Path, estimate: Any, project: Any) -> Any:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return accept("as asked")


def as_policy(function: Callable[..., Any], name: str) -> Policy:
    return PolicyFromFunction(name=name, function=function)


@contextmanager
def two() -> Iterator[Processes]:
    """Two processes that do all the work."""
    processes = Processes(2, head_start=0.0)
    processes.submit(os.getpid).result()
    try:
        yield processes
    finally:
        processes.shutdown(cancel_futures=True)


@contextmanager
def dask_of_two() -> Iterator[str]:
    """The address of a Dask cluster of two worker processes over TCP."""
    import dask
    from distributed import LocalCluster

    quiet = {"distributed.logging.distributed": "error", "distributed.worker.daemon": True}
    with dask.config.set(quiet), LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, protocol="tcp", dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


@contextmanager
def scheduler_and_worker() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask cluster of two processes that may be killed: its address and they."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address, module = f"tcp://127.0.0.1:{port}", "distributed.cli.dask_"
    processes = [subprocess.Popen([sys.executable, "-m", *words], stderr=subprocess.DEVNULL) for words in (
        [f"{module}scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
        [f"{module}worker", address, "--no-nanny", "--no-dashboard"])]
    try:
        wait_for(port)
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for(port: int, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nobody listens at port {port}")


