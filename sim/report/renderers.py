"""Who makes the text of what: registered here, so that things far below can show themselves (see `sim.show`)."""

from __future__ import annotations

from typing import Any

from sim import show
from sim.report.comparison_table import as_html, as_text
from sim.report.comparison_words import sentences
from sim.report.findings_text import report_text
from sim.report.notebook import run_html, scenario_html, study_html
from sim.report.verdict_table import verdicts_html, verdicts_text
from sim.report.verdict_words import in_plain_words
from sim.runs.simulate import Run
from sim.scenario import Scenario
from sim.study.comparison import Comparison
from sim.study.findings import Findings
from sim.study.study import Study
from sim.study.verdict import Verdict, Verdicts


@show.text.register
def _(comparison: Comparison, width: int = 100, **how: Any) -> str:
    return as_text(comparison, width, **how)


@show.html.register
def _(comparison: Comparison) -> str:
    return as_html(comparison)


@show.html.register
def _(scenario: Scenario) -> str:
    return scenario_html(scenario)


@show.html.register
def _(run: Run) -> str:
    return run_html(run)


@show.sentences.register
def _(comparison: Comparison) -> tuple[str, ...]:
    return sentences(comparison)


@show.text.register
def _(found: Findings, width: int = 100) -> str:
    return report_text(found, width)


@show.text.register
def _(verdict: Verdict, width: int = 100) -> str:
    return in_plain_words(verdict)


@show.text.register
def _(verdicts: Verdicts, width: int = 100) -> str:
    return verdicts_text(verdicts)


@show.html.register
def _(study: Study) -> str:
    return study_html(study)


@show.html.register
def _(verdicts: Verdicts) -> str:
    return verdicts_html(verdicts)
