"""Directions that the literature reports: does the model show them?"""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.outcome import METRICS
from sim.policies import make
from sim.runs.simulate import draw, run_policy
from sim.scenario import Scenario
from validation.table import figure, markdown


@dataclass(frozen=True)
class Point:
    """One setting and one value of each measure per replication."""

    label: str
    values: dict[str, list[float]]


def measure(
    scenario: Scenario, policy: str, label: str, measures: tuple[str, ...], replications: int, seed: int = 1
) -> Point:
    """Run one setting."""
    runs = [run_policy(scenario, make(policy), draw(scenario, seed, r)).outcome for r in range(replications)]
    return Point(label, {name: [run[name] for run in runs] for name in measures})


def overload(replications: int) -> list[Point]:
    """Host et al. 2001: early rejection of low-priority requests, or more capacity, ends overload."""
    crowded = Scenario.load("product-team")
    more = crowded.with_values({"team.roles.developer.headcount": 8, "team.roles.tester.headcount": 3})
    measures = ("time_in_system", "in_work", "utilisation")
    return [
        measure(crowded, "always-accept", "everything accepted", measures, replications),
        measure(crowded, "change-board", "low priority rejected early", measures, replications),
        measure(more, "always-accept", "everything accepted, four people more", measures, replications),
    ]


def feedback(replications: int) -> list[Point]:
    """Feedback cycles have an interior optimum: too short loses as well as too long."""
    scenario = Scenario.load("ai-project").with_values({"customer.drift": 0.006})
    measures = ("net_benefit", "rework_share", "meetings")
    return [
        measure(scenario.with_values({"review.cadence": days}), "co-evaluated", f"every {days:g} days", measures, replications)
        for days in (1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
    ]


def requirements_work(replications: int) -> list[Point]:
    """Early investment in requirements has an interior optimum: here, in how many experts judge each request, for how long."""
    scenario = Scenario.load("ai-project").with_values({"evaluation.expert_hours": 4.0, "customer.request_rate": 0.6})
    roles = ["data_scientist", "engineer", "quality_engineer"]
    measures = ("net_benefit", "precision", "meetings")
    points = [measure(scenario, "always-accept", "nobody", measures, replications)]
    for count in (1, 2, 3):
        version = scenario.with_values({"evaluation.judges": roles[:count]})
        points.append(measure(version, "change-board", f"{count} expert{'s' * (count > 1)}, 4 h each", measures, replications))
    dear = scenario.with_values({"evaluation.judges": roles, "evaluation.expert_hours": 16.0})
    return [*points, measure(dear, "change-board", "3 experts, 16 h each", measures, replications)]


def calm_water(replications: int) -> list[Point]:
    """Where the customer should be king: always-accept against co-evaluation, paired."""
    scenario = Scenario.load("calm-water")
    measures = ("net_benefit", "benefit", "cost", "finish", "satisfaction")
    king = measure(scenario, "always-accept", "always-accept", measures, replications)
    joint = measure(scenario, "co-evaluated", "co-evaluated", measures, replications)
    gain = {name: [a - b for a, b in zip(king.values[name], joint.values[name], strict=True)] for name in measures}
    return [king, joint, Point("difference", gain)]


def late_staff(replications: int) -> list[Point]:
    """Brooks 1975: people who are added late delay at first. Abdel-Hamid & Madnick 1991: they cost more, and need not be late."""
    planned = Scenario(name="planned").with_values({"customer.request_rate": 0.0, "project.deadline": 130.0})
    measures = ("delay", "cost", "rework_share")
    points = [measure(planned, "refuse-all", "nobody joins", measures, replications)]
    for day in (20.0, 60.0, 100.0, 120.0):
        later = planned.with_values({"team.roles.developer.joins": [[day, 2]]})
        points.append(measure(later, "refuse-all", f"two join on day {day:g}", measures, replications))
    return points


def last_tenth(replications: int) -> list[Point]:
    """The 90% syndrome: what passes its review with a flaw makes a project stay nearly done for long."""
    planned = Scenario(name="planned").with_values({"customer.request_rate": 0.0, "review.discovery_days": 40.0})
    measures = ("believed_delay", "delay", "last_tenth")
    return [
        measure(planned.with_values({"review.escape": share}), "refuse-all", f"{share:.0%} of flaws escape", measures, replications)
        for share in (0.0, 0.25, 0.5)
    ]


def table(points: list[Point]) -> str:
    """One row a setting."""
    names = list(points[0].values)
    digits = {name: 2 if METRICS[name].unit in ("1", "0..1") else 1 for name in names}
    rows = [[point.label, *(figure(point.values[name], digits[name]) for name in names)] for point in points]
    return markdown(["", *names], rows)
