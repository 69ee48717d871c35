"""Runs a prediction, and says hit or miss."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from sim.model.outcome import Outcome
from sim.policies.policy import Policy
from sim.runs.model_code import model_version, policy_version
from sim.runs.simulate import draw, run_policy
from sim.scenario import Frozen, Scenario
from validation.scoreboard.prediction import Expectation, Prediction, Statistic

Verdict = Literal["hit", "miss", "open"]
Array = npt.NDArray[np.float64]
RESAMPLES = 4000
CONFIDENCE = 0.95


class Result(Frozen):
    """The number of an expectation in a scenario, with its interval, and how it lies to the band."""

    says: str
    scenario: str
    value: float
    low: float
    high: float
    verdict: Verdict


class Score(Frozen):
    """What came of a prediction: hash of its text, hash of the world it was run in, verdict of its very first run, results."""

    prediction: str
    world: str
    first: Verdict
    results: tuple[Result, ...]

    @property
    def verdict(self) -> Verdict:
        """A hit where all is hit, a miss where something is missed, open otherwise."""
        return of_all(self.results)


def of_all(results: Iterable[Result]) -> Verdict:
    """The verdict on a prediction from those on its expectations."""
    found = {result.verdict for result in results}
    return "miss" if "miss" in found else "open" if "open" in found else "hit"


def score(prediction: Prediction, digest: str, before: Score | None = None) -> Score:
    """Run all of a prediction; half a minute. What it scored `before`, with another version of the model, is not forgotten."""
    luck = Luck(prediction.seed, prediction.replications)
    results = tuple(look(expectation, scenario, luck) for expectation in prediction.expect for scenario in expectation.scenarios)
    first = before.first if before else of_all(results)
    return Score(prediction=digest, world=world_of(prediction), first=first, results=results)


def world_of(prediction: Prediction) -> str:
    """SHA-256 of all that its results depend on: the model's code, scenarios and policies."""
    sides = [side for claim in prediction.expect for scenario in claim.scenarios for side in claim.sides(scenario)]
    parts = [model_version(), *(part for project, policy in sides for part in (project.digest(), policy_version(policy)))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Luck:
    """The replications of a prediction; what was run once is kept, since expectations often share a side."""

    seed: int
    replications: int
    _kept: dict[tuple[str, Policy], list[Outcome]] = field(default_factory=dict)

    def outcomes(self, project: Scenario, policy: Policy) -> list[Outcome]:
        """One a replication, the same luck for every project and policy."""
        key = (project.digest(), policy)
        if key not in self._kept:
            self._kept[key] = [
                run_policy(project, policy, draw(project, self.seed, number)).outcome for number in range(self.replications)]
        return self._kept[key]


def look(expectation: Expectation, scenario: str, luck: Luck) -> Result:
    """The number that an expectation is about, in a scenario, on the same luck on both sides.

    A replication in which one of the measures has no meaning is left out.
    """
    columns = _columns(expectation, scenario, luck)
    together = np.array([row for row in zip(*columns, strict=True) if not any(map(math.isnan, row))], dtype=np.float64).T
    value, low, high = interval(expectation.statistic, *together)
    return Result(says=expectation.says, scenario=scenario, value=value, low=low, high=high,
                  verdict=verdict(low, high, *expectation.band))


def verdict(low: float, high: float, floor: float, ceiling: float) -> Verdict:
    """A hit where the whole interval is in the band, a miss where all of it is outside.

    Examples
    --------
    >>> [verdict(low, high, 0.0, 2.0) for low, high in ((0.5, 1.5), (2.5, 3.0), (1.5, 2.5), (0.0, 0.0))]
    ['hit', 'miss', 'open', 'miss']
    """
    if floor < low and high < ceiling:
        return "hit"
    return "miss" if high <= floor or low >= ceiling else "open"


def interval(statistic: Statistic, *columns: Array) -> tuple[float, float, float]:
    """The statistic of paired columns, with the limits of its 95% interval by resampling replications.

    Examples
    --------
    >>> here, there = np.array([3.0, 5.0, 7.0]), np.array([2.0, 4.0, 6.0])
    >>> interval("difference", here, there)
    (1.0, 1.0, 1.0)
    >>> round(interval("relative", here, there)[0], 3)
    0.25
    """
    of = _STATISTICS[statistic]
    drawn = np.random.default_rng(0).integers(0, columns[0].size, (RESAMPLES, columns[0].size))
    spread = of(*(column[drawn] for column in columns))
    tail = (1.0 - CONFIDENCE) / 2.0
    low, high = np.quantile(spread, (tail, 1.0 - tail))
    return float(of(*(column[None, :] for column in columns))[0]), float(low), float(high)


def _standardised(here: Array, there: Array) -> Array:
    """The difference in standard deviations of the side that is compared with; nothing where nothing varies."""
    return _ratio((here - there).mean(axis=1), there.std(axis=1, ddof=1))


def _correlation(one: Array, other: Array) -> Array:
    """Spearman's."""
    ranks = [rankdata(column, axis=1) - (column.shape[1] + 1) / 2.0 for column in (one, other)]
    sizes = [np.sqrt((rank**2).sum(axis=1)) for rank in ranks]
    return _ratio((ranks[0] * ranks[1]).sum(axis=1), sizes[0] * sizes[1])


def _ratio(above: Array, below: Array) -> Array:
    """Their quotient, 0 where there is nothing to divide by."""
    found: Array = np.divide(above, below, out=np.zeros_like(above), where=below > 0.0)
    return found


_STATISTICS: dict[Statistic, Callable[..., Array]] = {
    "mean": lambda one: one.mean(axis=1),
    "difference": lambda here, there: (here - there).mean(axis=1),
    "relative": lambda here, there: (here - there).mean(axis=1) / np.abs(there.mean(axis=1)),
    "standardised": _standardised,
    "correlation": _correlation,
}


def _columns(expectation: Expectation, scenario: str, luck: Luck) -> list[list[float]]:
    columns: list[list[float]] = []
    measures = [expectation.measure, *filter(None, [expectation.other])]
    for project, policy in expectation.sides(scenario):
        runs = luck.outcomes(project, policy)
        columns += [[_seen(expectation, project, run[measure]) for run in runs] for measure in measures]
    return columns


def _seen(expectation: Expectation, project: Scenario, value: float) -> float:
    """A measure, or its share of a value of the scenario, or whether that is above a limit."""
    if expectation.over is not None:
        value /= attrgetter(expectation.over)(project)
    if expectation.above is not None and not math.isnan(value):
        value = float(value > expectation.above)
    return value

