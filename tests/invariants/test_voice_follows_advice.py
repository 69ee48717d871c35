"""The experts speak up more when their advice is followed, less when it is overruled or nobody asks them."""

from __future__ import annotations

import pytest

from sim.policies import Policy, PolicyOfParts, Responses
from sim.policies.admission import Threshold
from sim.policies.catalogue import make
from sim.policies.parts import TOGETHER
from sim.runs.simulate import Run, simulate
from tests.not_rigged.worlds import stream

RATE, AVERSION = 0.05, 1.5
WORLD = stream(**{
        "customer.request_rate": 0.5, "customer.value_spread": 0.95, "customer.need_share": 0.5, "customer.mandatory_share": 0.2, "customer.flexibility": 0.9,
        "evaluation.detection": 1.0, "relationship.voice_rate": RATE, "relationship.loss_aversion": AVERSION,
        "relationship.trust_start": 0.9})
"""Only voice moves; half of what is proposed instead is agreed to."""


def counters(worth_from: float) -> Policy:
    """Refuses, or proposes another solution, whatever is worth less than so much; customer and experts judge."""
    return PolicyOfParts(
        name="counters", evaluators=TOGETHER, admission=Threshold(worth_from),
        responses=Responses(counter=True, counter_above=-1000.0))


def steps(run: Run) -> list[tuple[str, float, float]]:
    """What came of each request that may move voice, and voice before and after it."""
    outcomes = [
        entry.outcome for entry in run.ledger.decisions
        if not entry.estimate.mandatory and ("admitted" in entry.outcome or "decline" in entry.outcome or "agrees" in entry.outcome)]
    levels = [level for _, _, quantity, level in run.ledger.levels if quantity == "voice"]
    assert len(levels) == len(outcomes) > 20
    return list(zip(outcomes, [run.scenario.relationship.voice_start, *levels], levels, strict=False))


def test_a_counter_proposal_that_is_agreed_to_is_advice_heard() -> None:
    agreed = [(before, after) for what, before, after in steps(simulate(WORLD, counters(1000.0), logged=True)) if "agrees" in what]
    assert len(agreed) > 10
    assert all(after > before for before, after in agreed)


def test_a_no_to_what_the_experts_find_too_little_by_the_policys_own_bar_is_advice_heard() -> None:
    strict = PolicyOfParts(name="strict", evaluators=TOGETHER, admission=Threshold(1000.0))
    assert all(after > before for _, before, after in steps(simulate(WORLD, strict, logged=True)))


@pytest.mark.parametrize("policy", ["change-board", "change-board:at_least=1", "expert-veto", "value-ranked:k=1", "prototype-first"])
def test_experts_who_decide_alone_do_not_overrule_themselves(policy: str) -> None:
    outcome = simulate(WORLD, make(policy)).outcome
    assert outcome["voice"] == outcome["voice_end"] == WORLD.relationship.voice_start


@pytest.mark.parametrize("policy", ["always-accept", "accept-all", "capacity-limit", "gatekeeper"])
def test_a_yes_on_which_the_experts_were_not_asked_costs_voice(policy: str) -> None:
    run = simulate(WORLD.with_values({"relationship.unasked_weight": 0.2}), policy)
    yes = sum(ask.item is not None and not ask.request.mandatory for ask in run.ledger.asks)
    start = WORLD.relationship.voice_start
    assert yes > 10
    assert run.outcome["voice_end"] == pytest.approx(start * (1.0 - 0.2 * RATE * AVERSION) ** yes)


def test_nobody_falls_silent_over_refusals_or_over_what_the_law_demands() -> None:
    unasked = WORLD.with_values({"relationship.unasked_weight": 1.0})
    assert simulate(unasked, "refuse-all").outcome["voice_end"] == WORLD.relationship.voice_start
    lawful = unasked.with_values({"customer.mandatory_share": 1.0})
    assert simulate(lawful, "always-accept").outcome["voice_end"] == WORLD.relationship.voice_start
