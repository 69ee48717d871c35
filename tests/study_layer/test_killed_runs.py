"""However a run is killed: nothing lives on, nothing is left in the temporary folder, and the same command goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.killed_runs import alive_in, error_of, is_gone, killed, wait_until
from sim.errors import IntakeLabError
from sim.runs.processes import MOST_PER_PROCESSOR, Processes, cores, executor_for
from tests.conftest import REPOSITORY, SMALL

LONG = ("run", "tiny.toml", "--out", "kept", "--replications", "200000", "--quiet", "--workers")
TINY = """
name = "tiny"
question = "Which is later?"
scenarios = ["small.toml"]
policies = ["always-accept", "co-evaluated"]
"""
Start = Callable[..., subprocess.Popen[bytes]]
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


@pytest.fixture
def start(tmp_path: Path) -> Any:
    """Start a run in a session of its own, with a temporary folder of its own; nothing of it outlives the test."""
    (tmp_path / "small.toml").write_text(SMALL.replace("10", "2").replace("30.0", "6.0").replace("120.0", "20.0"), encoding="utf-8")
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    (tmp_path / "tmp").mkdir()
    started: list[subprocess.Popen[bytes]] = []

    def run(*words: str, code: str = "from sim.cli import main; main()") -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(
            [sys.executable, "-c", code, *words], cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=os.environ | {"TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(REPOSITORY)}))
        return started[-1]

    yield run
    for one in started:
        for pid in alive_in(one.pid):
            os.kill(pid, signal.SIGKILL)
        one.communicate()


def wait_until_it_works(place: Path, running: subprocess.Popen[bytes], workers: int) -> None:
    """Until results come in and all workers are up."""

    def works() -> bool:
        assert running.poll() is None, error_of(running)
        up = len(alive_in(running.pid)) - 1  # and the tracker of resources, which the first worker brings
        return len(list((place / "kept/parts").glob("*.parquet"))) >= 3 and up == (workers + 1 if workers > 1 else 0)

    wait_until(works, "the run did not come up", seconds=60.0)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_that_nobody_has_reaped_does_not_lock_its_folder(start: Start, tmp_path: Path, workers: int) -> None:
    running = start(*LONG, str(workers))
    wait_until_it_works(tmp_path, running, workers)
    os.kill(running.pid, signal.SIGKILL)
    wait_until(lambda: is_gone(running.pid), "SIGKILL did not end it")
    assert Path(f"/proc/{running.pid}").exists()  # a zombie: this test is its parent, and has not waited for it
    again = start("run", "tiny.toml", "--out", "kept", "--replications", "10", "--quiet", "--workers", "1")
    assert again.wait() == 0, error_of(again)


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_ends_a_run_as_ctrl_c_does(start: Start, tmp_path: Path, workers: int) -> None:
    running = start(*LONG, str(workers))
    wait_until_it_works(tmp_path, running, workers)
    os.kill(running.pid, signal.SIGTERM)
    began = time.monotonic()
    said = error_of(running)
    assert running.returncode == 130
    assert time.monotonic() - began < 5.0
    assert "they are kept in kept, run the same command again to go on" in said
    wait_until(lambda: not alive_in(running.pid), "SIGTERM left processes behind")
    assert not list((tmp_path / "tmp").iterdir())


def test_workers_end_with_their_parent_in_the_middle_of_their_work(start: Start, tmp_path: Path) -> None:
    code = ("import time\nfrom sim.runs.processes import Processes\nif __name__ == '__main__':\n"
            "    two = Processes(2, head_start=0.0)\n    [two.submit(time.sleep, 3600) for _ in range(2)]\n    time.sleep(3600)")
    running = start(code=code)
    wait_until(lambda: len(alive_in(running.pid)) == 4, "two workers and a tracker of resources did not come up")
    time.sleep(1.0)
    os.kill(running.pid, signal.SIGKILL)
    wait_until(lambda: not alive_in(running.pid), "workers outlive their parent")
    assert not list((tmp_path / "tmp").iterdir())


def test_workers_that_cannot_start_are_an_error_and_not_ctrl_c(start: Start) -> None:
    code = "import multiprocessing\nmultiprocessing.set_executable('/bin/false')\nfrom sim.cli import main\nmain()"
    running = start(*LONG, "2", code=code)
    said = error_of(running)
    assert running.returncode == 2
    assert "die before they do any work" in said
    assert "--workers 1 needs no other process" in said


def test_more_workers_than_are_of_use_are_refused_in_words(start: Start) -> None:
    running = start(*LONG, "10000")
    said = error_of(running)
    assert running.returncode == 2
    assert f"workers = 10000 — this machine has {cores()} processors; at most {MOST_PER_PROCESSOR * cores()} are of use" in said


def test_as_many_workers_as_are_of_use_cost_nothing_until_there_is_work() -> None:
    with pytest.raises(IntakeLabError, match="are of use"), executor_for(MOST_PER_PROCESSOR * cores() + 1):
        pass
    with executor_for(MOST_PER_PROCESSOR * cores()) as processes:
        assert processes is not None
        processes.submit(int).result()
        assert sum("spawn_main" in " ".join(child.cmdline()) for child in psutil.Process().children()) <= 2


def test_a_worker_that_dies_takes_only_its_own_work_with_it() -> None:
    processes = Processes(2, head_start=0.0)
    dies, others = processes.submit(os._exit, 3), [processes.submit(abs, -at) for at in range(20)]
    with pytest.raises(BrokenExecutor, match="exit code 3"):
        dies.result()
    assert [other.result() for other in others] == list(range(20))
    processes.shutdown()


def test_work_that_waits_is_done_before_the_end_unless_it_is_given_up() -> None:
    for give_up in (False, True):
        processes = Processes(1, head_start=0.3)
        waiting = [processes.submit(abs, -at) for at in range(3)]
        processes.shutdown(cancel_futures=give_up)
        assert [one.cancelled() for one in waiting] == [give_up] * 3
        assert give_up or [one.result() for one in waiting] == [0, 1, 2]


def raises_what_cannot_travel() -> None:
    class Local(Exception):  # noqa: N818
        pass

    raise Local("no way")


def test_what_work_raises_comes_back_even_if_it_cannot_travel() -> None:
    processes = Processes(1, head_start=0.0)
    with pytest.raises(ValueError, match="invalid literal"):
        processes.submit(int, "x").result()
    with pytest.raises(RuntimeError, match="Local: no way"):
        processes.submit(raises_what_cannot_travel).result()
    processes.shutdown()
    with pytest.raises(RuntimeError, match="shutdown"):
        processes.submit(int)


def test_runs_killed_at_random_moments_end_with_the_same_frame(tmp_path: Path) -> None:
    counts = killed(tmp_path, 3, random.randrange(10**6))
    assert counts["folders whose frame was compared"] >= 1


@pytest.mark.long
def test_two_hundred_runs_killed_at_random_moments_end_with_the_same_frame(tmp_path: Path) -> None:
    killed(tmp_path, 200, 1)


def test_an_end_of_file_somewhere_is_an_error_and_not_ctrl_c(typed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(*_: Any) -> str:
        raise EOFError("a worker has gone")

    monkeypatch.setattr("sim.report.listing.metrics_text", ends)
    said = typed("metrics")
    assert said.code == 2
    assert "a worker has gone" in said.err
