"""Who has a say about the need, who about the fit, and how what they see is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import PolicyError
from sim.policies import Authority, Evaluators, Policy, PolicyOfParts, make
from sim.policies.admission import Threshold
from sim.policies.policy_file import load_policy
from sim.runs.simulate import simulate
from sim.scenario import Scenario
from tests.not_rigged.worlds import admitted, bits

WORLD = Scenario().with_values({"project.planned_items": 20, "project.horizon": 120.0, "project.deadline": 60.0})


def judged_by(evaluators: Evaluators, **parts: Any) -> Policy:
    return PolicyOfParts(name="judged", evaluators=evaluators, admission=Threshold(), **parts)


def test_whom_a_policy_asks_without_giving_anybody_a_say_is_refused_in_words() -> None:
    nobody = judged_by(Evaluators(customer=True, ai=True), authority=Authority(0.0, 1.0, 0.0))
    with pytest.raises(PolicyError, match=r"'judged' asks customer \+ ai about the need, and none of them has any authority"):
        simulate(WORLD, nobody)
    of_the_fit = judged_by(Evaluators(customer=True, experts=True), fit_authority=Authority(0.0, 0.0, 1.0))
    with pytest.raises(PolicyError, match=r"asks customer \+ experts about the fit, and none of them"):
        simulate(WORLD, of_the_fit)


def test_who_judges_alone_judges_whatever_his_weight() -> None:
    heavy, light = (judged_by(Evaluators(experts=True), authority=Authority(1.0, weight, 0.0)) for weight in (1.0, 0.0))
    assert bits(simulate(WORLD, heavy)) == bits(simulate(WORLD, light))


def test_what_has_a_say_about_the_need_only_is_not_heard_about_the_fit() -> None:
    apart = judged_by(
        Evaluators(customer=True, experts=True), authority=Authority(1.0, 0.0, 0.0), fit_authority=Authority(0.0, 1.0, 0.0))
    alone = [judged_by(Evaluators(customer=True)), judged_by(Evaluators(experts=True))]
    same = WORLD.with_values({  # nobody learns, comes back or moves in trust, so that all three face the same requests
        "evaluation.clarification": 0.0, "evaluation.facilitation": 1.0, "relationship.trust_rate": 0.0, "customer.escalation": 0.0,
        "customer.optimism": 0.0, "understanding.fit_gain": 0.0})
    of_both, of_customer, of_experts = (
        {entry.request: entry.estimate for entry in simulate(same, policy).ledger.decisions} for policy in (apart, *alone))
    shared = of_both.keys() & of_customer.keys() & of_experts.keys()
    assert len(shared) > 20
    assert all(of_both[at].need == pytest.approx(of_customer[at].need) for at in shared)
    assert all(of_both[at].fit == pytest.approx(of_experts[at].fit) for at in shared)
    assert any(of_both[at].need != pytest.approx(of_experts[at].need) for at in shared)


def test_a_policy_file_can_say_both(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(
        'name = "a"\nbase = "co-evaluated"\nreading = "calibrated"\n[authority]\nexperts = 0.25\n[fit_authority]\ncustomer = 0.5\n',
        encoding="utf-8")
    policy = load_policy(file)
    assert policy.authority == Authority(0.5, 0.25, 0.5)
    assert policy.fit_authority == Authority(0.5, 1.0, 1.0)
    assert policy.reading == "calibrated"
    file.write_text('name = "a"\nreading = "hopeful"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match='line 2: reading = "hopeful" — "face-value" or "calibrated" is needed'):
        load_policy(file)


@pytest.mark.parametrize("name", ["gatekeeper", "change-board", "co-evaluated"])
def test_a_calibrated_reading_is_a_setting_of_those_who_keep_a_record(name: str) -> None:
    policy = make(f"{name}:reading=calibrated")
    assert policy.reading == "calibrated"
    assert make(name).reading == "face-value"
    assert admitted(simulate(WORLD, policy)) != admitted(simulate(WORLD, name))
