"""Anatomy takes policies apart, knock-out scenarios; both leave everything else alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Scenario
from sim.design.anatomy import PARTS, anatomy
from sim.design.knockout import knockout
from sim.design.point import realise
from sim.errors import StudyError
from sim.policies import POLICY_NAMES, PolicyOfParts, make
from sim.scenario import Customer, Team
from sim.scenario.register import mechanisms

WHOLE, PLAIN = make("co-evaluated"), make("always-accept")
REAL = [name for name in POLICY_NAMES if name not in ("placebo", "clairvoyant")]


def named(policies: tuple[PolicyOfParts, ...]) -> dict[str, PolicyOfParts]:
    return {policy.name: policy for policy in policies}


def test_a_policy_without_a_part_has_the_plain_policys_part_and_all_its_others():
    found = named(anatomy(WHOLE))
    assert replace(found["co-evaluated - explanation"], name=WHOLE.name) == replace(WHOLE, explanation=PLAIN.explanation)
    assert found["co-evaluated - counter-proposals"].responses == replace(WHOLE.responses, counter=False)
    assert found["always-accept + queue"] == replace(PLAIN, name="always-accept + queue", queue=WHOLE.queue)


def test_the_policy_itself_and_the_plain_one_are_among_them():
    assert {"co-evaluated": WHOLE, "always-accept": PLAIN}.items() <= named(anatomy(WHOLE)).items()


def test_an_authority_with_the_same_ratios_is_the_same_authority():
    assert not any("authority" in name for name in named(anatomy(WHOLE)))
    assert "co-evaluated:expert_share=0.9 - authority" in named(anatomy(make("co-evaluated:expert_share=0.9")))


def test_parts_that_mean_little_alone_are_also_moved_together():
    found = named(anatomy(WHOLE))["always-accept + evaluators + admission"]
    assert (found.evaluators, found.admission) == (WHOLE.evaluators, WHOLE.admission)
    assert (found.cadence, found.responses) == (PLAIN.cadence, PLAIN.responses)


def test_a_part_can_be_swapped_for_that_of_any_other_policy():
    board = make("change-board")
    found = named(anatomy(WHOLE, swaps={"cadence": board}))["co-evaluated - cadence + change-board's"]
    assert (found.cadence, found.evaluators) == (board.cadence, WHOLE.evaluators)


@given(st.sampled_from(REAL), st.sampled_from(REAL))
def test_all_parts_together_turn_one_policy_into_the_other(one, other):
    made, goal = make(one), make(other)
    for graft in PARTS.values():
        made = graft(made, goal)
    assert replace(made, name=other, authority=goal.authority) == goal


@given(st.sampled_from([name for name in REAL if name != "always-accept"]))
def test_every_derived_policy_differs_from_both_it_was_made_of_and_has_a_name_of_its_own(name):
    made = anatomy(make(name))
    assert len({policy.name for policy in made}) == len(made)
    # Of one part that differs, taking it out is the plain policy and putting it in the whole one; of two, taking one out is
    # putting the other in.
    if len(made) > 6:
        assert len({replace(policy, name="") for policy in made}) == len(made)


def test_a_policy_like_the_plain_one_or_an_unknown_part_is_refused():
    with pytest.raises(StudyError, match="no part that always-accept does not have"):
        anatomy(PLAIN)
    with pytest.raises(StudyError, match="no part 'tea'"):
        anatomy(WHOLE, together=[("tea",)])


# ------------------------------------------------------------------------------------------------------------------ knock-out

SCENARIOS = {
    "plain": Scenario(name="plain"),
    "calm": Scenario(name="calm", team=Team(overtime_cap=0.0, overtime_premium=0.0)),
    "groups": Scenario(name="groups", groups={"a": Customer(drift=0.3), "b": Customer(drift=0.1)}),
}


def test_there_is_the_scenario_as_it_is_each_without_one_mechanism_and_the_textbook_queue():
    points = [point for point in knockout(SCENARIOS) if point.scenario == "plain"]
    assert (points[0].label, points[0].values) == ("as it is", ())
    on = [name for name, off in mechanisms().items() if SCENARIOS["plain"].with_values(off) != SCENARIOS["plain"]]
    assert [point.label for point in points[1:-1]] == [f"without {name}" for name in on]
    assert realise(points[-1], SCENARIOS["plain"], [])[0] == SCENARIOS["plain"].off()


def test_what_is_knocked_out_is_off_in_every_customer_group_too():
    [point] = [p for p in knockout(SCENARIOS) if (p.scenario, p.label) == ("groups", "without drift")]
    scenario, _ = realise(point, SCENARIOS["groups"], [])
    assert [group.drift for _, group in scenario.customers] == [0.0, 0.0]


def test_what_a_scenario_has_switched_off_already_makes_no_point():
    labels = {name: [p.label for p in knockout(SCENARIOS) if p.scenario == name] for name in SCENARIOS}
    assert "without overtime" in labels["plain"]
    assert "without overtime" not in labels["calm"]


def test_points_are_numbered_through_and_mechanisms_can_be_chosen():
    points = knockout(SCENARIOS, only=["drift", "overtime"])
    assert [point.number for point in points] == list(range(len(points)))
    assert [p.label for p in points if p.scenario == "calm"] == ["as it is", "without drift", "without any mechanism"]
    with pytest.raises(StudyError, match="'gravity' is not known; there are"):
        knockout(SCENARIOS, only=["gravity"])
