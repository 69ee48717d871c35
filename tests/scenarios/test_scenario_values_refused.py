"""What a scenario file may not say, and what its writer is told: file, line, key, value and what is allowed."""

from __future__ import annotations

import pytest

from sim.scenario import Scenario
from sim.scenario.editor import editor_schema
from sim.scenario.register import markdown, rows


def test_a_wrong_type_is_shown_with_unit_range_and_default(complaint):
    content = "\n" * 12 + '[customer]\nrequest_rate = "often"\n'
    assert complaint(content) == (
        'my-project.toml, line 14: customer.request_rate = "often" — '
        "a number of requests per working day is needed, 0 to 50 (default 0.8)"
    )


def test_an_unknown_key_is_shown_with_the_nearest_one(complaint):
    expected = "my-project.toml, line 2: customer.apetite is not known; did you mean customer.appetite?"
    assert complaint("[customer]\napetite = 0.3\n") == expected


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("[custmer]\nappetite = 1", "line 1: custmer is not known; did you mean customer?"),
        ("[custmer.x]\nappetite = 1", "line 1: custmer is not known; did you mean customer?"),
        ("request_rate = 1", "line 1: request_rate is not known; did you mean customer.request_rate?"),
        ("[project]\nheadcount = 1", "line 2: project.headcount is not known; did you mean team.roles.NAME.headcount?"),
        ("[groups.web]\napetite = 1", "line 2: groups.web.apetite is not known; did you mean groups.web.appetite?"),
        ("[team.roles.x]\nheadcnt = 2", "line 2: team.roles.x.headcnt is not known; did you mean team.roles.x.headcount?"),
        ("[review]\nzzz = 1", "line 2: review.zzz is not known; review can have cadence, when_idle, meeting_hours, "),
        ('[[team.workflow]]\nnme = "a"', "line 2: team.workflow.0.nme is not known; did you mean team.workflow.0.name?"),
    ],
)
def test_unknown_keys_are_recognised_wherever_they_stand(complaint, content, hint):
    assert hint in complaint(content)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("representatives = 1.5", "representatives = 1.5 — a whole number of people is needed, 1 to 1000 (default 1)"),
        ("representatives = true", "representatives = true — a whole number of people is needed, 1 to 1000 (default 1)"),
        ("burstiness = true", "burstiness = true — a number is needed, 1 to 20 (default 2)"),
        ("drift = 1979-05-27", "drift = 1979-05-27 — a number per working day is needed, 0 to 1 (default 0.001)"),
        ("drift = [1]", "drift = [1] — a number per working day is needed, 0 to 1 (default 0.001)"),
        ("profile = 3", "profile = 3 — a list of [day, factor] pairs is needed, 0 to 1000 entries"),
        ('profile = [[0, 1], [2, "x"]]', 'profile.1.1 = "x" — a number is needed'),
        ("profile = [[1, 2, 3]]", "profile.0 = [1, 2, 3] — a list is needed"),
    ],
)
def test_types_are_not_converted(complaint, setting, said):
    assert complaint(f"[customer]\n{setting}\n") == f"my-project.toml, line 2: customer.{said}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("customer = 3", "customer = 3 — a table [customer] is needed"),
        ("groups = []", "groups = [] — at least one table [groups.NAME] is needed"),
        ("[team]\nroles = {}", "team.roles = {} — at least one table [team.roles.NAME] is needed"),
        ("[team]\nworkflow = []", "team.workflow = [] — a list of tables, [[team.workflow]], is needed, 1 to 50 entries"),
        ('[[team.workflow]]\nname = "a"', "team.workflow.0.role is missing — a text in quotes is needed, 1 to 80 characters"),
        ('[team]\nvisit_spread = "gauss"', 'team.visit_spread = "gauss" — "none" or "exponential" is needed (default "none")'),
        ('name = ""', 'name = "" — a text in quotes is needed, 1 to 80 characters (default "unnamed")'),
        ('[groups.""]', 'groups has the key "" — a name of 1 to 80 characters is needed'),
    ],
)
def test_tables_lists_and_choices_are_asked_for_in_words(complaint, content, said):
    assert said in complaint(content)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("99", "99"), ("-0.1", "-0.1"), ("50.000001", "50.000001"), ("9" * 400, "a number of about 400 digits")],
)
def test_a_value_out_of_range_is_refused_with_its_range(complaint, value, shown):
    assert complaint(f"[customer]\nrequest_rate = {value}\n") == (
        f"my-project.toml, line 2: customer.request_rate = {shown} — "
        "a number of requests per working day is needed, 0 to 50 (default 0.8)"
    )


