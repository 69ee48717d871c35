"""What a scenario, a run, a study and its verdicts show in a notebook: a heading, a sentence, a table. Every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from sim.errors import ResultsError
from sim.model.outcome import METRICS
from sim.report.assumptions_text import values
from sim.report.describe import describe_scenario
from sim.report.numbers import three
from sim.report.verdict_table import HEAD, cells
from sim.scenario.register import rows
from sim.toml.shown import shown

if TYPE_CHECKING:
    from sim.runs.simulate import Run
    from sim.scenario import Scenario
    from sim.study.study import Study
    from sim.study.verdict import Verdicts


def scenario_html(scenario: Scenario) -> str:
    """What the project is, and every value that is otherwise than by default."""
    said = [
        (key, shown(value), shown(row.default), row.unit, row.meaning)
        for row in rows() if row.default is not None for key, value in values(scenario, row.key) if value != row.default]
    told = _table(("key", "value", "default", "unit", "meaning"), said)
    return f"<p><b>{escape(scenario.title or scenario.name)}</b></p><p>{escape(describe_scenario(scenario))}</p>{told}"


def run_html(run: Run) -> str:
    """What the run was made of, and its measures."""
    made_of = f"{run.scenario.name} · {run.policy.name} · seed {run.seed} · replication {run.replication}"
    measured = [(name, three(run.outcome[name]), metric.unit, metric.meaning) for name, metric in METRICS.items()]
    return f"<p><b>{escape(made_of)}</b></p>{_table(('measure', 'value', 'unit', 'meaning'), measured)}"


def study_html(study: Study) -> str:
    """What was asked, how much was run, and the verdicts where there are some."""
    counted = f"{sum(study.folder.done.values())} replications at {len(study.points)} design points"
    asked = f"<p><b>{escape(study.experiment.question)}</b></p><p>{escape(study.folder.path.name)} · {counted}</p>"
    try:
        return asked + verdicts_html(study.verdicts)
    except ResultsError as unfinished:
        return f"{asked}<p>{escape(str(unfinished))}</p>"


def verdicts_html(verdicts: Verdicts) -> str:
    """One line a hypothesis."""
    where = {"boundary": ", where the claim should fail", "claim": ""}
    return _table(HEAD, ((f"{one.hypothesis}{where[one.about]}: {one.statement} ({one.compared})", one.ruling, *cells(one))
                         for one in verdicts))  # fmt: skip


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f'<tr><th style="text-align:left">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in lines)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
