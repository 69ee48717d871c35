"""The STRESS-DES checklist of a study, filled in from what was asked, the model, and the manifest of the results.

Monks, Currie, Onggo, Robinson, Kunc, Taylor (2019), "Strengthening the reporting of empirical simulation studies: Introducing
the STRESS guidelines", Journal of Simulation 13(1), 55-67. What no program can know is left to the authors, marked and counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

from sim.model.outcome import METRICS
from sim.policies.policy import Policy
from sim.report import stress_items as items
from sim.report.stress_items import Material, blank, code, listed, named, plain, plural, table, value_text
from sim.scenario import Scenario
from sim.study.experiment import Experiment, FactorTable, HypothesisTable

if TYPE_CHECKING:
    import pandas as pd

MARK = "**[to be filled in by the authors:"
MOST_VALUES, MOST_LABELS = 12, 60  # of a factor, of design points; more are summed up


def stress_report(
    experiment: Experiment, scenarios: Mapping[str, Scenario], policies: Sequence[Policy], points: pd.DataFrame,
    manifest: Mapping[str, Any], replications: Mapping[int, int],
) -> str:  # fmt: skip
    """The STRESS-DES checklist of a study, in Markdown.

    Parameters
    ----------
    experiment
        What was asked.
    scenarios
        By name, with the experiment's own settings, in the order of the experiment.
    policies, points
        All policies that run; the design: point, scenario, label and one column a dotted key.
    manifest, replications
        Of the results folder (see `sim.runs.results_folder`); as many replications as there are, by design point.

    Returns
    -------
    str
        All items; what only the authors know is marked ``**[to be filled in by the authors: ...]**``, and counted at the end.
    """
    material = Material(experiment, scenarios, policies, points, manifest, replications)
    opening = (
        f"# STRESS-DES: {plain(experiment.name)}\n\nThe checklist of Monks et al. (2019), *Strengthening the reporting of "
        "empirical simulation studies*, Journal of Simulation 13(1), for discrete-event simulation. Written by the program from "
        "the experiment, the model and the manifest of the results. `docs/model.md` has the model in full.")
    report = "\n\n".join([opening, *_sections(material)])
    return f"{report}\n\n---\n\nTo be filled in by the authors: {plural(report.count(MARK), 'place')}, each marked in bold.\n"


def _sections(material: Material) -> Iterator[str]:
    sections: dict[str, dict[str, str]] = {
        "1 Objectives": {
            "1.1 Purpose of the model": _purpose(material), "1.2 Model outputs": _outputs(material),
            "1.3 Experimentation aims": _aims(material)},
        "2 Logic": {
            "2.1 Base model overview diagram": items.diagrams(material), "2.2 Base model logic": items.LOGIC,
            "2.3 Scenario logic": items.scenario_logic(material), "2.4 Algorithms": items.ALGORITHMS,
            "2.5.1 Components: entities": items.ENTITIES, "2.5.2 Components: activities": items.activities(material),
            "2.5.3 Components: resources": items.resources(material), "2.5.4 Components: queues": items.QUEUES,
            "2.5.5 Components: entry and exit points": items.ENTRY_AND_EXIT},
        "3 Data": {
            "3.1 Data sources": items.sources(material), "3.2 Pre-processing": items.preprocessing(material),
            "3.3 Input parameters": items.parameters(material), "3.4 Assumptions": items.assumptions(material)},
        "4 Experimentation": {
            "4.1 Initialisation": _initialisation(material), "4.2 Run length": _run_length(material),
            "4.3 Estimation approach": _estimation(material)},
        "5 Implementation": {
            "5.1 Software or programming language": _software(material), "5.2 Random sampling": _sampling(material),
            "5.3 Model execution": _execution(material), "5.4 System specification": _system(material)},
        "6 Code access": {"6.1 Computer model sharing statement": _sharing(material)},
    }  # fmt: skip
    for title, entries in sections.items():
        yield f"## {title}"
        yield from (f"### {item}\n\n{text}" for item, text in entries.items())


# -- 1 Objectives --------------------------------------------------------------------------------------------------------


def _purpose(material: Material) -> str:
    return "\n\n".join([
        "The model compares policies of answering customer requests in a project: who answers, when, on whose judgement, and how. "
        "It shows what each does to delay, cost, benefit, innovation and the relationship with the customer, for the same "
        "customers on the same luck. It does not forecast one particular project. A policy only decides, on what its evaluators "
        "can see; it touches no outcome.", f"The question of this study: “{plain(material.experiment.question)}”",
        blank("background, why the study was commissioned, its stakeholders, and the decision that it is to inform")])


def _outputs(material: Material) -> str:
    lines = [(code(name), METRICS[name].unit, METRICS[name].better or "neither", plain(METRICS[name].meaning))
             for name in _metrics(material.experiment)]  # fmt: skip
    return "\n\n".join([
        table(("measure", "unit", "better", "meaning"), lines),
        "Each is calculated once, at the end of a run, from the run's ledger of items, requests and people's time; levels such as "
        "trust are averaged over time. A measure without a meaning in a run (a delay without a deadline) is no number and is left "
        "out. Waits count all requests: those still open count up to the end of the run. Intervals: see 4.3."])  # fmt: skip


def _metrics(experiment: Experiment) -> list[str]:
    precision = experiment.precision
    claimed, shown = [one.metric for one in experiment.hypotheses], [metric for _, metric in experiment.analysis.metrics()]
    return list(dict.fromkeys([*experiment.metrics, *claimed, *precision.half_width, *precision.relative, *shown]))


def _aims(material: Material) -> str:
    asked = material.experiment
    expected = [f"Expected, and where it should fail: “{plain(asked.expectation)}”"] if asked.expectation.strip() else []
    titles = [f"{code(name)}: {plain(one.title) or 'no title'}" for name, one in material.scenarios.items()]
    selected = ", ".join(f"{code(one.metric)} (indifference {one.indifference:g}, confidence {one.confidence:g})"
                         for one in asked.analysis.select)  # fmt: skip
    return "\n\n".join([
        *expected, "(A) Scenarios:", listed(titles),
        f"Policies: {named(policy.name for policy in material.policies)}; reference: {code(asked.reference)} (2.3).",
        blank("why these scenarios and these policies"), _design(material), _hypotheses(asked),
        f"(C) Selection of the best by the procedure KN of Kim and Nelson (2001), by {selected}." if selected
        else "(C) Nothing is optimised."])  # fmt: skip


def _design(material: Material) -> str:
    design, points = material.experiment.design, material.points
    labels = list(dict.fromkeys(str(label) for label in points.get("label", []) if label))
    more = f" and {len(labels) - MOST_LABELS} more" if len(labels) > MOST_LABELS else ""
    counted = f"{plural(len(points), 'design point')} over {plural(len(material.scenarios), 'scenario')}"
    said = f"(B) Design: {code(design.kind)}, {counted}"
    said += f", sampled with seed {design.drawn}" * (design.drawn is not None)
    said += f": {', '.join(map(plain, labels[:MOST_LABELS]))}{more}." if labels and design.drawn is None else "."
    if not material.varied:
        return f"{said} No value is varied within a scenario."
    inputs = [one for scenario in material.scenarios.values() for one in items.inputs(scenario)]
    units = {key: one.row.unit for one in inputs for key in (one.key, one.row.key)}
    lines = [(code(key), units.get(key, "–"), _range(key, material.experiment.factors), _seen(points[key]))
             for key in material.varied]  # fmt: skip
    return f"{said}\n\n{table(('varied', 'unit', 'asked', 'values at the design points'), lines)}"


def _range(key: str, factors: Sequence[FactorTable]) -> str:
    """What the experiment asks of a key."""
    for factor in factors:
        keys = (factor.key,) if isinstance(factor.key, str) else factor.key
        if key in keys:
            ends = [end[keys.index(key)] if isinstance(end, tuple) else end for end in (factor.low, factor.high)]
            return "levels" if factor.levels else f"{value_text(ends[0])} to {value_text(ends[1])}, {factor.scale}"
    return "by the design"


def _seen(column: pd.Series) -> str:
    values = list({value_text(value): value for value in column}.values())
    if len(values) <= MOST_VALUES or not all(isinstance(value, Real) for value in values):
        return ", ".join(code(value_text(value)) for value in values)
    return f"{len(values)} values from {value_text(min(values))} to {value_text(max(values))}"


def _hypotheses(experiment: Experiment) -> str:
    if not experiment.hypotheses:
        return "No hypothesis was declared: the study is exploratory."
    head = ("hypothesis", "statement", "measure", "claimed", "smallest effect or margin", "where")
    lines = [(
        plain(one.name), plain(one.statement), code(one.metric),
        f"{one.kind}: {code(one.policy)}" + (f" against {code(one.against)}" if one.against else "")
        + (f" from low to high {code(one.factor)}" if one.factor else ""),
        value_text(one.margin if one.margin is not None else one.smallest_effect) + " of the reference's mean" * one.relative,
        _where(one)) for one in experiment.hypotheses]
    return f"Hypotheses, declared in the experiment file:\n\n{table(head, lines)}"


def _where(one: HypothesisTable) -> str:
    limits = [f"{code(at.factor)} from {at.low:g} to {at.high:g}" for at in one.region]
    places = [*map(code, one.scenarios), *limits, *map(plain, one.points)]
    return (", ".join(places) or "everywhere") + "; where the claim should fail" * (one.about == "boundary")


# -- 4 Experimentation --------------------------------------------------------------------------------------------------


def _initialisation(material: Material) -> str:
    lines = [(code(name), str(one.project.planned_items), f"{one.relationship.trust_start:g}",
              f"{one.relationship.satisfaction_start:g}", f"{one.relationship.voice_start:g}",
              plural(one.project.warm_up, "day") if one.project.warm_up else "none")
             for name, one in material.scenarios.items()]  # fmt: skip
    warm = any(one.project.warm_up > 0.0 for one in material.scenarios.values()) or "project.warm_up" in material.varied
    cut = ("What arrives before the end of warm-up is worked on, but not counted in measures of requests and benefit; throughput "
           "counts what is delivered after it; cost, people's time, trust, satisfaction and voice are of the whole run.")
    return "\n\n".join([
        "A run starts on day 0 with all people idle, no request made, and the planned items, if any, in the backlog. Customers see "
        "the team as neither strict nor permissive (1/2).",
        table(("scenario", "planned items", "trust_start", "satisfaction_start", "voice_start", "warm-up"), lines),
        f"{cut} {blank('how the length of the warm-up was chosen')}" if warm else "Nothing is cut off at the start."])


def _run_length(material: Material) -> str:
    total, each = sum(material.replications.values()), len(material.policies)
    return "\n\n".join([
        "Time is in working days of 8 hours (5 a week, 21 a month, 65 a quarter), continuous.",
        listed(f"{code(name)}: {_end(scenario)}" for name, scenario in material.scenarios.items()),
        "A project that is not done at the horizon, or that the customer left, is censored: it is counted as such, and its delay "
        f"is at least what is reported.\n\n{plural(len(material.replications), 'design point')}, {plural(total, 'replication')} "
        f"in all; each replication runs the policies of its design point, at most {each} of them: up to {total * each} runs. Runs "
        "that raised an error are in `failures.csv`."])


def _end(scenario: Scenario) -> str:
    """When a run ends."""
    plan = scenario.project
    done = "terminating, ends when the planned scope is closed and nothing asked or admitted is open, at the latest on"
    said = f"{done if plan.planned_items else 'a stream, ends on'} day {value_text(plan.horizon)}"
    walks = "; earlier if the customer walks away" * (scenario.relationship.walk_away > 0.0)
    return said + walks + (f"; deadline: day {value_text(plan.deadline)}" if plan.deadline else "; no deadline")


def _estimation(material: Material) -> str:
    asked, counts = material.experiment.precision, list(material.replications.values()) or [0]
    ran = str(counts[0]) if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
    rule = f"Asked for is a fixed number of {plural(asked.replications, 'replication')} at each design point."
    if asked.sequential:
        widths = [*(f"{code(name)} {value_text(w)} {METRICS[name].unit}" for name, w in asked.half_width.items()),
                  *(f"{code(name)} {value_text(w)} of the reference's mean" for name, w in asked.relative.items())]  # fmt: skip
        rule = (f"Asked for is sequential precision: after {asked.replications} replications at each design point more are "
                f"added, in multiples of {asked.batch} and up to {asked.budget}, until the half-widths of the 95% intervals of the "
                f"paired differences to the reference are at most {', '.join(widths)}. Stopping by the data makes intervals cover "
                "a little less than they say.")  # fmt: skip
    return "\n\n".join([
        f"The model is stochastic. {rule} Run at each design point: {ran} replications (`--quick` or `--replications` may have "
        "set another number or switched half-widths off; the commands are under 5.4).",
        blank("why this number of replications, or these half-widths, are enough"),
        "Common random numbers: within a replication all policies and all design points have the same luck, so they are compared "
        "by differences paired by replication.",
        "Multiplicity: verdicts on hypotheses are read off t-intervals that hold for all hypotheses together with 95% (Holm's "
        "procedure, with the simultaneous limits of Strassburger and Bretz 2008). In tables of differences to the reference, the "
        "intervals of one measure in one scenario hold together with 95%: by max-t over resampled replications (Romano and Wolf "
        "2005), below 20 replications by Bonferroni; at single design points by Bonferroni over policies. Design points are "
        "averaged with equal weight within a replication before replications are. Whatever is not a hypothesis is exploratory."])


# -- 5 Implementation, 6 Code access -------------------------------------------------------------------------------------


def _software(material: Material) -> str:
    found = [(str(one.get("platform")), _versions(one.get("versions") or {})) for one in material.sessions]
    engine = material.manifest.get("origin", {}).get("engine", {})
    return "\n\n".join([
        "Python with SimPy; the package is `intakelab`.", table(("platform", "versions"), dict.fromkeys(found)),
        f"Results of different versions of these are never mixed: {_versions(engine)}."])


def _versions(found: Mapping[str, Any]) -> str:
    return plain(", ".join(f"{name} {version}" for name, version in found.items() if version)) or "not kept"


def _sampling(material: Material) -> str:
    seed = material.manifest.get("origin", {}).get("seed", material.experiment.seed)
    return (f"Seed: {seed}. Replications are numbered from 0. Each purpose (the merit of the requests of a group, the defects at "
            "first reviews, ...) has a stream of its own: numpy's PCG64, seeded by SeedSequence from the seed, the replication and "
            "a BLAKE2b hash of the purpose; within a stream a number belongs to the position of its request, item or idea. "
            "Standard uniform, normal and exponential numbers are numpy's; requests, items and ideas are transformations of them "
            "in closed form (2.4). Arrivals at rates that depend on the state are thinned from candidates at the largest rate. "
            "Neither the order of events nor the policy nor the process changes which number belongs to what.")  # fmt: skip


def _execution(material: Material) -> str:
    executors = dict.fromkeys(str(one.get("executor")) for one in material.sessions)
    return ("Next-event time advance, by SimPy's processes and events. Events at the same time happen in the order of SimPy's "
            "priorities, then in the order in which they were scheduled. Replications do not depend on each other and may run side "
            f"by side. Where they ran: {plain(', '.join(executors)) or 'not known'}.")  # fmt: skip


def _system(material: Material) -> str:
    head = ("started (UTC)", "seconds", "replications", "ending", "executor", "platform", "command")
    told = ("started", "seconds", "replications", "ending", "executor", "platform")
    lines = [[*("not ended" if one.get(key) is None else plain(str(one[key])) for key in told), code(one.get("command", ""))]
             for one in material.sessions]  # fmt: skip
    seconds = sum(one.get("seconds") or 0.0 for one in material.sessions)
    return "\n\n".join([
        table(head, lines), f"In all {seconds:.1f} seconds in sessions that have ended; a session without an end was killed, or "
        "was going on when this was written.", blank("processor and memory of the machines")])


def _sharing(material: Material) -> str:
    origin = material.manifest.get("origin", {})
    hashes = [("experiment", origin.get("experiment")), ("design points", origin.get("points")),
              *((f"scenario {name}", one) for name, one in origin.get("scenarios", {}).items()),
              *((f"policy {name}", one) for name, one in origin.get("policies", {}).items()),
              ("source of the model", origin.get("model")), ("all of it", material.manifest.get("origin_digest"))]  # fmt: skip
    return "\n\n".join([
        "The simulator is the Python package `intakelab`, under the MIT licence. The results folder has the texts of the "
        "experiment and its scenarios (in `manifest.json`), the design points and every outcome; `intakelab verify` runs sampled "
        "replications again and compares them to the last bit. SHA-256:",
        table(("what", "hash"), [(plain(what), code(one)) for what, one in hashes if one]),
        blank("where this version of the simulator, the results and the study's own scripts are shared, with DOI and licence")])
