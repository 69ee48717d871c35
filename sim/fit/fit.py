"""The whole fit of a log, and the settings of a scenario that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.errors import FitError
from sim.fit.arrivals import Arrivals, fit_arrivals
from sim.fit.bootstrap import Array, Fitted
from sim.fit.clean import DAYS_A_WEEK, WORKING, Log
from sim.fit.doubts import doubts_about, doubts_about_arrivals
from sim.fit.effort import Effort, Estimates, fit_effort, fit_estimates
from sim.fit.flow import Flow, flow_of, span_of
from sim.fit.outcomes import Latency, Outcomes, fit_latency, fit_outcomes
from sim.scenario import Customer
from sim.scenario.register import rows
from sim.toml.shown import escaped

APPETITE = Customer().appetite
LARGEST_TEAM = 1000


@dataclass(frozen=True)
class Setting:
    """A value of the scenario that was measured. `said` tells how it follows from `fitted` where it is not the same."""

    key: str
    value: float
    fitted: Fitted
    draws: Array
    said: str = ""


@dataclass(frozen=True)
class Fit:
    """What a log says.

    Attributes
    ----------
    log
        The requests.
    team
        People by role, as the user says.
    arrivals, effort, estimates, latency, outcomes, flow
        The parts of the fit; None where the log does not tell.
    doubts
        What stands against it.
    hours_per_day, draws, seed
        How it was made.
    """

    log: Log
    team: Mapping[str, int]
    arrivals: Arrivals
    effort: Effort | None
    estimates: Estimates | None
    latency: Latency | None
    outcomes: Outcomes
    flow: Flow
    doubts: tuple[str, ...]
    hours_per_day: float
    draws: int
    seed: int

    @property
    def people(self) -> int:
        """All people of the team."""
        return sum(self.team.values())

    @property
    def yes(self) -> float:
        """Share of yes among answers; 1 where the log has too few to tell."""
        return self.outcomes.yes.value if self.outcomes.yes is not None else 1.0

    @property
    def room(self) -> float:
        """Person-days of the whole team for each accepted request that was closed; a bound on effort, no measurement of it."""
        return self.people * DAYS_A_WEEK / self.flow.throughput if self.flow.throughput > 0 else float("inf")

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """What the scenario takes from the log."""
        return tuple(_settings(self))

    def parameter_draws(self) -> pd.DataFrame:
        """One row a bootstrap draw, one column a setting: parameters only, nothing of the log's rows."""
        return pd.DataFrame({setting.key: setting.draws for setting in self.settings}).dropna()


def fit_log(log: Log, team: Mapping[str, int], *, hours_per_day: float = 8.0, draws: int = 200, seed: int = 1) -> Fit:
    """Fit everything that a log tells.

    Parameters
    ----------
    log
        The requests.
    team
        People by role.
    hours_per_day
        Hours in a person-day.
    draws, seed
        Bootstrap draws, and what fixes them.
    """
    arrivals = fit_arrivals(log, draws, seed)
    return Fit(
        log=log, team=team, arrivals=arrivals, effort=fit_effort(log, hours_per_day, draws, seed),
        estimates=fit_estimates(log, draws, seed), latency=fit_latency(log, draws, seed), outcomes=fit_outcomes(log, draws, seed),
        flow=flow_of(log, span_of(log)), doubts=(*doubts_about(log), *doubts_about_arrivals(arrivals)),
        hours_per_day=hours_per_day, draws=draws, seed=seed)


def parse_team(text: str) -> dict[str, int]:
    """People by role.

    Examples
    --------
    >>> parse_team("developer=4, tester=2")
    {'developer': 4, 'tester': 2}
    """
    team: dict[str, int] = {}
    for part in text.split(","):
        role, equals, people = (piece.strip() for piece in part.partition("="))
        good = role.replace("-", "").replace("_", "").replace(" ", "").isalnum() and len(role) <= 80
        if not equals or not good or not (people.isascii() and people.isdecimal()) or not 1 <= int(people[:9]) <= LARGEST_TEAM:
            raise FitError(f"--team {escaped(text)}: ROLE=PEOPLE,... is needed, such as developer=4,tester=2 (1 to "
                           f"{LARGEST_TEAM} people)")
        if role in team:
            raise FitError(f"--team {escaped(text)}: {role} is named twice")
        team[role] = int(people)
    return team


def base_rate(rate: Array | float, yes: Array | float) -> Array:
    """The rate before appetite: the log's own rate was raised by the answers that customers got."""
    return np.asarray(rate / (1.0 + APPETITE * np.asarray(yes)), dtype=np.float64)


def _settings(fit: Fit) -> list[Setting]:
    limits = {row.key: (row.low, row.high) for row in rows()}
    found: list[Setting] = []

    def add(key: str, fitted: Fitted, value: float | None = None, draws: Array | None = None, said: str = "") -> None:
        low, high = limits[key]
        raw = fitted.value if value is None else value
        kept = float(np.clip(raw, low, high))
        if kept != raw:
            said = f"{said + '; ' if said else ''}{raw:.4g} is outside what the model takes, so its limit is written"
        found.append(Setting(key, kept, fitted, np.clip(fitted.draws if draws is None else draws, low, high), said))

    arrivals, yes = fit.arrivals, fit.outcomes.yes
    share = yes.draws if yes is not None else np.ones(fit.draws)
    what = "the last year's, since the rate drifts" if arrivals.drifts else "the whole log's"
    add("customer.request_rate", arrivals.now, float(base_rate(arrivals.now.value, fit.yes)), base_rate(arrivals.now.draws, share),
        f"the log's rate ({what}) / (1 + appetite {APPETITE:g} * share of yes {fit.yes:.2f}): the model raises it "
        "again")
    if arrivals.dispersion is not None:
        add("customer.burstiness", arrivals.dispersion, said=f"about 13-week means; their median {arrivals.dispersion_median:.2f}, "
            f"over the whole log {arrivals.dispersion_all:.2f}")
    if fit.effort is not None:
        add("customer.effort_median", fit.effort.median)
        add("customer.effort_sigma", fit.effort.sigma)
    if fit.latency is not None:
        add("evaluation.latency", fit.latency.median, said=f"calendar days * {WORKING:.3f}; {fit.latency.undecided} undecided as "
                                                           "censored")
        add("evaluation.latency_sigma", fit.latency.sigma)
    if fit.estimates is not None and fit.estimates.usable:
        add("evaluation.estimate_intercept", fit.estimates.intercept)
        add("evaluation.estimate_slope", fit.estimates.slope)
        add("evaluation.estimate_sigma", fit.estimates.sigma)
    return found
