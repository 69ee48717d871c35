"""What is not known about a project, as distributions: assumptions that nobody measured, and inputs that were fitted.

    assumed   each number that acts, with the scenario's value as its mean: a share by a beta distribution, what has a lower limit
              by a gamma above it, what can be of both signs by a normal; never beyond what the register allows
    fitted    the bootstrap draws that `intakelab fit` wrote, a whole draw at a time

What the plan says and who is in the team is known to whoever asks. A mechanism that is off stays off.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.errors import StudyError
from sim.runs.origin import digest
from sim.scenario.acting import acting, switches
from sim.scenario.assumption import OURS
from sim.scenario.register import rows
from sim.scenario.rows import Row
from sim.stats.responses import Array

if TYPE_CHECKING:
    from sim.scenario import Scenario

DEMAND = ("customer.request_rate", "customer.effort_median", "customer.mandatory_share")
"""Facts of a project that nobody knows beforehand."""
GUESSED, LOOKED_UP = 0.5, 0.25
"""Standard deviation of what is our assumption, and of what was measured or published elsewhere, relative to the value (of a share:
to what it is off the nearer end). Of a positive number the 95% range is then 0.27 to 2.2 times the value, or 0.57 to 1.6 times."""
AT_AN_END = 0.01
"""A share is drawn as if it were this far off 0 and 1 at least."""
TRIES = 1000
"""Draws of a row before it is given up that the scenario's rules between values allow any."""
FAR = 0.001
"""Chance of lying beyond the upper end of the range (of what can be of both signs: either end)."""
Shape = Literal["share", "positive", "signed"]


@dataclass(frozen=True)
class Prior:
    """An assumption that was not measured.

    Attributes
    ----------
    row
        Its line in the register.
    places, centres
        The keys in this scenario (several with customer groups, which move together) and their values, the means.
    spread
        Its relative standard deviation (see `GUESSED`).
    """

    row: Row
    places: tuple[str, ...]
    centres: tuple[float, ...]
    spread: float

    @property
    def key(self) -> str:
        """The key in the register."""
        return self.row.key

    @property
    def shape(self) -> Shape:
        """Which distribution it has."""
        if self._low < 0.0:
            return "signed"
        return "share" if self.row.unit in ("1", "0..1") and self._high <= 1.0 else "positive"

    def at(self, quantile: float) -> dict[str, float]:
        """The values at a quantile, at all places."""
        return {place: self._value(centre, quantile) for place, centre in zip(self.places, self.centres, strict=True)}

    @property
    def ends(self) -> tuple[float, float]:
        """The whole range (at the first place): from the register's lower end to what has a chance of 0.1% of being exceeded."""
        low = self._value(self.centres[0], FAR) if self.shape == "signed" else self._low
        return low, self._value(self.centres[0], 1.0 - FAR)

    @property
    def _low(self) -> float:
        return -math.inf if self.row.low is None else float(self.row.low)

    @property
    def _high(self) -> float:
        return math.inf if self.row.high is None else float(self.row.high)

    def _value(self, centre: float, quantile: float) -> float:
        from scipy.special import betaincinv, gammaincinv, ndtri

        if self.shape == "signed":
            deviation = abs(centre) * self.spread * 2.0 or (self._high - self._low) / 10.0
            return self._allowed(centre + deviation * float(ndtri(quantile)))
        above = centre - self._low
        if self.shape == "positive":
            shape = 1.0 / self.spread**2
            return self._allowed(self._low + above / shape * float(gammaincinv(shape, quantile)))
        width = self._high - self._low
        share = min(max(above / width, AT_AN_END), 1.0 - AT_AN_END)
        weight = max(share, 1.0 - share) / (min(share, 1.0 - share) * self.spread**2) - 1.0
        return self._allowed(self._low + width * float(betaincinv(share * weight, (1.0 - share) * weight, quantile)))

    def _allowed(self, value: float) -> float:
        rounded = float(f"{min(max(value, self._low), self._high):.6g}")
        return 0.0 if self.row.smallest is not None and rounded < self.row.smallest else rounded


