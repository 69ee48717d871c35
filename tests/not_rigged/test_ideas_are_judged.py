"""The team's ideas are judged as requests are: by what customer and experts see of them, against the bar."""

from __future__ import annotations

import math

import pytest

from sim.runs.simulate import Run, draw, simulate
from sim.scenario import Scenario
from tests.not_rigged.worlds import paired_interval

IDEAS = Scenario().with_values({
    "customer.request_rate": 0.0, "innovation.exploration_share": 0.2, "innovation.idea_rate": 0.5, "relationship.trust_start": 1.0,
    "relationship.trust_rate": 0.0, "relationship.voice_start": 1.0, "evaluation.insight_hours": 0.0, "evaluation.disclosure": 0.0,
    "evaluation.facilitation": 1.0})
ALL_KNOWN = {f"evaluation.{who}_{what}_quality": 1.0 for who in ("customer", "expert") for what in ("need", "fit")}


def built(run: Run) -> list[int]:
    """Positions of the ideas that became work."""
    return [item.position for item in run.ledger.items if item.kind == "idea"]


def merits(values: dict[str, float]) -> list[float]:
    """Mean of need and fit of the ideas that became work, one value a replication."""
    means = []
    for replication in range(20):
        scenario = IDEAS.with_values(values)
        ideas = draw(scenario, 1, replication).truth.ideas
        run = simulate(scenario, "refuse-all", replication=replication)
        chosen = [(ideas[at].need + ideas[at].fit) / math.sqrt(2.0) for at in built(run)]
        means.append(math.fsum(chosen) / len(chosen))
    return means


def test_who_sees_everything_builds_the_ideas_that_are_worth_it_and_no_other() -> None:
    scenario = IDEAS.with_values(ALL_KNOWN)
    made = heard = 0
    for replication in range(5):
        run = simulate(scenario, "refuse-all", replication=replication)
        ideas = draw(scenario, 1, replication).truth.ideas
        assert all(ideas[at].worth >= scenario.bar for at in built(run))
        made, heard = made + len(built(run)), heard + int(run.outcome["ideas_heard"])
    assert 15 < made < 0.6 * heard


def test_who_sees_something_builds_better_ideas_than_who_sees_nothing() -> None:
    nothing = dict.fromkeys(ALL_KNOWN, 0.0)
    low, high = paired_interval(merits(nothing), 0.999)
    assert low < 0.0 < high
    assert paired_interval(merits({}), 0.999)[0] > 0.2


@pytest.mark.parametrize("cap", [0.5, 2.0])
def test_no_idea_is_worth_more_than_its_cap(cap: float) -> None:
    terms = IDEAS.innovation
    capped, free = (
        [idea.worth for idea in draw(IDEAS.with_values({"innovation.idea_cap": value}), 1, 0).truth.ideas] for value in (cap, 0.0))
    most = cap * terms.idea_value - terms.idea_upkeep
    assert max(capped) == pytest.approx(most)
    assert max(free) > most
    assert [min(worth, most) for worth in free] == pytest.approx(capped)
