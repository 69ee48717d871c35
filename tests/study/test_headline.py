"""What is said first: who leads, by how much, where it flips; and never a finding that only one account tells."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.report.headline import brought, headline
from sim.scenario import Scenario
from sim.stats.break_even import break_even
from sim.stats.means import gaps
from sim.study.compare import compare
from sim.study.comparison import ANCHORS, Comparison

MadeUp = Callable[..., Comparison]
Scatter = Callable[..., list[float]]


@pytest.fixture
def money(made_up: MadeUp, scatter: Scatter) -> Callable[..., Comparison]:
    """A comparison of policies with these means of net benefit: paid, by effort, and what requests brought."""

    def of(**means: tuple[float, float, float]) -> Comparison:
        values = {}
        for at, (name, (paid, effort, asked)) in enumerate(means.items()):
            values[name.replace("_", "-")] = {
                "net_benefit": scatter(paid, seed=3 * at), "net_of_effort": scatter(effort, seed=3 * at + 1),
                "benefit_asked": scatter(asked, 0.1, seed=3 * at + 2), "benefit_unasked": [0.0] * 20}
        return made_up(values)

    return of


def test_the_anchors_stand_in_every_comparison(small: Scenario) -> None:
    found = compare(small, ["gatekeeper", "refuse-all"], replications=2)
    assert found.names == ("gatekeeper", "refuse-all", "accept-all")
    assert set(ANCHORS) <= set(found.adoptable), "a project can do either"
    assert compare(small, "gatekeeper", anchors=(), replications=2).names == ("gatekeeper",)


def test_who_leads_by_how_much_and_where_it_flips(money: Callable[..., Comparison]) -> None:
    who, much, flips = headline(money(
        co_evaluated=(30.0, 25.0, 120.0), change_board=(10.0, 12.0, 60.0), refuse_all=(0.0, 0.0, 0.0),
        accept_all=(-20.0, -25.0, 200.0)))
    assert who == ("co-evaluated leads: in net benefit it is really better than each of the 3 other policies that a project can "
                   "adopt.")
    assert re.search(r"\+30\S* k€ against refusing everything \(95%: 2\S+ to 3\S+; by effort \+25\S* k€, 2\S+ to 2\S+\)", much)
    assert re.search(r" and \+50\S* k€ against accepting everything \(4\S+ to 5\S+; by effort \+50", much)
    assert re.search(r"It flips where requests bring 25\S*% less than here \(\S+ to \S+% less\): refusing everything is then level",
                     flips)


def test_refusing_everything_is_named_when_it_wins(money: Callable[..., Comparison]) -> None:
    who, much, flips = headline(money(
        co_evaluated=(-20.0, -18.0, 40.0), refuse_all=(0.0, 0.0, 0.0), accept_all=(-50.0, -60.0, 90.0)))
    assert who.startswith("Refusing everything leads: in net benefit it is really better than each of the 2 other policies")
    assert re.search(r"\+20\S* k€ against co-evaluated .*\+50\S* k€ against accepting everything", much)
    assert re.search(r"requests bring 50\S*% more than here .*co-evaluated is then level", flips)


def test_a_policy_that_is_not_told_from_refusing_everything_is_not_called_better(money: Callable[..., Comparison]) -> None:
    who, much, flips = headline(money(
        co_evaluated=(0.3, 0.2, 40.0), refuse_all=(0.0, 0.0, 0.0), accept_all=(-50.0, -60.0, 90.0)))
    assert "co-evaluated has the best net benefit, but is not really better than refusing everything" in who
    assert "leads" not in who
    assert "no real difference was found between it and refusing everything" in who
    assert ": no real difference)" in much
    assert re.search(r"bring \S+% less than here \(\S+% more to \S+% less\)", flips)


def test_where_paid_and_by_effort_disagree_nothing_is_called_a_finding(money: Callable[..., Comparison]) -> None:
    found = money(always_accept=(18.0, -6.0, 90.0), refuse_all=(0.0, 0.0, 0.0), accept_all=(-9.0, -9.0, 20.0))
    who, much, _ = headline(found)
    assert "; ahead of refusing everything it is in what was paid, while by what the work took that is not shown" in who
    assert re.search(r"\+18\S* k€ against refusing everything \(95%: .*; by effort -6\S* k€, .*: the two accounts disagree, and this is "
                     r"no finding\)", much)
    assert found.word("always-accept", "net_benefit", "refuse-all") == "disputed"
    text = found.text(100)
    assert re.search(r"always-accept.*disputed", text)
    assert "disputed: so in what was paid" in text
    assert "better than refuse-all" not in text


def test_a_lead_that_is_not_in_what_requests_bring_does_not_flip_with_it(money: Callable[..., Comparison]) -> None:
    *_, flips = headline(money(co_evaluated=(30.0, 25.0, 5.0), refuse_all=(0.0, 0.0, 0.0), accept_all=(-50.0, -60.0, 90.0)))
    assert flips == "Even if requests brought nothing, refusing everything would not be level: the lead is not in what they bring."


def test_a_lead_that_is_all_in_what_requests_bring_goes_with_the_last_of_it(money: Callable[..., Comparison]) -> None:
    *_, flips = headline(money(co_evaluated=(39.6, 39.0, 40.0), refuse_all=(0.0, 0.0, 0.0), accept_all=(-50.0, -60.0, 90.0)))
    assert re.search(r"It flips where requests bring next to nothing \(at least 9[5-9]\S*% less\)", flips)


def test_where_requests_bring_the_same_no_flip_is_made_up(money: Callable[..., Comparison]) -> None:
    *_, flips = headline(money(co_evaluated=(30.0, 25.0, 0.0), refuse_all=(0.0, 0.0, 0.0), accept_all=(-50.0, -60.0, 90.0)))
    assert flips.startswith("Where it flips cannot be told")


def test_where_it_flips_a_new_run_finds_the_two_level() -> None:
    """Neither of the two looks at worth, so that requests worth so much less change no decision: the difference is gone exactly."""
    scenario = Scenario.load("calm-water").with_values({"innovation.exploration_share": 0.0})
    found = compare(scenario, ["accept-all"], replications=6)
    gap = gaps(found.values("accept-all", "net_benefit"), found.values("refuse-all", "net_benefit"))
    share = break_even(gap, brought(found, "accept-all") - brought(found, "refuse-all")).mean
    less = {f"customer.{key}": (1.0 - share) * getattr(scenario.customer, key) for key in ("value", "upkeep")}
    there = compare(scenario.with_values(less), ["accept-all"], replications=6)
    assert there.difference("accept-all", "net_benefit", "refuse-all").mean == pytest.approx(0.0, abs=1e-6)
    assert gap.mean() > 5.0


def test_an_overloaded_stream_is_called_so(made_up: MadeUp, scatter: Scatter, small: Scenario) -> None:
    stream = small.with_values({"project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 240.0})
    grows = {"change-board": 0.1, "gatekeeper": 0.6, "always-accept": 12.0, "accept-all": 11.0, "refuse-all": -0.1}
    found = made_up({name: {"backlog_growth": scatter(growth, 0.5)} for name, growth in grows.items()}, scenario=stream)
    [said] = [text for text in headline(found) if text.startswith("Overloaded")]
    assert re.search(r"under always-accept the backlog grows by 12\S* requests a month \(11\.\d to 12\.\d\)", said)
    assert "(and up to that under accept-all)" in said
    assert "change-board" not in said
    assert "gatekeeper" not in said, "growth that is small may be the last of the warm-up"
    assert "k€/month" in found.text(100)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=st.floats(-20, 20), effort=st.floats(-20, 20))
def test_for_every_pair_of_accounts_a_finding_is_what_both_tell(
    money: Callable[..., Comparison], paid: float, effort: float
) -> None:
    found = money(co_evaluated=(paid, effort, 50.0), refuse_all=(0.0, 0.0, 0.0))
    word = found.word("co-evaluated", "net_benefit", "refuse-all")
    gaps = [found.difference("co-evaluated", account, "refuse-all") for account in ("net_benefit", "net_of_effort")]
    same = all(gap.low > 0.0 for gap in gaps) or all(gap.high < 0.0 for gap in gaps)
    assert (word in ("better", "worse")) == same
    assert ("no finding" in headline(found)[1]) == (not same and any(gap.excludes_zero for gap in gaps))
