"""The fitted scenario, run over the span of the log under the intake that the log shows, beside the log."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.fit.bootstrap import TAIL, Array
from sim.fit.clean import DAYS_A_WEEK, WORKING
from sim.fit.clusters import quarters_of
from sim.fit.fit import Fit, base_rate
from sim.fit.fitted_scenario import scenario_of
from sim.fit.flow import Flow, flow_of, measure, span_of
from sim.fit.load import Load, heaviest, loads
from sim.policies.open_door import as_today
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
    """One measure, observed and simulated.

    Attributes
    ----------
    observed, mean
        What the log shows, and the mean of the replications.
    low, high
        95% interval of that mean.
    least, most
        Where a log of this model lies in 95 of 100 cases (prediction interval): one log is one replication, and no mean of many.
    """

    key: str
    observed: float
    mean: float
    low: float
    high: float
    least: float
    most: float

    @property
    def reproduced(self) -> bool:
        """Whether the log might be one of the model's, or lies within 10% of its mean."""
        return self.least <= self.observed <= self.most or abs(self.observed - self.mean) <= ROUGHLY * abs(self.mean)


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
    loads
        Of each role and of the customer's hours; above 1 a backlog grows without end.
    stranger
        Of how many replications the furthest measure lies less far from the other replications than the log's does.
    sentences
        Where the model does not reproduce the log, and why that may be.
    """

    rows: tuple[Beside, ...]
    replications: int
    span: float
    policy: str
    loads: tuple[Load, ...]
    stranger: int
    sentences: tuple[str, ...]

    @property
    def load(self) -> float:
        """The largest of the loads."""
        return heaviest(self.loads).load

    @property
    def reproduced(self) -> bool:
        """Whether the log is, all measures together, no stranger among the replications than they are among each other."""
        return self.stranger < self.replications or all(row.reproduced for row in self.rows)


def replay(fit: Fit, replications: int, seed: int) -> Replay:
    """Run the fitted scenario over the log's span, starting empty as the log does; `seed` fixes the luck of its replications."""
    days = min(span_of(fit.log) * WORKING, LONGEST_SPAN, max(MOST_REQUESTS / fit.arrivals.rate.value, LEAST_SPAN))
    span = days / WORKING
    scenario, policy = _as_logged(fit, span), as_today()
    observed = flow_of(fit.log, span)
    runs = [_flow(simulate(scenario, policy, seed=seed, replication=at, logged=False), span) for at in range(replications)]
    rows = tuple(_beside(key, observed, runs) for key in MEASURES)
    said = f"{fit.yes:.0%} of requests accepted by lot" + (", after the measured latency" if fit.latency else ", at once")
    found = loads(scenario, fit.yes)
    return Replay(rows, replications, span, said, found, _stranger(observed, runs), tuple(_sentences(fit, rows, heaviest(found))))


def _as_logged(fit: Fit, span: float) -> Scenario:
    """The scenario over the log's own span, with its rate and, where it drifts, its 13-week means."""
    arrivals = fit.arrivals
    changed: dict[str, object] = {
        "project.horizon": max(span * WORKING, 1.0), "project.warm_up": 0.0,
        "customer.request_rate": min(float(base_rate(arrivals.rate.value, fit.yes)), FASTEST),
    }
    if arrivals.drifts:
        sizes = [len(part) for part in quarters_of(arrivals.counts)]
        starts = (arrivals.first_week + np.cumsum([0, *sizes[:-1]])) * DAYS_A_WEEK
        starts[0] = 0.0
        changed["customer.profile"] = [[float(day), float(factor)] for day, factor in zip(starts, arrivals.blocks, strict=True)]
    return scenario_of(fit).with_values(changed)


def _flow(run: Run, span: float) -> Flow:
    requests = run.requests
    days: Array = requests["arrived"].to_numpy(dtype=np.float64) / WORKING
    left: Array = requests["left"].to_numpy(dtype=np.float64) / WORKING
    return measure(days, left, (requests["fate"] == "delivered").to_numpy(), span)


def _beside(key: str, observed: Flow, runs: list[Flow]) -> Beside:
    values = np.array([getattr(run, key) for run in runs], dtype=np.float64)
    values = values[np.isfinite(values)]
    seen, n = getattr(observed, key), len(values)
    mean = float(values.mean()) if n else math.nan
    if n < 2:
        return Beside(key, seen, mean, mean, mean, mean, mean)
    reach = float(stats.t.ppf(1.0 - TAIL, n - 1) * values.std(ddof=1))
    of_mean, of_one = reach / math.sqrt(n), reach * math.sqrt(1.0 + 1.0 / n)
    return Beside(key, seen, mean, mean - of_mean, mean + of_mean, max(mean - of_one, 0.0), mean + of_one)


def _stranger(observed: Flow, runs: list[Flow]) -> int:
    """How many replications are less strange to the others than the log is, by the measure that is furthest off."""
    table = np.array([[getattr(flow, key) for key in MEASURES] for flow in (observed, *runs)], dtype=np.float64)
    table = table[:, np.isfinite(table).all(axis=0)]
    if len(runs) < 3 or not table.size:
        return 0
    log, others = table[0], [(run, np.delete(table[1:], at, axis=0)) for at, run in enumerate(table[1:])]
    return sum(_furthest(log, rest) > _furthest(run, rest) for run, rest in others)


def _furthest(one: Array, others: Array) -> float:
    """The largest distance of any measure to the others' mean, in their standard deviations."""
    spread = np.maximum(others.std(axis=0, ddof=1), 1e-12)
    return float((np.abs(one - others.mean(axis=0)) / spread).max())


def _sentences(fit: Fit, rows: tuple[Beside, ...], binds: Load) -> Iterator[str]:
    load = binds.load
    missed = [row for row in rows if not row.reproduced]
    for row in missed:
        name, unit = MEASURES[row.key]
        yield (f"The model does not reproduce the log's {name} ({unit}): {row.mean:.3g} simulated ({row.least:.3g} to "
               f"{row.most:.3g}), {row.observed:.3g} observed.")
    by_key = {row.key: row for row in rows}
    wip, median = by_key["wip"], by_key["p50"]
    slow = any(row.key in ("throughput", "wip", "p50", "p80", "p90") for row in missed)
    if wip.reproduced and median.observed < median.mean / 2.0:
        yield ("As much lies open in the model as in the log, but the log closes some requests at once and lets others lie, "
               "while the model serves them in the order in which they were accepted.")
    if fit.effort is None:
        yield ("Effort is calibrated, not measured (this export has no column for it): throughput agrees with the log because it "
               "was set to; only work in progress, lead times and dispersion are a test of the model.")
    elif slow and load > 1.0:
        yield (f"{binds.who} has a load of {load:.2f}, so that the simulated backlog grows without end: either the team is "
               "larger than was said, or effort is booked on more than these requests need.")
    elif slow and wip.observed > wip.mean:
        yield (f"The load is {load:.2f}: the team could work faster than the log shows. Requests lie there that nobody works "
               "on, or the team does other work that is not in this log; the model knows neither.")