@pytest.mark.parametrize("value", ["1e-06", "0.05", "0.0999"])
def test_an_interval_is_nothing_or_not_tiny(complaint, value):
    """Reviews every millionth of a day would fill the calendar with four hundred million meetings."""
    assert complaint(f"[review]\ncadence = {value}\n") == (
        f"my-project.toml, line 2: review.cadence = {value} — a number of working days is needed, 0 or 0.1 to 1000 (default 10)"
    )


@pytest.mark.parametrize("value", ["0", "0.1", "1000"])
def test_the_ends_of_what_an_interval_may_be_are_allowed(loaded, value):
    assert loaded(f"[review]\ncadence = {value}\n").review.cadence == float(value)


def test_the_smallest_interval_stands_in_the_register_and_in_the_schema():
    [row] = [row for row in rows() if row.key == "review.cadence"]
    assert (row.low, row.smallest, row.high) == (0, 0.1, 1000)
    assert "| 0 or 0.1 to 1000 |" in markdown()
    cadence = editor_schema(Scenario)["definitions"]["Review"]["properties"]["cadence"]
    assert cadence["not"] == {"minimum": 0, "exclusiveMinimum": True, "maximum": 0.1, "exclusiveMaximum": True}
    assert "From 0 or 0.1 to 1000." in cadence["description"]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "+nan"])
def test_numbers_must_be_finite(complaint, value):
    shown = value.removeprefix("+")
    assert complaint(f"[project]\nbudget = {value}\n") == (
        f"my-project.toml, line 2: project.budget = {shown} — not a finite number; "
        "a number of k€ is needed, 0 to 10000000 (default 0)"
    )


def test_whole_numbers_serve_where_any_number_does(loaded):
    rate = loaded("[customer]\nrequest_rate = 1\n").customer.request_rate
    assert (rate, type(rate)) == (1.0, float)


def test_all_errors_are_told_at_once_in_the_order_of_the_file(complaint):
    content = """\
[review]
cadense = 3
[team]
overtime_cap = 7
[customer]
drift = "a"
[project]
horizon = -1
"""
    lines = complaint(content).splitlines()
    assert [line.split(":")[0] for line in lines] == [f"my-project.toml, line {at}" for at in (2, 4, 6, 8)]


def test_of_many_errors_ten_are_told_and_the_rest_counted(complaint):
    lines = complaint("".join(f"key{at} = {at}\n" for at in range(25))).splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("my-project.toml, line 1: key0 is not known")
    assert lines[10] == "and 15 more"


def test_a_file_cannot_move_the_cursor_of_the_terminal(complaint):
    content = 'name = "\\u001b[2J"\ntitle = "\\u009b\\u202e"\n"\\u001b]0;x" = 1\n[groups."\\u0007"]\nnovelty = "\\r\\u0000"\n'
    message = complaint(content)
    assert all(char.isprintable() or char == "\n" for char in message)
    assert '"\\x1b]0;x" is not known' in message
    assert 'groups."\\x07".novelty = "\\r\\x00" — a number is needed' in message


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f'"{"x" * 5000}"', f'"{"x" * 59}…"'),
        ("[1, 2, 3, 4, 5, 6, 7]", "[1, 2, 3, 4, 5, …]"),
        ("[[[[[[1]]]]]]", "[[[…]]]"),
        ("{a = {b = {c = 1}}}", "{a = {b = {…}}}"),
    ],
)
def test_a_long_or_deep_value_is_shortened(complaint, value, shown):
    assert complaint(f"[customer]\ndrift = {value}\n").startswith(f"my-project.toml, line 2: customer.drift = {shown} — ")
