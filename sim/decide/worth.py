"""What it is worth to find something out before one chooses a policy, and which policy to choose where one cannot.

    screening   a few rows of what is not known, under all policies: the best few go on, with the anchors and what is done today
    priors      rows of what is not known, each lived through once under each of these with the same luck
    base        the scenario's own values, for the choice that one would make without asking

Everything follows from (scenario, inquiry); rows that are there already are not run again, and more rows extend them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import show
from sim.decide.information import Rule, Value, at_least, decide_by, differences
from sim.decide.looking import LOGGED, SIZES, data_sets
from sim.decide.priors import Priors, priors_of
from sim.decide.tuning import reference_of
from sim.decide.worlds import Job, Worlds
from sim.errors import StudyError
from sim.model.outcome import METRICS
from sim.policies.catalogue import ADOPTABLE, make
from sim.policies.policy import Policy
from sim.runs.model_code import model_version, policy_version
from sim.runs.origin import Origin, digest, engine
from sim.scenario.rows import Row
from sim.stats.means import Interval, paired_difference
from sim.stats.responses import Array
from sim.study.comparison import ANCHORS

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder
    from sim.runs.runner import Progress
    from sim.scenario import Scenario

STAGES = ("screening", "priors", "base")
"""Each has a design point of its own in the results folder."""
FIRST_SCREENED = 500_000
"""Rows of the screening are no rows of the answer: who got through was lucky in them."""
FEWEST = 100
"""Rows below which a regression says nothing."""
UNLUCKY = 0.95


@dataclass(frozen=True)
class Inquiry:
    """What is asked, and how thoroughly.

    Parameters
    ----------
    goal
        The measure that decides; "" for net benefit (of a stream: a month).
    policies
        Who is looked at; None: all that can be adopted.
    seed
        Fixes all luck, and the rows.
    rows
        Worlds of the answer.
    screened, keep
        Rows of the screening, and how many go on besides the anchors; no screening where there are no more.
    base
        Replications at the scenario's own values.
    """

    goal: str = ""
    policies: tuple[Policy, ...] | None = None
    seed: int = 1
    rows: int = 5000
    screened: int = 60
    keep: int = 4
    base: int = 200

    def __post_init__(self) -> None:
        if self.goal and not (self.goal in METRICS and METRICS[self.goal].better):
            raise StudyError(f"goal = {self.goal!r} — a measure of which more, or less, is better is needed")
        if self.rows < FEWEST or self.screened < 2 or self.keep < 1 or self.base < 2:
            raise StudyError(f"worth: {FEWEST} rows, 2 rows to screen, 2 replications and somebody to keep are needed at least")

    def field(self, scenario: Scenario) -> tuple[Policy, ...]:
        """All who are looked at, anchors and what is done today among them."""
        given = self.policies if self.policies is not None else tuple(map(make, ADOPTABLE))
        by_name = {policy.name: policy for policy in (*given, *_anchors(scenario))}
        return tuple(by_name.values())

    def digest(self, scenario: Scenario, priors: Priors) -> str:
        """SHA-256 of what the rows depend on; how many there are is left out."""
        names = [policy.name for policy in self.field(scenario)]
        return digest(json.dumps([self.goal, names, self.seed, self.screened, self.keep, priors.digest()]))


QUICK = Inquiry(rows=1000, screened=30, keep=3, base=60)
"""For a first look, in a sixth of the time."""


@dataclass(frozen=True)
class Unknown:
    """An assumption, or a fitted input, and what knowing it alone is worth.

    `value` is what the scenario says, `low` and `high` hold 95% of the rows; `row` is its line in the register.
    """

    key: str
    row: Row
    fitted: bool
    value: float
    low: float
    high: float
    worth: Value


@dataclass(frozen=True)
class Option:
    """A policy over all that is not known.

    Attributes
    ----------
    policy
        Its name.
    mean
        Of the goal over the rows, less that of the policy that is best on average, paired.
    base
        The same at the scenario's own values, less that of the best there.
    probability
        Share of the rows in which its expected goal is the best, by regression.
    regret, unlucky
        What choosing it loses against knowing everything: on average (as paid on rows that the regression did not see), and in
        the worst twentieth of the rows at least (as the regression has it).
    """

    policy: str
    mean: Interval
    base: Interval
    probability: float
    regret: float
    unlucky: float


@dataclass(frozen=True)
class Worth:
    """What is worth to be known; made by `worth`.

    Attributes
    ----------
    scenario, inquiry, goal
        What was asked.
    rows, failed
        Rows that the answer rests on, and rows that had no number under some policy.
    robust, at_base
        Policies: best on average over what is not known; best at the scenario's own values.
    options
        All that went on from the screening, best on average first.
    everything
        What knowing all of it is worth.
    unknowns
        One by one, the worthiest first.
    logged, logging
        What knowing the values behind a log exactly would be worth; what logging so many requests is worth.
    """

    scenario: Scenario
    inquiry: Inquiry
    goal: str
    rows: int
    failed: int
    robust: str
    at_base: str
    options: tuple[Option, ...]
    everything: Value
    unknowns: tuple[Unknown, ...]
    logged: tuple[str, ...]
    behind_log: Value | None
    logging: tuple[tuple[int, Value], ...]

    def __str__(self) -> str:
        return show.text(self)


def origin_of(scenario: Scenario, inquiry: Inquiry, priors: Priors) -> Origin:
    """What the rows depend on."""
    versions = {policy.name: policy_version(policy) for policy in inquiry.field(scenario)}
    return Origin(
        experiment=inquiry.digest(scenario, priors), scenarios={scenario.name: scenario.digest()}, policies=versions,
        seed=inquiry.seed, model=model_version(), engine=engine())


def points_of(scenario: Scenario) -> pd.DataFrame:
    """The stages as design points of a results folder."""
    import pandas as pd

    return pd.DataFrame({"point": range(len(STAGES)), "scenario": scenario.name, "label": list(STAGES)})


def worth(
    scenario: Scenario, inquiry: Inquiry, priors: Priors | None = None, *, executor: Executor | None = None,
    folder: ResultsFolder | None = None, progress: Progress | None = None,
) -> Worth:
    """Say what it is worth to know each assumption before one chooses a policy.

    Parameters
    ----------
    scenario, inquiry
        The project, and how thoroughly to look.
    priors
        What is not known; by default `priors_of` the scenario, without draws of fitted inputs.
    executor, progress
        As in `sim.study.compare.compare`; progress is told rows.
    folder
        Where rows are kept (made with `origin_of` and `points_of`), and found by an inquiry that goes on; None: in memory only.

    Raises
    ------
    StudyError
        Where the goal has no number in enough rows.
    Interrupted
        On Ctrl-C; with a folder, what was done is kept there.
    """
    field, priors = inquiry.field(scenario), priors or priors_of(scenario)
    screens = len(field) > inquiry.keep + len(_anchors(scenario))
    foreseen = inquiry.rows + inquiry.base + (inquiry.screened if screens else 0)
    worlds = Worlds(inquiry.seed, executor, folder, progress, foreseen)
    return _Inquest(scenario, inquiry, priors, worlds).run(field, screens)


def _anchors(scenario: Scenario) -> tuple[Policy, ...]:
    return tuple(make(name) for name in dict.fromkeys((*ANCHORS, reference_of(scenario))))


class _Inquest:
    """One inquiry on its way."""

    def __init__(self, scenario: Scenario, inquiry: Inquiry, priors: Priors, worlds: Worlds) -> None:
        self.scenario, self.inquiry, self.priors, self.worlds = scenario, inquiry, priors, worlds
        self.goal = inquiry.goal or ("net_benefit" if scenario.project.planned_items else "net_per_month")
        self.sign = 1.0 if METRICS[self.goal].better == "higher" else -1.0
        self._known: dict[int, tuple[float, ...]] = {}

    def run(self, field: tuple[Policy, ...], screens: bool) -> Worth:
        if screens:
            field = self._screened(Job(0, field, range(FIRST_SCREENED, FIRST_SCREENED + self.inquiry.screened),
                                       self._world))
        rows = Job(1, field, range(self.inquiry.rows), self._world)
        base = Job(2, field, range(self.inquiry.base), lambda _: self.scenario)
        self.worlds.run([base, rows])
        return self._answer(rows, base)

    def _world(self, row: int) -> Scenario:
        world, self._known[row] = self.priors.world(self.inquiry.seed, row)
        return world

    def _values_of(self, row: int) -> tuple[float, ...]:
        """What a row drew; drawn again where the row was run before."""
        return self._known.get(row) or self.priors.world(self.inquiry.seed, row)[1]

    def _screened(self, job: Job) -> tuple[Policy, ...]:
        """The anchors, and the best on average of the others."""
        self.worlds.run([job])
        means = np.nan_to_num(np.nanmean(self._values(job), axis=0), nan=-np.inf)
        anchors = {policy.name for policy in _anchors(self.scenario)}
        ranked = sorted((policy for policy in job.policies if policy.name not in anchors),
                        key=lambda policy: -means[job.policies.index(policy)])
        kept = anchors | {policy.name for policy in ranked[:self.inquiry.keep]}
        return tuple(policy for policy in job.policies if policy.name in kept)

    def _values(self, job: Job) -> Array:
        """The goal, more being better: replications x policies."""
        return self.sign * self.worlds.values(job.point, job.policies, self.goal, job.replications)

    def _answer(self, rows: Job, base: Job) -> Worth:
        outcomes = self._values(rows)
        whole = np.asarray(np.isfinite(outcomes).all(axis=1))
        if whole.sum() < FEWEST:
            raise StudyError(f"{self.goal} has a number under all policies in {whole.sum()} of {len(whole)} rows of scenario "
                             f"{self.scenario.name}; at least {FEWEST} are needed; choose another goal, or more rows")
        known = np.array([self._values_of(row) for row in np.flatnonzero(whole).tolist()])
        best, gaps = differences(outcomes[whole])
        singles = [decide_by(known[:, [at]], gaps).value for at in range(known.shape[1])]
        columns = {key: known[:, at] for at, key in enumerate(self.priors.keys)}
        logged = tuple(key for key in LOGGED if key in columns)
        behind, logging = self._logging({key: columns[key] for key in logged}, gaps, singles) if logged else (None, ())
        rule = decide_by(known, gaps)
        everything = at_least(rule.value, [*singles, *([behind] if behind else [])])
        at_base, options = self._options(rows.policies, gaps, best, rule, everything, self._values(base))
        return Worth(
            scenario=self.scenario, inquiry=self.inquiry, goal=self.goal, rows=int(whole.sum()), failed=int((~whole).sum()),
            robust=rows.policies[best].name, at_base=at_base, options=options, everything=everything,
            unknowns=self._unknowns(known, singles), logged=logged, behind_log=behind, logging=logging)

    def _logging(
        self, logged: Mapping[str, Array], gaps: Array, singles: Sequence[Value],
    ) -> tuple[Value, tuple[tuple[int, Value], ...]]:
        """Knowing the values behind a log, and logs of so many requests: more are worth no less than fewer."""
        found: list[tuple[int, Value]] = []
        for size in SIZES:
            own = decide_by(data_sets(logged, self._own(), size), gaps).value
            found.append((size, at_least(own, [value for _, value in found[-1:]])))
        parts = [singles[self.priors.keys.index(key)] for key in logged]
        whole = decide_by(np.column_stack(list(logged.values())), gaps).value
        return at_least(whole, [*parts, found[-1][1]]), tuple(found)

    def _own(self) -> dict[str, float]:
        """The scenario's values of what a log depends on and nobody doubts."""
        customer = next(customer for _, customer in self.scenario.customers)
        return {f"customer.{name}": float(getattr(customer, name)) for name in (
            "burstiness", "effort_median", "effort_sigma", "value", "value_spread")}

    def _options(
        self, policies: Sequence[Policy], gaps: Array, best: int, rule: Rule, everything: Value, base: Array,
    ) -> tuple[str, tuple[Option, ...]]:
        base = base[np.isfinite(base).all(axis=1)]
        leader = int(base.mean(axis=0).argmax()) if len(base) else best
        chosen = rule.expected.argmax(axis=1)
        loses = rule.expected.max(axis=1)[:, None] - rule.expected
        options = [Option(
            policy.name, paired_difference(gaps[:, at], gaps[:, best]), paired_difference(base[:, at], base[:, leader]),
            float((chosen == at).mean()), everything.mean - float(gaps[:, at].mean()), float(np.quantile(loses[:, at], UNLUCKY)))
            for at, policy in enumerate(policies)]
        return policies[leader].name, tuple(sorted(options, key=lambda one: one.regret))

    def _unknowns(self, known: Array, singles: Sequence[Value]) -> tuple[Unknown, ...]:
        from sim.scenario.register import rows

        register = {row.key: row for row in rows()}
        fitted = set(self.priors.fitted[0]) if self.priors.fitted else set()
        found = []
        for key, column, value in zip(self.priors.keys, known.T, singles, strict=True):
            low, high = np.quantile(column, (0.025, 0.975)).tolist()
            found.append(Unknown(key, register[key], key in fitted, self.priors.means[key], low, high, value))
        return tuple(sorted(found, key=lambda one: -one.worth.raw))
