"""What is open when the project begins: the textbook queue that does not start empty."""

from __future__ import annotations

import math

import pytest

from sim.model.ledger import Ledger
from sim.runs.simulate import draw, run_policy, simulate
from sim.scenario import Scenario
from tests.exact.scenarios import FCFS, textbook

NOBODY_ASKS = {"customer.request_rate": 0.0}


def open_at_start(*ages: float) -> dict[str, object]:
    return {"customer.opening": [[age] for age in ages]}


def first_empty(ledger: Ledger) -> float:
    """Day on which nothing is left for the first time."""
    events = sorted([(max(ask.request.day, 0.0), 1) for ask in ledger.asks]
                    + [(ask.item.closed, -1) for ask in ledger.asks if ask.item is not None and ask.item.closed > 0.0])
    present = 0
    for day, change in events:
        present += change
        if present == 0:
            return day
    raise AssertionError("never empty")


@pytest.mark.parametrize("waiting", [1, 6])
def test_the_time_until_a_queue_that_starts_with_n_is_empty(waiting: int) -> None:
    """A busy period that n customers begin lasts n / (mu - lambda) on average."""
    scenario = textbook(1, 0.5, horizon=250, overrides=open_at_start(*range(waiting)))
    found = mean_until_empty(scenario, 2_000)
    assert abs(found[0] - waiting / (1.0 - 0.5)) <= found[1]
    assert abs(found[0] - waiting / (1.0 - 0.55)) > found[1], "a neighbouring rate"
    assert abs(found[0] - (waiting + 1) / (1.0 - 0.5)) > found[1], "one more"


def mean_until_empty(scenario: Scenario, replications: int) -> tuple[float, float]:
    days = [first_empty(run_policy(scenario, FCFS, draw(scenario, 1, replication)).ledger) for replication in range(replications)]
    mean = math.fsum(days) / len(days)
    spread = math.sqrt(math.fsum((day - mean) ** 2 for day in days) / (len(days) - 1))
    return mean, 3.3 * spread / math.sqrt(len(days))


def test_the_oldest_is_served_first_and_its_age_is_part_of_its_time() -> None:
    run = simulate(textbook(1, 0.0, mean=2.0, sigma=0.0, horizon=100.0, overrides=open_at_start(3.0, 40.0, 7.5)), FCFS)
    assert [ask.item.delivered for ask in run.ledger.asks if ask.item] == pytest.approx([2.0, 4.0, 6.0])
    assert [-ask.request.day for ask in run.ledger.asks] == [40.0, 7.5, 3.0]
    lead = [42.0, 11.5, 9.0]
    assert run.outcome["lead_time_delivered"] == pytest.approx(math.fsum(lead) / 3)
    assert run.outcome["wip"] == pytest.approx((2.0 + 4.0 + 6.0) / 100.0)
    assert run.outcome["requests"] == run.outcome["delivered"] == 3.0
    assert run.outcome["backlog_growth"] == pytest.approx(-3.0 * 21.0 / 100.0)


def test_with_a_warm_up_it_is_worked_on_and_not_measured() -> None:
    run = simulate(textbook(1, 0.0, mean=2.0, sigma=0.0, horizon=100.0, overrides={
        **open_at_start(3.0, 40.0, 7.5), "project.warm_up": 5.0}), FCFS)
    assert run.outcome["requests"] == 0.0
    assert run.outcome["throughput"] * 95.0 / 65.0 == pytest.approx(1.0), "the third is done after the warm-up"


def test_a_known_estimate_leaves_to_chance_what_the_regression_leaves() -> None:
    terms = {"customer.effort_sigma": 1.0, "evaluation.estimate_sigma": 0.4, "evaluation.estimate_intercept": 0.1,
             "evaluation.estimate_slope": 0.9, "customer.opening": [[5.0, 3.0]] * 4000, **NOBODY_ASKS}
    opening = draw(Scenario().with_values(terms), 1, 0).truth.opening
    logs = [math.log(request.effort * 8.0) for request in opening]
    mean = math.fsum(logs) / len(logs)
    assert mean == pytest.approx(0.1 + 0.9 * math.log(24.0), abs=3.3 * 0.4 / math.sqrt(4000))
    assert math.sqrt(math.fsum((log - mean) ** 2 for log in logs) / 3999) == pytest.approx(0.4, rel=0.04)
    assert {request.estimate for request in opening} == {3.0}


def test_the_others_keep_their_luck() -> None:
    with_some = draw(Scenario().with_values(open_at_start(4.0, 9.0)), 1, 0)
    without = draw(Scenario(), 1, 0)
    here, there = ([request for occasion in luck.truth.occasions[0] for request in occasion.requests] for luck in (with_some, without))
    assert [request._replace(number=0, position=0) for request in here] == [request._replace(number=0, position=0) for request in there]
    assert [request.position for request in here] == [request.position + 2 for request in there]
    assert not {request.effort for request in with_some.truth.opening} & {request.effort for request in here}, "luck of their own"
    assert with_some.signals[0].need.customer[2:] == without.signals[0].need.customer
    longer = draw(Scenario().with_values({**open_at_start(4.0, 9.0), "project.horizon": 800.0}), 1, 0).truth.opening
    assert [request._replace(number=0) for request in longer] == [request._replace(number=0) for request in with_some.truth.opening]
