"""The wheel works outside the repository: built, installed into a clean environment, run from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _run(command: list[str], folder: Path, timeout: int = 600) -> str:
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripts of a clean environment into which nothing but the wheel was installed."""
    place = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--quiet", "--wheel-dir", str(place)], place)
    venv.create(place / "venv", with_pip=True)
    scripts = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
    (wheel,) = place.glob("intakelab-*.whl")
    _run([str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel)], place)
    return scripts


def test_the_main_job_runs_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    printed = _run([str(installed / "intakelab"), "compare", "--replications", "2", "--workers", "1", "--json"], tmp_path)
    assert json.loads(printed)
    assert not list(tmp_path.iterdir()), "compare leaves nothing behind unless asked"


def test_the_wheel_brings_the_scenarios(installed: Path, tmp_path: Path) -> None:
    shipped = {path.stem for path in (ROOT / "scenarios").glob("*.toml")}
    printed = _run([str(installed / "intakelab"), "scenarios"], tmp_path)
    assert shipped
    assert all(name in printed for name in shipped)


def test_the_package_says_that_it_is_typed(installed: Path, tmp_path: Path) -> None:
    where = _run([str(installed / "python"), "-c", "import sim, pathlib; print(pathlib.Path(sim.__file__).parent)"], tmp_path)
    assert (Path(where.strip()) / "py.typed").exists()
