"""docs/validation.md: the text around tables that are computed when it is written."""

from __future__ import annotations

import math
from pathlib import Path

from validation import acbs, cost_value, directions, xit

TEMPLATE = Path(__file__).with_name("template.md")
"""The text; its sentences about numbers were written with these tables before the eyes, and tests/validation/ holds them to it."""


def document(replications: int = 60) -> str:
    """The whole document, computed now.

    Parameters
    ----------
    replications
        Replications of each simulated case.
    """
    from sim.scenario import Scenario

    before = Scenario.load("xit-before")
    median, sigma = before.customer.effort_median, before.customer.effort_sigma
    many = 2 * replications
    return TEMPLATE.read_text(encoding="utf-8").format(
        replications=replications, many=many, switch=before.team.switch_cost, median=median,
        mean=median * math.exp(0.5 * sigma * sigma), xit=xit.report(replications), acbs=acbs.report(many),
        cost_value=cost_value.report(1000 if replications >= 30 else 50),
        overload=directions.table(directions.overload(replications)),
        feedback=directions.table(directions.feedback(replications)),
        requirements_work=directions.table(directions.requirements_work(replications)),
        late_staff=directions.table(directions.late_staff(replications)),
        last_tenth=directions.table(directions.last_tenth(replications)),
        calm_water=directions.table(directions.calm_water(replications)),
    )
