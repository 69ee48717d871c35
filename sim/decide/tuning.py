"""Policies compared at their best: a search over their settings, a selection on fresh luck, a report on luck fresher still.

    search     successive halving (Jamieson & Talwalkar 2016) with common random numbers over the grid, then rounds of mutation
               among the best, the last of which puts settings back to their defaults
    selection  KN (Kim & Nelson 2001) among the finalists and the anchors, on replications that the search never saw
    report     the selected policy against reference, untuned self, anchors and rivals, on a third block: whoever wins a search
               was lucky in it, and whoever is selected was lucky in that; here nobody is chosen any more

Everything follows from (scenario, tuning): which runs are made does not depend on who makes them, nor on how often that stopped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.decide.bench import Bench
from sim.decide.candidates import edges, family_of, grid, mutants, pruned, strictness, tried, values_of, variant
from sim.decide.requirement import Requirement, State, worst
from sim.decide.tuned import CurvePoint, Gain, Level, Tuned
from sim.errors import StudyError
from sim.model.outcome import METRICS
from sim.policies.catalogue import ADOPTABLE, AS_TODAY, make, maker, settings
from sim.policies.policy import Policy
from sim.runs.model_code import model_version, policy_version
from sim.runs.origin import Origin, digest, engine
from sim.stats.choosing.many import simultaneous_means
from sim.stats.choosing.selection import Selection
from sim.stats.means import YES_OR_NO, Interval, gaps, mean_interval
from sim.study.comparison import ACCEPT_ALL, ACCOUNTS, ANCHORS
from sim.toml.shown import escaped, nearest

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder
    from sim.runs.runner import Progress
    from sim.scenario import Scenario

BLOCK = 100_000
"""Replications from one block of luck to the next: search from 0, selection from 100,000, report from 200,000."""
STEP = 10
"""Replications between two looks of the selection."""
FIRST = 20
"""Replications of the selection before anybody is dropped."""
RIVALS = 3
"""Finalists that are reported beside the selected policy, to say who is not told apart from it."""
CURVE = 7
"""Most points of the trade-off curve."""
ZONE = 0.05
"""Where no zone of indifference is given: this share of what the best seems to gain over the reference."""


@dataclass(frozen=True)
class Tuning:
    """What is searched, and how thoroughly.

    Parameters
    ----------
    goal
        The measure to make best; "" for net benefit (of a stream: a month).
    require
        What a policy must keep to be chosen.
    families
        Built-in policies whose settings are tuned; by default all that can be adopted.
    seed
        Fixes all luck, and the mutations.
    first, eta, rungs, keep
        Halving: replications of the first rung; at each further one the best 1/eta go on, with eta times the replications; how many
        are left at least.
    rounds, children
        Rounds of mutation, and mutants of each of the kept in one of them. A last round prunes.
    indifference
        Difference not worth telling apart, in the goal's unit; 0: a twentieth of what the best seems to gain over the reference.
    most
        Replications after which the selection ends undecided.
    report
        Replications of the report.
    """

    goal: str = ""
    require: tuple[Requirement, ...] = ()
    families: tuple[str, ...] = ADOPTABLE
    seed: int = 1
    first: int = 5
    eta: int = 3
    rungs: int = 3
    keep: int = 8
    rounds: int = 2
    children: int = 3
    indifference: float = 0.0
    most: int = 100
    report: int = 200

    def __post_init__(self) -> None:
        if self.goal and not (self.goal in METRICS and METRICS[self.goal].better):
            near = nearest(self.goal, [name for name, metric in METRICS.items() if metric.better])
            hint = f"; did you mean {near}?" if near else ""
            raise StudyError(f"goal = {escaped(self.goal)!r} — a measure of which more, or less, is better is needed{hint}")
        for family in self.families:
            maker(family)
        if not self.families or self.first < 2 or self.eta < 2 or self.rungs < 1 or self.keep < 1:
            raise StudyError("tune: a family, two first replications, eta of 2 and more, a rung and somebody to keep are needed")
        if self.most < FIRST or self.report < FIRST:
            raise StudyError(f"tune: selection and report need {FIRST} replications each")

    def digest(self) -> str:
        """SHA-256 of all of it."""
        return digest(json.dumps(asdict(self), sort_keys=True))

    @property
    def stages(self) -> tuple[str, ...]:
        """Each has a design point of its own in the results folder."""
        return ("grid", *(f"mutation {at}" for at in range(1, self.rounds + 1)), "pruning", "selection", "report", "curve")


QUICK = Tuning(first=3, rungs=2, keep=4, rounds=1, children=2, most=40, report=50)
"""For a first look, in a fifth of the time."""


def origin_of(scenario: Scenario, tuning: Tuning) -> Origin:
    """What the results of a tuning depend on."""
    versions = {name: policy_version(make(name)) for name in {*tuning.families, *_anchors(scenario)}}
    return Origin(
        experiment=tuning.digest(), scenarios={scenario.name: scenario.digest()}, policies=versions, seed=tuning.seed,
        model=model_version(), engine=engine())


def points_of(scenario: Scenario, tuning: Tuning) -> pd.DataFrame:
    """The stages as design points of a results folder."""
    import pandas as pd

    return pd.DataFrame({"point": range(len(tuning.stages)), "scenario": scenario.name, "label": list(tuning.stages)})


def tune(
    scenario: Scenario, tuning: Tuning, *, executor: Executor | None = None, folder: ResultsFolder | None = None,
    progress: Progress | None = None,
) -> Tuned:
    """Find settings that do well in a scenario, and say what they are worth.

    Parameters
    ----------
    scenario, tuning
        Where, and how.
    executor, progress
        As in `sim.study.compare.compare`; progress is told runs.
    folder
        Where runs are kept (made with `origin_of` and `points_of`), and found by a tuning that goes on; None: in memory only.

    Raises
    ------
    StudyError
        Where the goal has no number in this scenario.
    Interrupted
        On Ctrl-C; with a folder, what was done is kept there.
    """
    return tune_on(Bench(scenario, tuning.seed, executor, folder, progress), tuning)


def tune_on(bench: Bench, tuning: Tuning) -> Tuned:
    """The same on a bench, which knows the scenario."""
    return _Search(bench.scenario, tuning, bench).run()


def reference_of(scenario: Scenario) -> str:
    """What a gain is a gain over: as-today where the scenario says what is done today, otherwise accepting everything."""
    return AS_TODAY if scenario.today.share < 1.0 else ACCEPT_ALL


def _anchors(scenario: Scenario) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ANCHORS, reference_of(scenario))))


class _Search:
    """One tuning on its way."""

    def __init__(self, scenario: Scenario, tuning: Tuning, bench: Bench) -> None:
        self.scenario, self.tuning, self.bench = scenario, tuning, bench
        self.goal = tuning.goal or ("net_benefit" if scenario.project.planned_items else "net_per_month")
        self.sign = 1.0 if METRICS[self.goal].better == "higher" else -1.0
        self.anchors = tuple(make(name) for name in _anchors(scenario))
        self.point = {stage: at for at, stage in enumerate(tuning.stages)}

    def run(self) -> Tuned:
        finalists = self._finalists()
        pool, states = self._able(finalists)
        zone = self._zone(pool)
        winner, sure, looked = self._select(pool, zone)
        return self._report(winner, sure, zone, [one for one in looked if one != winner], worst(states))

    # --- search ---

    def _finalists(self) -> list[Policy]:
        """The best of the search, best first, and the anchors."""
        tuning, rng = self.tuning, np.random.default_rng([self.tuning.seed, 0x7E57])
        field = list(dict.fromkeys((*self.anchors, *grid(tuning.families, self.scenario))))
        # Grid and selection are known beforehand, the rest about.
        self.bench.foreseen = int(1.9 * len(field) * self.tuning.first * tuning.rungs) + (tuning.report + tuning.most) * 10
        kept = self._halved("grid", field)
        for at in range(1, tuning.rounds + 1):
            young = [child for one in kept for child in mutants(one, tuning.children, self.scenario, rng)]
            kept = self._halved(f"mutation {at}", [*kept, *young])
        kept = self._halved("pruning", [*kept, *(plain for one in kept[:RIVALS] for plain in pruned(one))])
        return list(dict.fromkeys((*kept, *self.anchors)))

    def _halved(self, stage: str, field: Sequence[Policy]) -> list[Policy]:
        """Successive halving: more replications for ever fewer; best first."""
        tuning = self.tuning
        left, done = list(dict.fromkeys(field)), 0
        for rung in range(tuning.rungs):
            upto = tuning.first * tuning.eta**rung
            self._run(stage, left, range(done, upto))
            left = self._ranked(left, range(upto))
            if rung + 1 < tuning.rungs:
                left = left[:max(math.ceil(len(left) / tuning.eta), tuning.keep)]
            done = upto
        return left[:tuning.keep]

    def _ranked(self, policies: Sequence[Policy], replications: range) -> list[Policy]:
        """By what they miss of the requirements, then by the goal (Deb 2000); who has no number is left out."""
        def key(policy: Policy) -> tuple[float, float]:
            missed = sum(one.excess(self.bench.values(policy, one.metric, replications)) / max(abs(one.limit), 1e-9)
                         for one in self.tuning.require)
            return missed, -self._mean(policy, replications)

        known = [one for one in policies if math.isfinite(self._mean(one, replications))]
        if not known:
            raise StudyError(f"{self.goal} has no number under any policy of scenario {self.scenario.name}; choose another goal")
        return sorted(known, key=key)

    def _mean(self, policy: Policy, replications: range) -> float:
        values = self.bench.values(policy, self.goal, replications)
        return self.sign * float(np.nanmean(values)) if np.isfinite(values).any() else -math.inf

    # --- selection ---

    def _able(self, finalists: list[Policy]) -> tuple[list[Policy], list[State]]:
        """Who keeps what is required: those who surely do, else those of whom it is open, else all."""
        if not self.tuning.require:
            return finalists, []
        block = range(BLOCK, BLOCK + self.tuning.most)
        self._run("selection", finalists, block)
        states = {one: worst([need.state(self.bench.values(one, need.metric, block)) for need in self.tuning.require])
                  for one in finalists}
        best = next(state for state in ("kept", "open", "not kept") if state in states.values())
        pool = [one for one in finalists if states[one] == best]
        return (self._ranked(pool, block)[:1] if best == "not kept" else pool), [best]  # type: ignore[list-item]

    def _select(self, pool: list[Policy], zone: float) -> tuple[Policy, bool, list[Policy]]:
        """The selected policy, whether KN came to its end, and all by their means, best first."""
        by_name, at = {one.name: one for one in pool}, BLOCK
        if len(pool) == 1:
            return pool[0], True, pool

        def more(names: tuple[str, ...], n: int) -> pd.DataFrame:
            import pandas as pd

            nonlocal at
            block, at = range(at, at + n), at + n
            self._run("selection", [by_name[name] for name in names], block)
            return pd.DataFrame({name: self.bench.values(name, self.goal, block) for name in names})

        better = METRICS[self.goal].better
        assert better
        done = Selection(better, zone, first=FIRST, batch=STEP, budget=self.tuning.most).run(list(by_name), more)
        order = sorted(by_name, key=lambda name: (-done.replications[name], -self.sign * done.means[name]))
        return by_name[done.policy], done.guaranteed, [by_name[name] for name in order]

    def _zone(self, pool: list[Policy]) -> float:
        """The zone of indifference."""
        if self.tuning.indifference:
            return self.tuning.indifference
        seen = range(self.tuning.first)
        best, reference = max(self._mean(one, seen) for one in pool), self._mean(make(reference_of(self.scenario)), seen)
        gain = abs(best - reference) if math.isfinite(reference) else 0.0
        return ZONE * (gain or abs(best) or 1.0)

    # --- report ---

    def _report(self, winner: Policy, sure: bool, zone: float, others: list[Policy], able: State) -> Tuned:
        block = range(2 * BLOCK, 2 * BLOCK + self.tuning.report)
        untuned = make(family_of(winner))
        rivals = [one for one in others if one not in self.anchors][:RIVALS]
        beside = [one for one in dict.fromkeys((*self.anchors, untuned, *rivals)) if one != winner]
        self._run("report", [winner, *beside], block)
        roles = {one: self._role(one, untuned) for one in beside}
        gains = [Gain(one.name, roles[one], found) for one, found in zip(
            beside, self._differences(winner, beside, self.goal, block), strict=True)]
        reference = reference_of(self.scenario)
        other = ACCOUNTS.get(self.goal)
        at = [one.name for one in beside].index(reference) if reference != winner.name else None
        account = None if other is None or at is None else self._differences(winner, beside, other, block)[at]
        key = strictness(winner)
        return Tuned(
            scenario=self.scenario, tuning=self.tuning, goal=self.goal, policy=winner, reference=reference,
            levels={one.name: self._level(one, block) for one in (winner, *beside)}, gains=tuple(gains), account=account,
            states={str(one): one.state(self.bench.values(winner, one.metric, block)) for one in self.tuning.require},
            attainable=able, decided=sure, indifference=zone, setting=key, curve=self._curve(winner, key, block),
            edges=edges(winner, self.scenario), runs={stage: len(asked) for stage, asked in self.bench.asked.items()},
            search_runs=len(set().union(*(asked for stage, asked in self.bench.asked.items() if stage not in ("report", "curve")))),
            seen={stage: frozenset(at for _, at in asked) for stage, asked in self.bench.asked.items()})

    def _role(self, policy: Policy, untuned: Policy) -> str:
        if policy.name == reference_of(self.scenario):
            return "reference"
        if policy in self.anchors:
            return "anchor"
        return "untuned" if policy == untuned else "rival"

    def _differences(self, winner: Policy, beside: Sequence[Policy], metric: str, block: range) -> list[Interval]:
        """Winner minus each of them, paired, with intervals that hold together."""
        if not beside:
            return []
        own = self.bench.values(winner, metric, block)
        columns = np.column_stack([gaps(own, self.bench.values(one, metric, block)) for one in beside])
        found = simultaneous_means(columns, method="fitting")[["n", "difference", "low", "high"]].to_numpy()
        return [Interval(int(n), *map(float, limits)) for n, *limits in found]

    def _level(self, policy: Policy, block: range) -> Level:
        declined, asked = (np.nansum(self.bench.values(policy, name, block)) for name in ("declined", "requests"))
        time = "delay" if self.scenario.project.deadline > 0.0 and self.scenario.project.planned_items else "lead_time_delivered"
        return Level(
            goal=self._mean_of(policy, self.goal, block), time=self._mean_of(policy, time, block), time_measure=time,
            refused=float(declined / asked) if asked else 0.0)

    def _mean_of(self, policy: Policy, metric: str, block: range) -> Interval:
        return mean_interval(self.bench.values(policy, metric, block), yes_or_no=metric in YES_OR_NO)

    def _curve(self, winner: Policy, key: str, block: range) -> tuple[CurvePoint, ...]:
        """The winner from strict to generous, all else as it is."""
        if not key:
            return ()
        family, values = family_of(winner), values_of(winner)
        among = sorted({*tried(settings(family)[key], self.scenario), *([] if values[key] is None else [values[key]])})
        policies = {value: variant(family, values | {key: value}) for value in _some(among, values[key])}
        others = [one for one in policies.values() if one != winner]
        self._run("curve", others, block)
        found = dict(zip(others, self._differences(winner, others, self.goal, block), strict=True))
        return tuple(CurvePoint(value, one.name, self._level(one, block), -found[one] if one in found else None)
                     for value, one in policies.items())

    def _run(self, stage: str, policies: Sequence[Policy], block: range) -> None:
        self.bench.run(stage, self.point[stage], policies, block)


def _some(values: list[float], own: float | None) -> list[float]:
    """At most so many of them, the policy's own among them; ends first."""
    while len(values) > CURVE:
        inner = [value for value in values[1:-1] if value != own]
        values.remove(min(inner, key=lambda value: values[values.index(value) + 1] - values[values.index(value) - 1]))
    return values
