"""What the STRESS-DES checklist says of one study, from its experiment, scenarios, policies and manifest, as cells and lists."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from sim.design.point import base_value
from sim.policies.admission import AfterPlanned, Everything, Ranked
from sim.policies.catalogue import make
from sim.policies.controls import Placebo
from sim.policies.parts import Promise, QueueRule, part_in_words
from sim.policies.policy import Policy, PolicyOfParts
from sim.policies.view import ANSWERS, Answer
from sim.report.describe import policy_sentence
from sim.report.measure_names import facts
from sim.report.numbers import NOTHING
from sim.report.templates import as_markdown, code, named, value_text
from sim.scenario import Scenario
from sim.scenario.acting import acting, switches
from sim.scenario.register import EVIDENCE, rows, rules
from sim.scenario.rows import Row
from sim.study.experiment import Experiment, HypothesisTable, RegionTable
from sim.toml.shipped import builtin_names

if TYPE_CHECKING:
    import pandas as pd

MOST_VALUES, MOST_LABELS = 12, 60  # of a factor, of design points; more are summed up
LIMITLESS = RegionTable.model_fields["high"].default
Rows = Iterator[Sequence[object]]


class Input(NamedTuple):
    """A value of a scenario.

    Attributes
    ----------
    key, row
        Its dotted key in the scenario, and its line in the register.
    said
        The key that gives the value: that of `customer` where a customer group leaves it to the customers in general.
    value, default
        The value, and the default (None: there is none).
    """

    key: str
    row: Row
    said: str
    value: Any
    default: Any

    @property
    def changed(self) -> bool:
        """Whether the scenario says otherwise than the default."""
        return bool(self.value != self.default)

    def given_by(self, keys: Iterable[str]) -> bool:
        """Whether one of these dotted keys, or a table of that name, gives the value."""
        return any(self.said == key or self.said.startswith(f"{key}.") for key in keys)


def inputs(scenario: Scenario) -> list[Input]:
    """All values of a scenario but its names; those of customers for each group, completed from `customer`."""
    standard = {place.key: place.value for row in rows() for place in acting(Scenario(), row.key)}
    return [
        Input(key, row, said, value, row.default if key.startswith("groups.") else standard.get(key))
        for row in rows() for key, value, said in acting(scenario, row.key)
        if key not in ("name", "title") and not key.endswith(".name")]


@dataclass(frozen=True, eq=False)
class StudyFacts:
    """All that the report is made from; see `sim.report.stress.stress_report`."""

    experiment: Experiment
    scenarios: Mapping[str, Scenario]
    policies: Sequence[Policy]
    points: pd.DataFrame
    manifest: Mapping[str, Any]
    replications: Mapping[int, int]

    # -- 1 Objectives

    def measures(self) -> Rows:
        """All that the experiment asks about, with unit, direction and meaning."""
        asked = self.experiment
        claimed, shown = [one.metric for one in asked.hypotheses], [name for _, name in asked.analysis.metrics()]
        for name in dict.fromkeys([*asked.metrics, *claimed, *asked.precision.half_width, *asked.precision.relative, *shown]):
            yield code(name), facts(name).unit, facts(name).better or "neither", facts(name).meaning

    @property
    def labels(self) -> str:
        """What is special about the design points."""
        labels = list(dict.fromkeys(str(label) for label in self.points.get("label", []) if label))
        more = f" and {len(labels) - MOST_LABELS} more" if len(labels) > MOST_LABELS else ""
        return ", ".join(labels[:MOST_LABELS]) + more

    @cached_property
    def varied(self) -> list[str]:
        """Dotted keys to which a design point gives another value than the scenario, or the policy, has by itself."""
        keys = [str(column) for column in self.points.columns if "." in str(column)]
        return [key for key in keys if any(
            value_text(value) != value_text(base_value(key, self.scenarios[name], self.policies))
            for name, value in zip(self.points["scenario"], self.points[key], strict=True))]

    @property
    def chosen(self) -> bool:
        """Whether the authors chose ranges, levels or a table of values."""
        return bool(self.experiment.factors or self.experiment.design.files())

    def ranges(self) -> Rows:
        """What is varied: what was asked, and what the design points have."""
        units = {key: one.row.unit for scenario in self.scenarios.values() for one in inputs(scenario)
                 for key in (one.key, one.row.key)}
        return ((code(key), units.get(key, NOTHING), self._asked(key), _seen(self.points[key])) for key in self.varied)

    def _asked(self, key: str) -> str:
        for factor in self.experiment.factors:
            keys = (factor.key,) if isinstance(factor.key, str) else factor.key
            if key in keys:
                ends = [end[keys.index(key)] if isinstance(end, tuple) else end for end in (factor.low, factor.high)]
                return "levels" if factor.levels else f"{value_text(ends[0])} to {value_text(ends[1])}, {factor.scale}"
        return "by the design"

    def hypotheses(self) -> Rows:
        """What is claimed, of whom, by how much and where."""
        for one in self.experiment.hypotheses:
            claimed = f"{one.kind}: {code(one.policy)}"
            claimed += f" against {code(one.against)}" if one.against else ""
            claimed += f" from low to high {code(one.factor)}" if one.factor else ""
            size = value_text(one.smallest_effect if one.margin is None else one.margin)
            yield (one.name, one.statement, code(one.metric), Markup(claimed),
                   size + " of the reference's mean" * one.relative, _where(one))

    # -- 2 Logic

    def on(self, scenario: Scenario) -> set[str]:
        """Mechanisms of which something can act."""
        return {name for name, (state, _) in switches(scenario).items() if state != "off"}

    @cached_property
    def off_everywhere(self) -> set[str]:
        """Mechanisms that act in no scenario and are not varied."""
        on = set().union(*map(self.on, self.scenarios.values()))
        varied = {key.rpartition(".")[2] for key in self.varied}
        return {name for name, rule in rules().items() if rule.offs and name not in on
                and not varied & {key.rpartition(".")[2] for key in rule.offs}}

    @cached_property
    def answers(self) -> set[Answer]:
        """The answers that can occur under the policies of a study; all where settings of policies are varied."""
        if any(key.startswith("policy.") for key in self.varied):
            return set(ANSWERS)
        before = [make(scenario.adoption.before) for scenario in self.scenarios.values() if scenario.adoption.day]
        return set().union(*map(answers_of, [*self.policies, *before]))

    def policy_parts(self) -> Rows:
        """Each policy by its parts."""
        return map(_policy_line, self.policies)

    def parts_explained(self) -> Iterator[tuple[str, str]]:
        """The rules of admission that occur, and what the other parts can be, from their docstrings."""
        kinds = {type(p.admission) for p in self.policies if isinstance(p, PolicyOfParts) and not isinstance(p, Placebo)}
        for rule in sorted(kinds, key=lambda rule: rule.__name__):
            yield code(rule.__name__), _first_line(rule) or "not described"
        for part, called in ((Promise, "promise"), (QueueRule, "next work")):
            yield called, Markup("; ".join(f"{name}: {said}" for name, said in parameters(part).items()))

    @property
    def in_python(self) -> list[Policy]:
        """Policies of which nobody but their authors knows how they decide."""
        return [policy for policy in self.policies if not isinstance(policy, PolicyOfParts)]

    # -- 3 Data

    @property
    def sources(self) -> dict[str, str]:
        """Where each scenario was read from, as the experiment says it."""
        return dict(zip(self.scenarios, self.experiment.scenarios, strict=True))

    @property
    def private(self) -> list[str]:
        """Scenarios that did not come with the package."""
        return [name for name, source in self.sources.items() if source not in builtin_names("scenarios")]

    def told(self, source: str) -> str:
        """What the comment that opens a scenario's file says of its numbers; "" without one."""
        kept: Mapping[str, str] = self.sessions[-1].get("texts", {}) if self.sessions else {}
        text = str(self.manifest.get("texts", {}).get(kept.get(f"scenario {source}", ""), ""))
        comment = takewhile(lambda line: line.startswith("#"), text.lstrip().splitlines())
        said = " ".join(line.lstrip("# ") for line in comment if not line.startswith("#:"))  # "#:" is for the editor
        return said[max(said.find("Where the numbers come from"), 0) :]

    def inputs(self, scenario: Scenario) -> list[Input]:
        """See `inputs`."""
        return inputs(scenario)

    def switched(self) -> Rows:
        """Which mechanisms are on and off, by scenario."""
        for name, scenario in self.scenarios.items():
            states = switches(scenario)
            partly = "; ".join(f"{one} ({named(keys)} off)" for one, (state, keys) in states.items() if state == "in part")
            on, off = (", ".join(one for one, (state, _) in states.items() if state == want) for want in ("on", "off"))
            yield code(name), on or "none", Markup(partly) or "none", off or "none"

    def known(self) -> Rows:
        """How many inputs are known how well, by scenario."""
        for name, scenario in self.scenarios.items():
            counts = Counter("own" if one.changed else one.row.evidence for one in inputs(scenario))
            yield code(name), *(counts[kind] for kind in (*EVIDENCE, "own")), counts.total()
        keys = {one.row.key for one in inputs(Scenario())}
        counts = Counter(row.evidence for row in rows() if row.key in keys)
        yield "all in the register", *(counts[kind] for kind in EVIDENCE), NOTHING, len(keys)

    # -- 5 Implementation, 6 Code access

    @property
    def sessions(self) -> list[dict[str, Any]]:
        """The sessions of work in the manifest."""
        return list(self.manifest.get("sessions", []))

    @property
    def origin(self) -> dict[str, Any]:
        """What the results depend on."""
        return dict(self.manifest.get("origin", {}))

    def versions(self, found: Mapping[str, Any]) -> str:
        """Names and versions in words."""
        return ", ".join(f"{name} {version}" for name, version in found.items() if version) or "not kept"

    def platforms(self) -> Rows:
        """Where the sessions ran, with the versions there."""
        return iter(dict.fromkeys((str(one.get("platform")), self.versions(one.get("versions") or {})) for one in self.sessions))

    def sessions_told(self) -> Rows:
        """The sessions of work."""
        told = ("started", "seconds", "replications", "ending", "executor", "platform")
        for one in self.sessions:
            yield *("not ended" if one.get(key) is None else str(one[key]) for key in told), code(one.get("command", ""))

    def hashes(self) -> Rows:
        """SHA-256 of all that the results depend on."""
        origin = self.origin
        found = [("experiment", origin.get("experiment")), ("design points", origin.get("points")),
                 *((f"{kind} {name}", one) for kind, group in (("scenario", "scenarios"), ("policy", "policies"))
                   for name, one in origin.get(group, {}).items()),
                 ("source of the model", origin.get("model")), ("all of it", self.manifest.get("origin_digest"))]
        return ((what, code(one)) for what, one in found if one)


