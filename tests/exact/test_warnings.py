"""Early warnings of a missed deadline: how often they miss, and cry wolf, and what they cost."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from sim.model.ledger import Entry
from sim.policies import Authority, Evaluators, PolicyOfParts
from sim.policies.admission import Warned
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.exact.scenarios import textbook

SPREAD, QUALITY = 0.5, 0.8
SIGMA = SPREAD * math.sqrt(1.0 - QUALITY**2)
WARNED = PolicyOfParts(name="warned", admission=Warned(at_least=-1000.0, reserve=1.0))


def project(**overrides: float) -> Scenario:
    """A plan of 100 days that is promised by day 110, and requests on top of it; estimates are right."""
    said = {key.replace("__", "."): value for key, value in overrides.items()}
    return textbook(4, 1.0, mean=2.0, horizon=110.0, sigma=0.0, overrides={
        "project.planned_items": 400, "project.planned_effort": 1.0, "project.deadline": 110.0,
        "evaluation.forecast_spread": SPREAD, "evaluation.expert_fit_quality": QUALITY, **said})


def warned(scenario: Scenario, replications: int = 40) -> list[tuple[float, bool]]:
    """Of each request: by which factor it would miss the deadline, and whether there was a warning."""

    def late(entry: Entry) -> float:
        seen = entry.project
        return (seen.backlog + entry.estimate.effort) / seen.capacity / (seen.deadline - seen.day)

    runs = [simulate(scenario, WARNED, replication=at) for at in range(replications)]
    return [(late(entry), entry.decision.answer == "defer") for run in runs for entry in run.ledger.decisions
            if entry.project.day < 100.0]


def z_score(found: list[tuple[float, bool]], sigma: float) -> float:
    """How far the number of warnings is from what the formula says, in standard errors."""
    chances = [NormalDist().cdf(math.log(factor) / sigma) for factor, _ in found]
    return (sum(was for _, was in found) - sum(chances)) / math.sqrt(sum(p * (1.0 - p) for p in chances))


def test_warnings_miss_and_cry_wolf_as_often_as_the_quality_of_the_aid_says() -> None:
    found = warned(project())
    in_time, late = [one for one in found if one[0] <= 1.0], [one for one in found if one[0] > 1.0]
    assert min(len(in_time), len(late)) > 300
    assert any(was for _, was in in_time), "a false alarm"
    assert not all(was for _, was in late), "a miss"
    for part in (in_time, late):
        assert abs(z_score(part, SIGMA)) < 3.3
    assert max(abs(z_score(part, SPREAD)) for part in (in_time, late)) > 3.3, "as if the aid knew nothing"
    assert max(abs(z_score(part, SIGMA / 2.0)) for part in (in_time, late)) > 3.3, "as if it erred half as much"


@pytest.mark.parametrize("perfect", [{"evaluation__forecast_spread": 0.0}, {"evaluation__expert_fit_quality": 1.0}])
def test_an_aid_that_does_not_err_warns_exactly_where_the_deadline_would_be_missed(perfect: dict[str, float]) -> None:
    found = warned(project(**perfect), 3)
    assert {was for _, was in found} == {True, False}
    assert all(was == (factor > 1.0) for factor, was in found)


def priced(**parts: Evaluators | Authority) -> Run:
    scenario = project(evaluation__ai_hours=0.4, evaluation__ai_cost=0.3, evaluation__ai_latency=0.5)
    return simulate(scenario, WARNED.with_parts(**parts))


def test_a_warning_has_the_price_of_the_aid_and_where_it_judges_too_it_is_paid_once() -> None:
    alone, judging = priced(), priced(evaluators=Evaluators(ai=True))
    for run in (alone, judging):
        looked_at = len(run.ledger.decisions) + sum(ask.fate == "waiting" and not ask.visits for ask in run.ledger.asks)
        asked = round(run.outcome["ai_cost"] / 0.3)
        assert len(run.ledger.decisions) <= asked <= looked_at + 5
        assert all(entry.day >= run.ledger.asks[0].request.day + 0.5 for entry in run.ledger.decisions)
        assert run.outcome["meetings"] > 0.0
    assert alone.outcome["ai_cost"] == pytest.approx(judging.outcome["ai_cost"], rel=0.1)
    free = simulate(alone.scenario, PolicyOfParts(name="unwarned"))
    assert free.outcome["ai_cost"] == 0.0
