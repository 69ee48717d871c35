"""Accepting everything is not made to lose: where it should win, it does, by intervals that exclude nothing else."""

from __future__ import annotations

from typing import Any

from sim.policies import make
from sim.runs.simulate import Run, simulate_all
from sim.scenario import Scenario
from tests.not_rigged.worlds import paired_interval

CALM = {
    "project.planned_items": 20, "project.deadline": 80.0, "project.horizon": 200.0, "team.split_above": 2.0,
    "team.defect_rate": 0.0, "customer.request_rate": 0.3, "customer.appetite": 0.0, "customer.value": 4.5,
    "customer.upkeep": 0.2, "customer.urgency": 0.01, "customer.ambiguity": 0.0, "customer.drift": 0.0,
    "customer.feasibility": 1.0, "customer.effort_median": 0.5, "customer.effort_sigma": 0.8, "customer.optimism": 0.0,
    "evaluation.expert_hours": 12.0, "evaluation.customer_hours": 4.0, "evaluation.expert_need_quality": 0.1,
    "evaluation.expert_fit_quality": 0.1, "evaluation.customer_need_quality": 0.1, "evaluation.customer_fit_quality": 0.1,
    "relationship.refusal_weight": 2.0, "relationship.explanation_effect": 0.0,
}
"""Low load, mostly good ideas, poor judges who cost as much as building, customers who resent a no and lose by waiting."""
POOR = {"customer.value": 0.6, "customer.upkeep": 2.0}
"""Most of what is asked for costs more to own than it brings."""
STORM = {
    **CALM, **POOR, "customer.request_rate": 1.5, "customer.value_spread": 1.2,
    "customer.effort_median": 3.0, "evaluation.expert_hours": 0.5, "evaluation.customer_hours": 0.25,
    "evaluation.expert_need_quality": 0.7, "evaluation.expert_fit_quality": 0.7, "evaluation.customer_need_quality": 0.6,
    "evaluation.customer_fit_quality": 0.6,
}
"""Overload, mostly poor ideas, cheap and good judges."""


def pairs(values: dict[str, Any], replications: int = 40) -> list[tuple[Run, Run]]:
    """Runs of always-accept and of co-evaluated on the same luck."""
    scenario, policies = Scenario().with_values(values), [make("always-accept"), make("co-evaluated")]
    found = []
    for replication in range(replications):
        accepting, judging = simulate_all(scenario, policies, seed=11, replication=replication)
        found.append((accepting, judging))
    return found


def advantage(found: list[tuple[Run, Run]], measure: str) -> tuple[float, float]:
    """Interval (99%) for always-accept minus co-evaluated."""
    return paired_interval(accepting.outcome[measure] - judging.outcome[measure] for accepting, judging in found)


def test_in_calm_water_always_accept_brings_more_net_benefit_and_more_trust_sooner() -> None:
    """It does not satisfy more: that it once did was judgements keeping reviews from the customer's desk.

    In a queue by date a judged request is served on the day that it was asked for, which keeps promises: the lead in trust is
    half of what it was when admitted requests went last, and takes twice the replications to see.
    """
    found = pairs(CALM, 80)
    assert advantage(found, "net_benefit")[0] > 0.0
    assert advantage(found, "trust")[0] > 0.0
    assert advantage(found, "time_in_system")[1] < 0.0


def test_in_a_storm_it_brings_less_net_benefit_and_finishes_later() -> None:
    found = pairs(STORM, 12)
    assert advantage(found, "net_benefit")[1] < 0.0
    assert advantage(found, "delay")[0] > 0.0


def test_it_is_the_circumstances_that_make_it_win() -> None:
    """Poor ideas instead of good ones, all else equal, take the advantage away."""
    calm, changed = pairs(CALM), pairs({**CALM, **POOR})
    shift = paired_interval(
        (after[0].outcome["net_benefit"] - after[1].outcome["net_benefit"])
        - (before[0].outcome["net_benefit"] - before[1].outcome["net_benefit"])
        for before, after in zip(calm, changed, strict=True))
    assert shift[1] < 0.0
