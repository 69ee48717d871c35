"""Kill ``intakelab run`` at random moments, go on, and see that nothing is lost, nothing lives on and nothing is left.

    python benchmarks/killed_runs.py               # 200 kills, about a quarter of an hour
    python benchmarks/killed_runs.py --kills 20 --seed 3

Each kill is SIGKILL, SIGTERM or SIGINT, to the process alone or to its whole group, with one worker or two, at a moment drawn
over the length of an undisturbed run; half of the killed are left unreaped (zombies) while the same command goes on. After each:
no process of that run may be alive, and the temporary folder must be empty. When a run has come to its end: its frame must be,
bit for bit, the one of an undisturbed run.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sim.runs.results_folder import ResultsFolder

QUESTION = """
name = "killed"
question = "Does a run that was killed go on to the same end?"
scenarios = ["classroom"]
policies = ["always-accept", "co-evaluated"]
[design]
kind = "sweep"
[[factors]]
key = "customer.request_rate"
levels = [0.2, 0.4]
[precision]
replications = 120
"""
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
PATIENCE = 10.0
"""Seconds in which a killed run must be gone, on a busy machine; SIGKILL leaves nobody who could be slow."""


class Runs:
    """Runs of one question in a folder of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.temporary = place / "tmp"
        self.temporary.mkdir()
        (place / "killed.toml").write_text(QUESTION, encoding="utf-8")
        started = time.monotonic()
        assert self.start("whole", 1).wait() == 0
        self.seconds = time.monotonic() - started
        self.whole = bits(place / "whole")

    def start(self, out: str, workers: int) -> subprocess.Popen[bytes]:
        """The command, in a session of its own."""
        root = Path(__file__).resolve().parents[1]
        command = [sys.executable, "-m", "sim.cli", "run", "killed.toml", "--out", out, "--workers", str(workers), "--quiet"]
        return subprocess.Popen(
            command, cwd=self.place, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=os.environ | {"TMPDIR": str(self.temporary), "PYTHONPATH": str(root)},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))  # a job in the background ignores it

    def kill(self, out: str, luck: random.Random) -> str:
        """Start or go on, kill at some moment, look around; says how it went."""
        workers, how, group = luck.choice((1, 2)), luck.choice(SIGNALS), luck.random() < 0.5
        running = self.start(out, workers)
        time.sleep(luck.uniform(0.0, self.seconds))
        if is_gone(running.pid):
            assert running.wait() == 0, error_of(running)
            return "had ended before"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, how) if group else os.kill(running.pid, how)
        wait_until(lambda: is_gone(running.pid), f"{how.name} did not end the run")
        wait_until(lambda: not alive_in(running.pid), f"{how.name} left processes behind")
        assert not list(self.temporary.iterdir()), f"{how.name} left {[path.name for path in self.temporary.iterdir()]}"
        if luck.random() < 0.5:
            said = error_of(running)
            assert "defect" not in said, said
        return f"{how.name} {'to the group' if group else 'alone'}, {workers} worker{'s' * (workers > 1)}"

    def finish(self, out: str, workers: int) -> None:
        """Go on to the end, and compare."""
        running = self.start(out, workers)
        assert running.wait() == 0, error_of(running)
        assert bits(self.place / out) == self.whole, f"{out}: other bits than an undisturbed run"
        assert not ResultsFolder.open(self.place / out).verify_parts()


def bits(folder: Path) -> list[bytes]:
    """All outcomes, as bytes."""
    frame = ResultsFolder.open(folder).frame()
    return [frame[name].to_numpy().tobytes() if frame[name].dtype.kind in "fiu" else "|".join(frame[name]).encode()
            for name in frame.columns]


def error_of(process: subprocess.Popen[bytes]) -> str:
    """What it said on standard error; it is reaped with this."""
    return process.communicate()[1].decode(errors="replace")


def stat_of(pid: int) -> list[str]:
    """State, parent, group, session, ... of a process; nothing where it is no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def is_gone(pid: int) -> bool:
    """Whether a process is no more, or a zombie."""
    return stat_of(pid)[:1] in ([], ["Z"])


def alive_in(session: int) -> list[int]:
    """The processes of a session that are alive."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if (found := stat_of(pid)) and found[0] != "Z" and int(found[3]) == session]


def wait_until(condition: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """Wait some seconds for it."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)


def killed(place: Path, kills: int, seed: int, most_in_a_row: int = 4) -> Counter[str]:
    """So many kills, in rows of some on the same folder, each row brought to its end; counts them by kind."""
    luck, runs, counts = random.Random(seed), Runs(place), Counter[str]()
    row = 0
    while sum(n for kind, n in counts.items() if kind != "had ended before") < kills:
        row += 1
        for _ in range(luck.randint(1, most_in_a_row)):
            counts[runs.kill(f"row{row}", luck)] += 1
        runs.finish(f"row{row}", luck.choice((1, 2)))
    counts["folders whose frame was compared"] = row
    return counts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        for kind, count in sorted(killed(Path(home), told.kills, told.seed).items()):
            print(f"{count:5d}  {kind}")
