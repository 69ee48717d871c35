"""The fitted scenario, run over the span of the log under the intake that the log shows, beside the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.fit.arrivals import blocks_of
from sim.fit.bootstrap import Array
from sim.fit.clean import DAYS_A_WEEK, WORKING
from sim.fit.fit import Fit, base_rate
from sim.fit.fitted_scenario import scenario_of
from sim.fit.flow import Flow, flow_of, measure, span_of
from sim.policies.admission import Everything, Lots
from sim.policies.parts import EXPERTS, Evaluators, Promise
from sim.policies.policy import Policy, PolicyOfParts
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario

LONGEST_SPAN = 1300.0
"""Working days that are replayed at most: five years."""
MOST_REQUESTS, LEAST_SPAN = 5000, 65.0
"""Of a very busy log only the beginning is replayed."""
FASTEST = 50.0
"""Requests a day that a scenario takes at most."""
ROUGHLY = 0.1
"""What differs by less is called the same, however narrow the simulation's range."""
MEASURES = {
    "arrivals": ("arrivals", "requests a week"),
    "throughput": ("throughput", "accepted and closed a week"),
    "wip": ("work in progress", "requests, mean"),
    "p50": ("lead time p50", "calendar days"),
    "p80": ("lead time p80", "calendar days"),
    "p90": ("lead time p90", "calendar days"),
    "dispersion": ("weekly dispersion", "variance/mean, whole span"),
    "dispersion_within": ("weekly dispersion", "about 13-week means"),
}


@dataclass(frozen=True)
class Beside:
    """One measure, observed and simulated: mean, smallest and largest of the replications."""

    key: str
    observed: float
    mean: float
    low: float
    high: float

    @property
    def reproduced(self) -> bool:
        """Whether the observed value lies within the replications' range, or within 10% of their mean."""
        return self.low <= self.observed <= self.high or abs(self.observed - self.mean) <= ROUGHLY * abs(self.mean)


@dataclass(frozen=True)
class Replay:
    """The fitted scenario beside the log.

    Attributes
    ----------
    rows
        By measure.
    replications, span
        How many, and of how many calendar days from the log's first Monday.
    policy
        The intake that was simulated, in words.
    load
        Person-days asked for and accepted a day over the people's days; above 1 the backlog grows without end.
    sentences
        Where the model does not reproduce the log, and why that may be.
    """

    rows: tuple[Beside, ...]
    replications: int
    span: float
    policy: str
    load: float
    sentences: tuple[str, ...]


def replay(fit: Fit, replications: int, seed: int) -> Replay:
    """Run the fitted scenario over the log's span, starting empty as the log does.

    Parameters
    ----------
    fit
        The fit.
    replications, seed
        How many runs, and what fixes their luck.
    """
    days = min(span_of(fit.log) * WORKING, LONGEST_SPAN, max(MOST_REQUESTS / fit.arrivals.rate.value, LEAST_SPAN))
    span = days / WORKING
    scenario, policy = _as_logged(fit, span), _intake(fit)
    observed = flow_of(fit.log, span)
    runs = [_flow(simulate(scenario, policy, seed=seed, replication=at, logged=False), span) for at in range(replications)]
    rows = tuple(_beside(key, observed, runs) for key in MEASURES)
    load = _load(fit, scenario)
    said = f"{fit.yes:.0%} of requests accepted by lot" + (", after the measured latency" if fit.latency else ", at once")
    return Replay(rows, replications, span, said, load, tuple(_sentences(fit, rows, load)))


def _as_logged(fit: Fit, span: float) -> Scenario:
    """The scenario over the log's own span, with its rate and, where it drifts, its 13-week means."""
    arrivals = fit.arrivals
    changed: dict[str, object] = {
        "project.horizon": max(span * WORKING, 1.0), "project.warm_up": 0.0,
        "customer.request_rate": min(float(base_rate(arrivals.rate.value, fit.yes)), FASTEST),
    }
    if arrivals.drifts:
        sizes = [len(part) for part in blocks_of(arrivals.counts)]
        starts = (arrivals.first_week + np.cumsum([0, *sizes[:-1]])) * DAYS_A_WEEK
        starts[0] = 0.0
        changed["customer.profile"] = [[float(day), float(factor)] for day, factor in zip(starts, arrivals.blocks, strict=True)]
    return scenario_of(fit).with_values(changed)


def _intake(fit: Fit) -> Policy:
    """Yes by lot, as often as in the log; experts are asked only where the log tells how long that takes."""
    mandatory = scenario_of(fit).customer.mandatory_share
    share = max(0.0, (fit.yes - mandatory) / (1.0 - mandatory))
    return PolicyOfParts(
        name="as-logged", evaluators=EXPERTS if fit.latency else Evaluators(), promise=Promise("none"),
        admission=Lots(share) if fit.yes < 1.0 else Everything())


def _flow(run: Run, span: float) -> Flow:
    requests = run.requests
    days: Array = requests["arrived"].to_numpy(dtype=np.float64) / WORKING
    left: Array = requests["left"].to_numpy(dtype=np.float64) / WORKING
    return measure(days, left, (requests["fate"] == "delivered").to_numpy(), span)


def _beside(key: str, observed: Flow, runs: list[Flow]) -> Beside:
    values = np.array([getattr(run, key) for run in runs], dtype=np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        return Beside(key, getattr(observed, key), float("nan"), float("nan"), float("nan"))
    return Beside(key, getattr(observed, key), float(values.mean()), float(values.min()), float(values.max()))


def _load(fit: Fit, scenario: Scenario) -> float:
    group, exploring = scenario.customer, scenario.innovation.exploration_share
    effort = group.effort_median * np.exp(group.effort_sigma**2 / 2.0)
    return float(fit.arrivals.rate.value * fit.yes * effort / (fit.people * (1.0 - exploring)))


def _sentences(fit: Fit, rows: tuple[Beside, ...], load: float) -> Iterator[str]:
    missed = [row for row in rows if not row.reproduced]
    for row in missed:
        name, unit = MEASURES[row.key]
        yield (f"The model does not reproduce the log's {name} ({unit}): {row.mean:.3g} simulated ({row.low:.3g} to "
               f"{row.high:.3g}), {row.observed:.3g} observed.")
    by_key = {row.key: row for row in rows}
    wip, median = by_key["wip"], by_key["p50"]
    slow = any(row.key in ("throughput", "wip", "p50", "p80", "p90") for row in missed)
    if wip.reproduced and median.observed < median.mean / 2.0:
        yield ("As much lies open in the model as in the log, but the log closes some requests at once and lets others lie, "
               "while the model serves them in the order in which they were accepted.")
    if fit.effort is None:
        yield (f"Effort is assumed, not measured (this export has no column for it), and gives a load of {load:.2f}: "
               "throughput, work in progress and lead time follow from that assumption; where they agree with the log, it is by "
               f"chance. Set customer.effort_median. If these {fit.people} people did all the work, they had {fit.room:.1f} "
               "person-days for each request that they closed as accepted; the mean effort cannot have been larger.")
    elif slow and load > 1.0:
        yield (f"Effort and team give a load of {load:.2f}, so that the simulated backlog grows without end: either the team is "
               "larger than was said, or effort is booked on more than these requests need.")
    elif slow and wip.observed > wip.mean:
        yield (f"The load is {load:.2f}: the team could work faster than the log shows. Requests lie there that nobody works "
               "on, or the team does other work that is not in this log; the model knows neither.")
