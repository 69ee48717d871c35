"""Every built-in scenario, and so every one that is added, does its work under every policy; its plan can be done."""

from __future__ import annotations

import math

import pytest

from sim.model.ledger import FATES
from sim.model.tally import person_days
from sim.policies import all_policies, make
from sim.runs.simulate import simulate, simulate_all
from sim.scenario import Scenario
from sim.toml.shipped import builtin_names

CASES = ("acbs", "xit-before", "xit-after")  # published: they are as they were


@pytest.mark.parametrize("name", builtin_names("scenarios"))
def test_requests_and_person_days_add_up_under_every_policy(name: str) -> None:
    scenario = Scenario.load(name)
    people = sum(role.headcount for role in scenario.team.roles.values())
    for run in simulate_all(scenario, all_policies(), seed=5, replication=0):
        assert math.fsum(run.outcome[fate.replace(" ", "_")] for fate in FATES) == run.outcome["requests"]
        overtime = math.fsum((end - start) * (speed - 1.0) for _, start, end, _, _, speed, _ in run.ledger.spells)
        assert math.fsum(person_days(run.ledger.spells).values()) == pytest.approx(people * run.ledger.end + overtime, rel=1e-9)


@pytest.mark.parametrize("name", [name for name in builtin_names("scenarios") if name not in CASES])
def test_the_plan_can_be_done_where_nobody_asks_for_more(name: str) -> None:
    scenario = Scenario.load(name)
    if not scenario.project.deadline:
        return
    quiet = scenario.with_values({"customer.request_rate": 0.0} | {f"groups.{group}.request_rate": 0.0 for group in scenario.groups})
    delays = [simulate(quiet, make("always-accept"), seed=5, replication=at).outcome["delay"] for at in range(12)]
    assert math.fsum(delays) / len(delays) < 0.0