def answers_of(policy: Policy) -> set[Answer]:
    """The answers that can occur under a policy; of one written in Python nobody knows, so all."""
    if isinstance(policy, Placebo) and policy.reference is not None:
        return answers_of(policy.reference) - {"defer", "prototype"} | {"accept", "decline"}
    if not isinstance(policy, PolicyOfParts):
        return set(ANSWERS)
    rule = type(policy.admission)
    known = rule.__module__ == Everything.__module__  # not a rule of somebody's own
    never = {"defer"} if known and rule not in (AfterPlanned, Ranked) else set()
    return set(policy.responses.allowed) - never - ({"decline", "counter-propose"} if rule is Everything else set())


def parameters(part: type) -> dict[str, str]:
    """What a docstring says of each parameter."""
    text = (inspect.getdoc(part) or "").partition("Parameters\n----------\n")[2]
    found = re.findall(r"^(\w+)\n((?: +.*\n?)+)", text, re.MULTILINE)
    return {name: " ".join(said.split()).rstrip(".") for name, said in found}


def _seen(column: pd.Series) -> object:
    values = list({value_text(value): value for value in column}.values())
    if len(values) <= MOST_VALUES or not all(isinstance(value, Real) for value in values):
        return named(map(value_text, values))
    return f"{len(values)} values from {value_text(min(values))} to {value_text(max(values))}"


