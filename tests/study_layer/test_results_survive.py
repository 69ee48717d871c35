"""Killed, crowded, out of room: whatever happens to the process, what is in the folder is whole and the study goes on."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from sim.errors import ResultsError
from sim.runs.results_folder import ResultsFolder
from sim.runs.whole_files import TEMPORARY, clear_unfinished, only_writer, write_whole
from tests.study_layer.small_study import bits, run, run_and_die, writing

EACH = 24
FRESH = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    path = tmp_path_factory.mktemp("results") / "whole"
    run(path, EACH)
    return bits(path)


def in_a_process(function: Callable[..., Any], *given: Any) -> Any:
    process = FRESH.Process(target=function, args=given)
    process.start()
    return process


def replications(path: Path) -> int:
    return sum(ResultsFolder.open(path).done.values()) if (path / "manifest.json").exists() else 0


# -- kill -9 ---------------------------------------------------------------------------------------------------------------


def test_killed_at_random_times_it_goes_on_to_the_very_bits(tmp_path: Path, uninterrupted: list[tuple[str, bytes]]) -> None:
    luck, path = random.Random(), tmp_path / "r"
    reached = [0]
    for _ in range(6):
        process = in_a_process(run, path, EACH)
        while process.is_alive() and replications(path) == reached[-1]:  # it has started and got somewhere
            process.join(0.01)
        process.join(luck.uniform(0.0, 0.08))
        process.kill()
        process.join()
        reached.append(replications(path))
        assert not ResultsFolder.open(path).verify_parts()
    assert reached[1] < 2 * EACH
    assert sorted(reached) == reached  # nothing that was there is lost
    assert run(path, EACH) == 2 * EACH - reached[-1]
    assert bits(path) == uninterrupted


@pytest.mark.parametrize("stretch", range(6))
def test_killed_at_any_line_that_keeps_results_nothing_is_half_there(
    tmp_path: Path, uninterrupted: list[tuple[str, bytes]], stretch: int
) -> None:
    line, path = random.randrange(1 + 150 * stretch, 151 + 150 * stretch), tmp_path / "r"
    process = in_a_process(run_and_die, path, EACH, line)
    process.join()
    assert process.exitcode == -signal.SIGKILL, f"line {line} was never reached"
    before = replications(path)
    assert before < 2 * EACH
    assert run(path, EACH) == 2 * EACH - before, f"killed at line {line}"
    assert bits(path) == uninterrupted, f"killed at line {line}"
    assert not list(path.rglob(TEMPORARY + "*"))


def test_a_killed_session_has_no_end_in_the_manifest(tmp_path: Path) -> None:
    process = in_a_process(run_and_die, tmp_path / "r", EACH, 700)
    process.join()
    run(tmp_path / "r", EACH)
    sessions = json.loads((tmp_path / "r" / "manifest.json").read_text())["sessions"]
    assert [session["ending"] for session in sessions] == [None, "finished"]


# -- two writers -----------------------------------------------------------------------------------------------------------


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with writing(path):
        with pytest.raises(ResultsError, match=f"process {os.getpid()} has been writing to it since"), writing(path):
            pass
        assert ResultsFolder.open(path).frame().empty
    with writing(path):
        pass


def hold(path: Path, held: Any, leave: Any) -> None:
    with writing(path):
        held.set()
        leave.wait()


def test_a_lock_is_held_against_other_processes_until_its_holder_is_gone(tmp_path: Path) -> None:
    path, held, leave = tmp_path / "r", FRESH.Event(), FRESH.Event()
    process = in_a_process(hold, path, held, leave)
    assert held.wait(30)
    with pytest.raises(ResultsError, match=f"process {process.pid} has"), writing(path):
        pass
    process.kill()
    process.join()
    with writing(path):
        pass


def test_processes_that_somebody_lent_and_that_go_on_living_hold_no_lock(tmp_path: Path) -> None:
    """Forked while the folder was written to, they have its files open."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        for each in (2, 4):
            run(tmp_path / "r", each, lambda: nullcontext(pool))


def test_a_disk_that_cannot_lock_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuses)
    with pytest.raises(ResultsError, match="this disk cannot lock files"), only_writer(tmp_path):
        pass


def lock_of(path: Path, **values: Any) -> None:
    path.mkdir(exist_ok=True)
    (path / "lock").write_text(json.dumps({"machine": socket.gethostname(), "since": "then", "process_started": "1"} | values))


def test_a_process_number_used_again_is_not_the_holder(tmp_path: Path) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system does not tell when a process started")
    lock_of(tmp_path, pid=os.getppid())  # lives, but did not start when the holder did
    with only_writer(tmp_path):
        pass


def test_a_holder_on_another_machine_is_believed_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    lock_of(tmp_path, pid=1, machine="elsewhere")
    with pytest.raises(ResultsError, match=r"on elsewhere; .* remove .*lock"), only_writer(tmp_path):
        pass


@pytest.mark.parametrize("text", ["", '{"pid": 12', "[]"])
def test_a_torn_lock_is_no_lock(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock").write_text(text)
    with only_writer(tmp_path):
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()


def race(path: Path, start: Any, inside: Any, most: Any) -> None:
    start.wait()  # for all of them
    try:
        with only_writer(path):
            with inside.get_lock():
                inside.value += 1
                most.value = max(most.value, inside.value)
            time.sleep(0.3)  # long enough for all to try
            with inside.get_lock():
                inside.value -= 1
    except ResultsError:
        pass


def test_of_many_that_find_a_stale_lock_one_takes_it(tmp_path: Path) -> None:
    dead = FRESH.Process(target=int)
    dead.start()
    dead.join()
    lock_of(tmp_path, pid=dead.pid)
    start, inside, most = FRESH.Barrier(4), FRESH.Value("i", 0), FRESH.Value("i", 0)
    racers = [in_a_process(race, tmp_path, start, inside, most) for _ in range(4)]
    for racer in racers:
        racer.join()
    assert most.value == 1


# -- no room ---------------------------------------------------------------------------------------------------------------


def full(*_: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_said_clearly_and_corrupts_nothing(
    tmp_path: Path, uninterrupted: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fsync, left = tmp_path / "r", os.fsync, [25]

    def fills_up(handle: int) -> None:
        left[0] -= 1
        (fsync if left[0] > 0 else full)(handle)

    monkeypatch.setattr(os, "fsync", fills_up)
    with pytest.raises(ResultsError, match=r"the disk is full, p0.* was not written; what is there is whole"):
        run(path, EACH)
    monkeypatch.undo()
    before = replications(path)
    assert 0 < before < 2 * EACH
    assert not ResultsFolder.open(path).verify_parts()
    assert not list(path.rglob(TEMPORARY + "*"))
    assert run(path, EACH) == 2 * EACH - before
    assert bits(path) == uninterrupted


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "table.csv", b"first")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResultsError, match=r"table\.csv was not written"):
        write_whole(tmp_path / "table.csv", b"second")
    assert (tmp_path / "table.csv").read_bytes() == b"first"
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]


def test_a_folder_that_cannot_be_written_to_is_said_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResultsError, match="cannot be written"), writing(tmp_path / "file" / "r"):
        pass


def test_what_a_stopped_process_left_unfinished_is_cleared(tmp_path: Path) -> None:
    (tmp_path / f"{TEMPORARY}abc").touch()
    (tmp_path / "kept").touch()
    clear_unfinished(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]
