"""Every policy meets the same customers, and a changed parameter moves each request a little instead of replacing it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.truth import Request, Truth
from sim.policies import Policy
from sim.runs.simulate import draw, simulate
from sim.scenario import Customer, Scenario
from tests.strategies import policies, scenarios

SOME = settings(max_examples=40, deadline=None)
BASE = Scenario()


def truth(scenario: Scenario, seed: int = 1) -> Truth:
    return draw(scenario, seed, 0).truth


NOBODY_LEARNS = {"sessions": 0.0, "explanations": 0.0, "prototypes": 0.0, "reviews": 0.0}
"""But by the calendar, which runs under every policy."""


def requests(scenario: Scenario, group: int = 0) -> list[Request]:
    """All candidate requests of one group, in the order of the tape."""
    return [request for occasion in truth(scenario).occasions[group] for request in occasion.requests]


def with_values(**values: Any) -> list[Request]:
    return requests(BASE.with_values({key.replace("__", "."): value for key, value in values.items()}))


def asked_of_both(scenario: Scenario, one: Policy, other: Policy, seed: int) -> list[tuple[Request, Request]]:
    """What customers asked under both policies, as they asked it under each."""
    here, there = (
        {ask.request.number: ask.request for ask in simulate(scenario, policy, seed=seed).ledger.asks} for policy in (one, other))
    return [(here[number], there[number]) for number in here.keys() & there.keys()]


@SOME
@given(scenarios(understanding=NOBODY_LEARNS), policies, policies, st.integers(0, 1000))
def test_two_policies_face_the_same_requests_with_the_same_truths(
    scenario: Scenario, one: Policy, other: Policy, seed: int
) -> None:
    for here, there in asked_of_both(scenario, one, other, seed):
        assert here == there


@SOME
@given(scenarios(), policies, policies, st.integers(0, 1000))
def test_where_customers_learn_the_same_request_comes_in_a_more_or_a_less_learned_version(
    scenario: Scenario, one: Policy, other: Policy, seed: int
) -> None:
    for here, there in asked_of_both(scenario, one, other, seed):
        learned = {"feasible": True, "fit": 0.0, "merit": 0.0, "worth": 0.0}
        assert here._replace(**learned) == there._replace(**learned)
        if here.fit > there.fit:
            assert here.feasible >= there.feasible
            assert here.worth >= there.worth


@SOME
@given(scenarios(customer={"appetite": 0.0}, understanding=NOBODY_LEARNS, project={"planned_items": 0}, relationship={"walk_away": 0.0}), policies, policies)
def test_without_appetite_no_policy_changes_who_asks(scenario: Scenario, one: Policy, other: Policy) -> None:
    asked = [[ask.request for ask in simulate(scenario, policy, seed=3).ledger.asks] for policy in (one, other)]
    assert asked[0] == asked[1]


@SOME
@given(scenarios(), scenarios(), st.integers(0, 1000))
def test_team_review_and_relationship_are_no_part_of_what_customers_want(one: Scenario, other: Scenario, seed: int) -> None:
    mixed = one.model_copy(update={
        "team": other.team, "review": other.review, "relationship": other.relationship, "adoption": one.adoption})
    assert truth(mixed, seed).occasions == truth(one, seed).occasions
    assert truth(mixed, seed).planned == truth(one, seed).planned


def test_more_spread_of_effort_keeps_the_order_of_efforts() -> None:
    narrow, wide = with_values(customer__effort_sigma=0.3), with_values(customer__effort_sigma=1.6)
    assert [r.day for r in narrow] == [r.day for r in wide]
    by_effort = [sorted(range(len(found)), key=lambda i: found[i].effort) for found in (narrow, wide)]
    assert by_effort[0] == by_effort[1]
    assert [r.effort for r in narrow] != [r.effort for r in wide]
    assert [r.merit for r in narrow] == [r.merit for r in wide]


@given(st.floats(0.1, 3), st.floats(0, 3))
@SOME
def test_a_higher_value_lifts_every_request_in_proportion(value: float, rise: float) -> None:
    before, after = with_values(customer__value=value), with_values(customer__value=value + rise)
    for low, high in zip(before, after, strict=True):
        assert (high.worth + 0.3) * value == pytest.approx((low.worth + 0.3) * (value + rise))
        assert high._replace(worth=low.worth) == low


@pytest.mark.parametrize("field", ["feasibility", "mandatory_share"])
def test_a_higher_chance_only_adds(field: str) -> None:
    flag = {"feasibility": "feasible", "mandatory_share": "mandatory"}[field]
    low, high = (with_values(**{f"customer__{field}": share}) for share in (0.3, 0.6))
    assert all(getattr(after, flag) >= getattr(before, flag) for before, after in zip(low, high, strict=True))
    assert sum(getattr(r, flag) for r in high) > sum(getattr(r, flag) for r in low)


@pytest.mark.parametrize("field", ["ambiguity", "novelty", "flexibility", "core_share"])
def test_a_higher_mean_raises_each_requests_trait(field: str) -> None:
    low, high = (with_values(**{f"customer__{field}": mean}) for mean in (0.2, 0.7))
    assert all(getattr(a, field) >= getattr(b, field) for b, a in zip(low, high, strict=True))
    assert [r._replace(**{field: 0.0}) for r in low] == [r._replace(**{field: 0.0}) for r in high]


def test_twice_the_rate_asks_the_same_at_half_the_time_and_then_more() -> None:
    slow, fast = with_values(customer__request_rate=0.5), with_values(customer__request_rate=1.0)
    assert len(fast) > 1.5 * len(slow)
    for before, after in zip(slow, fast, strict=False):
        assert after.day == pytest.approx(before.day / 2.0)
        assert (after.effort, after.merit, after.lot) == (before.effort, before.merit, before.lot)


def test_a_longer_horizon_only_adds_later_requests() -> None:
    short, long = with_values(project__horizon=150.0), with_values(project__horizon=400.0)
    assert len(long) > len(short) > 0
    assert [r._replace(number=0) for r in long[: len(short)]] == [r._replace(number=0) for r in short]


def test_a_new_customer_group_changes_nothing_for_the_others_but_their_numbers() -> None:
    alone = Scenario(groups={"old": Customer()})
    for name in ("a newcomer before", "z newcomer after"):
        joined = Scenario(groups={"old": Customer(), name: Customer(request_rate=2.0)})
        at = [group for group, _ in joined.customers].index("old")
        before = [r._replace(number=0, group=0) for r in requests(alone)]
        assert [r._replace(number=0, group=0) for r in requests(joined, at)] == before
        assert truth(joined).planned == truth(alone).planned


@SOME
@given(scenarios(), st.integers(0, 1000))
def test_requests_are_numbered_by_day_over_all_groups(scenario: Scenario, seed: int) -> None:
    whole = truth(scenario, seed)
    found = sorted(
        [*whole.opening, *(request for occasions in whole.occasions for o in occasions for request in o.requests)],
        key=lambda request: request.number)
    assert [request.number for request in found] == list(range(len(found)))
    assert [request.day for request in found] == sorted(request.day for request in found)
    assert all(0.0 <= request.day <= scenario.project.horizon for request in found[len(whole.opening) :])
    assert all(request.day <= 0.0 for request in whole.opening)