def _where(one: HypothesisTable) -> Markup:
    limits = [f"{code(at.factor)} {_within(at.low, at.high)}" for at in one.region]
    places = ", ".join([*map(code, one.scenarios), *limits, *map(as_markdown, one.points)])
    return Markup((places or "everywhere") + "; where the claim should fail" * (one.about == "boundary"))


def _within(low: float, high: float) -> str:
    if low > -LIMITLESS and high < LIMITLESS:
        return f"at {low:g}" if low == high else f"from {low:g} to {high:g}"
    return f"at least {low:g}" if low > -LIMITLESS else f"at most {high:g}" if high < LIMITLESS else "anywhere"


def _policy_line(policy: Policy) -> list[object]:
    parts = policy if isinstance(policy, PolicyOfParts) else None
    admission: object = repr(parts.admission) if parts else "Python code"
    if isinstance(policy, Placebo) and policy.reference is not None:
        admission = Markup(f"by lot, as often as {code(policy.reference.name)} on the same luck")
    sides = [side for side in ("customer", "experts", "ai") if getattr(policy.evaluators, side)]
    weights = _weights(policy, sides) if len(sides) > 1 else NOTHING
    reading = policy.reading if sides else NOTHING
    cadence = f"{policy.cadence}" + (f", at most {policy.cadence.at_most}" if policy.cadence.at_most else "")
    possible = ", ".join(answer for answer in ANSWERS if answer in answers_of(policy))
    lane = f"{parts.fast_lane:g} pd" if parts and parts.fast_lane else "none"
    return [
        code(policy.name), policy_sentence(policy) or "control" * policy.is_control, cadence, str(policy.evaluators), weights,
        reading, admission, possible, part_in_words(policy.promise), policy.explanation, part_in_words(policy.queue), lane]


def _weights(policy: Policy, sides: Sequence[str]) -> str:
    of_need, of_fit = (
        " : ".join(f"{side} {getattr(authority, side):g}" for side in sides)
        for authority in (policy.authority, policy.fit_authority or policy.authority))
    return of_need if of_need == of_fit else f"need: {of_need}; fit: {of_fit}"


def _first_line(thing: object) -> Markup:
    """Of its docstring, which is Markdown already."""
    return Markup((inspect.getdoc(thing) or "").partition("\n")[0])
