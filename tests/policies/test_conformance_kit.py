"""The conformance kit passes what plays fair, and names the rule that a policy breaks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings

from sim.errors import PolicyError
from sim.policies import (
    POLICY_NAMES,
    Authority,
    Cadence,
    Decision,
    Evaluators,
    Policy,
    PolicyFromFunction,
    QueueRule,
    accept,
    decline,
    make,
)
from sim.runs.conformance import RULES, WORLD, check_policy, extreme_scenarios, looks
from sim.scenario import Scenario
from tests.strategies import policies

NO_WORLD: list[Scenario] = []


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_every_named_policy_conforms(name: str) -> None:
    report = check_policy(make(name), replications=2)
    assert report.policy == name
    assert report.rules == (*RULES, WORLD)


@settings(max_examples=25, deadline=None)
@given(policies)
def test_policies_of_any_parts_conform(policy: Policy) -> None:
    check_policy(policy, NO_WORLD)


def small_only(estimate: Any, project: Any) -> Decision:
    return accept("small") if estimate.effort < 2.0 else decline("too large")


def test_a_policy_of_ones_own_conforms() -> None:
    assert "keeps all" in str(check_policy(PolicyFromFunction(name="small-only", function=small_only), replications=1))


# --- policies that break a rule each ---

TALLY = {"asked": 0}


class Dice(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        return accept("six") if random.random() < 1 / 6 else decline("not six")


class Clock(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        return accept("it is late") if time.time() > 1.0 else decline("it is early")


class HiddenClock(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        from datetime import datetime

        return accept("still this century") if datetime.now().year < 2100 else decline("too late")


class Counter(Policy):
    """Remembers outside itself."""

    def decide(self, estimate: Any, project: Any) -> Any:
        TALLY["asked"] += 1
        return accept("every other") if TALLY["asked"] % 2 else decline("every other")


class Memory(Policy):
    """Remembers in its class."""

    seen: ClassVar[list[int]] = []

    def decide(self, estimate: Any, project: Any) -> Any:
        self.seen.append(estimate.number)
        return accept("seen it")


class Mutating(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        object.__setattr__(self, "explanation", 0.5)
        return accept("changed my mind about explaining")


class Mute(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        return Decision("accept", "  ")


class Yes(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        return "accept"


class Maybe(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        return Decision("maybe", "who knows")  # type: ignore[arg-type]


class Blunt(Policy):
    """Believes that somebody has always judged."""

    def decide(self, estimate: Any, project: Any) -> Any:
        return accept("good") if estimate.value > 0.0 else decline("bad")


class Never(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        return Decision("defer", "some day", until=float("nan"))


class Tinkerer(Policy):
    def decide(self, estimate: Any, project: Any) -> Any:
        return Decision("prototype", "let us try again")


class DoubleBooked(Policy):
    def agenda(self, estimates: Any) -> Any:
        return [0] * len(estimates)

    def decide(self, estimate: Any, project: Any) -> Any:
        return accept("fine")


class Endless(QueueRule):
    def rank(self, ticket: Any) -> float:
        return float("inf")


@dataclass(frozen=True)
class Listed(Policy):
    friends: Any = ()

    def decide(self, estimate: Any, project: Any) -> Any:
        return accept("a friend") if estimate.number in self.friends else decline("no friend")


class Crowded(Policy):
    """Stumbles only where the world gets crowded."""

    def decide(self, estimate: Any, project: Any) -> Any:
        return accept("room") if project.open_requests != 9 else 1 / 0


def sound(**parts: Any) -> Policy:
    """Sound but for these parts."""
    return PolicyFromFunction(function=small_only, **parts)


def local() -> Policy:
    return PolicyFromFunction(name="lambda", function=lambda estimate, project: accept("fine"))


BROKEN: dict[str, tuple[Callable[[], Any], str, str]] = {
    "dice": (Dice, "it asks no oracle", "random"),
    "clock": (Clock, "it asks no oracle", "time"),
    "clock imported late": (HiddenClock, "it asks no oracle", "datetime"),
    "counter": (Counter, "the same look, the same answer", "later with"),
    "memory": (Memory, "it stays as it was", "no memory"),
    "mutating": (Mutating, "it stays as it was", "no memory"),
    "no reason": (Mute, "it answers every request, with a reason", "say why"),
    "a text for an answer": (Yes, "it answers every request, with a reason", "a Decision is needed"),
    "an unknown answer": (Maybe, "it answers every request, with a reason", "one of accept, decline"),
    "raises": (Blunt, "it answers every request, with a reason", "TypeError"),
    "no day": (Never, "it answers every request, with a reason", "a day is needed"),
    "not written": (Policy, "it answers every request, with a reason", "write decide"),
    "prototypes for ever": (Tinkerer, "one prototype a request", "second prototype"),
    "agenda": (DoubleBooked, "an agenda has each request once", "each position, once"),
    "rank": (lambda: sound(queue=Endless()), "ranks are numbers", "a finite number"),
    "a list": (lambda: Listed(friends=[1]), "it is a value", "tuples, not as lists"),
    "a lambda": (local, "it is a value", "cannot be pickled"),
    "explanation": (lambda: sound(explanation=7.0), "its parts are in range", "from 0 to 1"),
    "cadence": (lambda: sound(cadence=Cadence(-1.0)), "its parts are in range", "cadence.days"),
    "a number for a part": (lambda: sound(cadence=5), "its parts are in range", "a Cadence is"),
    "nobody's word counts": (
        lambda: sound(evaluators=Evaluators(experts=True), authority=Authority(1.0, 0.0, 0.0)),
        "its parts are in range", "must have some"),
    "crowded": (Crowded, WORLD, "ZeroDivisionError"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_named_and_explained(name: str) -> None:
    make_it, rule, words = BROKEN[name]
    with pytest.raises(PolicyError) as caught:
        check_policy(make_it(), replications=1)
    assert f"breaks the rule '{rule}" in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize("wrong", ["co-evaluated", Mute, None])
def test_what_is_no_policy_is_refused_in_words(wrong: Any) -> None:
    with pytest.raises(PolicyError, match="a policy is needed"):
        check_policy(wrong)


def test_every_rule_has_a_policy_that_breaks_it() -> None:
    broken = [rule for _, rule, _ in BROKEN.values()]
    assert all(any(name.startswith(rule) for rule in broken) for name in (*RULES, WORLD))


def test_the_kit_shows_every_kind_of_request_and_project() -> None:
    shown = list(looks())
    assert {estimate.value is None for estimate, _ in shown} == {True, False}
    assert {estimate.feasible for estimate, _ in shown} == {estimate.prototyped for estimate, _ in shown} == {True, False}
    assert {project.planned_done >= 1.0 for _, project in shown} == {True, False}
    assert {project.open_requests > 8 for _, project in shown} == {True, False}
    assert len({scenario.name for scenario in extreme_scenarios()}) == 7
