"""From an experiment to a plan: its scenarios, policies and design points, and what runs at each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.design.design import Given
from sim.design.factor import Factor
from sim.design.point import DesignPoint, points_frame, realise
from sim.errors import ExperimentError, PolicyError, ScenarioError, StudyError
from sim.policies.catalogue import make
from sim.policies.policy import Policy, PolicyOfParts
from sim.policies.policy_file import PolicyFile
from sim.runs.model_code import model_version, policy_version
from sim.runs.origin import Origin, engine
from sim.runs.runner import Work
from sim.scenario import Scenario
from sim.study.experiment import Experiment
from sim.study.experiment_texts import Texts, gather, read_experiment, text_of
from sim.study.plugin import Plugin
from sim.toml.shown import nearest
from sim.toml.toml_file import model_from_text

if TYPE_CHECKING:
    import pandas as pd

NO_PLUGIN = Plugin({}, "")
REALISED = 64  # design points whose scenario is kept ready; work is asked for point by point


@dataclass(frozen=True, eq=False)
class Plan:
    """What an experiment runs.

    Attributes
    ----------
    experiment, texts
        The question, and all texts that it was read from.
    scenarios
        By name, with the experiment's own settings.
    policies
        All that run, in the order of the experiment; an anatomy adds its own.
    factors, points
        The factors, and the design points.
    plugin
        SHA-256 of the plugins' source; "" without any.
    """

    experiment: Experiment
    texts: Texts
    scenarios: Mapping[str, Scenario]
    policies: tuple[Policy, ...]
    factors: tuple[Factor, ...]
    points: tuple[DesignPoint, ...]
    plugin: str

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The design points as a frame: point, scenario, label, one column a key."""
        return points_frame(self.points, self.scenarios, self.policies)

    @cached_property
    def work_of(self) -> Callable[[int], Work]:
        """What runs at a design point, by its number."""

        @lru_cache(maxsize=REALISED)
        def work_of(number: int) -> Work:
            point = self.points[number]
            scenario, policies = realise(point, self.scenarios[point.scenario], self.policies)
            return Work(scenario, policies, self.experiment.seed)

        return work_of

    def chosen(self, number: int, names: Sequence[str]) -> tuple[Scenario, list[Policy], int]:
        """Scenario, policies of these names (empty: the first two) and seed at a design point.

        Raises
        ------
        ExperimentError
            For a point or a policy that is not there.
        """
        if not 0 <= number < len(self.points):
            raise ExperimentError(f"{self.experiment.name}: design point {number} is not there; there are 0 to "
                                  f"{len(self.points) - 1}")
        scenario, policies, seed = self.work_of(number)
        known = {policy.name: policy for policy in policies}
        for name in names:
            if name not in known:
                raise ExperimentError(f"{self.experiment.name}: policy {name!r} is not at design point {number}; there are "
                                      f"{', '.join(known)}")
        return scenario, [known[name] for name in names] or list(policies[:2]), seed

    def origin(self) -> Origin:
        """What the results depend on."""
        policies = {policy.name: policy_version(policy) for policy in self.policies}
        policies |= {f"(before adoption) {name}": policy_version(make(name)) for name in self._before_adoption()}
        return Origin(
            experiment=self.experiment.digest(), scenarios={name: one.digest() for name, one in self.scenarios.items()},
            policies=policies, seed=self.experiment.seed, model=model_version(), engine=engine())


    def _before_adoption(self) -> set[str]:
        """The names of policies that are in force until the one that is compared is adopted."""
        scenarios = {name for name, one in self.scenarios.items() if one.adoption.day > 0.0}
        late = "adoption.day" in self.frame.columns
        names = {one.adoption.before for name, one in self.scenarios.items() if late or name in scenarios}
        return names | set(self.frame.get("adoption.before", ()))


def plan_from(source: str | Path, plugin: Plugin = NO_PLUGIN) -> Plan:
    """The plan of a built-in experiment or of a file.

    Raises
    ------
    IntakeLabError
        With file, key, value and what is allowed.
    """
    _, texts = gather(source)
    return make_plan(texts, plugin)


