"""The STRESS-DES checklist of a study: a template, filled in from what was asked, the register, and the manifest of the results.

Monks, Currie, Onggo, Robinson, Kunc, Taylor (2019), "Strengthening the reporting of empirical simulation studies: Introducing
the STRESS guidelines", Journal of Simulation 13(1), 55-67. What no program can know is left to the authors, marked and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.model.outcome import METRICS
from sim.policies.policy import Policy
from sim.report.phrases import plural
from sim.report.stress_facts import StudyFacts
from sim.report.templates import markdown_page
from sim.scenario import Scenario
from sim.scenario.register import EVIDENCE, rules
from sim.study.experiment import Experiment

if TYPE_CHECKING:
    import pandas as pd

MARK = "**[to be filled in by the authors:"


def stress_report(
    experiment: Experiment, scenarios: Mapping[str, Scenario], policies: Sequence[Policy], points: pd.DataFrame,
    manifest: Mapping[str, Any], replications: Mapping[int, int],
) -> str:
    """The STRESS-DES checklist of a study, in Markdown.

    Parameters
    ----------
    scenarios
        By name, with the experiment's own settings, in the order of the experiment.
    points
        The design: point, scenario, label and one column a dotted key.
    replications
        By design point.

    Returns
    -------
    str
        All items; what only the authors know is marked ``**[to be filled in by the authors: ...]**``, and counted at the end.
    """
    study = StudyFacts(experiment, scenarios, policies, points, manifest, replications)
    report = markdown_page(
        "stress.md.j2", study=study, asked=experiment, rules=rules(), evidence=EVIDENCE, metrics=METRICS, plural=plural)
    return f"{report}\n\n---\n\nTo be filled in by the authors: {plural(report.count(MARK), 'place')}, each marked in bold.\n"
