"""What a file is, and which command takes it: the answer to somebody who gave a command a file of another kind."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sim.errors import IntakeLabError
from sim.toml.shown import escaped

LOOKED_AT = 1_000_000  # bytes of a file that are looked at


class Kind(NamedTuple):
    """A kind of file: what it is, and what to do with it; FILE stands for its path."""

    what: str
    command: str


SCENARIO = Kind("a scenario", "intakelab compare FILE")
POLICY = Kind("a policy", "intakelab compare --policy FILE")
EXPERIMENT = Kind("an experiment", "intakelab run FILE")
TABLE = Kind("a table of requests", "intakelab fit FILE --team ROLE=PEOPLE")
DRAWS = Kind("the bootstrap draws of a fit", "intakelab compare takes the scenario beside it, with --input-uncertainty")
PLUGIN = Kind("Python code", "intakelab compare --plugin FILE --policy NAME")
PAGE = Kind("a page", "open it in a browser")
PICTURE = Kind("a picture or a printed page", "open it in a viewer")
TEXT = Kind("a text", "no command reads it")
MANIFEST = Kind("the manifest of a results folder", "intakelab results FOLDER takes the folder")
RESULTS = Kind("a results folder", "intakelab results FILE")
RUNS = Kind("a folder of compared runs", "read its runs.csv or runs.parquet")
EXPERIMENTS = Kind("a folder of experiments", "intakelab ledger FILE")
FOLDER = Kind("a directory", "name a file in it")
ANY_OF_OURS = Kind("a scenario, a policy or an experiment", "intakelab check FILE")


@contextmanager
def expecting(wanted: Kind, source: str) -> Iterator[None]:
    """Where reading fails, say whether the source is of another kind, and which command takes that."""
    try:
        yield
    except IntakeLabError as error:
        found = kind_of(source)
        if found is None or found is wanted:
            raise
        command = found.command.replace("FILE", shlex.quote(source))
        raise IntakeLabError(f"{escaped(source, 300)}: is {found.what}, not {wanted.what}; {command}") from error


def kind_of(source: str) -> Kind | None:
    """What a file, a folder or a built-in name is; None where it is none, or cannot be told."""
    path = Path(source)
    try:
        if path.is_dir():
            return _folder(path)
        if path.is_file():
            return _file(path)
    except (OSError, ValueError):
        return None
    return _name(source)


def _name(source: str) -> Kind | None:
    from sim.policies import POLICY_NAMES
    from sim.toml.shipped import builtin_names

    if source in builtin_names("scenarios"):
        return SCENARIO
    if source in builtin_names("experiments"):
        return EXPERIMENT
    return POLICY if source.partition(":")[0] in POLICY_NAMES else None


def _folder(path: Path) -> Kind:
    inside = set(os.listdir(path))
    if "manifest.json" in inside:
        return RUNS if "runs.csv" in inside and "parts" not in inside else RESULTS
    return EXPERIMENTS if any(_file(file) is EXPERIMENT for file in sorted(path.glob("*.toml"))[:3]) else FOLDER


def _file(path: Path) -> Kind | None:
    with path.open("rb") as file:
        begins = file.read(LOOKED_AT)
    if begins.startswith((b"PAR1", b"PK\x03\x04")):
        return TABLE
    if begins.startswith((b"%PDF", b"\x89PNG")):
        return PICTURE
    text = begins.decode("utf-8-sig", errors="replace")
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<!doctype html", "<html")):
        return PAGE
    if "<svg" in start:
        return PICTURE
    if path.suffix == ".py":
        return PLUGIN
    if path.name == "manifest.json":
        return MANIFEST
    return _toml(text) or _by_suffix(path)


def _toml(text: str) -> Kind | None:
    """By the keys that only one kind has."""
    from sim.policies.policy_file import PolicyFile
    from sim.scenario import Scenario
    from sim.study.experiment import Experiment

    try:
        said = tomllib.loads(text).keys()
    except (ValueError, RecursionError):
        return None
    keys = {SCENARIO: Scenario.model_fields, POLICY: PolicyFile.model_fields, EXPERIMENT: Experiment.model_fields}
    best = max(keys, key=lambda kind: len(said & (keys[kind].keys() - {"name"})))
    return best if said & (keys[best].keys() - {"name"}) else None


def _by_suffix(path: Path) -> Kind | None:
    if path.name.endswith(".draws.csv"):
        return DRAWS
    if path.suffix.casefold() in (".csv", ".tsv", ".jsonl", ".ndjson", ".xlsx", ".parquet"):
        return TABLE
    return TEXT if path.suffix.casefold() in (".md", ".txt") else None
