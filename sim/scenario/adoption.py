"""A change of policy: `[adoption]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.assumption import OURS, PROJECT, Frozen, Name, assumption


class Adoption(Frozen):
    """A change of policy in the middle of the project."""

    day: float = assumption(
        0.0, "day on which the policy under study is adopted; 0: from the start", unit="days", low=0, high=100_000, off=0.0,
        mechanism="adoption",
        source=PROJECT, evidence="project")
    before: Name = Field(
        default="always-accept", description="name of the policy in force before that day",
        json_schema_extra={"unit": "policy", "source": PROJECT, "evidence": "project"})
    learning_days: float = assumption(
        0.0, "days after adoption in which sessions still cost more", unit="days", low=0, high=10_000, off=0.0,
        mechanism="adoption", source=OURS)
    learning_cost: float = assumption(
        0.5, "by how much sessions cost more on the first day, falling linearly", unit="1", low=0, high=10, off=0.0,
        mechanism="adoption", source=OURS)
