"""The sentences say what the numbers say, whichever way the numbers go, and no more than the intervals allow."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.model.outcome import METRICS
from sim.report.comparison_words import in_detail
from sim.scenario import Scenario
from sim.study.comparison import Comparison

MadeUp = Callable[..., Comparison]
Scatter = Callable[..., list[float]]
MAIN = {"delay": 10.0, "cost": 100.0, "innovation": 50.0, "benefit": 200.0}


def world(scatter: Scatter, seed: int, **means: float) -> dict[str, list[float]]:
    return {metric: scatter(mean, 1.0, seed=seed + at) for at, (metric, mean) in enumerate((MAIN | means).items())}


def told(made_up: MadeUp, scatter: Scatter, plain: dict[str, float], *, reference: str | None = None) -> str:
    """What is said where always-accept has these means, and co-evaluated those of MAIN."""
    values = {"co-evaluated": world(scatter, 10), "always-accept": world(scatter, 50, **plain)}
    return " ".join(in_detail(made_up(values, reference=reference)))


def test_where_always_accept_is_worse_in_all_it_is_said_with_numbers(made_up: MadeUp, scatter: Scatter) -> None:
    text = told(made_up, scatter, {"delay": 67.0, "cost": 160.0, "innovation": 25.0, "benefit": 150.0})
    assert re.search(r"always-accept finishes 57\S* days later \(95%: 56\S* to 57\S*\)", text)
    assert "costs 60" in text
    assert "% more" in text
    assert "brings 50" in text
    assert "less innovation" in text
    assert "brings 25" in text
    assert "less benefit" in text
    assert "In none of these measures" in text
    assert "is always-accept really better" in text


def test_where_nothing_else_was_measured_nothing_else_is_named(made_up: MadeUp, scatter: Scatter) -> None:
    nothing = {metric: [float("nan")] * 20 for metric in METRICS if metric not in (*MAIN, "censored")}
    values = {"co-evaluated": world(scatter, 10) | nothing, "always-accept": world(scatter, 50, delay=67.0, cost=160.0) | nothing}
    assert "In none of these measures is always-accept really better." in " ".join(in_detail(made_up(values)))


def test_where_always_accept_is_better_in_all_it_is_said_just_as_plainly(made_up: MadeUp, scatter: Scatter) -> None:
    text = told(made_up, scatter, {"delay": -20.0, "cost": 50.0, "innovation": 80.0, "benefit": 300.0})
    assert "always-accept finishes 30" in text
    assert "earlier" in text
    assert "costs 50" in text
    assert "less (" in text
    assert "more innovation" in text
    assert "more benefit" in text
    assert "later" not in text
    assert "In none" not in text


def test_where_both_are_mixed_the_two_sides_stand_against_each_other(made_up: MadeUp, scatter: Scatter) -> None:
    text = told(made_up, scatter, {"delay": 40.0, "benefit": 300.0})
    assert "later" in text.split(", but ")[0]
    assert "more benefit" in text.split(", but ")[1]
    assert "there is no real difference in cost or innovation" in text


def test_where_nothing_is_real_it_is_said_in_those_words(made_up: MadeUp, scatter: Scatter) -> None:
    text = told(made_up, scatter, {})
    assert "there is no real difference in delay, cost, innovation or benefit" in text
    assert "later" not in text
    assert "more" not in text.split("variance")[0]


def test_the_other_way_round_it_is_the_other_policy_that_is_told(made_up: MadeUp, scatter: Scatter) -> None:
    text = told(made_up, scatter, {"delay": 67.0}, reference="always-accept")
    assert "Against always-accept, co-evaluated finishes 57" in text
    assert "earlier" in text


def test_where_always_accept_wins_in_something_smaller_it_must_be_said(made_up: MadeUp, scatter: Scatter) -> None:
    values = {
        "co-evaluated": world(scatter, 10) | {"satisfaction_end": scatter(0.5, 0.01)},
        "always-accept": world(scatter, 50, delay=67.0) | {"satisfaction_end": scatter(0.6, 0.01, seed=9)}}
    text = " ".join(in_detail(made_up(values)))
    assert "always-accept is better in satisfaction at the end, 0.1" in text


@pytest.mark.parametrize(("lots", "saying_no", "judging"), [
    (20.0, "changes delay by -47", "makes no real difference in"),  # placebo as good as judgement
    (67.0, "makes no real difference in delay", "changes delay by -47"),  # placebo as bad as always-accept
    (43.0, "changes delay by -24", "changes delay by -23"),
])
def test_the_placebo_tells_saying_no_from_judging(
    made_up: MadeUp, scatter: Scatter, lots: float, saying_no: str, judging: str
) -> None:
    values = {
        "co-evaluated": world(scatter, 10, delay=20.0), "always-accept": world(scatter, 50, delay=67.0),
        "placebo": world(scatter, 90, delay=lots)}
    [sentence] = [text for text in in_detail(made_up(values)) if "placebo" in text]
    no, _, judged = sentence.partition(";")
    assert saying_no in no
    assert judging in judged


def test_no_placebo_is_told_of_a_policy_that_was_not_compared(made_up: MadeUp, scatter: Scatter) -> None:
    values = {"gatekeeper": world(scatter, 10), "always-accept": world(scatter, 50), "placebo": world(scatter, 90)}
    assert not any("placebo" in text for text in in_detail(made_up(values)))


@pytest.mark.parametrize(("benefit", "said"), [(400.0, "brings 100"), (200.0, "no real gain"), (100.0, "no real gain")])
def test_the_clairvoyant_tells_what_is_left_to_win(made_up: MadeUp, scatter: Scatter, benefit: float, said: str) -> None:
    values = {
        "co-evaluated": world(scatter, 10), "always-accept": world(scatter, 50),
        "clairvoyant": world(scatter, 90, benefit=benefit)}
    [sentence] = [text for text in in_detail(made_up(values)) if "clairvoyant" in text]
    assert said in sentence


def test_more_than_the_whole_less_is_told_in_money_not_in_per_cent(made_up: MadeUp, scatter: Scatter) -> None:
    assert "brings 250 k€ less benefit" in told(made_up, scatter, {"benefit": -50.0})


def test_a_stream_is_told_in_requests_and_lead_times(made_up: MadeUp, scatter: Scatter, small: Scenario) -> None:
    stream = small.with_values({"project.planned_items": 0, "project.deadline": 0.0})
    values = {
        "co-evaluated": {"lead_time_delivered": scatter(5.0), "throughput": scatter(41.0, seed=1)},
        "always-accept": {"lead_time_delivered": scatter(25.0, seed=2), "throughput": scatter(0.0, seed=3)}}
    text = in_detail(made_up(values, scenario=stream))[0]
    assert "takes 20" in text
    assert re.search(r"delivers 100% fewer requests|delivers 41\S* fewer requests", text)


def test_luck_that_does_harm_is_not_told_as_a_gain(made_up: MadeUp, scatter: Scatter) -> None:
    x = scatter(0.0, 5.0)
    harm = " ".join(in_detail(made_up({"co-evaluated": {"delay": x}, "always-accept": {"delay": [-value for value in x]}})))
    help_ = " ".join(in_detail(made_up({"co-evaluated": {"delay": x}, "always-accept": {"delay": [v + 0.1 * v for v in x]}})))
    assert "added 100% to the variance" in harm
    assert "removed 99" in help_


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(means=st.fixed_dictionaries({name: st.floats(-2.0, 2.0) for name in MAIN}))
def test_for_every_world_the_words_agree_with_the_intervals(made_up: MadeUp, scatter: Scatter, means: dict[str, float]) -> None:
    values = {"co-evaluated": world(scatter, 10), "always-accept": world(
        scatter, 50, **{name: MAIN[name] + shift for name, shift in means.items()})}
    found = made_up(values)
    text = in_detail(found)[0]
    said = {"delay": ("earlier", "later"), "innovation": ("less innovation", "more innovation"),
            "benefit": ("less benefit", "more benefit")}
    for metric, (less, more) in said.items():
        gap = found.difference("always-accept", metric)
        assert (less in text) == (gap.high < 0.0)
        assert (more in text) == (gap.low > 0.0)


def test_one_replication_allows_no_conclusion(made_up: MadeUp) -> None:
    found = made_up({"co-evaluated": {"delay": [1.0]}, "always-accept": {"delay": [90.0]}})
    assert in_detail(found) == ()
    [only] = found.sentences
    assert "always-accept" not in only
