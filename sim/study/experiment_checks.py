"""What the parts of an experiment demand of each other; what needs the scenarios or a plugin is checked by the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.model.outcome import GONE, METRICS
from sim.scenario.checks import Problem, refuse, suggestion
from sim.stats.precision import LEAST_FLOOR
from sim.toml.names import NAME_RULE, is_name
from sim.toml.walk import Loc

if TYPE_CHECKING:
    from sim.study.experiment import Experiment


def check_consistency(experiment: Experiment) -> None:
    """Refuse an experiment whose parts contradict each other.

    Raises
    ------
    pydantic.ValidationError
        One error for each broken rule, with the place of the value at fault.
    """
    refuse([problem for rule in RULES for problem in rule(experiment)], "Experiment")


def _usable_names(experiment: Experiment) -> Iterator[Problem]:
    named: list[tuple[Loc, str]] = [(("name",), experiment.name)]
    named += [(("policy", name), name) for name in experiment.policy]
    named += [(("hypotheses", at, "name"), claim.name) for at, claim in enumerate(experiment.hypotheses)]
    for loc, name in named:
        if not is_name(name):
            yield Problem(loc, name, NAME_RULE)


def _known_metrics(experiment: Experiment) -> Iterator[Problem]:
    for loc, metric in _all_metrics(experiment):
        if metric not in METRICS:
            instead = f"is gone: {GONE[metric]}" if metric in GONE else f"no such measure{suggestion(metric, METRICS)}"
            yield Problem(loc, metric, instead)


def _all_metrics(experiment: Experiment) -> Iterator[tuple[Loc, str]]:
    yield from ((("metrics", at), name) for at, name in enumerate(experiment.metrics))
    yield from ((("hypotheses", at, "metric"), claim.metric) for at, claim in enumerate(experiment.hypotheses))
    for key in ("half_width", "relative"):
        yield from ((("precision", key, name), name) for name in getattr(experiment.precision, key))
    yield from experiment.analysis.metrics()


def _different_names(experiment: Experiment) -> Iterator[Problem]:
    lists: tuple[tuple[str, list[str]], ...] = (
        ("scenarios", list(experiment.scenarios)), ("policies", list(experiment.policies)),
        ("hypotheses", [claim.name for claim in experiment.hypotheses]))
    for key, names in lists:
        for name, count in Counter(names).items():
            if count > 1:
                yield Problem((key,), name, "is named twice")


def _makes_sense_alone(experiment: Experiment) -> Iterator[Problem]:
    """Factors and hypotheses know themselves what they need."""
    entries: tuple[tuple[str, Iterable[Any]], ...] = (("factors", experiment.factors), ("hypotheses", experiment.hypotheses))
    for key, tables in entries:
        for at, table in enumerate(tables):
            try:
                table.made()
            except StudyError as error:
                yield Problem((key, at), getattr(table, "name", None) or getattr(table, "key", ""), str(error))


def _design_has_what_it_needs(experiment: Experiment) -> Iterator[Problem]:
    design, kind = experiment.design, experiment.design.kind
    if design.needs != "none" and not experiment.factors:
        yield Problem(("design", "kind"), kind, "needs [[factors]]")
    if design.needs == "none" and experiment.factors:
        yield Problem(("factors",), len(experiment.factors), f"a design of kind {kind} has no factors; set [design] kind")
    if design.lacks:
        yield Problem(("design", "kind"), kind, f"needs {design.lacks}")
    for analysis, _ in experiment.analysis.asked():
        if why := analysis.refuses(design):
            yield Problem(("analysis", analysis.key), kind, why)


def _precision_is_possible(experiment: Experiment) -> Iterator[Problem]:
    asked = experiment.precision
    for key in ("half_width", "relative"):
        for name, value in getattr(asked, key).items():
            if not value > 0.0:
                yield Problem(("precision", key, name), value, "a number above 0 is needed")
    if both := set(asked.half_width) & set(asked.relative):
        yield Problem(("precision", "relative"), sorted(both)[0], "has a half-width already; one of the two")
    if asked.sequential and not LEAST_FLOOR <= asked.replications <= asked.budget:
        text = f"with half-widths, from {LEAST_FLOOR} to the budget ({asked.budget}) is needed"
        yield Problem(("precision", "replications"), asked.replications, text)


def _tables_are_used(experiment: Experiment) -> Iterator[Problem]:
    for name in experiment.policy:
        if name not in experiment.policy_names():
            yield Problem(("policy", name), name, "is not used; add it to policies")


RULES: tuple[Callable[[Experiment], Iterator[Problem]], ...] = (
    _usable_names, _known_metrics, _different_names, _makes_sense_alone, _design_has_what_it_needs, _precision_is_possible,
    _tables_are_used)
