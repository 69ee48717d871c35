"""Work that comes back, and people who give up."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sim.policies import Decision, Estimate, Evaluators, Policy, ProjectView, decline
from tests.exact import formulas
from tests.exact.textbook import FCFS, SHARP, WAITS, controlled, estimate, ledgers, mean_of, measured, textbook, time_in_system

REWORK = {"review.rework_share": 1.0, "review.max_rework": 10_000, "review.repeat_failure": 1.0}


def test_bernoulli_feedback() -> None:
    """rate .4, service 1, 40% come back: T = 1 / (.6 - .4) = 5."""
    scenario = textbook(1, 0.4, horizon=3_000, overrides={"team.defect_rate": 0.4, **REWORK})
    found = controlled(scenario, FCFS, 20, time_in_system, passes=1 / 0.6)
    runs = ledgers(scenario, FCFS, 1)
    assert any(ask.item is not None and ask.item.attempts > 3 for ask in runs[0].asks)
    assert found.agrees(5.0, WAITS), found
    assert not found.agrees(1 / (1 - 0.4), WAITS), "as if nothing came back"


@pytest.mark.parametrize("correct", [0.9, 0.6])
def test_rework_cycle_with_immediate_discovery_lasts_base_over_fraction_correct(correct: float) -> None:
    scenario = textbook(1, 0.2, horizon=4_000, overrides={"team.defect_rate": 1.0 - correct, **REWORK})
    runs = ledgers(scenario, FCFS, 12)
    done = [sum(e - s for _, s, e, use, *_ in run.spells if use in ("work", "rework")) / len(run.items) for run in runs]
    first = [sum(e - s for _, s, e, use, *_ in run.spells if use == "work") / len(run.items) for run in runs]
    found = estimate(done, [first], [1.0])
    assert found.agrees(1.0 / correct), found
    assert not found.agrees(1.0 if correct == 0.9 else 2.0 - correct), "as if (re)work could not fail"


@dataclass(frozen=True)
class LookThenDecline(Policy):
    """Experts look at each request as soon as one is free; nothing is built."""

    evaluators: Evaluators = Evaluators(experts=True)

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        return decline("a queue of judgements only")


@pytest.mark.parametrize(("servers", "rate", "theta"), [(1, 0.9, 0.5), (3, 3.3, 0.3)])
def test_reneging_while_waiting_for_a_judge_is_an_m_m_c_m_queue(servers: int, rate: float, theta: float) -> None:
    scenario = textbook(servers, rate, horizon=4_000 / rate, overrides={
        "evaluation.expert_hours": 8.0, "customer.withdrawal_rate": theta})  # fmt: skip
    runs = ledgers(scenario, LookThenDecline(name="look"), 12)
    found = estimate(
        [mean_of([float(a.status == "withdrawn") for a in measured(run)]) for run in runs],
        [[len(run.asks) / run.end for run in runs]], [rate])
    exact = formulas.reneging_share(servers, rate, 1.0, theta)
    assert found.agrees(exact, 3 * SHARP), (found, exact)
    assert not found.agrees(formulas.reneging_share(servers, rate, 1.0, theta * 2.0), 3 * SHARP)
