"""Dotted overrides: they reach what they name, and nothing else, and say what is wrong as clearly as a file does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import Adoption, Customer, Review, Role, Scenario, Stage, Team
from sim.scenario.overrides import override, parse_overrides

GROUPS = Scenario(
    customer=Customer(request_rate=0.4),
    groups={"own": Customer(request_rate=2.0), "rest": Customer(), "other": Customer(drift=0.5)},
)


def refusal(scenario: Scenario, changes: dict[str, object]) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario.with_values(changes)
    return str(caught.value)


def test_an_override_changes_the_value_it_names_and_nothing_else():
    base = Scenario(name="a", review=Review(cadence=5.0))
    changed = base.with_values({"customer.request_rate": 0.4})
    assert changed == Scenario(name="a", review=Review(cadence=5.0), customer=Customer(request_rate=0.4))
    assert base.customer.request_rate == 0.8


def test_no_override_changes_nothing():
    assert override(GROUPS, {}) == GROUPS
    assert [group.request_rate for _, group in override(GROUPS, {}).customers] == [0.4, 2.0, 0.4]  # by name: other, own, rest


def test_an_override_of_the_customer_reaches_the_groups_that_do_not_say_it_themselves():
    rates = {name: group.request_rate for name, group in GROUPS.with_values({"customer.request_rate": 3}).customers}
    assert rates == {"own": 2.0, "rest": 3.0, "other": 3.0}


def test_it_still_does_after_other_overrides():
    twice = GROUPS.with_values({"review.cadence": 1}).with_values({"groups.rest.drift": 0.1})
    rates = {name: group.request_rate for name, group in twice.with_values({"customer.request_rate": 3}).customers}
    assert rates == {"own": 2.0, "rest": 3.0, "other": 3.0}


def test_a_group_can_be_overridden_alone():
    rates = {name: group.request_rate for name, group in GROUPS.with_values({"groups.rest.request_rate": 9}).customers}
    assert rates == {"own": 2.0, "rest": 9.0, "other": 0.4}


def test_an_override_that_reaches_nobody_is_refused():
    scenario = Scenario(groups={"a": Customer(drift=0.1), "b": Customer(drift=0.2)})
    assert refusal(scenario, {"customer.drift": 0.3}) == (
        "--set customer.drift reaches nobody: every customer group says its own; set groups.a.drift, groups.b.drift"
    )
    both = scenario.with_values({"customer.drift": 0.3, "groups.a.drift": 0.3})
    assert [group.drift for _, group in both.customers] == [0.3, 0.2]


def test_defaults_beside_an_overridden_value_stay():
    changed = Scenario().with_values({"team.roles.developer.day_rate": 2})
    assert changed.team.roles == {"developer": Role(headcount=4, day_rate=2.0)}  # 4 is the default team, not the default role


def test_lists_are_indexed_from_zero():
    stages = (Stage(name="a", role="developer", share=0.5), Stage(name="b", role="developer", share=0.5))
    changed = Scenario(team=Team(workflow=stages)).with_values({"team.workflow.0.share": 0.25, "team.workflow.1.share": 0.75})
    assert [stage.share for stage in changed.team.workflow] == [0.25, 0.75]
    assert Scenario().with_values({"team.workflow.0.name": "code"}).team.workflow[0].name == "code"
    profile = Scenario(customer=Customer(profile=((0.0, 1.0), (9.0, 2.0)))).with_values({"customer.profile.1.1": 3})
    assert profile.customer.profile == ((0.0, 1.0), (9.0, 3.0))


def test_a_role_or_group_is_added_as_a_whole():
    typed = ["team.roles.tester={headcount = 3}", "groups.web={}", "groups.web.drift=0.5"]
    changed = Scenario().with_values(parse_overrides(typed))
    assert changed.team.roles["tester"].headcount == 3
    assert changed.customers[0][1].drift == 0.5


def test_a_role_may_be_called_by_a_number():
    team = {"roles": {"1": {"headcount": 1}}, "workflow": [{"name": "a", "role": "1"}]}
    numbered = Scenario.model_validate({"team": team})
    assert numbered.with_values({"team.roles.1.headcount": 5}).team.roles["1"].headcount == 5
    assert refusal(numbered, {"team.roles.1.headcount": 0}).startswith("--set team.roles.1.headcount = 0 — ")


def test_models_and_numpy_numbers_serve_as_values():
    changed = Scenario().with_values(
        {"adoption": Adoption(day=5.0), "customer.drift": np.float64(0.25), "team.roles.developer.headcount": np.int64(7)}
    )
    assert (changed.adoption.day, changed.team.roles["developer"].headcount) == (5.0, 7)
    assert type(changed.customer.drift) is float


def test_the_values_of_the_caller_stay_his_own():
    profile = [[0, 1], [5, 2]]
    changed = Scenario().with_values({"customer.profile": profile, "customer.profile.1.1": 9})
    assert profile == [[0, 1], [5, 2]]
    assert changed.customer.profile[1] == (5.0, 9.0)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("customer.apetite", 1, "--set customer.apetite is not known; did you mean customer.appetite?"),
        ("custmer.appetite", 1, "--set custmer.appetite is not known; did you mean customer.appetite?"),
        ("appetite", 1, "--set appetite is not known; did you mean customer.appetite?"),
        ("team.roles.devloper.headcount", 1, "--set team.roles.devloper.headcount is not known; did you mean team.roles."),
        ("groups.web.drift", 1, "--set groups.web.drift is not known; there are: none"),
        ("team.workflow.1.share", 1, "--set team.workflow.1.share — team.workflow has no entry 1 (there are: 0)"),
        ("team.workflow.x.share", 1, "--set team.workflow.x.share — team.workflow has no entry x (there are: 0)"),
        ("team.workflow.-1.share", 1, "--set team.workflow.-1.share — team.workflow has no entry -1 (there are: 0)"),
        ("customer.drift.x", 1, "--set customer.drift.x — customer.drift is a single value, nothing is inside it"),
        ("__class__.__name__", "x", "--set __class__.__name__ is not known; "),
        ("model_config.frozen", False, "--set model_config.frozen is not known; "),
        ("customer", 3, "--set customer = 3 — a table [customer] is needed"),
        ("", 3, '--set "" is not known; '),
        ("customer.request_rate", "often", '--set customer.request_rate = "often" — a number of requests per working day is'),
        ("customer.request_rate", float("nan"), "--set customer.request_rate = nan — not a finite number; a number"),
        ("customer.request_rate", object(), "--set customer.request_rate = a value of type object — a number of requests"),
        ("adoption.before", "gate", '--set adoption.before = "gate" — no policy has this name; did you mean "gatekeeper"?'),
    ],
)
def test_a_bad_override_is_explained_like_a_line_of_a_file(key, value, said):
    assert refusal(Scenario(), {key: value}).startswith(said)


def test_a_value_that_an_override_puts_in_the_wrong_is_told_with_the_override():
    scenario = Scenario.model_validate({"project": {"deadline": 100.0}})
    assert refusal(scenario, {"project.horizon": 50}) == (
        "with --set project.horizon: project.deadline = 100 — a day up to project.horizon is needed, which is 50"
    )


def test_bad_overrides_are_told_together_in_their_order():
    lines = refusal(Scenario(), {"review.cadence": -1, "customer.apetite": 2}).splitlines()
    assert [line.split(" ")[1] for line in lines] == ["review.cadence", "customer.apetite"]


def test_a_bad_override_of_a_file_is_told_as_an_override(complaint):
    message = complaint('name = "a"\n', overrides={"customer.apetite": 1})
    assert message == "--set customer.apetite is not known; did you mean customer.appetite?"


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("customer.request_rate=0.8", 0.8), ("a=1", 1), ("a = 1", 1), ("a=true", True), ("a=gatekeeper", "gatekeeper"),
        ("a=co-evaluated", "co-evaluated"), ('a="x = y"', "x = y"), ("a=x=y", "x=y"), ("a=[[0, 1], [2, 2]]", [[0, 1], [2, 2]]),
        ("a={headcount = 2}", {"headcount": 2}), ("a=0,8", "0,8"), ('a=""', ""), ("a=1\nb=2", "1\nb=2"), ("a=a word", "a word"),
    ],
)
def test_a_value_on_the_command_line_is_toml_or_else_text(text, parsed):
    [value] = parse_overrides([text]).values()
    assert value == parsed
    assert type(value) is type(parsed)


@pytest.mark.parametrize("text", ["", "customer.drift", "=3", "customer.drift=", " = "])
def test_an_override_without_key_or_value_is_refused(text):
    with pytest.raises(ScenarioError, match=r"KEY=VALUE is needed, for example --set customer\.request_rate=0\.8"):
        parse_overrides([text])


def test_of_two_overrides_of_the_same_key_the_last_one_counts():
    parsed = parse_overrides(["a=1", "b=2", "a=3"])
    assert list(parsed.items()) == [("b", 2), ("a", 3)]


@given(st.floats(0, 50), st.floats(0, 1))
def test_what_is_typed_arrives_exactly(rate: float, drift: float):
    changed = Scenario().with_values(parse_overrides([f"customer.request_rate={rate!r}", f"customer.drift={drift!r}"]))
    assert (changed.customer.request_rate, changed.customer.drift) == (rate, drift)
