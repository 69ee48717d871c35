"""The bar: what a requested person-day takes in all. Whoever judges worth holds it against the bar, and says where he says yes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies import Policy, PolicyOfParts
from sim.policies.admission import RULES, Admission, Ranked, Threshold, Veto, Warned
from sim.policies.policy import Responses
from sim.runs.conformance import looks
from sim.scenario import Scenario

ESTIMATE, PROJECT = next((seen, project) for seen, project in looks() if seen.feasible and seen.value is not None)
JUDGING = [Threshold(0.4), Warned(0.4), Veto(-0.5), Ranked(8)]


@pytest.mark.parametrize("rule", JUDGING, ids=str)
@given(worth=st.floats(-3, 3), bar=st.floats(0, 3))
def test_who_judges_worth_says_yes_from_his_bar_on(rule: Admission, worth: float, bar: float) -> None:
    project = PROJECT._replace(bar=bar, deadline=0.0, open_requests=0)
    seen = ESTIMATE._replace(value=worth, expert_value=worth)
    assert (rule.judge(seen, project).say == "yes") == (worth >= rule.bar(project))


@pytest.mark.parametrize("name", RULES)
def test_the_bar_of_every_rule_moves_with_what_a_person_day_takes(name: str) -> None:
    rule = RULES[name]()
    assert rule.bar(PROJECT._replace(bar=2.0)) - rule.bar(PROJECT._replace(bar=0.5)) == pytest.approx(1.5)


def test_a_policy_of_ones_own_is_held_against_what_pays_for_itself() -> None:
    assert Policy().bar(PROJECT) == PROJECT.bar
    assert PolicyOfParts(admission=Threshold(0.4)).bar(PROJECT) == pytest.approx(PROJECT.bar + 0.4)


@given(other=st.floats(-3, 3), worth=st.floats(-3, 3), feasible=st.booleans())
def test_another_solution_is_proposed_where_it_pays_and_is_worth_more_than_this_one(
    other: float, worth: float, feasible: bool
) -> None:
    seen = ESTIMATE._replace(value=worth, alternative=other, feasible=feasible)
    project = PROJECT._replace(bar=0.8)
    answer = Responses(counter=True).answer(Threshold().judge(seen, project), seen, project).answer
    refused = worth < 0.8 or not feasible
    gains = other >= 0.8 and (other > worth or not feasible)
    assert answer == (("counter-propose" if gains else "decline") if refused else "accept")


def test_the_bar_of_a_scenario_is_the_mean_day_rate_of_its_workflow_and_the_overhead() -> None:
    scenario = Scenario.load("classroom", {"evaluation.overhead": 0.5})
    assert scenario.bar == pytest.approx((0.7 * 0.5 + 0.3 * 0.45) * 1.5)
    assert scenario.with_values({"evaluation.overhead": 0.0}).bar == scenario.build_cost
