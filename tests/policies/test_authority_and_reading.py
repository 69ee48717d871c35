"""Who has a say about the need, who about the fit, and how what they see is read."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.errors import PolicyError
from sim.policies import Authority, Evaluators, Policy, PolicyOfParts, make
from sim.policies.admission import Threshold
from sim.policies.parts import TOGETHER
from sim.policies.policy_file import load_policy
from sim.runs.simulate import simulate
from sim.scenario import Scenario
from tests.not_rigged.worlds import admitted, bits

WORLD = Scenario().with_values({"project.planned_items": 20, "project.horizon": 120.0, "project.deadline": 60.0})
TWO_EXPERTS = WORLD.with_values({"project.planned_items": 2, "project.horizon": 20.0, "project.deadline": 10.0,
                                 "evaluation.judges": ["developer", "developer"]})


def judged_by(evaluators: Evaluators, **parts: Any) -> Policy:
    return PolicyOfParts(name="judged", evaluators=evaluators, admission=Threshold(), **parts)


def test_whom_a_policy_asks_without_giving_anybody_a_say_is_refused_in_words() -> None:
    with pytest.raises(PolicyError, match=re.escape(
            "'judged' asks customer + ai about the need, and none of them has a say (authority: customer = 0, ai = 0)")):
        judged_by(Evaluators(customer=True, ai=True), authority=Authority(0.0, 1.0, 0.0))
    with pytest.raises(PolicyError, match=re.escape("about the fit, and none of them has a say (fit_authority: customer = 0, ")):
        judged_by(TOGETHER, fit_authority=Authority(0.0, 0.0, 1.0))


said = st.sampled_from([0.0, 5e-324, 1e-300, 1e-6, 1.0, 10_000.0]) | st.floats(0.0, 10_000.0)
asked = st.builds(Evaluators, st.booleans(), st.booleans(), st.booleans())


def mute(evaluators: Evaluators, authority: Authority) -> bool:
    weights = [getattr(authority, side) for side in ("customer", "experts", "ai") if getattr(evaluators, side)]
    return len(weights) > 1 and math.fsum(weights) < 1e-6


@example(TOGETHER, Authority(0.0, 5e-324, 0.0), None)
@given(asked, st.builds(Authority, said, said, said), st.none() | st.builds(Authority, said, said, said))
@settings(max_examples=40, deadline=None)
def test_every_authority_judges_or_is_refused_before_anything_runs(
    evaluators: Evaluators, authority: Authority, fit_authority: Authority | None
) -> None:
    if mute(evaluators, authority) or mute(evaluators, fit_authority or authority):
        with pytest.raises(PolicyError, match="none of them has a say"):
            judged_by(evaluators, authority=authority, fit_authority=fit_authority)
        return
    run = simulate(TWO_EXPERTS, judged_by(evaluators, authority=authority, fit_authority=fit_authority))
    assert all(math.isfinite(entry.estimate.worth) for entry in run.ledger.decisions if evaluators != Evaluators())


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf, 10_001.0])
def test_a_weight_is_a_number_from_0_on(weight: float) -> None:
    with pytest.raises(PolicyError, match=r"authority\.experts = .* — a number from 0 to 10000 is needed"):
        Authority(1.0, weight, 0.0)


def test_a_file_whose_judges_weigh_nothing_is_refused_when_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mute.toml"
    file.write_text(
        'name = "mute"\nbase = "co-evaluated"\n[evaluators]\nexperts = false\nai = true\n[authority]\ncustomer = 0\nai = 0\n',
        encoding="utf-8")
    with pytest.raises(PolicyError, match=r"mute\.toml: .*none of them has a say \(authority: customer = 0, ai = 0\)"):
        load_policy(file)


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
