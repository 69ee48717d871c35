"""Who makes the text of what: registered here, so that things far below can show themselves (see `sim.show`)."""

from __future__ import annotations

from sim import show
from sim.decide.worth import Worth
from sim.report.comparison_text import as_html, as_text, sentences
from sim.report.findings_text import report_text
from sim.report.notebook import run_html, scenario_html, study_html
from sim.report.verdict_table import verdicts_html, verdicts_text
from sim.report.verdict_words import in_plain_words
from sim.report.worth_text import worth_text
from sim.runs.simulate import Run
from sim.scenario import Scenario
from sim.study.comparison import Comparison
from sim.study.findings import Findings
from sim.study.study import Study
from sim.study.verdict import Verdict, Verdicts

show.text.register(Comparison, as_text)
show.text.register(Findings, report_text)
show.text.register(Verdict, lambda verdict, *_: in_plain_words(verdict))
show.text.register(Verdicts, lambda verdicts, *_: verdicts_text(verdicts))
show.text.register(Worth, worth_text)
show.html.register(Comparison, as_html)
show.html.register(Scenario, scenario_html)
show.html.register(Run, run_html)
show.html.register(Study, study_html)
show.html.register(Verdicts, verdicts_html)
show.sentences.register(Comparison, sentences)
