"""What a scenario, a run, a study and its verdicts show in a notebook: a heading, a sentence, a table. Every text is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.errors import ResultsError
from sim.model.outcome import METRICS
from sim.report.assumptions_text import values
from sim.report.describe import describe_scenario
from sim.report.html_table import html_table
from sim.report.numbers import three
from sim.report.verdict_table import verdicts_html
from sim.scenario.register import rows
from sim.toml.shown import shown

if TYPE_CHECKING:
    from sim.runs.simulate import Run
    from sim.scenario import Scenario
    from sim.study.study import Study


def scenario_html(scenario: Scenario) -> str:
    """What the project is, and every value that is otherwise than by default."""
    said = [
        (key, shown(value), shown(row.default), row.unit, row.meaning)
        for row in rows() if row.default is not None for key, value in values(scenario, row.key) if value != row.default]
    head = Markup("<p><b>{}</b></p><p>{}</p>").format(scenario.title or scenario.name, describe_scenario(scenario))
    return head + html_table(("key", "value", "default", "unit", "meaning"), said)


def run_html(run: Run) -> str:
    """What the run was made of, and its measures."""
    made_of = f"{run.scenario.name} · {run.policy.name} · seed {run.seed} · replication {run.replication}"
    measured = [(name, three(run.outcome[name]), metric.unit, metric.meaning) for name, metric in METRICS.items()]
    return Markup("<p><b>{}</b></p>").format(made_of) + html_table(("measure", "value", "unit", "meaning"), measured)


def study_html(study: Study) -> str:
    """What was asked, how much was run, and the verdicts where there are some."""
    counted = f"{sum(study.folder.done.values())} replications at {len(study.points)} design points"
    asked = Markup("<p><b>{}</b></p><p>{} · {}</p>").format(study.experiment.question, study.folder.path.name, counted)
    try:
        return asked + Markup(verdicts_html(study.verdicts))
    except ResultsError as unfinished:
        return asked + Markup("<p>{}</p>").format(unfinished)
