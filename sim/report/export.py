"""A comparison as files: the tidy frame, the summary, and a manifest that says how it came about; and as JSON."""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import IntakeLabError
from sim.report.numbers import plain
from sim.runs.whole_files import write_whole
from sim.toml.harmless import csv_frame

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

LIBRARIES = ("intakelab", "simpy", "numpy", "pandas", "pydantic", "scipy", "pyarrow")


def prepare_folder(folder: Path) -> None:
    """Make the folder and see that it can be written to, before hours of work.

    Raises
    ------
    IntakeLabError
        Where it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise IntakeLabError(f"{folder}: cannot be written to ({error.strerror or error})") from error


def write_comparison(folder: Path, comparison: Comparison, *, command: str, scenario_text: str | None = None) -> list[Path]:
    """Write runs.csv, runs.parquet, summary.csv and, last, manifest.json; each appears whole or not at all.

    Files of the same names are replaced. The manifest keeps what was typed and the text of the scenario's file.
    """
    prepare_folder(folder)
    manifest = json.dumps(_manifest(comparison, command, scenario_text), indent=2, ensure_ascii=False, allow_nan=False)
    files = {
        "runs.csv": csv_frame(comparison.frame).to_csv(index=False).encode(),
        "runs.parquet": comparison.frame.to_parquet(index=False),
        "summary.csv": csv_frame(comparison.summary.reset_index()).to_csv(index=False).encode(),
        "manifest.json": (manifest + "\n").encode(),
    }
    for name, content in files.items():
        write_whole(folder / name, content)
    return [folder / name for name in files]


def as_json(comparison: Comparison) -> dict[str, Any]:
    """What the comparison found, as plain data; null where there is no number."""
    told: dict[str, Any] = plain({
        "scenario": comparison.scenario.name,
        "digest": comparison.scenario.digest(),
        "seed": comparison.seed,
        "replications": comparison.replications,
        "reference": comparison.reference,
        "policies": list(comparison.names),
        "controls": [name for name in comparison.names if name not in comparison.adoptable],
        "summary": comparison.summary.reset_index().to_dict(orient="records"),
        "variance_removed": comparison.variance_removed.to_dict(),
        "failures": comparison.failures.to_dict(orient="records"),
        "sentences": comparison.sentences,
    })
    return told


def _manifest(comparison: Comparison, command: str, scenario_text: str | None) -> dict[str, Any]:
    scenario = comparison.scenario
    return {
        "command": command,
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}},
        "platform": platform.platform(),
        "byte_order": sys.byteorder,
        "scenario": {
            "name": scenario.name, "digest": scenario.digest(), "text": scenario_text,
            "values": scenario.model_dump(mode="json"),
        },
        "policies": [{"name": policy.name, "parts": repr(policy)} for policy in comparison.policies],
        "reference": comparison.reference,
        "seed": comparison.seed,
        "replications": {"asked": comparison.asked, "done": comparison.replications},
        "units": dict(comparison.frame.attrs["units"]),
        "failures": plain(comparison.failures.to_dict(orient="records")),
    }


def _version(name: str) -> str | None:
    if name == "intakelab":
        from sim.version import __version__

        return __version__
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
