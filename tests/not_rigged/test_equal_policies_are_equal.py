"""A policy's name earns nothing: what admits the same in a world without mechanisms comes to the same, to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies import POLICY_NAMES, Policy, PolicyOfParts, QueueRule, all_policies, make
from sim.policies.parts import AT_ONCE
from sim.runs.simulate import simulate, simulate_all
from sim.scenario import Scenario
from tests.not_rigged.worlds import SMALL, bits, made_equal
from tests.strategies import policies_of_parts, scenarios

PROMISES = "promises_kept"  # policies differ in what they promise, and without mechanisms nothing follows from it


@settings(max_examples=30, deadline=None)
@given(scenarios(), st.integers(0, 100))
def test_with_all_mechanisms_off_and_equal_admission_all_named_policies_are_the_same(scenario: Scenario, seed: int) -> None:
    runs = simulate_all(scenario.off(), [made_equal(policy) for policy in all_policies()], seed=seed, replication=0)
    assert len({bits(run, PROMISES) for run in runs}) == 1
    assert len({run.policy.name for run in runs}) == len(POLICY_NAMES)


@settings(max_examples=30, deadline=None)
@given(scenarios(), st.lists(policies_of_parts, min_size=2, max_size=4))
def test_the_same_holds_for_policies_of_any_parts(scenario: Scenario, policies: list[Policy]) -> None:
    off = scenario.off()
    assert len({bits(simulate(off, made_equal(policy)), PROMISES) for policy in policies}) == 1


@settings(max_examples=30, deadline=None)
@given(scenarios(), st.integers(0, 100))
def test_where_all_is_mandatory_no_admission_rule_matters(scenario: Scenario, seed: int) -> None:
    obliged = scenario.off().with_values({"customer.mandatory_share": 1.0, **{
        f"groups.{name}.mandatory_share": 1.0 for name in scenario.groups}})
    as_they_are = [p.with_parts(cadence=AT_ONCE, queue=QueueRule("fcfs")) for p in all_policies() if isinstance(p, PolicyOfParts)]
    runs = simulate_all(obliged, as_they_are, seed=seed, replication=0)
    assert len(runs) == len(POLICY_NAMES)
    assert len({bits(run, PROMISES) for run in runs}) == 1


def test_with_its_mechanisms_on_the_world_tells_the_same_policies_apart() -> None:
    runs = simulate_all(SMALL, [made_equal(policy) for policy in all_policies()], seed=1, replication=0)
    assert len({bits(run, PROMISES) for run in runs}) >= 5  # nobody, customer, experts, both, with the AI aid


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_another_label_changes_nothing(name: str) -> None:
    policy = make(name)
    renamed = policy.with_parts(name="always-accept" if name != "always-accept" else "co-evaluated")
    assert bits(simulate(SMALL, renamed)) == bits(simulate(SMALL, policy))


def test_swapped_labels_swap_the_results() -> None:
    one, other = make("always-accept"), make("co-evaluated")
    straight = simulate_all(SMALL, [one, other], seed=1, replication=0)
    swapped = simulate_all(
        SMALL, [other.with_parts(name=one.name), one.with_parts(name=other.name)], seed=1, replication=0)
    assert [bits(run) for run in straight] == [bits(run) for run in swapped[::-1]]
    assert bits(straight[0]) != bits(straight[1])
