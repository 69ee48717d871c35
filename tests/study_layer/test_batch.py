"""The long batch: the same bits on any executor, a dead worker costs time only, Ctrl-C keeps what is done."""

from __future__ import annotations

import os
import signal
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from sim.errors import IntakeLabError
from sim.policies.policy import PolicyFromFunction
from sim.policies.view import accept
from sim.runs.cluster import cluster_executor
from sim.runs.into_folder import Stopped, run_into
from sim.runs.results_folder import ResultsFolder
from sim.runs.runner import GIVEN_UP_AFTER, Work
from sim.runs.span import Span
from sim.runs.verify import rerun, verify
from tests.study_layer.small_study import (
    POLICIES,
    as_policy,
    bits,
    command,
    dask_of_two,
    kills_its_process,
    kills_its_process_once,
    nowhere,
    run,
    scheduler_and_worker,
    two,
    work_of,
    writing,
)

EACH = 8


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("batch") / "here"
    run(path, EACH)
    return path


# -- anywhere the same -----------------------------------------------------------------------------------------------------


def test_processes_give_the_very_bits(tmp_path: Path, here: Path) -> None:
    run(tmp_path / "r", EACH, two, size=3)
    assert bits(tmp_path / "r") == bits(here)


def test_a_dask_cluster_over_tcp_gives_the_very_bits_and_outlives_a_worker(tmp_path: Path, here: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
    with dask_of_two() as address:
        assert address.startswith("tcp://")
        run(tmp_path / "r", EACH, partial(cluster_executor, address), size=3)
        assert bits(tmp_path / "r") == bits(here)
        killed = []

        def kill_one(done: int, asked: int) -> None:
            if not killed:
                from distributed import Client

                with Client(address, set_as_default=False) as client:
                    killed.extend(list(client.run(os.getpid).values())[:1])
                os.kill(killed[0], signal.SIGKILL)

        run(tmp_path / "killed", EACH, partial(cluster_executor, address), size=1, progress=kill_one)
    assert killed
    assert bits(tmp_path / "killed") == bits(here)


def test_a_cluster_that_goes_away_is_said_in_words_and_what_came_back_is_kept(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
    with scheduler_and_worker() as (address, processes):

        def kill_all(done: int, asked: int) -> None:
            for process in processes:
                process.kill()

        with pytest.raises(IntakeLabError, match=r"the cluster went away; what came back is kept"):
            run(tmp_path / "r", EACH, partial(cluster_executor, address), size=1, progress=kill_all)
    assert len(ResultsFolder.open(tmp_path / "r").frame()) > 0


def test_no_cluster_at_the_address_is_said_in_words() -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
    with pytest.raises(IntakeLabError, match="no Dask scheduler answers"), cluster_executor("tcp://127.0.0.1:9", timeout=0.5):
        pass


def test_without_dask_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(IntakeLabError, match=r"pip install .*cluster"), cluster_executor("tcp://127.0.0.1:9"):
        pass


# -- a worker dies ---------------------------------------------------------------------------------------------------------


def test_a_worker_killed_by_its_pid_costs_time_not_results(tmp_path: Path, here: Path) -> None:
    killed = []

    def kill_one(done: int, asked: int) -> None:
        if done in (2, 9):
            killed.append(next(process for process in psutil.Process().children(recursive=True) if is_worker(process)).pid)
            os.kill(killed[-1], signal.SIGKILL)

    run(tmp_path / "r", EACH, two, size=1, progress=kill_one)
    assert len(killed) == 2
    assert bits(tmp_path / "r") == bits(here)
    assert ResultsFolder.open(tmp_path / "r").failures().empty


def is_worker(process: psutil.Process) -> bool:
    """Not the tracker of resources."""
    return any("spawn_main" in word for word in process.cmdline())


def test_a_policy_that_kills_its_process_once_is_run_again(tmp_path: Path) -> None:
    deadly = as_policy(partial(kills_its_process_once, tmp_path / "mark"), "deadly")
    run(tmp_path / "r", 2, two, size=1, work_of=lambda point: work_of(point)._replace(policies=(*POLICIES, deadly)))
    folder = ResultsFolder.open(tmp_path / "r")
    assert (tmp_path / "mark").exists()
    assert folder.failures().empty
    assert set(folder.frame()["policy"]) == {"always-accept", "co-evaluated", "deadly"}


def test_a_block_that_always_kills_its_worker_is_a_failure_and_the_others_go_on(tmp_path: Path, here: Path) -> None:
    deadly = as_policy(kills_its_process, "deadly")

    def deadly_at_1(point: int) -> Work:
        return work_of(point)._replace(policies=(*POLICIES, deadly)) if point == 1 else work_of(point)

    with two() as processes, writing(tmp_path / "r") as folder:
        run_into(folder, folder.missing({0: EACH, 1: 1}, 1), deadly_at_1, processes, command=command)
    failures = ResultsFolder.open(tmp_path / "r").failures()
    assert set(failures["stage"]) == {"worker"}
    assert set(failures["point"]) == {1}
    assert failures["command"].tolist() == [f"explain 1 {name} 0" for name in ("always-accept", "co-evaluated", "deadly")]
    assert failures["error"].str.contains(f"died {GIVEN_UP_AFTER} times").all()
    rest, whole = (ResultsFolder.open(path).frame().query("point == 0") for path in (tmp_path / "r", here))
    assert rest["cost"].to_numpy().tobytes() == whole["cost"].to_numpy().tobytes()


class Broken(Executor):
    """Every process of it dies at once."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("dead"))
        return future


class BrokenAtTheDoor(Executor):
    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        raise BrokenExecutor("dead")


@pytest.mark.parametrize("kind", [Broken, BrokenAtTheDoor])
def test_workers_that_never_work_end_the_batch_and_no_replication_is_blamed(tmp_path: Path, kind: type[Executor]) -> None:
    with pytest.raises(IntakeLabError, match="die before they do any work"):
        run(tmp_path / "r", 2, lambda: nullcontext(kind()))
    assert ResultsFolder.open(tmp_path / "r").spans == []


# -- a policy stumbles -----------------------------------------------------------------------------------------------------


def stumbles(estimate: Any, project: Any) -> Any:
    raise ZeroDivisionError("no way to say")


def test_a_run_that_raises_is_a_row_with_stage_error_and_command(tmp_path: Path) -> None:
    bad = as_policy(stumbles, "bad")
    run(tmp_path / "r", 2, work_of=lambda point: work_of(point)._replace(policies=(bad, *POLICIES)))
    folder = ResultsFolder.open(tmp_path / "r")
    assert folder.failures().query("point == 1 and replication == 0").to_dict("records") == [{
        "point": 1, "policy": "bad", "replication": 0, "stage": "run", "error": "ZeroDivisionError: no way to say",
        "command": "explain 1 bad 0"}]
    assert set(folder.frame()["policy"]) == {"always-accept", "co-evaluated"}


def test_a_policy_that_cannot_travel_is_refused_in_words(tmp_path: Path) -> None:
    local = PolicyFromFunction(name="local", function=lambda estimate, project: accept("here only"))
    with pytest.raises(IntakeLabError, match="cannot travel"):
        run(tmp_path / "r", 2, two, work_of=lambda point: work_of(point)._replace(policies=(local,)))


# -- Ctrl-C, progress, bounds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("executors", [nowhere, two])
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path, here: Path, executors: Any) -> None:
    def press(done: int, asked: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(Stopped, match=r"interrupted after 4 of 16 replications; they are kept in .*run the same command again"):
        run(tmp_path / "r", EACH, executors, progress=press)
    assert sum(ResultsFolder.open(tmp_path / "r").done.values()) == 4
    assert run(tmp_path / "r", EACH, executors) == 12
    assert bits(tmp_path / "r") == bits(here)


def test_progress_is_told_in_replications(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run(tmp_path / "r", 3, progress=lambda *now: told.append(now))
    assert told == [(2, 6), (4, 6), (5, 6), (6, 6)]


class ByThrees(Executor):
    """Starts when three have come, and counts how many were handed to it and not yet taken back."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any, Any]] = []
        self.submitted = self.done = self.most = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.waiting.append((Future(), fn, args))
        self.submitted += 1
        self.most = max(self.most, self.submitted - self.done)
        future = self.waiting[-1][0]
        if len(self.waiting) == 3:
            for one, function, given in self.waiting:
                one.set_result(function(*given))
            self.waiting.clear()
        return future

    def told(self, done: int, asked: int) -> None:
        self.done = done


def test_no_more_is_in_flight_than_was_allowed(tmp_path: Path) -> None:
    pool = ByThrees()
    run(tmp_path / "r", 6, lambda: nullcontext(pool), size=1, in_flight=3, progress=pool.told)
    assert (pool.submitted, pool.most) == (12, 3)


def test_a_block_is_on_the_disk_as_soon_as_it_is_back(tmp_path: Path) -> None:
    seen: list[list[Span]] = []
    with writing(tmp_path / "r") as folder:
        run_into(folder, folder.missing({0: 3}, 1), work_of, command=command,
                 progress=lambda *_: seen.append(ResultsFolder.open(tmp_path / "r").spans))
    assert seen == [[Span(0, at, 1) for at in range(upto)] for upto in (1, 2, 3)]


# -- to verify -------------------------------------------------------------------------------------------------------------


def test_replications_run_again_are_the_stored_ones_to_the_bit(here: Path) -> None:
    report = verify(ResultsFolder.open(here), 5, rerun(work_of))
    assert report.identical
    assert len(set(report.checked)) == 5
    assert len(verify(ResultsFolder.open(here), 1000, rerun(work_of)).checked) == 2 * EACH


def test_one_other_bit_is_found_and_named(here: Path) -> None:
    def nearly(point: int, replication: int) -> Any:
        rows = rerun(work_of)(point, replication)
        if (point, replication) == (1, 5):
            rows.loc[1, "cost"] = np.nextafter(rows.loc[1, "cost"], np.inf)
        return rows

    report = verify(ResultsFolder.open(here), 1000, nearly)
    (found,) = report.differences
    assert found[:4] == (1, 5, "co-evaluated", "cost")
    assert found.stored != found.again
    assert not report.identical


def test_nan_is_nan_whatever_its_bits_and_no_number(here: Path) -> None:
    def another_nan(point: int, replication: int) -> Any:
        rows = rerun(work_of)(point, replication)
        recall = rows["recall"].to_numpy(copy=True)
        recall[np.isnan(recall)] = np.uint64(0xFFF8000000000123).view(np.float64)
        return rows.assign(recall=recall, delay=np.nan)

    found = verify(ResultsFolder.open(here), 1000, another_nan).differences
    assert ResultsFolder.open(here).frame()["recall"].isna().any()
    assert {one.metric for one in found} == {"delay"}


def test_the_sign_of_a_zero_counts_and_a_missing_run_too(here: Path) -> None:
    def other(point: int, replication: int) -> Any:
        rows = rerun(work_of)(point, replication)
        rows["ai_cost"] = -rows["ai_cost"]  # no AI here: 0 becomes -0
        return rows[rows["policy"] != "always-accept"]

    found = verify(ResultsFolder.open(here), 1, other).differences
    assert {(one.policy, one.metric) for one in found} == {("always-accept", ""), ("co-evaluated", "ai_cost")}


def test_nothing_checked_is_not_called_identical(tmp_path: Path) -> None:
    with writing(tmp_path / "r") as folder:
        assert not verify(folder, 5, rerun(work_of)).identical
