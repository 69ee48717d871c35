"""What the replications say: verdicts on the hypotheses, and tables beside them that nobody predicted (exploratory)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StudyError
from sim.model.outcome import METRICS
from sim.stats.choosing.many import against_reference
from sim.stats.choosing.pareto import pareto_front
from sim.stats.choosing.ranking import first_under_weights, success_measures
from sim.stats.choosing.regret import regret
from sim.stats.choosing.selection import Selection
from sim.stats.means import CONFIDENCE, corrected, mean_interval
from sim.stats.paired_effects import paired
from sim.stats.regions.discovery import where_it_flips
from sim.stats.regions.sensitivity import morris_effects, sobol_indices
from sim.study.hypotheses import judge
from sim.study.plan import Plan
from sim.study.run_plan import Effort, precision_status
from sim.study.verdict import Verdicts
from sim.study.verdicts_file import Answer, Range

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.results_folder import ResultsFolder
    from sim.study.experiment import SelectTable


@dataclass(frozen=True)
class Findings:
    """What an experiment found.

    Attributes
    ----------
    plan
        What was asked.
    frame, points, failures
        Outcomes, design points, and runs without an outcome.
    verdicts
        One a hypothesis.
    precision
        Which half-widths were reached; None where none was asked for.
    tables
        Exploratory tables by name; each becomes a CSV file.
    sentences
        Exploratory findings in words.
    notes
        What could not be said, and why.
    """

    plan: Plan
    frame: pd.DataFrame
    points: pd.DataFrame
    failures: pd.DataFrame
    verdicts: Verdicts
    precision: pd.DataFrame | None
    tables: dict[str, pd.DataFrame]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def replications(self) -> Range:
        """Replications of the design point that has the fewest, and of the one that has the most."""
        counts = self.frame.groupby("point")["replication"].nunique()
        return Range(fewest=counts.min(), most=counts.max()) if len(counts) else Range(fewest=0, most=0)

    @property
    def supported(self) -> bool:
        """Whether every hypothesis is supported and no run failed."""
        return all(verdict.ruling == "supported" for verdict in self.verdicts) and self.failures.empty

    @property
    def answer(self) -> Answer:
        """Verdicts and what they rest on, for ``verdicts.json``."""
        asked = self.plan.experiment
        return Answer(
            experiment=asked.name, question=asked.question, expectation=asked.expectation, experiment_digest=asked.digest(),
            seed=asked.seed, design=asked.design.kind, points=len(self.points),
            policies=tuple(policy.name for policy in self.plan.policies), scenarios=tuple(self.plan.scenarios),
            replications=self.replications, runs=len(self.frame), failures=len(self.failures), verdicts=self.verdicts,
            exploratory=self.sentences, notes=self.notes)


@dataclass
class _Collected:
    """Tables and sentences as they come in."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, parts: Sequence[tuple[str, pd.DataFrame]], by: str = "scenario") -> None:
        """Put tables of several scenarios into one, with a column that says which."""
        import pandas as pd

        kept = [table.assign(**{by: label}) for label, table in parts]
        if kept:
            table = pd.concat(kept, ignore_index=True)
            self.tables[name] = table[[by, *(column for column in table.columns if column != by)]]


def find(plan: Plan, folder: ResultsFolder, effort: Effort) -> Findings:
    """Judge the hypotheses and make the exploratory tables from everything that is in the folder."""
    frame, failures = folder.frame_and_failures()
    frame.attrs.clear()  # pandas copies them at every step, deeply
    points = folder.points
    claims = [table.made() for table in plan.experiment.hypotheses]
    verdicts = judge(claims, frame, points) if len(frame) else Verdicts()
    found = _Collected()
    if len(frame):
        for step in (_levels, _differences, _by_point, _trade_off, _weights, _success, _regret, _selected, _flips, _sensitivity):
            try:
                step(plan, frame, found)
            except StudyError as error:
                found.notes.append(f"{step.__name__.strip('_').replace('_', ' ')}: {error}")
    precision = precision_status(plan, effort, frame) if len(frame) else None
    if precision is not None:
        found.tables["precision"] = precision
    return Findings(plan, frame, points, failures, verdicts, precision, found.tables, tuple(found.sentences),
                    tuple(found.notes))  # fmt: skip


def adoptable(plan: Plan) -> list[str]:
    """Policies that a project can adopt: not the controls."""
    return [policy.name for policy in plan.policies if not policy.is_control]


