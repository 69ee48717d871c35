"""Customers who learn: what a group understands after known exposures, and what it asks for then, in closed form."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.exposure import Exposure
from sim.policies import PolicyOfParts
from sim.policies.admission import Threshold
from sim.policies.parts import CUSTOMER
from sim.runs.simulate import Run, simulate
from sim.scenario import Customer, Scenario, Understanding
from tests.not_rigged.worlds import SMALL, bits

ALL_ON = {
    "understanding.sessions": 0.03, "understanding.explanations": 0.03, "understanding.prototypes": 0.03,
    "understanding.reviews": 0.03, "understanding.calendar": 0.0025}
NOTHING = dict.fromkeys((*ALL_ON, "understanding.start", "understanding.forgetting", "understanding.fit_gain"), 0.0)
WORLD = SMALL.with_values(NOTHING | {"customer.feasibility": 0.8, "customer.request_rate": 1.0, "customer.mandatory_share": 0.0})
OFTEN = st.lists(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 0.5)), max_size=8)


def learnt(run: Run, group: str = "customer") -> list[float]:
    """What a group understood after each exposure."""
    return [level for _, name, quantity, level in run.ledger.levels if (name, quantity) == (group, "understanding")]


def taught(policy: str, **lessons: float) -> Run:
    return simulate(WORLD.with_values({f"understanding.{name}": size for name, size in lessons.items()}), policy)


# --- what is understood ---


@given(OFTEN, st.floats(0.0, 100.0), st.floats(0.0, 1.0), st.floats(0.0, 0.1), st.floats(0.0, 0.5))
def test_understanding_is_what_its_differential_equation_says(
    events: list[tuple[float, float]], after: float, start: float, calendar: float, forgetting: float
) -> None:
    exposure = Exposure(Understanding(start=start, calendar=calendar, forgetting=forgetting))
    day, lived = 0.0, []
    for gap, amount in events:
        day += gap
        lived.append((day, amount))
        exposure.add(amount, day)
    end = day + after
    x = math.fsum(amount * math.exp(-forgetting * (end - on)) for on, amount in lived)
    x += calendar * end if forgetting * end < 1e-7 else calendar * (1.0 - math.exp(-forgetting * end)) / forgetting
    assert exposure.understanding(end) == pytest.approx(1.0 - (1.0 - start) * math.exp(-x), abs=1e-6)


@given(st.floats(0.0, 0.1), st.floats(0.0, 0.5), st.lists(st.floats(0.0, 50.0), min_size=1, max_size=10))
def test_looking_at_it_in_between_changes_nothing(calendar: float, forgetting: float, looks: list[float]) -> None:
    terms = Understanding(start=0.2, calendar=calendar, forgetting=forgetting)
    watched, left_alone = Exposure(terms), Exposure(terms)
    for day in sorted(looks):
        watched.add(0.0, day)
    assert watched.understanding(60.0) == pytest.approx(left_alone.understanding(60.0), rel=1e-12)


def test_without_forgetting_understanding_only_grows_and_with_it_settles_where_the_calendar_holds_it() -> None:
    grows = Exposure(Understanding(calendar=0.01, forgetting=0.0))
    assert [grows.understanding(day) for day in (0.0, 100.0, 1e4)] == pytest.approx([0.0, 1.0 - math.exp(-1.0), 1.0])
    settles = Exposure(Understanding(calendar=0.01, forgetting=0.02))
    assert settles.understanding(1e4) == pytest.approx(1.0 - math.exp(-0.5))


# --- what teaches ---


def test_each_request_judged_together_teaches_as_much() -> None:
    run = taught("co-evaluated", sessions=0.03)
    levels = learnt(run)
    assert len(levels) == len(run.ledger.decisions) > 20
    assert levels == pytest.approx([1.0 - math.exp(-0.03 * count) for count in range(1, len(levels) + 1)])
    assert run.outcome["understanding_end"] == pytest.approx(levels[-1])


def test_a_refusal_teaches_as_far_as_it_is_explained() -> None:
    run = taught("change-board", explanations=0.04)  # whose explanation is half of a full one
    refused = sum(entry.outcome == "declined" for entry in run.ledger.decisions)
    assert learnt(run) == pytest.approx([1.0 - math.exp(-0.02 * count) for count in range(1, refused + 1)])
    assert refused > 5
    assert not learnt(taught("refuse-all", explanations=0.04))


def test_each_prototype_teaches() -> None:
    run = taught("prototype-first", prototypes=0.05)
    made = sum(ask.prototyped for ask in run.ledger.asks)
    assert made > 5
    assert learnt(run)[-1] == pytest.approx(1.0 - math.exp(-0.05 * made))


def test_each_review_meeting_teaches_whoever_attends() -> None:
    groups = {"first": Customer(request_rate=0.2), "second": Customer(request_rate=0.2), "silent": Customer(request_rate=0.0)}
    run = simulate(Scenario(**{**dict(WORLD), "groups": groups}).with_values({"understanding.reviews": 0.05}), "accept-all")
    met = {end for _, _, end, use, *_ in run.ledger.customer_spells if use == "review"}
    first, second = learnt(run, "first"), learnt(run, "second")
    assert len(met) >= len(first) > len(second) > 0  # the first group answers for the plan
    assert first[-1] == pytest.approx(1.0 - math.exp(-0.05 * len(first)))
    assert not learnt(run, "silent")


@pytest.mark.parametrize("policy", ["change-board", "gatekeeper", "always-accept", "placebo", "clairvoyant"])
def test_sessions_teach_only_where_customer_and_experts_judge_together(policy: str) -> None:
    joint = policy == "placebo"  # which pays for the same sessions as co-evaluation
    assert bool(learnt(taught(policy, sessions=0.03))) == joint


# --- what it does ---


@pytest.mark.parametrize("policy", ["always-accept", "co-evaluated", "gatekeeper", "clairvoyant"])
def test_half_an_understanding_is_half_the_infeasible_work_and_half_the_optimism(policy: str) -> None:
    knows = WORLD.with_values({"understanding.start": 0.5, "customer.optimism": 0.6, "customer.feasibility": 0.8})
    same = WORLD.with_values({"customer.optimism": 0.3, "customer.feasibility": 0.9})
    other = WORLD.with_values({"customer.optimism": 0.6, "customer.feasibility": 0.8})
    runs = [simulate(world, policy, replication=3) for world in (knows, same, other)]
    known, equal, unequal = (bits(run, "understanding_end") for run in runs)
    assert known == equal != unequal


def test_what_can_be_built_for_somebody_who_understands_little_can_be_for_somebody_who_understands_more() -> None:
    beyond: list[set[int]] = []
    for start in (0.0, 0.3, 0.6, 1.0):
        run = simulate(WORLD.with_values({"understanding.start": start, "customer.feasibility": 0.5}), "refuse-all")
        beyond.append({ask.request.number for ask in run.ledger.asks if not ask.request.feasible})
    assert beyond[0] > beyond[1] > beyond[2] > beyond[3] == set()


def test_early_demands_fade_with_the_calendar_and_not_by_understanding() -> None:
    early = {"customer.feasibility": 1.0, "customer.early_infeasible": 0.5, "customer.optimism": 0.0}
    runs = [simulate(WORLD.with_values({**early, "understanding.start": start}), "always-accept") for start in (0.0, 1.0)]
    assert bits(runs[0], "understanding_end") == bits(runs[1], "understanding_end")
    assert not all(ask.request.feasible for ask in runs[0].ledger.asks)


def test_who_understands_asks_for_what_meets_his_need_better_and_judges_see_it_as_far_as_they_see_fit() -> None:
    judged = PolicyOfParts(name="judged", evaluators=CUSTOMER, admission=Threshold(0.0))
    blind = WORLD.with_values({"customer.optimism": 0.0, "customer.escalation": 0.0, "evaluation.disclosure": 0.0, "customer.appetite": 0.0})
    knows = blind.with_values({"understanding.start": 0.4, "understanding.fit_gain": 0.5})
    traits = knows.customer
    before, after = (simulate(world, judged) for world in (blind, knows))
    plain, better = ([ask.request for ask in run.ledger.asks] for run in (before, after))
    assert len(plain) == len(better) > 20
    for one, other in zip(plain, better, strict=True):
        assert (other.need, other.fit) == (one.need, one.fit + 0.2)
        z = math.sqrt(traits.need_share) * one.need + math.sqrt(1.0 - traits.need_share) * (one.fit + 0.2)
        tau = traits.value_spread
        assert other.worth == pytest.approx(traits.value * math.exp(tau * z - tau * tau / 2.0) - traits.upkeep)
    seen = {entry.request: entry.estimate for entry in before.ledger.decisions}
    for entry in after.ledger.decisions:
        assert entry.estimate.need == seen[entry.request].need
        assert entry.estimate.fit == pytest.approx(seen[entry.request].fit + 0.2 * knows.evaluation.customer_fit_quality)


@pytest.mark.parametrize("policy", ["co-evaluated", "prototype-first", "always-accept"])
def test_forgetting_does_nothing_to_those_who_have_learnt_nothing(policy: str) -> None:
    assert bits(taught(policy, forgetting=0.5)) == bits(taught(policy))


@pytest.mark.parametrize(("policy", "idle"), [
    ("always-accept", ("sessions", "explanations", "prototypes")), ("change-board", ("sessions", "prototypes")),
    ("prototype-first", ("sessions",))])
def test_what_a_policy_does_not_do_teaches_nobody(policy: str, idle: tuple[str, ...]) -> None:
    rest: dict[str, Any] = {**ALL_ON, **{f"understanding.{lesson}": 0.0 for lesson in idle}}
    assert bits(simulate(WORLD.with_values(ALL_ON), policy)) == bits(simulate(WORLD.with_values(rest), policy))
