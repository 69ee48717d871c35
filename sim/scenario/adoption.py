"""A change of policy: `[adoption]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import OURS, PROJECT, Frozen, Name, assumption


class Adoption(Frozen):
    """A change of policy in the middle of the project."""

    day: float = assumption(
        0.0, "day on which the policy under study is adopted; 0: from the start", unit="days", low=0, high=100_000, off=0.0,
        mechanism="adoption",
        equation="`before` answers until `day`; what waits for its session or was put off then goes through the new policy's "
        "door, and all open work goes by its queue; "
        "looks and sessions cost 1 + `learning_cost` × (1 − days since / `learning_days`) times as much for `learning_days`",
        left_out="nobody resists the change",
        source=PROJECT, evidence="project")
    before: Name = assumption(
        "always-accept", "name of the policy in force before that day", unit="policy", source=PROJECT, evidence="project")
    learning_days: float = assumption(
        0.0, "days after adoption in which sessions still cost more", unit="days", low=0, high=10_000, off=0.0,
        mechanism="adoption", source=OURS)
    learning_cost: float = assumption(
        0.5, "by how much sessions cost more on the first day, falling linearly", unit="1", low=0, high=10, off=0.0,
        mechanism="adoption", alone=False, source=OURS)
