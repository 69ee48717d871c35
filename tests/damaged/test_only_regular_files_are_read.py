"""A pipe nobody writes to, a device without end, a folder, a link in a circle: none is waited for, read, or called a defect."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

resource = pytest.importorskip("resource")

from benchmarks import damaged_inputs  # noqa: E402
from benchmarks.damaged_inputs import FEW, TINY, typed  # noqa: E402

COMMANDS = [
    ("small.toml", ["compare", "small.toml", "-n", "1", *FEW]),
    ("small.toml", ["check", "small.toml"]),
    ("sweep.toml", ["run", "sweep.toml", "--quick", "--out", "out", *FEW]),
    ("small.toml", ["run", "sweep.toml", "--quick", "--out", "out", *FEW]),
    ("board.toml", ["run", "sweep.toml", "--quick", "--out", "out", *FEW]),
    ("points.csv", ["run", "table.toml", "--quick", "--out", "out", *FEW]),
    ("board.toml", ["compare", "small.toml", "-n", "1", "-p", "board.toml", *FEW]),
    ("fitted.draws.csv", ["compare", "fitted.toml", "-n", "1", *FEW, "--input-uncertainty"]),
    ("mine.py", ["compare", "small.toml", "-n", "1", *FEW, "--plugin", "./mine.py", "-p", "mine"]),
    ("x.csv", ["fit", "x.csv", "--team", "developer=2"]),
    (f"{TINY}/manifest.json", ["results", TINY]),
    (f"{TINY}/manifest.json", ["verify", TINY]),
    (f"{TINY}/manifest.json", ["stress", TINY]),
    (f"{TINY}/points.parquet", ["results", TINY]),
]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good") / "in"
    damaged_inputs.prepare(folder)
    return folder


class Lost(BaseException):
    """Not to be caught by whoever catches errors of files."""


@contextmanager
def patience(seconds: int, gigabytes: int = 6) -> Iterator[None]:
    """An end for whoever waits, and for whoever reads a device without end."""

    def lost(*_: object) -> None:
        raise Lost(f"waits for more than {seconds} s")

    before, room = signal.signal(signal.SIGALRM, lost), resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (gigabytes * 10**9, room[1]))
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_AS, room)
        signal.signal(signal.SIGALRM, before)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def circle(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
@pytest.mark.parametrize("odd", [pipe, device, folder, circle], ids=lambda odd: odd.__name__)
@pytest.mark.parametrize(("file", "words"), COMMANDS, ids=lambda said: said if isinstance(said, str) else said[0])
def test_what_is_no_regular_file_is_refused_at_once(good, tmp_path, monkeypatch, file, words, odd):
    shutil.copytree(good, tmp_path / "in")
    monkeypatch.chdir(tmp_path / "in")
    Path(file).unlink()
    odd(Path(file))
    with patience(10):
        code, out, err = typed(words)
    assert code == (1 if words[0] == "verify" else 2), (out, err)
    assert err.startswith("intakelab: ")
    assert Path(file).stem in err or (file.startswith(TINY) and TINY in err)
    assert "defect" not in err
