"""What a scenario and a run show in a notebook: a heading, one sentence, a table. Every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from sim.model.outcome import METRICS
from sim.report.assumptions_text import values
from sim.report.describe import describe_scenario
from sim.report.numbers import three
from sim.scenario.register import rows
from sim.toml.shown import shown

if TYPE_CHECKING:
    from sim.runs.simulate import Run
    from sim.scenario import Scenario


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


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f'<tr><th style="text-align:left">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in lines)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
