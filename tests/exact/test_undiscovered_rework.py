"""Work that passes its review with a flaw, and comes back when the flaw is discovered."""

from __future__ import annotations

import math

import pytest

from sim.model.ledger import NEVER, Ledger
from sim.policies import make
from sim.runs.simulate import Run, draw, run_policy, simulate
from sim.scenario import Scenario
from tests.exact.estimates import estimate, ledgers, mean_of
from tests.exact.scenarios import FCFS, textbook

FLAW, MEND, DAYS = 0.5, 0.4, 6.0
UNSEEN = {
    "team.defect_rate": FLAW, "review.rework_share": MEND, "review.repeat_failure": 0.0, "review.escape": 1.0,
    "review.discovery_days": DAYS}


def days_until_it_works(run: Ledger) -> float:
    return mean_of([
        ask.item.delivered - ask.request.day for ask in run.asks
        if ask.item is not None and ask.request.day < 0.9 * run.end and ask.item.delivered != NEVER and not ask.item.flawed])


def crowd(**overrides: float) -> Scenario:
    """So many people that nothing waits; every request takes a day."""
    return textbook(60, 1.0, horizon=4_000, sigma=0.0, overrides={**UNSEEN, **{k.replace("__", "."): v for k, v in overrides.items()}})


def test_what_passes_with_a_flaw_works_when_it_was_discovered_and_mended() -> None:
    found = estimate([days_until_it_works(run) for run in ledgers(crowd(), FCFS, 10)])
    assert found.agrees(1.0 + FLAW * (DAYS + MEND)), found
    assert not found.holds(1.0 + FLAW * MEND), "as if it were discovered at once"
    assert not found.holds(1.0 + FLAW * 0.95 * (DAYS + MEND)), "as if one flaw in twenty were found at the review"


def test_a_share_escapes_and_the_rest_is_found_at_the_review() -> None:
    found = estimate([days_until_it_works(run) for run in ledgers(crowd(review__escape=0.6), FCFS, 10)])
    assert found.agrees(1.0 + FLAW * (0.6 * DAYS + MEND)), found


def test_a_flaw_that_is_discovered_at_once_is_one_that_the_review_found() -> None:
    at_once, seen = (next(iter(ledgers(crowd(**{key: 0.0}), FCFS, 1))) for key in ("review__discovery_days", "review__escape"))
    assert [item.delivered for item in at_once.items] == [item.delivered for item in seen.items]
    assert any(item.reopened for item in at_once.items)


def project(escape: float) -> Run:
    """A plan of 40 days of work for one person, half of which comes back once."""
    scenario = textbook(1, 0.0, horizon=10_000, sigma=0.0, overrides={
        **UNSEEN, "project.planned_items": 40, "project.planned_effort": 1.0, "project.planned_benefit": 2.0,
        "project.deadline": 50.0, "project.benefit_window": 100.0, "review.escape": escape, "review.discovery_days": 30.0})
    return simulate(scenario, FCFS, seed=3)


def test_the_plan_is_thought_to_be_finished_before_it_is() -> None:
    run = project(1.0)
    mended = [item for item in run.ledger.items if item.reopened]
    assert 10 < len(mended) < 30
    assert run.ledger.believed_finish == pytest.approx(40.0, abs=8.0)
    assert run.ledger.planned_finish == max(item.delivered for item in run.ledger.items) > run.ledger.believed_finish
    assert run.outcome["delay"] == run.ledger.planned_finish - 50.0
    assert run.outcome["believed_delay"] == run.ledger.believed_finish - 50.0
    thought = sorted(item.passed for item in run.ledger.items)
    assert run.outcome["last_tenth"] == 1.0 - thought[35] / run.ledger.planned_finish
    assert run.outcome["last_tenth"] > 2.0 * project(0.0).outcome["last_tenth"]
    seen = project(0.0)
    assert seen.ledger.believed_finish == seen.ledger.planned_finish


def test_a_flaw_brings_its_benefit_late_and_one_that_stays_undiscovered_none() -> None:
    run = project(1.0)
    assert run.outcome["benefit_planned"] == pytest.approx(math.fsum(
        2.0 * max(min(1.0 - (item.delivered - 50.0) / 100.0, 1.0), 0.0) for item in run.ledger.items))
    cut = run_policy(run.scenario.with_values({"project.horizon": 60.0}), make("always-accept"), draw(run.scenario, 3, 0))
    unseen = [item for item in cut.ledger.items if item.flawed]
    assert unseen
    whole = [item for item in cut.ledger.items if item.delivered != NEVER and not item.flawed]
    assert cut.outcome["benefit_planned"] == pytest.approx(math.fsum(
        2.0 * min(1.0 - (item.delivered - 50.0) / 100.0, 1.0) for item in whole))
    assert cut.ledger.planned_finish == NEVER
    assert cut.outcome["censored"] == 1.0


def test_the_work_itself_is_the_same_whether_a_flaw_is_found_early_or_late() -> None:
    """Every flaw is mended once: who finds it, and when, changes no person-day of work."""
    early, late = (project(escape).outcome["rework_share"] for escape in (0.0, 1.0))
    assert early == pytest.approx(late)
