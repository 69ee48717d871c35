"""The digest stands for what a scenario says, not for how its file says it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.scenario import Customer, Scenario
from sim.scenario.checks import IN_FORCE
from sim.scenario.register import Row, rows

BASE = Scenario.model_validate(
    {
        "name": "base",
        "project": {"deadline": 9, "horizon": 500_000, "warm_up": 0},
        "team": {
            "roles": {"developer": {"headcount": 4}, "tester": {"headcount": 2}, "designer": {}},
            "workflow": [{"name": "a", "role": "developer", "share": 0.5}, {"name": "b", "role": "tester", "share": 0.5}],
        },
        "groups": {"web": {"drift": 0.5, "request_rate": 1.0}, "shop": {"urgency": 0.1}, "app": {}},
        "evaluation": {"judges": ["developer"]},
    }
)
BY_RULES_BETWEEN_VALUES = ("project.horizon", "project.warm_up", "project.deadline", "adoption.day", "title")
ROWS = [row for row in rows() if row.key not in BY_RULES_BETWEEN_VALUES and not row.key.startswith("team.workflow")]


def values(row: Row) -> st.SearchStrategy[Any]:
    special: dict[str, st.SearchStrategy[Any]] = {
        "name": st.from_regex(r"[a-z]{1,9}", fullmatch=True),
        "adoption.before": st.sampled_from(IN_FORCE),
        "team.visit_spread": st.sampled_from(["none", "exponential"]),
        "team.after_plan": st.sampled_from(["released", "kept"]),
        "customer.asks_until": st.sampled_from(["done", "deadline"]),
        "review.when_idle": st.booleans(),
        "team.queue": st.sampled_from(["by-date", "planned-first", "wsjf", "fcfs"]),
        "team.promise": st.sampled_from(["forecast", "wish", "none"]),
        "evaluation.judges": st.lists(st.sampled_from(["developer", "tester", "designer"]), max_size=3),
        "customer.profile": st.lists(st.floats(0, 100), max_size=3).map(lambda rates: [[*pair] for pair in enumerate(rates)]),
        "customer.opening": st.lists(st.floats(0, 900), max_size=3).map(lambda ages: [[age] for age in ages]),
        "team.roles.NAME.joins": st.lists(st.integers(1, 9), max_size=3).map(lambda people: [[at + 1.0, n] for at, n in enumerate(people)]),
        "team.roles.NAME.leaves": st.sampled_from([[], [[2.5, 1]], [[30.0, 1]]]),
    }
    if row.key in special:
        return special[row.key]
    return st.integers(int(row.low), int(row.high)) if isinstance(row.default, int) else st.floats(row.smallest or row.low, row.high)


def present(scenario: Scenario, key: str) -> Any:
    value: Any = scenario
    for part in key.split("."):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return [list(entry) if isinstance(entry, tuple) else entry for entry in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_changing_any_value_changes_the_digest(row: Row):
    key = row.key.replace("team.roles.NAME", "team.roles.tester")

    @given(values(row))
    def holds(value: Any) -> None:
        assume(value != present(BASE, key))
        assert BASE.with_values({key: value}).digest() != BASE.digest()

    holds()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("project.horizon", 600_000), ("project.warm_up", 1), ("project.deadline", 1), ("adoption.day", 1),
        ("groups.web.drift", 0.25), ("groups.app.drift", 0.25), ("groups.new", {}), ("team.roles.new", {}),
        ("team.workflow.0.name", "code"), ("team.workflow.1.role", "developer"),
        ("team.workflow", [{"name": "a", "role": "developer", "share": 1}]),
    ],
)
def test_so_does_changing_what_stands_in_lists_groups_and_rules(key, value):
    assert BASE.with_values({key: value}).digest() != BASE.digest()


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        order.shuffle(items)
        return {key: shuffled(entry, order) for key, entry in items}
    return [shuffled(entry, order) for entry in value] if isinstance(value, tuple | list) else value


@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_and_tables_changes_neither_digest_nor_scenario(order: random.Random):
    other = Scenario.model_validate(shuffled(BASE.model_dump(exclude_unset=True), order))
    assert other.digest() == BASE.digest()
    assert other.customers == BASE.customers
    assert [*other.team.roles] == [*BASE.team.roles]  # whoever walks them, walks them in the same order


def test_saying_a_default_changes_nothing():
    assert Scenario.model_validate({"customer": {"drift": 0.001}, "project": {"horizon": 400}}).digest() == Scenario().digest()


def test_the_title_is_for_people_and_not_in_the_digest():
    assert Scenario(title="a").digest() == Scenario(title="b").digest()


def test_a_group_says_the_same_by_inheriting_as_by_repeating():
    inherits = Scenario(customer=Customer(drift=0.5), groups={"web": Customer()})
    repeats = Scenario(customer=Customer(), groups={"web": Customer(drift=0.5)})
    assert inherits.digest() == repeats.digest()


def test_a_group_that_insists_on_the_default_differs_from_one_that_inherits():
    insists = Scenario(customer=Customer(drift=0.5), groups={"web": Customer(drift=0.001)})
    inherits = Scenario(customer=Customer(drift=0.5), groups={"web": Customer()})
    assert insists.digest() != inherits.digest()
