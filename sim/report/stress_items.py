"""Sections 2 (logic) and 3 (data) of the STRESS-DES checklist, from the model and the values of a study's scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.design.point import base_value
from sim.errors import PolicyError
from sim.policies.admission import AfterPlanned, Everything, Ranked
from sim.policies.catalogue import make, maker
from sim.policies.controls import Placebo
from sim.policies.policy import Policy, PolicyOfParts
from sim.policies.view import ANSWERS, Answer
from sim.scenario import Scenario
from sim.scenario.register import EVIDENCE, mechanisms, rows
from sim.scenario.rows import Row
from sim.study.experiment import Experiment
from sim.toml.shipped import builtin_names

if TYPE_CHECKING:
    import pandas as pd

DECISIVE = {
    "adoption": ("adoption.day", "adoption.learning_days"), "overtime": ("team.overtime_cap",), "defects": ("team.defect_rate",),
    "escalation": ("customer.escalation",), "exploration": ("innovation.exploration_share",),
}  # fmt: skip
"""Keys of a mechanism without which its other values have no effect; of the other mechanisms each value acts by itself."""


@dataclass(frozen=True, eq=False)
class Material:
    """All that the report is made from; see `sim.report.stress.stress_report`."""

    experiment: Experiment
    scenarios: Mapping[str, Scenario]
    policies: Sequence[Policy]
    points: pd.DataFrame
    manifest: Mapping[str, Any]
    replications: Mapping[int, int]

    @property
    def varied(self) -> list[str]:
        """Dotted keys to which a design point gives another value than the scenario, or the policy, has by itself."""
        keys = [str(column) for column in self.points.columns if "." in str(column)]
        return [key for key in keys if any(
            value_text(value) != value_text(base_value(key, self.scenarios[name], self.policies))
            for name, value in zip(self.points["scenario"], self.points[key], strict=True))]

    @property
    def chosen(self) -> bool:
        """Whether the authors chose ranges, levels or a table of values."""
        return bool(self.experiment.factors) or self.experiment.design.kind == "table"

    @property
    def private(self) -> list[str]:
        """Scenarios that did not come with the package."""
        named = zip(self.scenarios, self.experiment.scenarios, strict=True)
        return [name for name, source in named if source not in builtin_names("scenarios")]

    @property
    def sessions(self) -> list[dict[str, Any]]:
        """The sessions of work in the manifest."""
        return list(self.manifest.get("sessions", []))

    def text(self, role: str) -> str:
        """A text that was kept with the results; "" if there is none."""
        named: Mapping[str, str] = self.sessions[-1].get("texts", {}) if self.sessions else {}
        return str(self.manifest.get("texts", {}).get(named.get(role, ""), ""))


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


# -- Markdown ------------------------------------------------------------------------------------------------------------


def blank(what: str) -> str:
    """A place that only the authors can fill."""
    return f"**[to be filled in by the authors: {what}]**"


def plain(text: str) -> str:
    """Somebody's text on one line, without any Markdown of its own."""
    return "".join("\\" + char if char in "\\*<[|" else char for char in " ".join(text.split()))


def code(text: object) -> str:
    """A key or a name."""
    return f"`{str(text).replace('`', chr(39))}`"


def named(words: Iterable[object], nothing: str = "none") -> str:
    """Keys or names, listed."""
    return ", ".join(map(code, words)) or nothing


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell is escaped, also within code."""
    cells = [[cell.replace("\\|", "|").replace("|", "\\|") or " " for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *cells])


def listed(lines: Iterable[str]) -> str:
    """A bulleted list."""
    return "\n".join(f"- {line}" for line in lines)


def value_text(value: Any) -> str:
    """A value in full."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


# -- what a scenario says ------------------------------------------------------------------------------------------------


def inputs(scenario: Scenario) -> list[Input]:
    """All values of a scenario but its names; those of customers for each group, completed from `customer`."""
    standard = {place: value for row in rows() for place, _, value in _places(row.key, Scenario())}
    return [
        Input(place, row, said, value, row.default if place.startswith("groups.") else standard.get(place))
        for row in rows() for place, said, value in _places(row.key, scenario)
        if place not in ("name", "title") and not place.endswith(".name")]


