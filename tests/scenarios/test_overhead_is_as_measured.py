"""What a scenario says that a requested person-day takes beyond its build is what it takes there."""

from __future__ import annotations

import pytest

from sim.scenario import Scenario
from sim.study.overhead import overhead_of
from sim.toml.shipped import builtin_names


@pytest.mark.parametrize("name", builtin_names("scenarios"))
def test_the_stated_overhead_is_the_measured_one(name: str) -> None:
    scenario = Scenario.load(name)
    assert scenario.evaluation.overhead == pytest.approx(overhead_of(scenario), abs=0.1)


def test_rework_and_ripple_are_what_it_consists_of() -> None:
    scenario = Scenario.load("agency-website")
    bare = scenario.off().with_values({"customer.request_rate": 0.4})
    assert overhead_of(bare, 5) == pytest.approx(0.0, abs=1e-9)
    assert overhead_of(bare.with_values({"team.ripple": 2.0}), 5) > 0.1
    mended = bare.with_values({"customer.ambiguity": 0.5, "review.rework_share": 0.4})
    assert 0.1 < overhead_of(mended, 5) < 0.4


def test_the_overhead_that_is_stated_does_not_change_the_one_that_is_measured() -> None:
    scenario = Scenario.load("classroom")
    assert overhead_of(scenario.with_values({"evaluation.overhead": 2.0}), 3) == overhead_of(scenario, 3)
