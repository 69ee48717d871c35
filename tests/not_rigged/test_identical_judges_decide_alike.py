"""Judging together gains by what customers and experts see differently, say, learn and feel: without all of it, exactly nothing."""

from __future__ import annotations

from typing import Any

import pytest

from sim.policies import PolicyOfParts, make
from sim.runs.simulate import simulate_all
from sim.scenario import Scenario
from sim.scenario.acting import acting
from tests.not_rigged.worlds import admitted, bits

SAME_EYES = {
    "evaluation.customer_need_quality": 0.4, "evaluation.expert_need_quality": 0.4, "evaluation.customer_fit_quality": 0.3,
    "evaluation.expert_fit_quality": 0.3, "evaluation.error_correlation": 1.0, "evaluation.insight_hours": 0.0}
SAME_TALK = {
    "customer.optimism": 0.0, "customer.loudness": 0.0, "evaluation.expert_bias": 0.0, "evaluation.disclosure": 0.0,
    "evaluation.clarification": 0.0, "customer.drift": 0.0}
"""Drift as well: what was talked about with the customer has not gone stale."""
SAME_FEELINGS = {"relationship.hearing_weight": 0.0, "relationship.voice_rate": 0.0, "understanding.sessions": 0.0}
FREE = {"evaluation.charged": 0.0, "evaluation.customer_hours": 0.0, "evaluation.session_hours": 0.0}
ALIKE = {**SAME_EYES, **SAME_TALK, **SAME_FEELINGS, **FREE}


def pair() -> tuple[PolicyOfParts, PolicyOfParts]:
    """Co-evaluated, and a board that differs from it by who judges and by nothing else."""
    together, board = make("co-evaluated"), make("change-board")
    assert isinstance(together, PolicyOfParts)
    assert isinstance(board, PolicyOfParts)
    board = board.with_parts(  # type: ignore[assignment]
        cadence=together.cadence, responses=together.responses, explanation=together.explanation, queue=together.queue,
        promise=together.promise)
    return together, board


def with_all(scenario: Scenario, values: dict[str, Any]) -> Scenario:
    """The scenario with values set, in each customer group that says its own too."""
    return scenario.with_values({place.key: value for key, value in values.items() for place in acting(scenario, key)})


@pytest.mark.parametrize("name", ["ai-project", "agency-website", "product-team"])
def test_where_nothing_can_differ_co_evaluation_is_the_board_to_the_bit(name: str) -> None:
    scenario = with_all(Scenario.load(name), ALIKE)
    for replication in range(2):
        together, board = simulate_all(scenario, pair(), seed=4, replication=replication)
        assert bits(together) == bits(board)
        assert 0 < len(admitted(board)) < len(board.ledger.asks)


BACK: dict[str, dict[str, Any]] = {
    "other errors": {"evaluation.error_correlation": 0.0}, "another quality": {"evaluation.customer_need_quality": 0.7},
    "optimism": {"customer.optimism": 1.0}, "being heard": {"relationship.hearing_weight": 0.5},
    "clarification": {"evaluation.clarification": 0.5}, "lessons": {"understanding.sessions": 0.1, "customer.feasibility": 0.5},
    "the customer's hours": {"evaluation.customer_hours": 2.0},
    "longer looks": {"evaluation.insight_hours": 3.0, "evaluation.expert_hours": 4.0}}


@pytest.mark.parametrize("what", BACK)
def test_each_of_these_makes_a_difference_again(what: str) -> None:
    scenario = Scenario.load("ai-project", {**ALIKE, **BACK[what]})
    together, board = simulate_all(scenario, pair(), seed=4, replication=0)
    assert bits(together) != bits(board)
