"""What results depend on: change one thing of it, and they are other results."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import metadata
from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from sim.runs.arithmetic import arithmetic
from sim.version import __version__

WORDS = {
    "experiment": "the experiment file", "scenarios": "scenario", "policies": "policy", "points": "the table of design points",
    "seed": "the seed", "model": "the model's source", "engine": "the version of", "units": "the metric",
}
EVERYTHING = tuple(WORDS)
ASKED = ("experiment", "scenarios", "seed", "points")
"""What a study's own texts fix; the rest is the program's."""
LIBRARIES = ("simpy", "numpy", "pandas", "pydantic", "scipy", "pyarrow")


@dataclass(frozen=True, config=ConfigDict(extra="forbid", strict=True))
class Origin:
    """What a results folder was made of; a folder with another origin is never added to.

    Attributes
    ----------
    experiment
        SHA-256 of what was asked, precision left out: more replications extend results, they do not change them.
    scenarios, policies
        SHA-256 of each scenario's content, and of each policy's settings and code, by name.
    seed
        Fixes all luck.
    model
        SHA-256 of the code that every replication runs (see `sim.runs.model_code`).
    engine
        Versions that the bits depend on: numpy draws the luck, SimPy orders the events, Python adds the numbers (3.12 adds
        floats otherwise than 3.11).
    points, units
        SHA-256 of the design points; the metrics and their units, which may be said in other words. The folder fills them in.
    """

    experiment: str
    scenarios: dict[str, str]
    policies: dict[str, str]
    seed: Annotated[int, Field(ge=0)]
    model: str
    engine: dict[str, str]
    points: str = ""
    units: dict[str, str] = Field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 of all of it."""
        return digest(json.dumps([asdict(self), list(self.units)], sort_keys=True))  # the order of columns counts, no other does

    def differences(self, other: Origin, parts: Sequence[str] = EVERYTHING) -> Iterator[str]:
        """In words, what is otherwise in `other`."""
        for name in parts:
            was, now = getattr(self, name), getattr(other, name)
            if name == "units":
                was, now = (dict.fromkeys(units, "measured") for units in (was, now))
            if isinstance(was, Mapping):
                for key in sorted({*was, *now}):
                    if was.get(key) != now.get(key):
                        yield f"{WORDS[name]} {key} {_change(was.get(key), now.get(key))}"
            elif was != now:
                yield f"{WORDS[name]} {_change(was, now)}"


def _change(was: Any, now: Any) -> str:
    if was is None:
        return "was not there"
    if now is None:
        return "is not there any more"
    short = [text[:8] if len(text := str(value)) == 64 else text for value in (was, now)]
    return f"was {short[0]}, is {short[1]}"


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def engine() -> dict[str, str]:
    """The versions that a replication's bits depend on."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, "numpy": metadata.version("numpy"), "simpy": metadata.version("simpy")}


def versions() -> dict[str, str | None]:
    """All versions worth writing down beside results; None for what is not installed."""
    return {"python": platform.python_version(), "intakelab": __version__, **{name: _version(name) for name in LIBRARIES},
            "arithmetic": arithmetic()}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
