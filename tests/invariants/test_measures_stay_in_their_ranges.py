"""In every run, every measure is there, is a number, and lies where it can."""

from __future__ import annotations

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.model.outcome import METRICS
from sim.policies import Policy
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.strategies import policies, runs, scenarios

MANY = settings(max_examples=80, deadline=None)
ROUNDING = 1e-9


def may_be_missing(run: Run) -> set[str]:
    """Measures that have no meaning in this run."""
    project, outcome = run.scenario.project, run.outcome
    missing: set[str] = {"recall", "promises_kept"}  # no request worth building; no promise that had come due
    if not project.deadline or not project.planned_items:
        missing |= {"delay", "believed_delay", "on_time"}
    planned = [item for item in run.ledger.items if item.kind == "planned"]
    if not planned or sum(item.passed >= 0.0 or item.given_up for item in planned) < 0.9 * len(planned):
        missing |= {"last_tenth"}
    if not project.budget:
        missing |= {"overrun"}
    if not outcome["requests"]:
        missing |= {"time_in_system", "answer_time", "answer_time_p85", "admitted", "precision"}
    if not outcome["admitted"] > 0.0:
        missing |= {"precision"}
    if not outcome["throughput"]:
        missing |= {"lead_time_delivered", "lead_time_delivered_p85", "cost_per_request"}
    if run.ledger.end <= project.warm_up:
        missing |= {"wip"}
    if project.planned_items or run.ledger.end <= project.warm_up:
        missing |= {"backlog_growth", "net_per_month", "net_of_effort_per_month"}
    return missing


@MANY
@given(runs())
def test_every_measure_is_a_finite_number_where_it_has_a_meaning(run: Run) -> None:
    assert list(run.outcome) == list(METRICS)
    assert all(type(value) is float for value in run.outcome.values())
    strange = {name for name, value in run.outcome.items() if not math.isfinite(value)}
    assert strange <= may_be_missing(run)
    assert not any(math.isinf(value) for value in run.outcome.values())


@MANY
@given(runs())
def test_every_measure_lies_where_it_says_that_it_can(run: Run) -> None:
    for name, metric in METRICS.items():
        value = run.outcome[name]
        assert math.isnan(value) or metric.low - ROUNDING <= value <= metric.high + ROUNDING, name


def test_what_is_a_share_or_a_level_says_where_it_can_lie_and_what_is_counted_is_not_negative() -> None:
    shares = {name for name, metric in METRICS.items() if metric.unit in ("1", "0..1")} - {"scope_growth"}
    assert shares == {name for name, metric in METRICS.items() if (metric.low, metric.high) == (0.0, 1.0)}
    counted = ("days", "hours", "pd", "items", "ideas", "requests", "requests/quarter")
    assert {name for name, metric in METRICS.items() if metric.unit in counted and metric.low < 0.0} == {
        "delay", "believed_delay"}


@MANY
@given(runs(logged=True))
def test_trust_satisfaction_and_voice_never_leave_0_to_1_on_the_way(run: Run) -> None:
    assert all(0.0 <= level <= 1.0 for _, _, _, level in run.ledger.levels)
    assert all(0.0 <= run.outcome[name] <= 1.0 for name in ("trust_end", "satisfaction_end", "voice_end"))


@MANY
@given(runs())
def test_a_run_ends_by_its_horizon_and_is_censored_if_its_plan_was_not_done(run: Run) -> None:
    horizon = run.scenario.project.horizon
    assert 0.0 <= run.ledger.end <= horizon
    if run.ledger.end == 0.0:  # whoever has waited long may walk away over the first answer to what is open already
        assert run.ledger.walked_away
        assert any(group.opening for _, group in run.scenario.customers)
    planned = [item for item in run.ledger.items if item.kind == "planned"]
    closed = [item.closed for item in planned if item.closed >= 0.0]
    assert len(planned) == run.scenario.project.planned_items
    if planned and len(closed) < len(planned):
        assert run.outcome["censored"] == 1.0
        assert run.ledger.end == horizon or run.ledger.walked_away
    if len(closed) == len(planned) > 0:
        flawed = any(item.flawed for item in planned)
        assert run.ledger.planned_finish == (-1.0 if flawed else max(closed))
        assert 0.0 <= run.ledger.believed_finish <= max(closed)
    open_work = any(item.closed < 0.0 or item.flawed for item in run.ledger.items) or any(ask.fate == "waiting" for ask in run.ledger.asks)
    if planned and not run.ledger.walked_away:
        assert run.outcome["censored"] == float(open_work)
    if run.ledger.walked_away:
        assert run.outcome["censored"] == 1.0
        assert run.outcome["finish"] == horizon


@MANY
@given(scenarios(), policies, st.integers(0, 100))
def test_a_run_changes_nothing_that_it_was_given(scenario: Scenario, policy: Policy, seed: int) -> None:
    told, shown, number = scenario.model_dump_json(), repr(policy), hash(policy)
    simulate(scenario, policy, seed=seed)
    assert (scenario.model_dump_json(), repr(policy), hash(policy)) == (told, shown, number)


@MANY
@given(runs())
def test_benefit_is_the_sum_of_its_parts_and_net_benefit_is_what_is_left_of_it(run: Run) -> None:
    outcome = run.outcome
    assume(math.isfinite(outcome["benefit"]))
    parts = ("benefit_planned", "benefit_asked", "benefit_unasked")
    assert math.isclose(outcome["benefit"], math.fsum(outcome[part] for part in parts), rel_tol=1e-12, abs_tol=1e-9)
    assert outcome["net_benefit"] == outcome["benefit"] - outcome["cost"]
    assert outcome["net_of_effort"] == outcome["benefit"] - outcome["effort_cost"]
