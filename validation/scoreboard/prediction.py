"""A prediction: a published finding, and what must come out of the model if it is to show it."""

from __future__ import annotations

import hashlib
import math
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from sim.errors import StudyError
from sim.policies import make
from sim.policies.policy import Policy
from sim.scenario import Frozen, Name, Scenario
from sim.toml.toml_file import read_model

FOLDER = Path(__file__).parent
HASHES = FOLDER / "predictions.sha256"
Statistic = Literal["mean", "difference", "relative", "standardised", "correlation"]
Values = dict[Name, Any]


class Expectation(Frozen):
    """What must come out, in each of the scenarios: a number, and the band in which it must lie.

    Compared are two sides (``set`` holds on both, ``here`` on that of the policy, ``there`` on the other one), or two measures of
    one run (``other``).
    """

    says: str = Field(min_length=1)
    scenarios: tuple[Name, ...] = Field(strict=False, min_length=1)
    policy: Name
    against: Name | None = None
    set: Values = Field(default={})
    here: Values = Field(default={})
    there: Values = Field(default={})
    measure: Name
    statistic: Statistic
    other: Name | None = None
    over: Name | None = None
    above: float | None = None
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _is_a_claim(self) -> Expectation:
        if self.low is None and self.high is None:
            raise ValueError("says nothing: low, high or both are needed")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low = {self.low:g} must be below high = {self.high:g}")
        if self.compares and self.statistic in ("mean", "correlation"):
            raise ValueError(f"a {self.statistic} has one side, without against, here and there")
        if (self.statistic == "mean") == (self.compares or self.other is not None) or (self.compares and self.other is not None):
            raise ValueError(f"a {self.statistic}: of what? Another side (against, or here and there) or another measure (other)")
        return self

    @property
    def compares(self) -> bool:
        """Whether there are two sides."""
        return self.against is not None or self.here != self.there

    @property
    def band(self) -> tuple[float, float]:
        """Where the number must lie."""
        return -math.inf if self.low is None else self.low, math.inf if self.high is None else self.high

    def sides(self, scenario: str) -> list[tuple[Scenario, Policy]]:
        """What is run: the scenario and the policy of each side.

        Raises
        ------
        IntakeLabError
            For a scenario, a key, a value or a policy that is not known.
        """
        project = Scenario.load(scenario).with_values(self.set)
        sides = [(project.with_values(self.here), make(self.policy))]
        if self.compares:
            sides.append((project.with_values(self.there), make(self.against or self.policy)))
        return sides


class Prediction(Frozen):
    """A finding with its source, and what was expected of the model before anybody looked."""

    name: Name
    written: date
    finding: str = Field(min_length=1)
    source: str = Field(min_length=1)
    firmness: str = Field(min_length=1)
    expected: Literal["hit", "miss"]
    because: str = Field(min_length=1)
    seen: str = Field(min_length=1)
    amended: str = ""
    seed: int = Field(ge=0)
    replications: int = Field(default=300, ge=10)
    expect: tuple[Expectation, ...] = Field(strict=False, min_length=1)


def predictions(folder: Path = FOLDER) -> dict[str, Prediction]:
    """All of them by name, in alphabetical order.

    Raises
    ------
    StudyError
        For a file that cannot be read, or whose hash is not the one that was noted when it was written.
    """
    noted = noted_hashes(folder / HASHES.name)
    found: dict[str, Prediction] = {}
    for path in sorted(folder.glob("*.toml")):
        one = read_model(path, Prediction, StudyError)
        if one.name != path.stem:
            raise StudyError(f"{path.name}: its name is {one.name!r}")
        if noted.get(path.name) != digest(path):
            raise StudyError(f"{path.name}: is not as it was noted in {HASHES.name}; a prediction is never edited")
        found[one.name] = one
    return found


def noted_hashes(path: Path = HASHES) -> dict[str, str]:
    """SHA-256 by file name, as ``sha256sum`` writes them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def digest(path: Path) -> str:
    """SHA-256 of a prediction's text."""
    return hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()
