"""Rules between values: roles, shares, days, profiles, names and the policy in force before."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.policies.catalogue import POLICY_NAMES
from sim.scenario import Customer, Project, Scenario

TEAM = '[team.roles.developer]\nheadcount = 2\n[team.roles.tester]\nheadcount = 1\n[[team.workflow]]\nname = "build"\n'


def test_a_stage_needs_a_role_that_the_team_has(complaint):
    assert complaint(TEAM + 'role = "devloper"\n') == (
        'my-project.toml, line 7: team.workflow.0.role = "devloper" — the team has no such role; '
        'did you mean "developer"? (there are: developer, tester)'
    )


def test_a_judge_needs_a_role_that_the_team_has(complaint):
    content = TEAM + 'role = "developer"\n[evaluation]\njudges = [\n  "developer",\n  "architect",\n]\n'
    assert complaint(content) == (
        'my-project.toml, line 11: evaluation.judges.1 = "architect" — the team has no such role (there are: developer, tester)'
    )


def test_roles_without_a_workflow_of_their_own_are_pointed_out(complaint):
    assert complaint("[team.roles.designer]\nheadcount = 1\n") == (
        'my-project.toml, line 1: team.roles = ["designer"] — no workflow is given, and the default one needs the role '
        "developer; add [[team.workflow]] tables"
    )


def test_the_shares_of_a_workflow_add_up_to_one(complaint):
    content = TEAM + 'role = "developer"\nshare = 0.7\n[[team.workflow]]\nname = "test"\nrole = "tester"\nshare = 0.2\n'
    expected = "team.workflow = [0.7, 0.2] — the shares of its stages add up to 0.9, but must add up to 1"
    assert complaint(content) == f"my-project.toml, line 5: {expected}"


def test_shares_may_miss_one_by_rounding(loaded):
    third = '[[team.workflow]]\nname = "a"\nrole = "developer"\nshare = 0.3333333\n'
    assert len(loaded(third * 3).team.workflow) == 3


def test_the_deadline_is_not_after_the_horizon(complaint):
    assert complaint("[project]\ndeadline = 500\nhorizon = 300\n") == (
        "my-project.toml, line 2: project.deadline = 500 — a day up to project.horizon is needed, which is 300"
    )


def test_a_default_horizon_is_named_as_such(complaint):
    assert complaint("[project]\ndeadline = 500\n") == (
        "my-project.toml, line 2: project.deadline = 500 — a day up to project.horizon is needed, which is 400 by default"
    )


def test_a_horizon_before_the_default_deadline_is_what_gets_the_blame(complaint):
    assert complaint("[project]\nhorizon = 50\n") == (
        "my-project.toml, line 2: project.horizon = 50 — project.deadline, by default 120, must be a day up to "
        "project.horizon; set it as well"
    )


def test_the_deadline_may_be_the_horizon(loaded):
    assert loaded("[project]\ndeadline = 300\nhorizon = 300\n").project.deadline == 300


def test_something_must_be_left_to_measure_after_the_warm_up(complaint):
    assert complaint("[project]\nwarm_up = 400\n") == (
        "my-project.toml, line 2: project.warm_up = 400 — a day before project.horizon is needed, which is 400 by default"
    )


def test_a_policy_is_adopted_before_the_horizon(complaint):
    assert complaint("[adoption]\nday = 401\n") == (
        "my-project.toml, line 2: adoption.day = 401 — a day up to project.horizon is needed, which is 400 by default"
    )


def test_a_misspelt_policy_is_shown_with_the_nearest_and_all_names(complaint):
    message = complaint('[adoption]\nbefore = "gate-keper"\n')
    start = 'my-project.toml, line 2: adoption.before = "gate-keper" — no policy has this name; did you mean "gatekeeper"?'
    assert message.startswith(start)
    assert all(name in message for name in POLICY_NAMES if name != "placebo")


def test_placebo_cannot_be_in_force_by_itself(complaint):
    assert complaint('[adoption]\nbefore = "placebo"\n') == (
        'my-project.toml, line 2: adoption.before = "placebo" — placebo copies another policy and cannot be in force by itself'
    )


@pytest.mark.parametrize("name", [name for name in POLICY_NAMES if name != "placebo"])
def test_every_other_policy_can_be_in_force_before(loaded, name):
    assert loaded(f'[adoption]\nday = 20\nbefore = "{name}"\n').adoption.before == name


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("[[5, 1], [3, 1]]", "profile.1.0 = 3 — days must rise, and the one before is 5"),
        ("[[5, 1], [5, 2]]", "profile.1.0 = 5 — days must rise, and the one before is 5"),
        ("[[-1, 1]]", "profile.0.0 = -1 — a day of 0 or later is needed"),
        ("[[0, 101]]", "profile.0.1 = 101 — a factor of 0 to 100 is needed"),
        ("[[0, -0.5]]", "profile.0.1 = -0.5 — a factor of 0 to 100 is needed"),
    ],
)
@pytest.mark.parametrize("table", ["customer", "groups.web"])
def test_a_profile_goes_forward_in_time_with_sensible_factors(complaint, table, profile, said):
    assert complaint(f"[{table}]\nprofile = {profile}\n") == f"my-project.toml, line 2: {table}.{said}"


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        ("[[-1]]", "opening.0.0 = -1 — an age of 0 to 20000 working days is needed"),
        ("[[3], [4, 0]]", "opening.1.1 = 0 — an estimate of 0.001 to 1000 person-days is needed, or none"),
    ],
)
@pytest.mark.parametrize("table", ["customer", "groups.web"])
def test_what_is_open_at_the_start_has_a_sensible_age_and_estimate(complaint, table, opening, said):
    assert complaint(f"[{table}]\nopening = {opening}\n") == f"my-project.toml, line 2: {table}.{said}"


def test_what_is_open_at_the_start_is_a_list_of_ages_and_known_estimates(loaded):
    assert loaded("[customer]\nopening = [[0], [20.5, 3]]\n").customer.opening == ((0.0,), (20.5, 3.0))


def test_a_profile_is_a_list_of_days_and_factors(loaded):
    assert loaded("[customer]\nprofile = [[0, 1], [20.5, 100], [30, 0]]\n").customer.profile == ((0, 1), (20.5, 100), (30, 0))


NAME_IS_NEEDED = "a name of letters, digits, spaces, hyphens and underscores is needed"


@pytest.mark.parametrize("name", ["a.b", "a/b", "..", " a", "a ", "a=b", "a\tb", "a\u202eb", "x\x1b", "C:", "[a]", "a\u00a0b", "=1+1", "+1", "-x", "@sum"])
def test_names_serve_in_dotted_keys_files_and_terminals(name):
    makers = [
        lambda: Scenario(name=name),
        lambda: Scenario(groups={name: Customer()}),
        lambda: Scenario.model_validate({"team": {"roles": {name: {}}, "workflow": [{"name": "a", "role": name}]}}),
        lambda: Scenario.model_validate({"team": {"workflow": [{"name": name, "role": "developer"}]}}),
    ]
    for make in makers:
        with pytest.raises(ValidationError, match=NAME_IS_NEEDED):
            make()


@pytest.mark.parametrize("name", ["data scientist", "co-op_2", "Müller", "顧客", "ग्राहक", "R & D (lab)"])
def test_names_may_be_written_in_any_language(name):
    assert Scenario(name=name, groups={name: Customer()}).customers[0][0] == name


def test_a_title_is_one_line(complaint):
    assert complaint('title = "a\\nb"\n') == (
        'my-project.toml, line 1: title = "a\\nb" — one line of text without control characters is needed'
    )


def test_broken_rules_are_told_together(complaint):
    lines = complaint('[project]\ndeadline = 500\nwarm_up = 500\n[adoption]\nbefore = "placebo"\n').splitlines()
    assert [line.split(" — ")[0] for line in lines] == [
        "my-project.toml, line 2: project.deadline = 500",
        "my-project.toml, line 3: project.warm_up = 500",
        'my-project.toml, line 5: adoption.before = "placebo"',
    ]


def test_from_python_the_same_rules_name_the_place():
    with pytest.raises(ValidationError) as caught:
        Scenario(project=Project(deadline=500.0))
    assert caught.value.errors()[0]["loc"] == ("project", "deadline")


def test_a_project_may_be_idle():
    idle = Scenario(project=Project(planned_items=0, deadline=0.0), customer=Customer(request_rate=0.0))
    assert idle.customers == (("customer", idle.customer),)


def test_a_stream_without_planned_scope_may_have_to_end_by_a_day():
    assert Scenario(project=Project(planned_items=0, deadline=100.0)).project.deadline == 100


@pytest.mark.parametrize(("said", "expected"), [
    ("joins = [[0, 2]]", "line 3: team.roles.developer.joins.0.0 = 0 — a day after 0 is needed; who is there from the start is part of"
     " headcount"),
    ("joins = [[40, 1], [30, 1]]", "line 3: team.roles.developer.joins.1.0 = 30 — days must rise, and the one before is 40"),
    ("joins = [[40, 0]]", "line 3: team.roles.developer.joins.0.1 = 0 — 1 to 1000 people are needed"),
    ("joins = [[40, 1.5]]", "line 3: team.roles.developer.joins.0.1 = 1.5 — a whole number is needed"),
    ("joins = 3", "line 3: team.roles.developer.joins = 3 — a list of [day, people] pairs is needed, 0 to 1000 entries"),
    ("leaves = [[40, 2]]", "line 3: team.roles.developer.leaves.0 = [40.0, 2] — one person of the role must stay, and on that day 2 are "
     "there"),
    ("joins = [[50, 1]]\nleaves = [[40, 1], [45, 1]]", "line 4: team.roles.developer.leaves.1 = [45.0, 1] — one person of the role must "
     "stay, and on that day 1 are there"),
])
def test_people_join_and_leave_on_days_that_rise_and_somebody_stays(complaint, said, expected):
    assert complaint(f"[team.roles.developer]\nheadcount = 2\n{said}\n") == f"my-project.toml, {expected}"


def test_who_leaves_may_be_replaced_on_the_same_day(loaded):
    role = loaded("[team.roles.developer]\nheadcount = 1\njoins = [[40, 1]]\nleaves = [[40, 1]]\n").team.roles["developer"]
    assert (role.joins, role.leaves) == (((40.0, 1),), ((40.0, 1),))
