"""A measure that no test names could be anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model.outcome import METRICS
from sim.policies import make
from sim.runs.simulate import simulate
from sim.scenario import Scenario

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
