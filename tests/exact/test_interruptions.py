"""Judgements on demand interrupt work: what their time costs, and what getting back into the work costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import pytest

from sim.model.ledger import Ledger
from sim.policies import Decision, Estimate, Evaluators, Policy, ProjectView, accept, decline
from sim.scenario import Scenario
from tests.exact import formulas
from tests.exact.estimates import all_controlled, controlled, time_in_system
from tests.exact.neighbours import fast_server, one_server
from tests.exact.scenarios import textbook


@dataclass(frozen=True)
class LookAtAll(Policy):
    """An expert looks at every request the moment it comes, in the middle of whatever he does; only real work is accepted."""

    evaluators: Evaluators = Evaluators(experts=True)

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        return accept("work") if estimate.group == "work" else decline("only talk")


POLICY = LookAtAll(name="look at all")


def interrupted(work: float, talk: float, horizon: float, hours: float, switch_hours: float) -> Scenario:
    """One person; requests that become work, and requests that are only talked about."""
    return textbook(1, 0.0, horizon=horizon, overrides={
        "groups": {"talk": {"request_rate": talk}, "work": {"request_rate": work}},
        "evaluation.expert_hours": hours, "team.switch_cost": switch_hours,
    })


def busy_per_item(run: Ledger) -> float:
    """Days of work and of getting back into it, per item delivered."""
    days = math.fsum(end - start for _, start, end, use, *_ in run.spells if use in ("work", "switching"))
    return days / sum(item.delivered >= 0 for item in run.items)


def stretched(rate: float, talk: float, debt: float) -> tuple[float, float]:
    """Completion time, and time in system, of exponential work of mean 1 whose every interruption costs `debt` more.

    Requests interrupt at rate g = rate + talk, also while a loss is being made up: a piece of work S brings N interruptions,
    the progeny of a Poisson number of mean g S where each has a Poisson number of mean m = g debt of its own. A share p of
    them are arrivals of further work, so that arrivals during a completion time go with its length: with A of them per
    completion, the number left behind at a departure is E[A] + E[A(A-1)] / (2 (1 - E[A])), and Little's law gives the time.
    Without talk of its own (p = 0) this is Pollaczek-Khinchine with E[C] = E[S] (1 + g E[D]), D = debt / (1 - m).
    """
    g, p = rate + talk, rate / (rate + talk)
    m = g * debt
    first, first_variance = g, g + g**2
    mean = first / (1.0 - m)
    variance = first * m / (1.0 - m) ** 3 + first_variance / (1.0 - m) ** 2
    arrivals = p * mean
    number = arrivals + p**2 * (variance + mean**2 - mean) / (2.0 * (1.0 - arrivals))
    return 1.0 + debt * mean, number / rate


@pytest.mark.parametrize(("talk", "debt", "horizon"), [(0.3, 0.4, 8_000), (1.0, 0.2, 6_000)])
def test_each_interruption_costs_the_switching_loss(talk: float, debt: float, horizon: float) -> None:
    rate = 0.45
    length, time = stretched(rate, talk, debt)
    assert length == pytest.approx(1.0 * (1.0 + (rate + talk) * debt / (1.0 - (rate + talk) * debt)))
    scenario = interrupted(rate, talk, horizon, hours=1e-6, switch_hours=8.0 * debt)
    slowed = fast_server(rate, 1.0, 2.0, times=1.0 - (rate + talk) * debt)  # each day of work takes longer, evenly
    beside = [*one_server(rate, 1.0), slowed]
    lengths, times = all_controlled(scenario, POLICY, 16, [busy_per_item, partial(time_in_system, group=1)], beside)
    assert lengths.agrees(length), (lengths, length)
    assert times.agrees(time), (times, time)
    assert not lengths.holds(1.0 + (rate + talk) * debt), "as if losses could not be interrupted in turn"
    assert not times.holds(1.0 + formulas.wait_mmc(1, rate, 1.0)), "as if interruptions cost nothing"


def test_judgements_that_take_time_come_before_all_work() -> None:
    """Full preemptive M/G/1: T = (V + J + S) / (1 - g J), for whoever comes later is still judged first.

    V: the work found (Pollaczek-Khinchine for judgements and work together), J: a judgement, S: the work itself, g: requests.
    """
    rate, talk, judgement = 0.4, 0.6, 0.3
    load = rate + (rate + talk) * judgement
    moments = rate * (2.0 * judgement**2 + 2.0 * judgement + 2.0) + talk * 2.0 * judgement**2
    found_there = moments / (2.0 * (1.0 - load))
    exact = (found_there + judgement + 1.0) / (1.0 - (rate + talk) * judgement)
    scenario = interrupted(rate, talk, 8_000, hours=8.0 * judgement, switch_hours=0.0)
    slowed = fast_server(rate, 1.0, 2.0, times=1.0 - (rate + talk) * judgement)
    found = controlled(scenario, POLICY, 20, partial(time_in_system, group=1), [*one_server(rate, 1.0), slowed])
    assert found.agrees(exact), (found, exact)
    assert not found.holds(found_there + judgement + 1.0), "as if nobody pushed in"
    assert not found.holds(1.0 + formulas.wait_mmc(1, rate, 1.0)), "as if judgements took no time"