def _by_scenario(plan: Plan, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for name in plan.scenarios:
        rows = frame[frame["scenario"] == name]
        if len(rows):
            yield name, rows


def _levels(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    """Mean, standard deviation and number at each design point."""
    metrics = list(plan.experiment.metrics)
    table = frame.groupby(["scenario", "point", "policy"], sort=False)[metrics].agg(["mean", "std", "count"])
    table.columns = [metric if what == "mean" else f"{metric}_{what}" for metric in metrics for what in ("mean", "std", "count")]
    labels = {point.number: point.label for point in plan.points}
    table = table.reset_index()
    table.insert(2, "label", table["point"].map(labels))
    found.tables["levels"] = table


def _differences(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    """Paired differences to the reference with simultaneous intervals, over all design points of each scenario."""
    reference = plan.experiment.reference
    parts = []
    for name, rows in _by_scenario(plan, frame):
        if rows["policy"].nunique() < 2:
            continue
        for metric in plan.experiment.metrics:
            try:
                table = against_reference(rows, metric, reference, method="fitting")
            except StudyError as error:
                found.notes.append(f"differences in {metric}, {name}: {error}")
                continue
            parts.append((name, table.assign(metric=metric)))
    found.add("differences", parts)


def _by_point(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    """Paired difference to the reference at each design point, corrected for the policies compared there."""
    import pandas as pd

    reference, rows = plan.experiment.reference, []
    if len(plan.points) == len(plan.scenarios):
        return
    labels = {point.number: point.label for point in plan.points}
    others = [policy.name for policy in plan.policies if policy.name != reference]
    level = corrected(CONFIDENCE, len(others)) if others else CONFIDENCE
    for metric in plan.experiment.metrics:
        for name in others:
            table = paired(frame, metric, name, reference)
            for point, gaps in zip(table.index, table.to_numpy(dtype="float64"), strict=True):
                n, mean, low, high = mean_interval(gaps[~np.isnan(gaps)], level)
                rows.append((plan.points[point].scenario, point, labels[point], name, metric, n, mean, low, high))
    found.tables["by_point"] = pd.DataFrame(
        rows, columns=["scenario", "point", "label", "policy", "metric", "n", "difference", "low", "high"])


def _trade_off(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    names, metrics = adoptable(plan), plan.experiment.analysis.pareto
    if len(names) < 3 or len(metrics) < 2:
        return
    parts = []
    for name, rows in _by_scenario(plan, frame):
        table = pareto_front(rows, metrics, names)
        parts.append((name, table))
        on = [f"{policy} ({100 * share:.0f}%)" for policy, share in
              zip(table["policy"], table["probability"], strict=True) if share >= 0.5]  # fmt: skip
        found.sentences.append(f"{name}: nobody is better in all of {', '.join(metrics)} than {', '.join(on) or 'some policy'} "
                               "(share of resamples on the Pareto front).")  # fmt: skip
    found.add("pareto", parts)


def _weights(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    metrics = plan.experiment.analysis.weights
    if not metrics:
        return
    parts = []
    for name, rows in _by_scenario(plan, frame):
        table = first_under_weights(rows, metrics, adoptable(plan))
        parts.append((name, table))
        first = [f"{row['policy']} {100 * row['first']:.0f}% [{100 * row['first_low']:.0f}, {100 * row['first_high']:.0f}]"
                 for _, row in table.iterrows() if row["first"] >= 0.05]  # fmt: skip
        found.sentences.append(f"{name}: with weights unknown on {', '.join(metrics)}, first comes {', '.join(first)}.")
    found.add("weights", parts)


def _success(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    if not plan.experiment.analysis.success:
        return
    parts = []
    for name, rows in _by_scenario(plan, frame):
        seen = success_measures(rows, policies=adoptable(plan))
        parts.append((name, seen.table))
        same = "the same policy comes first" if seen.winners[0] == seen.winners[1] else (
            f"{seen.winners[0]} comes first by on-time and cost, {seen.winners[1]} by the wider set")
        found.sentences.append(
            f"{name}: {same}; the two have no first policy in common in {100 * seen.differ:.0f}% of resamples; rank "
            f"agreement (Kendall's tau) {seen.tau:.2f} [{seen.tau_low:.2f}, {seen.tau_high:.2f}].")
    found.add("success", parts)


def _regret(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    metrics = plan.experiment.analysis.regret
    if not metrics:
        return
    parts = []
    for name, rows in _by_scenario(plan, frame):
        parts.append((name, regret(rows, metrics, method="fitting")))
    found.add("regret", parts)


def _selected(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    import pandas as pd

    rows = []
    for asked in plan.experiment.analysis.select:
        scenario = asked.scenario or next(iter(plan.scenarios))
        here = frame[frame["scenario"] == scenario]
        rows.append({"scenario": scenario, **_select(asked, here, adoptable(plan), found)})
    if rows:
        found.tables["selection"] = pd.DataFrame(rows)


def _select(asked: SelectTable, rows: pd.DataFrame, policies: Sequence[str], found: _Collected) -> dict[str, Any]:
    """KN on the replications that are there; without enough of them nothing is promised, and that is said."""
    from sim.stats.choosing.allocation import ocba_shares

    better = METRICS[asked.metric].better
    table = rows.groupby(["replication", "policy"])[asked.metric].mean().unstack()[list(policies)].dropna()  # noqa: PD010
    at = 0

    def more(names: tuple[str, ...], n: int) -> pd.DataFrame:
        nonlocal at
        at += n
        return table.iloc[at - n : at][list(names)]

    first = min(20, len(table))
    done = Selection(better, asked.indifference, asked.confidence, first=first, budget=len(table)).run(policies, more)  # type: ignore[arg-type]
    shares = ocba_shares(table.mean().to_numpy(), np.asarray(table.std(ddof=1)), better)  # type: ignore[arg-type]
    sure = (f"with probability {asked.confidence:g} of being right where it is better by {asked.indifference:g}" if done.guaranteed
            else f"but {len(table)} replications are too few for a guarantee")  # fmt: skip
    left = ", ".join(done.stages[-1].survivors)
    found.sentences.append(f"Best in {asked.metric}: {done.policy}, {sure}; still in the race: {left}.")
    return {
        "metric": asked.metric, "indifference": asked.indifference, "confidence": asked.confidence, "selected": done.policy,
        "guaranteed": done.guaranteed, "survivors": left, "replications": len(table),
        "next_replications_to": policies[int(shares.argmax())] if math.isfinite(float(shares.max())) else ""}  # fmt: skip


def _flips(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    import pandas as pd

    shares, rules = [], []
    for asked in plan.experiment.analysis.flips:
        for name in plan.scenarios:
            points = plan.frame[plan.frame["scenario"] == name]
            flip = where_it_flips(frame, points, asked.metric, asked.first, asked.second)
            lines = [line.removeprefix(f"{asked.metric}: ") for line in flip.words.splitlines()]
            found.sentences += [f"{name}, {asked.metric}: {line}" for line in lines]
            key = {"scenario": name, "metric": asked.metric, "first": asked.first, "second": asked.second}
            share = flip.share
            shares.append({**key, "points": share.points, "first_really": share.first, "second_really": share.second,
                           "undecided": share.undecided, "share": share.share, "low": share.low, "high": share.high})  # fmt: skip
            rules += [{**key, "winner": rule.winner, "method": rule.method, "where": rule.text, "density": rule.density,
                       "coverage": rule.coverage, "p_value": rule.p_value, "holds": holds}
                      for holds, group in ((True, flip.rules), (False, flip.tried)) for rule in group]  # fmt: skip
    if shares:
        found.tables["flips"] = pd.DataFrame(shares)
        found.tables["flip_rules"] = pd.DataFrame(
            rules, columns=["scenario", "metric", "first", "second", "winner", "method", "where", "density", "coverage",
                            "p_value", "holds"])  # fmt: skip


def _sensitivity(plan: Plan, frame: pd.DataFrame, found: _Collected) -> None:
    analyse = sobol_indices if plan.experiment.design.kind == "saltelli" else morris_effects
    parts = []
    for asked in plan.experiment.analysis.sensitivity:
        for name in plan.scenarios:
            points = [point for point in plan.points if point.scenario == name]
            seen = analyse(frame, points, plan.factors, asked.metric, asked.policy, asked.against)
            what = f"{asked.metric} of {asked.policy}" + (f" against {asked.against}" if asked.against else "")
            parts.append((name, seen.table.assign(answer=what, noise_share=seen.noise.share)))
            found.sentences.append(f"{name}, {seen.method}, {what}: {_leaders(seen.table)}.")
            found.notes += [f"{name}, {what}: {warning}" for warning in seen.warnings]
    found.add("sensitivity", parts)


def _leaders(table: pd.DataFrame) -> str:
    """The factors that matter most, with their intervals."""
    size = "total" if "total" in table.columns else "mu_star"
    leading = table.sort_values(size, ascending=False).head(5)
    return ", ".join(f"{row['factor']} {row[size]:.3g} [{row[f'{size}_low']:.3g}, {row[f'{size}_high']:.3g}]"
                     for _, row in leading.iterrows())  # fmt: skip
