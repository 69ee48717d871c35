"""A policy cannot reach the hidden truth: it is handed plain values, all the way down, and none of them is the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.policies import Decision, Estimate, Evaluators, Policy, ProjectView, QueueRule, Ticket, accept, decline, defer
from sim.runs.simulate import simulate
from sim.scenario import Scenario
from tests.strategies import scenarios

PLAIN = (float, int, bool, str, type(None))
HANDED: list[Any] = []  # what spies were handed; cleared before each run


def leaves_of(value: Any) -> list[Any]:
    """All that can be reached from a value by its fields; fails where a field is no plain value."""
    if type(value) in PLAIN:
        return [value]
    assert type(value) in (Estimate, ProjectView, Ticket, tuple, list), f"{type(value).__name__} leads further"
    assert not hasattr(value, "__dict__"), "something could hang on it"
    return [leaf for part in value for leaf in leaves_of(part)]


@dataclass(frozen=True)
class SpyingQueue(QueueRule):
    def rank(self, ticket: Ticket) -> float:
        HANDED.append(ticket)
        return 0.0


@dataclass(frozen=True)
class Spy(Policy):
    queue: QueueRule = field(default_factory=SpyingQueue)

    def at_once(self, glance: Estimate) -> bool:
        HANDED.append(glance)
        return False

    def agenda(self, estimates: list[Estimate]) -> list[int]:
        HANDED.append(estimates)
        return list(range(len(estimates)))

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        HANDED.extend([estimate, project])
        learn = accept("known") if estimate.prototyped else Decision("prototype", "learn")
        answers = [
            accept("yes"), decline("no"), defer("later", project.day + 3.0), Decision("counter-propose", "else"),
            Decision("reshape", "core"), learn]
        return answers[estimate.number % len(answers)]


def handed(scenario: Scenario, **parts: Any) -> list[Any]:
    HANDED.clear()
    simulate(scenario, Spy(**parts), seed=3)
    return list(HANDED)


evaluators = st.builds(Evaluators, st.booleans(), st.booleans(), st.booleans())


@settings(max_examples=60, deadline=None)
@given(scenarios(), evaluators)
def test_all_that_a_policy_is_handed_is_plain(scenario: Scenario, asked: Evaluators) -> None:
    for value in handed(scenario, evaluators=asked):
        leaves_of(value)


TRUTHS = ("effort", "merit", "worth", "benefit", "ambiguity", "novelty", "flexibility", "core_share", "urgency")


ASKED = [Evaluators(), Evaluators(customer=True), Evaluators(experts=True), Evaluators(customer=True, experts=True, ai=True)]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_no_truth_is_among_what_it_is_handed(asked: Evaluators) -> None:
    scenario = Scenario().with_values({"project.planned_items": 10, "project.horizon": 60.0, "project.deadline": 40.0})
    HANDED.clear()
    run = simulate(scenario, Spy(evaluators=asked), seed=3)
    seen = {leaf for value in HANDED for leaf in leaves_of(value) if type(leaf) is float}
    truths = {getattr(ask.request, truth) for ask in run.ledger.asks for truth in TRUTHS}
    assert len(truths) > 100
    assert not (seen & truths) - {0.0, 1.0}


def test_only_the_clairvoyant_is_told_the_truth() -> None:
    HANDED.clear()
    run = simulate(Scenario(), Spy(evaluators=Evaluators(truth=True)), seed=3)
    worth = {ask.request.number: ask.request.worth for ask in run.ledger.asks}
    told = [value for value in HANDED if isinstance(value, Estimate) and value.value is not None]
    assert told
    assert all(estimate.value == worth[estimate.number] for estimate in told)


def test_the_walk_would_notice_a_way_out() -> None:
    @dataclass
    class Door:
        world: Any = None

    for leak in (Door(), [Door()], {"world": 1}, lambda: 0):
        with pytest.raises(AssertionError):
            leaves_of(leak)


@settings(max_examples=30, deadline=None)
@given(scenarios(evaluation={"detection": 0.0}), evaluators)
def test_who_cannot_detect_it_is_not_told_what_is_infeasible(scenario: Scenario, asked: Evaluators) -> None:
    seen = [value for value in handed(scenario, evaluators=asked) if isinstance(value, Estimate)]
    assert all(estimate.feasible for estimate in seen if not estimate.prototyped)
