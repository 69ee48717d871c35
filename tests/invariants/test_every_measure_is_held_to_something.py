"""A measure that no test names could be anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from sim.model.ledger import NEVER
from sim.model.outcome import METRICS
from sim.policies import make
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.strategies import runs

TESTS = Path(__file__).parents[1]
TEXTS = "\n".join(
    path.read_text(encoding="utf-8") for folder in ("exact", "invariants", "not_rigged", "extremes")
    for path in sorted((TESTS / folder).glob("*.py")))


@pytest.mark.parametrize("name", METRICS)
def test_a_test_names_it(name: str) -> None:
    assert f'"{name}"' in TEXTS, f'no test in tests/exact, invariants, not_rigged or extremes says what "{name}" must be'


def test_innovation_is_of_what_is_delivered() -> None:
    idle = Scenario().with_values({"project.planned_items": 0, "customer.request_rate": 0.0, "innovation.idea_rate": 0.0})
    assert simulate(idle, make("always-accept")).outcome["innovation"] == 0.0
    busy = simulate(Scenario(), make("clairvoyant")).outcome  # builds nothing that is of no use
    assert busy["innovation"] > 0.0
    assert busy["innovation"] < busy["benefit"]


@settings(max_examples=60, deadline=None)
@given(runs())
def test_counts_and_levels_are_those_of_the_ledger(run: Run) -> None:
    """Counted once more from what was written down, by other words than the model's own."""
    counted_from = run.scenario.project.warm_up
    delivered = [item for item in run.ledger.items if item.delivered != NEVER and (not counted_from or item.arrived >= counted_from)]
    of_requests = {ask.item.number for ask in run.ledger.asks if ask.item is not None}
    outcome = run.outcome
    assert outcome["ideas_delivered"] == sum(item.kind == "idea" for item in delivered)
    assert outcome["ideas_delivered"] <= outcome["ideas_heard"] <= outcome["ideas_raised"]
    undecided = outcome["waiting"] if not counted_from else sum(ask.fate == "waiting" for ask in run.ledger.asks)
    assert outcome["backlog"] == undecided + sum(item.number in of_requests and item.closed == NEVER for item in run.ledger.items)
    assert outcome["engagement"] ** 2 == pytest.approx(outcome["trust"] * outcome["voice"])
    may_count = sum(item.novelty >= 0.5 and item.benefit > 0.0 for item in delivered)
    assert outcome["innovations"] <= may_count
    if not run.scenario.project.benefit_window and not run.scenario.project.warm_up:  # nothing fades, everything is measured
        assert outcome["innovations"] == may_count