def make_plan(texts: Texts, plugin: Plugin = NO_PLUGIN) -> Plan:
    """The plan that gathered texts describe; nothing else is read.

    Raises
    ------
    IntakeLabError
        With file, key, value and what is allowed.
    """
    experiment = read_experiment(texts)
    label = texts["experiment"].label
    scenarios = _scenarios(experiment, texts)
    maker = _Maker(experiment, texts, plugin)
    policies = [maker.policy(name, f"policies.{at}") for at, name in enumerate(experiment.policies)]
    factors = tuple(table.made() for table in experiment.factors)
    try:
        known = set(experiment.policies)
        policies += [policy for policy in experiment.design.derived(maker.parts) if policy.name not in known]
        files = {name: text_of(texts, f"table {name}").text for name in experiment.design.files()}
        points = experiment.design.points(Given(factors, scenarios, files))
        plan = Plan(experiment, texts, scenarios, tuple(policies), factors, points, plugin.source)
        for point in points:  # every point is tried before the first replication, not in the middle of a night
            realise(point, scenarios[point.scenario], policies)
        _check_names(plan)
    except StudyError as error:
        raise ExperimentError(f"{label}: {error}") from error
    return plan


def _scenarios(experiment: Experiment, texts: Texts) -> dict[str, Scenario]:
    found: dict[str, Scenario] = {}
    for name in experiment.scenarios:
        label, text = text_of(texts, f"scenario {name}")
        scenario = model_from_text(text, label, Scenario, ScenarioError)
        if experiment.set:
            try:
                scenario = scenario.with_values(dict(experiment.set))
            except ScenarioError as error:
                where = texts["experiment"].label
                raise ExperimentError(f"{where}: [set] in {name}: {str(error).removeprefix('--set ')}") from None
        if scenario.name in found:
            raise ExperimentError(f"{texts['experiment'].label}: two scenarios are called {scenario.name!r}")
        found[scenario.name] = scenario
    return found


@dataclass(frozen=True)
class _Maker:
    """Makes policies from what an experiment calls them."""

    experiment: Experiment
    texts: Texts
    plugin: Plugin

    def policy(self, name: str, key: str) -> Policy:
        label = self.texts["experiment"].label
        if name in self.experiment.policy:
            return self.experiment.policy[name].called(name)
        if name in self.plugin.policies:
            return self.plugin.policies[name]
        if name.endswith(".toml"):
            where, text = text_of(self.texts, f"policy {name}")
            return model_from_text(text, where, PolicyFile, PolicyError).made()
        try:
            return make(name, self.plugin.policies)
        except PolicyError as error:
            own = nearest(name, [*self.experiment.policy, *self.plugin.policies])
            hint = f" (or {own}, of this experiment)" if own else ""
            raise ExperimentError(f"{label}: {key} = {name!r} — {error}{hint}; "
                                  "one written in Python needs --plugin MODULE") from None

    def parts(self, name: str, key: str) -> PolicyOfParts:
        made = self.policy(name, key)
        if not isinstance(made, PolicyOfParts) or made.is_control:
            raise ExperimentError(f"{self.texts['experiment'].label}: {key} = {name!r} — a policy made of parts is needed")
        return made


def _check_names(plan: Plan) -> None:
    """Whatever names a policy, a scenario or a factor names one of this experiment."""
    asked = plan.experiment
    policies = [policy.name for policy in plan.policies]
    _one_of("reference", asked.reference, policies)
    keys = [key for factor in plan.factors for key in factor.keys]
    for claim in asked.hypotheses:
        where = f"hypothesis {claim.name}"
        for name in filter(None, (claim.policy, claim.against)):
            _one_of(f"{where}, policy", name, policies)
        for name in claim.scenarios:
            _one_of(f"{where}, scenarios", name, plan.scenarios)
        for key in filter(None, (claim.factor, *(limits.factor for limits in claim.region))):
            _one_of(f"{where}, factor", key, [*keys, *(c for c in plan.frame.columns if "." in c)])
        for label in claim.points:
            _one_of(f"{where}, points", label, [point.label for point in plan.points])
    for analysis, _ in asked.analysis.asked():
        for name in analysis.policies:
            _one_of(f"analysis.{analysis.key} needs the policy", name, policies)
    for _, question in asked.analysis.questions():
        for name in question.policies():
            _one_of("analysis, policy", name, policies)
        for name in question.scenarios():
            _one_of("analysis, scenario", name, plan.scenarios)


def _one_of(where: str, name: str, known: Any) -> None:
    names = list(dict.fromkeys(known))
    if name not in names:
        near = nearest(name, names)
        hint = f"did you mean {near!r}? " if near else ""
        raise StudyError(f"{where}: {name!r} is not in this experiment; {hint}there are {', '.join(map(repr, names[:40]))}")
