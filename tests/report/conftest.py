"""Evidence of two small projects, gathered once."""

from __future__ import annotations

import pytest

from sim.policies.catalogue import make
from sim.report.gathered import Evidence, gather
from sim.scenario import Scenario
from sim.scenario.overrides import override

NASTY = "<script>alert('title')</script> & $x_1$"
FEW = ("always-accept", "co-evaluated", "change-board", "clairvoyant")


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    scenario = override(Scenario.load("classroom"), {"title": NASTY})
    return gather(scenario, [make(name) for name in FEW], replications=20, per_end=4, command="intakelab report '<b>'")


@pytest.fixture(scope="session")
def stream() -> Evidence:
    scenario = override(Scenario.load("product-team"), {"project.horizon": 130.0, "project.warm_up": 20.0})
    return gather(scenario, [make(name) for name in FEW[:3]], replications=3, per_end=2)