def _places(key: str, scenario: Scenario) -> Iterator[tuple[str, str, Any]]:
    """The values that a key of the register stands for, each with its own key and the key that says it."""
    table, _, field = key.rpartition(".")
    if table != "customer" or not scenario.groups:
        yield from ((place, place, value) for place, value in _below(key.split("."), scenario, ()))
        return
    for name, group in scenario.customers:
        own = field in scenario.groups[name].model_fields_set
        yield f"groups.{name}.{field}", f"groups.{name}.{field}" if own else key, getattr(group, field)


def _below(parts: Sequence[str], value: Any, before: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if not parts:
        yield ".".join(before), value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from _below(parts[1:], entry, (*before, name))
    elif isinstance(value, tuple):
        for at, entry in enumerate(value):
            yield from _below(parts[1:], entry, (*before, str(at)))
    else:
        yield from _below(parts[1:], getattr(value, parts[0]), (*before, parts[0]))


def switches(scenario: Scenario) -> dict[str, tuple[str, list[str]]]:
    """Each mechanism: "on", "off" or "in part", and the keys at their off value."""
    states = {}
    for name, offs in mechanisms().items():
        seen = {key: [(place, _is_off(value, off)) for place, _, value in _places(key, scenario)] for key, off in offs.items()}
        at_off = [place for places in seen.values() for place, is_off in places if is_off]
        decisive = [is_off for key in DECISIVE.get(name, offs) for _, is_off in seen[key]]
        states[name] = ("off" if all(decisive) else "in part" if at_off else "on", at_off)
    return states


def _is_off(value: Any, off: Any) -> bool:
    return bool((list(value) if isinstance(value, tuple) else value) == off)


def possible_answers(material: Material) -> set[Answer]:
    """The answers that can occur under the policies of a study; all where settings of policies are varied."""
    everything = any(key.startswith("policy.") for key in material.varied)
    before = [make(scenario.adoption.before) for scenario in material.scenarios.values() if scenario.adoption.day > 0.0]
    return {answer for answer in ANSWERS if everything or any(answer in answers_of(one) for one in [*material.policies, *before])}


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


# -- 2 Logic -------------------------------------------------------------------------------------------------------------


def diagrams(material: Material) -> str:
    """One diagram for all scenarios that have the same."""
    by_text: dict[str, list[str]] = {}
    for name, scenario in material.scenarios.items():
        by_text.setdefault(diagram(scenario, possible_answers(material)), []).append(name)
    drawn = [f"Scenario {named(names)}:\n\n```mermaid\n{text}\n```" for text, names in by_text.items()]
    return "\n\n".join(["The flow as the scenarios stand, with the answers that the policies of this study can give.", *drawn])


def diagram(scenario: Scenario, answers: Set[Answer]) -> str:
    """The flow of work as built, in Mermaid; without what is off in this scenario."""
    on = {name for name, (state, _) in switches(scenario).items() if state != "off"}
    plan, review, team = scenario.project, scenario.review, scenario.team
    people = {name: f"{role.headcount} {name}" for name, role in team.roles.items()}
    built = " --> ".join(f'S{at}["{stage.name} ({people[stage.role]})"]' for at, stage in enumerate(team.workflow))
    proposals = " or ".join(name for name in ("reshape", "counter-propose") if name in answers)
    ideas = "exploration" in on and scenario.innovation.idea_rate > 0.0
    when = f"every {plural(review.cadence, 'day')}" if review.cadence else "each item at once"
    lines: list[tuple[object, str]] = [
        (True, f'R["requests of {", ".join(name for name, _ in scenario.customers)}"] --> W["wait: for a look, or a later day"]'),
        (True, 'W --> J["judged by whom the policy asks"] --> D{"answer (mandatory: accept)"}'),
        ("withdrawal" in on, 'W -- patience ends --> X(["withdrawn"])'),
        ("defer" in answers, "D -- defer --> W"),
        ("decline" in answers, 'D -- decline --> N(["declined"])'),
        ("decline" in answers and "escalation" in on, "N -- comes back louder, at most 3 times --> W"),
        ("prototype" in answers, 'D -- prototype --> T["prototype, built by the role of the first stage"] --> D'),
        (proposals, f'D -- {proposals} --> C{{"does the customer agree?"}} -- yes --> B'),
        ("reshape" in answers, "C -- no to the core only: as asked --> B"),
        ("counter-propose" in answers, "C -- no, or nobody speaks up --> N"),
        (True, 'D -- accept --> B["backlog of each role, by rank"]'),
        (plan.planned_items, f'P["{plan.planned_items} planned items at day 0"] --> B'),
        (ideas, f'I["ideas from exploration"] --> H["hearing {"at the next review" if review.cadence else "at once"}"]'),
        (ideas, "H -- the customer agrees --> B"),
        (True, f'B --> {built} --> V{{"review, {when}"}}'),
        (True, 'V -- passes --> O(["delivered"])'),
        (True, "V -- fails: rework --> B"),
        (True, f'V -- fails more than {plural(review.max_rework, "time")} --> F(["failed"])'),
    ]  # fmt: skip
    return "\n".join(["flowchart TD", *(f"    {line}" for wanted, line in lines if wanted)])


def scenario_logic(material: Material) -> str:
    """Policies, and whatever distinguishes one run from another."""
    lines = [_policy_line(policy) for policy in material.policies]
    head = ("policy", "in words", "looks at requests", "judged by", "authority", "admission", "answers that can occur", "promise",
            "explanation of a no", "next work", "fast lane below")  # fmt: skip
    known = {type(p.admission) for p in material.policies if isinstance(p, PolicyOfParts) and not isinstance(p, Placebo)}
    rules = [f"{code(rule.__name__)}: {plain((rule.__doc__ or 'not described').splitlines()[0])}" for rule in
             sorted(known, key=lambda rule: rule.__name__)]  # fmt: skip
    own = [blank(f"how policy {plain(p.name)}, which is written in Python, decides") for p in material.policies
           if not isinstance(p, PolicyOfParts)]  # fmt: skip
    adopted = [f"In {code(name)}, {code(one.adoption.before)} is in force until day {value_text(one.adoption.day)}, the policy "
               "under study after it." for name, one in material.scenarios.items() if one.adoption.day > 0.0]  # fmt: skip
    return "\n\n".join([
        f"The base case is each scenario as it stands under the reference policy, {code(material.experiment.reference)}. The other "
        "policies run in the same world on the same luck; they differ in these parts and in how they decide:",
        table(head, lines), listed([*rules, QUEUE_RULES]), *own, *adopted,
        "Scenarios differ in their values only (3.3, 3.4); the logic is the same. Design points replace the values under 1.3 (B).",
    ])  # fmt: skip


def _policy_line(policy: Policy) -> list[str]:
    cadence = f"{policy.cadence}" + (f", at most {policy.cadence.at_most}" if policy.cadence.at_most else "")
    parts = policy if isinstance(policy, PolicyOfParts) else None
    admission = plain(repr(parts.admission)) if parts else "Python code"
    if isinstance(policy, Placebo) and policy.reference is not None:
        admission = f"by lot, as often as {code(policy.reference.name)} on the same luck"
    told = _told(policy) or "control" * policy.is_control
    sides = sum((policy.evaluators.customer, policy.evaluators.experts, policy.evaluators.ai))
    possible = ", ".join(answer for answer in ANSWERS if answer in answers_of(policy))
    lane = f"{parts.fast_lane:g} pd" if parts and parts.fast_lane else "none"
    return [code(policy.name), told, cadence, str(policy.evaluators), _weights(policy) if sides > 1 else "–", admission, possible,
            str(policy.promise), f"{policy.explanation:g}", str(policy.queue), lane]  # fmt: skip


def _weights(policy: Policy) -> str:
    """How much each side that is asked weighs."""
    return " : ".join(f"{side} {getattr(policy.authority, side):g}" for side in ("customer", "experts", "ai")
                      if getattr(policy.evaluators, side))  # fmt: skip


def _told(policy: Policy) -> str:
    """What the catalogue says, if the policy is from there."""
    try:
        found = make(policy.name) == policy
    except PolicyError:
        found = False
    return plain((maker(policy.name.partition(":")[0]).__doc__ or "").splitlines()[0]) if found else ""


def resources(material: Material) -> str:
    """People, by scenario."""
    head = ("scenario", "team: people in each role (k€ per day)", "judging roles", "customers: representatives (hours a week each)")
    return table(head, [(
        code(name), ", ".join(f"{plain(role)} {one.headcount} ({one.day_rate:g})" for role, one in scenario.team.roles.items()),
        plain(", ".join(dict.fromkeys(scenario.judges))),
        ", ".join(f"{plain(group)} {one.representatives} ({one.hours_per_week:g})" for group, one in scenario.customers))
        for name, scenario in material.scenarios.items()])  # fmt: skip


def plural(count: float, one: str) -> str:
    """A number of things."""
    return f"{value_text(float(count))} {one}{'' if count == 1 else 's'}"


# -- 3 Data --------------------------------------------------------------------------------------------------------------


def sources(material: Material) -> str:
    """Where the values come from, as far as the program knows."""
    parts = ["Values that a scenario leaves at their defaults have the register's source (`docs/assumptions.md`, `intakelab "
             "assumptions`), which says of each whether it is measured, published, contested, assumed or a fact of the project. "
             "Values of a scenario's own come from:"]  # fmt: skip
    lines = []
    for (name, scenario), source in zip(material.scenarios.items(), material.experiment.scenarios, strict=True):
        told = plain(" ".join(_opening(material.text(f"scenario {source}"))))
        start = told.find("Where the numbers come from")
        said = f"its file says: “{told[max(start, 0):]}”" if told else f"see the comment that opens `scenarios/{source}.toml`"
        if name in material.private:
            said = (said + ". " if told else "") + blank(f"where the values of scenario {plain(name)} come from")
        lines.append(f"{code(name)} ({plain(scenario.title) or 'no title'}): {said}")
    if material.experiment.set:
        lines.append(f"set by the experiment in every scenario, {named(material.experiment.set)}: "
                     + blank("where the values that the experiment sets come from"))  # fmt: skip
    return "\n\n".join([*parts, listed(lines)])


def _opening(text: str) -> list[str]:
    """The comment that opens a file."""
    comment = takewhile(lambda line: line.startswith("#"), text.lstrip().splitlines())
    return [line.lstrip("# ") for line in comment if not line.startswith("#:")]  # "#:" is for the editor


def preprocessing(material: Material) -> str:
    """What was done to data before they became inputs."""
    said = ("No raw data enter a run: the inputs are parameters. The register's measured and published values were fitted or taken "
            "from their sources before, outside this program; each has its source in the register.")  # fmt: skip
    own = material.private or material.experiment.set or material.chosen
    return f"{said} " + (blank("pre-processing of the authors' own data") if own else "This study has no values of its own.")


def parameters(material: Material) -> str:
    """The values in which each scenario differs from the defaults."""
    blocks = ["Values that differ from the defaults. Evidence and source are the register's and speak of the *default*; for the "
              "scenario's own value see 3.1. All other inputs have their defaults (`docs/assumptions.md`). A *pd* is a person-day, "
              "unit *1* a pure number."]  # fmt: skip
    head = ("key", "value", "default", "unit", "set by", "meaning", "evidence of the default", "source of the default")
    for name, scenario in material.scenarios.items():
        lines = [(code(one.key), code(value_text(one.value)) + " (varied, see 1.3)" * one.given_by(material.varied),
                  "–" if one.default is None else code(value_text(one.default)), one.row.unit,
                  "experiment" if one.given_by(material.experiment.set) else "scenario", plain(one.row.meaning),
                  one.row.evidence, plain(one.row.source)) for one in inputs(scenario) if one.changed]  # fmt: skip
        blocks += [f"Scenario {code(name)}:", table(head, lines) if lines else "Nothing differs from the defaults."]
    if material.chosen:
        blocks.append("Ranges and levels of what is varied are under 1.3. " + blank("where these ranges and levels come from"))
    return "\n\n".join(blocks)


def assumptions(material: Material) -> str:
    """What is switched on and off, and how well the inputs are known."""
    switched, counted, notes = [], [], []
    for name, scenario in material.scenarios.items():
        states = switches(scenario)
        partly = [f"{one} ({named(keys)} off)" for one, (state, keys) in states.items() if state == "in part"]
        by_state = {want: ", ".join(one for one, (state, _) in states.items() if state == want) for want in ("on", "off")}
        switched.append((code(name), by_state["on"] or "none", "; ".join(partly) or "none", by_state["off"] or "none"))
        counts = Counter("own" if one.changed else one.row.evidence for one in inputs(scenario))
        counted.append((code(name), *(str(counts[kind]) for kind in (*EVIDENCE, "own")), str(sum(counts.values()))))
        notes += [f"{code(name)} {note}" for note in _without_effect(scenario)]
    register = Counter(one.row.key for one in inputs(Scenario()))
    known = Counter(row.evidence for row in rows() if row.key in register)
    total = ("all in the register", *(str(known[kind]) for kind in EVIDENCE), "–", str(len(register)))
    ai = named(p.name for p in material.policies if p.evaluators.ai)
    return "\n\n".join([
        "Mechanisms switched on and off in each scenario as it stands:",
        table(("scenario", "on", "on in part", "off"), switched),
        f"What is on acts only where something calls for it: ai-effort and automation-bias under policies that ask the AI aid "
        f"({ai}), prototypes and counter-proposals where such an answer can occur (2.3), switching where work is interrupted.",
        *([listed(notes)] if notes else []),
        "How well the inputs are known: those at their defaults by the register's evidence, and those that the scenario (or the "
        "experiment) sets otherwise; each role, stage and customer group counts, names do not:",
        table(("scenario", *EVIDENCE, "set otherwise", "inputs"), [*counted, total]),
        listed(f"{kind}: {what}" for kind, what in EVIDENCE.items()), LEFT_OUT,
        blank("which of these assumptions the conclusions hang on, and why they are acceptable for this question"),
    ])  # fmt: skip


def _without_effect(scenario: Scenario) -> Iterator[str]:
    if scenario.project.deadline == 0.0:
        yield "has no deadline: there is no schedule pressure, so overtime, more defects and less exploration under it never occur"
    if scenario.project.planned_items == 0:
        yield "has no planned scope: the other `project.planned_*` values and `team.ripple` have no effect"


LEFT_OUT = (
    "Simplifications of the model itself: people differ only by role; nobody learns, falls ill, is hired or leaves; requests do "
    "not depend on each other; a customer group has one voice; nothing reduces complexity once it is there; trust has no memory "
    "beyond its level; benefit per person-day does not depend on size; prices are constant.")


# -- what is so in every study -------------------------------------------------------------------------------------------

LOGIC = (
    "A request arrives and waits for a look: at once, or in the next session of the policy. The people whom the policy asks spend"
    " their hours; what they see is an estimate, never the truth (which only the control clairvoyant sees); the policy answers by"
    " it. What law or contract makes mandatory is accepted after the same look. Accepted work is promised for a day (unless the "
    "policy promises nothing), split into parts if it is large, and goes through the stages of the workflow; each stage of a part"
    " is done by one person of its role. Finished work is reviewed with the customer; what fails comes back as rework, and is "
    "given up after more than `review.max_rework` failures. Experiences (a promise kept or missed, a refusal, being heard, a "
    "delivery) move the customer's trust and satisfaction, and advice followed or overruled moves the experts' voice; trust in "
    "turn moves what customers disclose, agree to and escalate. Of all this, what is switched off in a scenario (3.4) does not "
    "happen.")

QUEUE_RULES = (
    "next work: fcfs as admitted; requests-first, planned-first; urgency: what is said to be most urgent; wsjf: cost of delay "
    "divided by duration; interrupting: work that comes first interrupts work that comes later")

ALGORITHMS = listed((
    "requests: rate `request_rate` × profile × (1 + `appetite` × permissiveness), in bunches with the logarithmic distribution, so "
    "that counts at a constant rate are negative binomial with index of dispersion `burstiness`",
    "effort of a request: lognormal; benefit per person-day: `benefit_mean` + `benefit_spread` × Z, merit Z standard normal; "
    "shares such as ambiguity and novelty: Beta with the given mean, of a family with one parameter",
    "what a judge of quality r sees: S = r Z + √(1 − r²) e, errors e of two judges correlated by `error_correlation`; judges are "
    "pooled by authority and `facilitation`, scaled to unit variance (the customer's optimism and the experts' bias aside)",
    "estimates of effort: from ln A = a + b ln E + N(0, σ), in hours",
    "promise: estimate + review cadence, for a forecast also backlog / capacity, times the policy's safety",
    "schedule pressure, weekly: remaining work / (capacity × days to the deadline, at least 10), at most 2",
    "failure at a review: a defect, `defect_rate` × (1 + `pressure_errors` × (pressure − 1) above 1); ambiguity left; drift, "
    "1 − exp(−`drift` × days since the last talk); always if infeasible; at later reviews chances times `repeat_failure`",
    "rework: `rework_share` of the effort; complexity: effort × (1 + `complexity` × delivered additions / 100 pd)",
    "trust T after an experience x: T + rate x (1 − T) for a gain, T + rate `loss_aversion` x T for a loss; satisfaction by "
    "expectation and its disconfirmation",
    "benefit of late work: fades linearly over `benefit_window` (from the deadline, or from the arrival if there is none) and "
    "exponentially by the request's urgency; a loss does not fade",
))

ENTITIES = listed((
    "planned item: effort, novelty, ambiguity",
    "request: group, day of arrival, effort, merit, feasibility, ambiguity, novelty, flexibility, core share, urgency, whether it "
    "is mandatory; and what is estimated and stated of it",
    "idea of the team: effort, worth, novelty",
    "customer group: trust, satisfaction, its picture of how permissive the team is; the experts together: voice",
))

QUEUES = listed((
    "requests that wait for a session: in order of arrival, `at_most` a session if the policy says so; a policy may decide them in "
    "another order (best first). Requesters may give up until somebody has begun to look, unless the request is mandatory",
    "requests put off: until a day, the next session, or the end of the planned scope",
    "one backlog for each role, without limit: sessions and reviews first, then by the rank of the policy's queue rule, then in "
    "the order of admission; rework keeps its item's place. Where the rule interrupts, the person with the worst rank leaves the "
    "work, which goes back to its place; a judgement on demand interrupts work too, a scheduled session does not",
    "one queue for each customer group's representatives: first come, first served, nothing interrupts",
    "finished work that waits for the next review (none if `review.cadence` is 0)",
))

ENTRY_AND_EXIT = listed((
    "in: planned items on day 0; requests as they arrive, until the planned scope is closed (in a stream: until the horizon); "
    "ideas as exploration brings them, as long",
    "out: a request ends as delivered, failed (given up after rework), declined or withdrawn; at the end of the run it may still "
    "be in work or waiting. Every request has exactly one of these fates. A refused requester may come back; an idea that the "
    "customer does not agree to is dropped",
))


def activities(material: Material) -> str:
    """What takes time."""
    head = ("scenario", "stages in order (role, share of an item's effort)", "review", "looking at a request, expert + customer")
    lines = [(
        code(name), " → ".join(f"{plain(one.name)} ({plain(one.role)}, {one.share:g})" for one in scenario.team.workflow),
        f"every {plural(scenario.review.cadence, 'day')}" if scenario.review.cadence else "each item at once",
        f"{scenario.evaluation.expert_hours:g} h + {scenario.evaluation.customer_hours:g} h")
        for name, scenario in material.scenarios.items()]
    return table(head, lines) + (
        "\n\nA stage takes its share of the item's effort, divided by the working speed and by the share of time not kept for "
        "exploration; it scatters only where `team.visit_spread` says so. Sessions, reviews, negotiating, explaining a refusal, "
        "hearing ideas and checking the AI aid take the hours that the scenario gives them (3.3; the defaults are in the "
        "register). A prototype takes `evaluation.prototype_share` of the effort, from one person of the first stage's role.")