@dataclass(frozen=True)
class Priors:
    """All that is not known about a project.

    Attributes
    ----------
    scenario
        The project at its own values.
    assumed, fitted
        The assumptions; draws of the fitted inputs (dotted keys), none where nothing was fitted.
    """

    scenario: Scenario
    assumed: tuple[Prior, ...]
    fitted: tuple[Mapping[str, float], ...] = ()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What is not known, in the order of the columns of `values`."""
        return (*(self.fitted[0] if self.fitted else ()), *(prior.key for prior in self.assumed))

    @cached_property
    def means(self) -> dict[str, float]:
        """The scenario's own values, by key."""
        own = {key: float(next(acting(self.scenario, key)).value) for key in (self.fitted[0] if self.fitted else ())}
        return own | {prior.key: prior.centres[0] for prior in self.assumed}

    def digest(self) -> str:
        """SHA-256 of all of it but the scenario."""
        told = [[one.key, one.places, one.centres, one.spread] for one in self.assumed]
        return digest(json.dumps([told, [dict(draw) for draw in self.fitted]]))

    def world(self, seed: int, row: int) -> tuple[Scenario, tuple[float, ...]]:
        """The project as it may be, in a row: the first draw that the scenario's rules between values allow.

        Returns
        -------
        The scenario, and a value for each of `keys` (of several customer groups, the first one's).

        Raises
        ------
        StudyError
            Where no draw is allowed.
        """
        from pydantic import ValidationError

        rng, told = np.random.default_rng([seed, 0x9E10, row]), ""
        for _ in range(TRIES):
            draw = self.fitted[int(rng.integers(len(self.fitted)))] if self.fitted else {}
            drawn = self._assumed(rng.random(len(self.assumed)))
            try:
                world = type(self.scenario).model_validate(_written(self._template, {**draw, **{
                    place: value for values in drawn for place, value in values.items()}}))
            except ValidationError as error:
                told = str(error.errors()[0]["msg"])
                continue
            return world, (*map(float, draw.values()), *(next(iter(values.values())) for values in drawn))
        raise StudyError(f"none of {TRIES} draws of what is not known is a scenario; the last one: {told}")

    def _assumed(self, quantiles: Array) -> list[dict[str, float]]:
        return [prior.at(quantile) for prior, quantile in zip(self.assumed, quantiles.tolist(), strict=True)]

    @cached_property
    def _template(self) -> dict[str, Any]:
        """The scenario as plain data in which every value that is drawn has a place."""
        own = {place: value for prior in self.assumed for place, value in zip(prior.places, prior.centres, strict=True)}
        fitted = {key: next(acting(self.scenario, key)).value for key in (self.fitted[0] if self.fitted else ())}
        return self.scenario.with_values(fitted | own).model_dump(exclude_unset=True)


def _written(data: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of plain data with values at their dotted keys."""
    copy = _copied(data)
    for key, value in values.items():
        *tables, name = key.split(".")
        table = copy
        for inner in tables:
            table = table[inner]
        table[name] = value
    return copy


def _copied(data: dict[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in data.items()}


def priors_of(scenario: Scenario, fitted: Sequence[Mapping[str, Any]] = ()) -> Priors:
    """What is not known about a project.

    Parameters
    ----------
    scenario
        The project.
    fitted
        Draws of its fitted inputs (see `sim.study.inputs.read_draws`); what they name is not drawn otherwise.
    """
    known = {key for draw in fitted[:1] for key in draw}
    off = {name for name, switch in switches(scenario).items() if switch.state == "off"}
    found = [_prior(scenario, row) for row in rows() if _unknown(row) and row.key not in known and row.mechanism not in off]
    return Priors(scenario, tuple(prior for prior in found if prior is not None), tuple(fitted))


def _unknown(row: Row) -> bool:
    return isinstance(row.default, float) and (row.evidence != "project" or row.source == OURS or row.key in DEMAND)


def _prior(scenario: Scenario, row: Row) -> Prior | None:
    there = [place for place in acting(scenario, row.key) if place.value != row.off]
    if not there:
        return None
    spread = LOOKED_UP if row.evidence in ("measured", "published") else GUESSED
    return Prior(row, tuple(place.key for place in there), tuple(float(place.value) for place in there), spread)
