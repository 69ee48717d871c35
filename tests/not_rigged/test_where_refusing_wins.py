"""Refusing all that is not mandatory is no straw man: where little is worth building it wins, and only who sees the truth does better."""

from __future__ import annotations

import pytest

from sim.policies import make
from sim.runs.simulate import simulate_all
from sim.scenario import Scenario
from tests.not_rigged.worlds import paired_interval

RIVALS = ("co-evaluated", "change-board", "accept-all")


def leads(name: str, policies: tuple[str, ...], measure: str = "net_benefit", replications: int = 20) -> dict[str, tuple[float, float]]:
    """Intervals (95%) of each policy's difference to refuse-all, by policy."""
    scenario, together = Scenario.load(name), [make("refuse-all"), *map(make, policies)]
    gaps: dict[str, list[float]] = {policy: [] for policy in policies}
    for replication in range(replications):
        refusing, *others = simulate_all(scenario, together, seed=5, replication=replication)
        for policy, run in zip(policies, others, strict=True):
            gaps[policy].append(run.outcome[measure] - refusing.outcome[measure])
    return {policy: paired_interval(values, 0.95) for policy, values in gaps.items()}


def refusing_wins(measure: str, replications: int) -> None:
    found = leads("regulated-device", (*RIVALS, "clairvoyant"), measure, replications)
    assert all(found[rival][1] < 0.0 for rival in RIVALS), found
    assert found["clairvoyant"][0] > 0.0


def test_on_the_regulated_device_refusing_beats_every_rival_but_the_clairvoyant() -> None:
    refusing_wins("net_benefit", 60)


@pytest.mark.long
def test_it_does_so_by_effort_as_well_if_by_less() -> None:
    refusing_wins("net_of_effort", 400)


def test_in_calm_water_every_rival_beats_refusing() -> None:
    found = leads("calm-water", RIVALS)
    assert all(low > 0.0 for low, _ in found.values()), found
