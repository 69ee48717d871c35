"""People who give up while nobody has time to look at their request."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sim.model.ledger import Ledger
from sim.policies import Decision, Estimate, Evaluators, Policy, ProjectView, decline
from tests.exact import formulas
from tests.exact.estimates import estimate, ledgers, measured, share_of
from tests.exact.scenarios import textbook


@dataclass(frozen=True)
class LookThenDecline(Policy):
    """Experts look at each request as soon as one is free; nothing is built."""

    evaluators: Evaluators = Evaluators(experts=True)

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        return decline("a queue of judgements only")


def judged_per_day(run: Ledger) -> tuple[float, float]:
    """Judgements begun per day, and days that one takes."""
    lengths = [end - start for _, start, end, use, *_ in run.spells if use == "evaluation"]
    return len(lengths) / run.end, sum(lengths) / len(lengths)


@pytest.mark.parametrize(("servers", "rate", "theta"), [(1, 0.9, 0.5), (3, 3.3, 0.3)])
def test_waiting_for_a_judge_is_an_m_m_c_m_queue(servers: int, rate: float, theta: float) -> None:
    """Judgements are the service, patience is exponential: the share that gives up is theta Lq / lambda."""
    scenario = textbook(servers, rate, horizon=8_000 / rate, overrides={
        "evaluation.expert_hours": 8.0, "customer.withdrawal_rate": theta})
    rows = [
        (share_of(measured(run), "withdrawn"), len(run.asks) / run.end, judged_per_day(run)[1])
        for run in ledgers(scenario, LookThenDecline(name="look"), 16)]
    share, arrivals, judgement = zip(*rows, strict=True)
    assert estimate(arrivals).holds(rate)
    assert estimate(judgement).holds(1.0)
    found = estimate(share, [arrivals, judgement], [rate, 1.0])
    exact = formulas.reneging_share(servers, rate, 1.0, theta)
    assert found.agrees(exact), (found, exact)
    assert not found.holds(formulas.reneging_share(servers, rate, 1.0, theta * 1.3)), "as if they were less patient"
    assert not found.holds(formulas.reneging_share(servers + 1, rate, 1.0, theta)), "as if there were a judge more"
