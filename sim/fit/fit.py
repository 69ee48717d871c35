"""The whole fit of a log, and the settings of a scenario that follow from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.errors import FitError
from sim.fit.arrivals import Arrivals, fit_arrivals, fit_rate, successive_dispersion
from sim.fit.bare import bare, effort_for
from sim.fit.bootstrap import FEWEST, Array, Fitted
from sim.fit.clean import DAYS_A_WEEK, WORKING, Log
from sim.fit.doubts import doubts_about, doubts_about_arrivals
from sim.fit.effort import Effort, Estimates, fit_effort, fit_estimates
from sim.fit.flow import Flow, flow_of, span_of
from sim.fit.following import Following, following_of
from sim.fit.outcomes import Latency, Outcomes, fit_latency, fit_outcomes, fit_yes
from sim.fit.stretch import Stretch, done_by_week, part_of, stretch_of
from sim.scenario import Customer
from sim.scenario.register import rows
from sim.toml.shown import escaped

APPETITE, MANDATORY = Customer().appetite, Customer().mandatory_share
SPARE = 0.7
"""Load of a team whose closings follow demand: that it does not bind is known, how far is not."""
LARGEST_TEAM = 1000
CLOSINGS = 1_000_003
"""Between the seeds of arrivals and of closings, which have the same fit."""


@dataclass(frozen=True)
class Setting:
    """A value of the scenario that was measured, or calibrated: set so that what was measured comes out of it.

    `said` tells how it follows from `fitted` where it is not the same.
    """

    key: str
    value: float
    fitted: Fitted
    draws: Array
    said: str = ""
    calibrated: bool = False


@dataclass(frozen=True)
class Fit:
    """What a log says.

    Attributes
    ----------
    log
        The requests.
    team
        People by role, as the user says.
    arrivals, outcomes, flow
        What the whole log says.
    stretch
        The part of the log that the scenario's parameters come from: all of these.
    answered, effort, estimates, latency, closed
        Share of yes among the answers, effort, estimates, latency, and accepted requests closed a day, in that stretch; None where
        it does not tell.
    scatter
        Variance over mean of accepted requests closed a week, from week to week.
    following
        Whether closings follow demand, or what the team can do.
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
    stretch: Stretch
    answered: Fitted | None
    closed: Fitted | None
    scatter: float
    following: Following
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
        """Share of yes that the scenario takes: that of the answers, or 1, what it does by default, where the log does not tell."""
        return self.answered.value if self.answered is not None else 1.0

    @property
    def queues(self) -> bool:
        """Whether effort is calibrated to a team that is never idle, with a queue before it; otherwise closings follow demand."""
        return self.following.says != "demand"

    @property
    def room(self) -> float | None:
        """Person-days of the whole team for each accepted request that was closed; a bound on effort, no measurement of it."""
        return self.people / self.closed.value if self.closed is not None else None

    @property
    def falls_behind(self) -> bool:
        """Whether surely more gets a yes than is done: by the intervals of what comes, of the answers and of what is done."""
        if self.closed is None or self.answered is None:
            return False
        told = (self.arrivals.now, self.closed, self.answered)
        reach = [math.log(max(one.high, 1e-9) / max(one.low, 1e-9)) / 2.0 for one in told]
        return math.log(self.arrivals.now.value * self.yes / self.closed.value) > math.hypot(*reach)

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
    stretch = stretch_of(arrivals)
    came, left = (part_of(log, stretch, by) for by in ("created", "resolved"))
    done, outcomes = done_by_week(log, stretch), fit_outcomes(log, draws, seed)
    enough = done.sum() >= FEWEST
    return Fit(
        log=log, team=team, arrivals=arrivals, effort=fit_effort(left, hours_per_day, draws, seed),
        estimates=fit_estimates(left, draws, seed), latency=fit_latency(came, draws, seed), outcomes=outcomes,
        flow=flow_of(log, span_of(log)), stretch=stretch, answered=fit_yes(left, draws, seed),
        closed=fit_rate(done, None, log.columns.said("resolved"), "", draws, seed + CLOSINGS) if enough else None,
        scatter=successive_dispersion(done) if enough else math.nan,
        following=following_of(log, arrivals.first_week, arrivals.weeks),
        doubts=(*doubts_about(log), *doubts_about_arrivals(arrivals)),
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

    def add(key: str, fitted: Fitted, value: float | None = None, draws: Array | None = None, said: str = "",
            calibrated: bool = False) -> None:
        low, high = limits[key]
        raw = fitted.value if value is None else value
        kept = float(np.clip(raw, low, high))
        if kept != raw:
            said = f"{said + '; ' if said else ''}{raw:.4g} is outside what the model takes, so its limit is written"
        found.append(Setting(key, kept, fitted, np.clip(fitted.draws if draws is None else draws, low, high), said, calibrated))

    arrivals, yes = fit.arrivals, fit.answered
    share = yes.draws if yes is not None else np.ones(fit.draws)
    what = "the last year's, since the rate drifts" if arrivals.drifts else "the whole log's"
    add("customer.request_rate", arrivals.now, float(base_rate(arrivals.now.value, fit.yes)), base_rate(arrivals.now.draws, share),
        f"the log's rate ({what}) / (1 + appetite {APPETITE:g} * share of yes {fit.yes:.2f}): the model raises it "
        "again")
    if yes is not None:
        add("today.share", yes, (fit.yes - MANDATORY) / (1.0 - MANDATORY), (yes.draws - MANDATORY) / (1.0 - MANDATORY),
            f"of the answers {fit.yes:.2f}, less the mandatory {MANDATORY:g} that get a yes in any case")
    if arrivals.dispersion is not None:
        add("customer.burstiness", arrivals.dispersion, said=f"from week to week, so that drift is no bunching; within 13 weeks "
            f"(median) {arrivals.dispersion_median:.2f}, over the whole log {arrivals.dispersion_all:.2f}")
    if fit.effort is not None:
        _add_effort(add, fit.effort)
    else:
        _calibrate(add, fit)
    if fit.latency is not None:
        add("evaluation.latency", fit.latency.median, said=f"calendar days * {WORKING:.3f}; {fit.latency.undecided} undecided as "
                                                           "censored")
        add("evaluation.latency_sigma", fit.latency.sigma)
    if fit.estimates is not None and fit.estimates.usable:
        add("evaluation.estimate_intercept", fit.estimates.intercept)
        add("evaluation.estimate_slope", fit.estimates.slope)
        add("evaluation.estimate_sigma", fit.estimates.sigma)
    return found


def _add_effort(add: Callable[..., None], effort: Effort) -> None:
    """Median and sigma as measured; where another distribution fits better, a sigma that gives its mean."""
    add("customer.effort_median", effort.median)
    if effort.best == "lognormal":
        add("customer.effort_sigma", effort.sigma)
        return

    def sigma(mean: Array | float, median: Array | float) -> Array:
        return np.sqrt(2.0 * np.log(np.maximum(mean / median, 1.0)))

    add("customer.effort_sigma", effort.sigma, float(sigma(effort.mean.value, effort.median.value)),
        sigma(effort.mean.draws, effort.median.draws),
        f"{effort.best} fits better: set so that the mean is the {effort.mean.value:.4g} pd that it gives")


def _calibrate(add: Callable[..., None], fit: Fit) -> None:
    """Effort that was not measured: so that the scenario closes what the log closes, or so that it does not bind."""
    scenario, closed = bare(fit.team), fit.closed
    queue = fit.queues and closed is not None
    flow = fit.arrivals.now if closed is None else closed
    sigma = min(math.sqrt(math.log1p(fit.scatter)), 2.0) if queue else scenario.customer.effort_sigma
    mean = effort_for(scenario, flow.value * (fit.yes if closed is None else 1.0), 1.0 if queue else SPARE)
    median, spread = mean / math.exp(sigma**2 / 2.0), flow.draws / flow.value
    if queue:
        why = (f"these people close {flow.value * DAYS_A_WEEK:.3g} a week and have no time to spare (a queue): an upper bound, "
               "since a log does not tell effort from people")
    elif closed is None:
        why = f"their load is {SPARE:g}, assumed: too few requests were done to tell, so it is set not to bind"
    else:
        why = (f"their load is {SPARE:g}, assumed: closings follow demand (kappa {fit.following.kappa:.2f}), so the team does not "
               "bind; how long requests wait for others is not in the model")
    said = f"calibrated, not measured: a mean of {mean:.3g} pd, at which {why}"
    add("customer.effort_median", flow, median, median / spread, said, True)
    if queue:
        add("customer.effort_sigma", flow, sigma, np.full(len(flow.draws), sigma),
            "calibrated, not measured: closings of a team that is never idle scatter as its efforts do (variance over mean a week "
            f"{fit.scatter:.2f})", True)
