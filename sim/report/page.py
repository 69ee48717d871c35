"""From evidence to one HTML page that needs nothing else: no network, no script."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.design.point import base_value
from sim.report.answer import answer
from sim.report.comparison_table import cut_off
from sim.report.decision_text import box, curve, forecast_words, monday, traced
from sim.report.describe import policy_sentence
from sim.report.levers import RANGE
from sim.report.measure_names import in_unit
from sim.report.numbers import three
from sim.report.page_tables import ranked, tables
from sim.report.phrases import key_in_words
from sim.report.pictures import pictures
from sim.report.templates import html_page
from sim.report.typical import lost_day
from sim.scenario.register import EVIDENCE, rows, rules
from sim.version import __version__

if TYPE_CHECKING:
    from sim.report.gathered import Evidence
    from sim.report.pictures import Picture
    from sim.runs.simulate import Run


SIMPLIFIED = ("team.roles.NAME.headcount", "customer.request_rate", "merit-spread")
"""Rules whose simplifications concern every project; those of what was moved are in a table."""


def render(evidence: Evidence) -> str:
    """The page as HTML; every text is escaped, whatever file it came from."""
    scenario, choice, found = evidence.scenario, evidence.choice, evidence.comparison
    return html_page(
        "template.html.j2", title=scenario.title or scenario.name, scenario=scenario, answer=answer(evidence), choice=choice,
        found=found, pictures=pictures(evidence), tables=tables(evidence), stories=evidence.stories, pair=evidence.pair,
        creep=[creep(run) for run in (evidence.pair.rival, evidence.pair.best)], policies=policy_sentences(evidence),
        counts=evidence_counts(), kinds=EVIDENCE, limits=limits(evidence), version=__version__, digest=scenario.digest(),
        command=evidence.command, per_end=evidence.per_end, range=RANGE, svg=_inline, is_stream=evidence.is_stream,
        fitted=fitted_values(evidence), box=box(evidence), monday=monday(evidence), forecast=forecast_words(evidence),
        warnings=evidence.about.warnings, traced=traced(evidence), curve=curve(evidence), day=evidence.about.day,
        spent=spent(evidence))


def _inline(picture: Picture) -> Markup:
    """SVG that matplotlib has written (and escaped); nothing else may go onto the page unescaped."""
    return Markup(picture.svg())


def spent(evidence: Evidence) -> str:
    """What was run for the page."""
    found, tuned = evidence.comparison, evidence.tuned
    said = [f"{found.replications} lives under each of {len(found.names)} policies",
            f"{2 * evidence.per_end} at both ends of each of {len(evidence.levers)} assumptions, under two policies"]
    if tuned is not None:
        said.insert(0, f"{sum(tuned.runs.values())} to search, choose and report settings")
    if evidence.doubt is not None:
        said.append(f"{evidence.doubt_runs} with other values of what was fitted, under two policies")
    return f"Simulated lives of the project: {'; '.join(said)}."


def policy_sentences(evidence: Evidence) -> list[tuple[str, str]]:
    """What each policy is, in the sentence of its own."""
    policies = {policy.name: policy for policy in evidence.comparison.policies}
    return [(name, policy_sentence(policies[name]) or "A policy of your own.") for name in ranked(evidence)]


def creep(run: Run) -> str:
    """One run of the typical replication in a sentence."""
    line = run.timeline
    planned, added = float(line["planned_scope"].iloc[-1]), float(line["added_scope"].iloc[-1])
    words = f"{run.policy.name}: {three(added)} person-days were added"
    words += f" to {three(planned)} planned ({three(100 * added / planned)}%)" if planned else ""
    terms = run.scenario.project
    if planned and terms.deadline:
        delay = run.outcome["delay"]
        bound = "at least " if run.ledger.planned_finish < 0.0 else ""
        words += f"; the planned scope was done {bound}{three(abs(delay))} days {'after' if delay > 0 else 'before'} the deadline"
        lost = lost_day(run)
        if lost is not None:
            words += (f". From day {lost:.0f} on, what had been admitted no longer fitted before the deadline, even with everybody "
                      "at work on nothing else")
    return words + "."


def evidence_counts() -> list[tuple[str, int, str]]:
    """How many values of a scenario are measured, published, assumed."""
    counts = Counter(row.evidence for row in rows())
    return [(kind, counts[kind], what) for kind, what in EVIDENCE.items()]


def fitted_values(evidence: Evidence) -> str:
    """What was measured on the project itself, with its values; "" where nothing was."""
    units = {row.key: row.unit for row in rows()}
    told = []
    for key in evidence.fitted:
        value = three(float(base_value(key, evidence.scenario)))
        told.append(f"{key_in_words(key)} {in_unit(value, units.get(key, '1'))}")
    return ", ".join(told)


def limits(evidence: Evidence) -> list[str]:
    """What a reader must know before he quotes a number."""
    found, choice = evidence.comparison, evidence.choice
    said = [
        "It compares policies; it does not forecast this project to the day. Money is only as good as the rates in the scenario.",
        "Trust, satisfaction and innovation have no measured magnitudes: read their direction, not their size.",
        f"{'; '.join(rules()[name].left_out for name in SIMPLIFIED).capitalize()}.",
        f"Intervals tell the luck of {found.replications} simulated lives, not whether the assumptions are right. They hold "
        "together for all pairs of policies, but measure by measure; single levels are not corrected.",
        f"Assumptions were moved one at a time ({RANGE}), with {evidence.per_end} replications at each end, only for "
        f"{choice.rival} against {choice.best}; two that move together may do what neither does alone.",
    ]
    if evidence.fitted:
        said.append("Values that were fitted are only as sure as the data: intakelab compare --input-uncertainty tells how much "
                    "of what is not known comes from that.")
    cut = {name: max(cut_off(found, name, "cost"), cut_off(found, name, "delay")) for name in found.names}
    late = [f"{name} {three(100 * share)}%" for name, share in cut.items() if share]
    if late and not evidence.is_stream:
        day = three(evidence.scenario.project.horizon)
        said.append(f"Not done by day {day}, when the simulation stops looking: {', '.join(late)} "
                    "of the runs; their delay and cost are at least what is shown, their net benefit at most.")
    if len(found.failures):
        said.append(f"{len(found.failures)} runs failed and are left out.")
    return said
