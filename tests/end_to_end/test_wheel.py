"""The wheel works outside the repository: built, installed into a clean environment, run from an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from sim.policies import all_policies
from sim.runs.model_code import model_version, policy_version

ROOT = Path(__file__).parents[2]
FLIPS = """
name = "flips"
question = "Where does it flip?"
scenarios = ["classroom"]
[design]
kind = "latin"
samples = 24
[[factors]]
key = "customer.request_rate"
low = 0.05
high = 0.8
[[factors]]
key = "customer.value"
low = 0.2
high = 6.0
[[analysis.flips]]
metric = "net_benefit"
first = "always-accept"
second = "co-evaluated"
"""


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


def test_the_wheel_holds_all_of_the_package_and_nothing_else(installed: Path) -> None:
    (wheel,) = installed.parents[1].glob("intakelab-*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith(("intakelab-", "sim/builtin/"))}
    assert held == {path.relative_to(ROOT).as_posix() for path in (ROOT / "sim").rglob("*.*") if path.suffix != ".pyc"}


def test_the_package_says_that_it_is_typed(installed: Path, tmp_path: Path) -> None:
    where = _run([str(installed / "python"), "-c", "import sim, pathlib; print(pathlib.Path(sim.__file__).parent)"], tmp_path)
    assert (Path(where.strip()) / "py.typed").exists()


def test_everything_that_is_promised_runs_with_what_the_wheel_asks_for(installed: Path, tmp_path: Path) -> None:
    """Experiments with their analyses, a fit, a report: no dependency is left to the development environment."""
    intakelab = str(installed / "intakelab")
    few = ["--replications", "6", "--workers", "1", "--quiet"]
    (tmp_path / "flips.toml").write_text(FLIPS, encoding="utf-8")
    for name in ("success-measures", "flips.toml"):
        assert "Exploratory" in _run([intakelab, "run", name, *few], tmp_path)
    (folder,) = (tmp_path / "results").glob("success-measures-*")
    assert "frozen-scope" in _run([intakelab, "results", str(folder), "--sql", "SELECT DISTINCT policy FROM runs"], tmp_path)
    shutil.copy(ROOT / "docs/examples/hadoop.csv", tmp_path / "tracker.csv")
    _run([intakelab, "fit", "tracker.csv", "--team", "developer=4", "--out", "my.toml", "-n", "0"], tmp_path)
    two = ["-p", "always-accept", "-p", "change-board", "-n", "2", "--per-end", "2", "--workers", "1"]
    assert "written" in _run([intakelab, "report", "classroom", "--out", "page.html", *two], tmp_path)


def test_the_model_and_the_policies_of_the_wheel_are_those_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    """And so results made with the one are valid for the other."""
    code = ("from sim.runs.model_code import model_version, policy_version; from sim.policies import all_policies\n"
            "print(model_version(), *map(policy_version, all_policies()))")
    there = _run([str(installed / "python"), "-c", code], tmp_path).split()
    assert there == [model_version(), *map(policy_version, all_policies())]
