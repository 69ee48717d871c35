"""ACBS: how much of a doubled schedule do ten accepted requests explain?"""

from __future__ import annotations

from sim.model.outcome import Outcome
from sim.policies import make
from sim.runs.simulate import draw, run_policy
from sim.scenario import Scenario
from validation.table import figure, markdown

WEEK = 5.0


def weeks(scenario: Scenario, replications: int, seed: int = 1) -> list[Outcome]:
    """Outcomes of always-accept, which is what was done."""
    policy = make("always-accept")
    return [run_policy(scenario, policy, draw(scenario, seed, r)).outcome for r in range(replications)]


def report(replications: int = 100) -> str:
    """The table of docs/validation.md."""
    scenario = Scenario.load("acbs")
    versions = {
        "no requests at all": scenario.with_values({"customer.request_rate": 0.0}),
        "the ten requests": scenario,
        "the same, no rework, no friction": scenario.off().with_values(
            {"customer.effort_sigma": scenario.customer.effort_sigma, "project.planned_sigma": scenario.project.planned_sigma}),
    }
    rows = []
    for name, version in versions.items():
        runs = weeks(version, replications)
        rows.append([
            name, figure([run["requests"] for run in runs]),
            figure([100 * run["scope_growth"] for run in runs], 0), figure([run["finish"] / WEEK for run in runs]),
        ])
    rows.append(["reported", "10", "24 (effort), 32 (lines)", "65"])
    return markdown(["always-accept", "requests", "scope growth, %", "weeks"], rows)
