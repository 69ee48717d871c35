"""What results depend on: change one thing of it, and they are other results."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.version import __version__

SOURCES = ("scenario", "model", "policies")
LIBRARIES = ("simpy", "numpy", "pandas", "pydantic", "scipy", "pyarrow")


@dataclass(frozen=True)
class Origin:
    """What a results folder was made of; a folder with another origin is never added to.

    Attributes
    ----------
    experiment
        SHA-256 of what was asked, precision left out: more replications extend results, they do not change them.
    scenarios, policies
        SHA-256 of each scenario's content, and each policy written out, by name.
    seed
        Fixes all luck.
    model
        SHA-256 of the model's source.
    engine
        Versions that the bits depend on: numpy draws the luck, SimPy orders the events, Python adds the numbers (3.12 adds
        floats otherwise than 3.11).
    points
        SHA-256 of the design points; the folder fills it in.
    """

    experiment: str
    scenarios: Mapping[str, str]
    policies: Mapping[str, str]
    seed: int
    model: str
    engine: Mapping[str, str]
    points: str = ""

    def digest(self) -> str:
        """SHA-256 of all of it."""
        return digest(json.dumps(asdict(self), sort_keys=True))

    def differences(self, other: Origin) -> Iterator[str]:
        """In words, what is otherwise in `other`."""
        for name in (field.name for field in fields(self)):
            was, now = getattr(self, name), getattr(other, name)
            if isinstance(was, Mapping):
                for key in sorted({*was, *now}):
                    if was.get(key) != now.get(key):
                        yield f"{_WORDS[name]} {key} {_change(was.get(key), now.get(key))}"
            elif was != now:
                yield f"{_WORDS[name]} {_change(was, now)}"

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Origin:
        """From what `dataclasses.asdict` made of one."""
        return cls(**{field.name: values[field.name] for field in fields(cls)})


_WORDS = {
    "experiment": "the experiment file", "scenarios": "scenario", "policies": "policy", "points": "the table of design points",
    "seed": "the seed", "model": "the model's source", "engine": "the version of",
}  # fmt: skip


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


def model_version() -> str:
    """SHA-256 of the source that a replication's numbers come from: scenario, assumptions, model and policies.

    Line ends do not count, so that it is the same for a checkout on any system.
    """
    home = Path(__file__).parent.parent
    places = [home / name for name in SOURCES]
    summed = hashlib.sha256()
    for path in sorted(path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])):
        source = path.read_bytes().replace(b"\r\n", b"\n")
        summed.update(f"{path.relative_to(home).as_posix()} {len(source)}\n".encode() + source)
    return summed.hexdigest()


def engine() -> dict[str, str]:
    """The versions that a replication's bits depend on."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, "numpy": metadata.version("numpy"), "simpy": metadata.version("simpy")}


def versions() -> dict[str, str | None]:
    """All versions worth writing down beside results; None for what is not installed."""
    return {"python": platform.python_version(), "intakelab": __version__, **{name: _version(name) for name in LIBRARIES}}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
