"""Each mechanism, one by one, has no trace at its off value, and has one when it is on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import pytest

from sim.model.truth import Request
from sim.policies import PolicyOfParts
from sim.policies.admission import Warned
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from sim.scenario.register import mechanisms
from tests.not_rigged.worlds import bits

BUSY = Scenario().with_values({
    "project.planned_items": 25, "project.horizon": 200.0, "project.deadline": 30.0, "team.ripple": 2.0, "team.complexity": 1.0,
    "team.roles.developer.headcount": 6, "team.roles.developer.joins": [[10.0, 1]], "team.roles.developer.leaves": [[40.0, 1]],
    "team.defect_rate": 0.2, "team.queue": "by-date", "team.promise": "wish", "customer.request_rate": 0.5,
    "customer.burstiness": 3.0,
    "customer.profile": [[20.0, 1.5]], "customer.opening": [[30.0], [12.0, 2.0]], "customer.hours_per_week": 30.0,
    "customer.mandatory_share": 0.2, "customer.withdrawal_rate": 0.05,
    "customer.escalation": 0.8, "customer.drift": 0.01, "customer.feasibility": 0.8, "customer.early_infeasible": 0.3,
    "customer.ambiguity": 0.3, "review.revealed": 0.5, "review.escape": 0.3,
    "relationship.deferral_weight": 0.3, "relationship.waiting_weight": 0.1, "relationship.unasked_weight": 0.2, "evaluation.latency": 3.0, "evaluation.expert_bias": 0.5,
    "evaluation.automation_bias": 0.4, "evaluation.expert_hours": 2.0,
    "innovation.exploration_share": 0.2, "innovation.idea_rate": 0.5, "innovation.idea_cap": 1.0,
    "adoption.day": 20.0, "adoption.learning_days": 20.0, "team.after_plan": "released", "project.delay_cost": 0.001,
    "review.when_idle": True, "understanding.sessions": 0.03, "understanding.calendar": 0.002, "today.share": 0.5,
})
"""Every mechanism on, and strong enough to leave a trace in one run."""
AI = "co-evaluated-ai"
ROUNDING = 1e-12
"""Work of no size may take the last digit of a day."""
WARNED = PolicyOfParts(name="warned", admission=Warned(at_least=-1000.0))


def used(*uses: str) -> Callable[[Run], bool]:
    return lambda run: any(use in uses for _, _, _, use, _, _, _ in run.ledger.spells)


def positive(*measures: str) -> Callable[[Run], bool]:
    return lambda run: any(run.outcome[measure] > 0.0 for measure in measures)


def asked(run: Run) -> Sequence[Request]:
    return [ask.request for ask in run.ledger.asks]


def levels_of(*quantities: str) -> Callable[[Run], bool]:
    return lambda run: len({level for _, _, quantity, level in run.ledger.levels if quantity in quantities}) > 1


def differ(values: Iterable[float]) -> bool:
    return len({round(value, 9) for value in values}) > 1


def work_is_heavier(run: Run) -> bool:
    done = sum((end - start) * speed * (1.0 - explored) for _, start, end, use, item, speed, explored in run.ledger.spells
               if use in ("work", "rework") and item >= 0 and run.ledger.items[item].closed >= 0.0)
    share = run.scenario.review.rework_share
    owed = sum(i.effort * (1.0 + share * (i.attempts - i.given_up - i.flawed)) for i in run.ledger.items if i.closed >= 0.0)
    return done > owed * (1.0 + 1e-6)


def changes_cost_more(run: Run) -> bool:
    return any(a.item.effort > a.request.effort * 1.001 for a in run.ledger.asks if a.item and a.item.form != "reshaped")


def someone_was_split(run: Run) -> bool:
    """Whether two people worked on one item at a time."""
    spells = sorted((item, start, end) for _, start, end, use, item, _, _ in run.ledger.spells if use == "work" and item >= 0)
    return any(a[0] == b[0] and b[1] < a[2] for a, b in pairwise(spells))


TRACES: dict[str, tuple[str, Callable[[Run], bool]]] = {
    "effort-spread": ("always-accept", lambda run: differ(request.effort for request in asked(run))),
    "ambiguity": ("always-accept", lambda run: any(item.ambiguity for item in run.ledger.items)),
    "cost-of-delay": ("always-accept", lambda run: any(request.urgency for request in asked(run))),
    "split-above": ("frozen-scope", someone_was_split),
    "switching": ("expert-veto", positive("switching")),
    "overtime": ("always-accept", positive("overtime_cost")),
    "complexity": ("always-accept", work_is_heavier),
    "ripple": ("expert-veto", changes_cost_more),
    "burstiness": ("always-accept", lambda run: len({r.day for r in asked(run)}) < len(asked(run))),
    "opening": ("always-accept", lambda run: any(request.day < 0.0 for request in asked(run))),
    "merit-spread": ("always-accept", lambda run: differ(request.worth for request in asked(run))),
    "infeasibility": ("always-accept", lambda run: not all(request.feasible for request in asked(run))),
    "mandatory": ("always-accept", lambda run: any(request.mandatory for request in asked(run))),
    "withdrawal": ("change-board", positive("withdrawn")),
    "escalation": ("change-board", lambda run: any(ask.returns for ask in run.ledger.asks)),
    "relationship": ("change-board", levels_of("trust", "satisfaction")),
    "voice": ("co-evaluated", levels_of("voice")),
    "understanding": ("co-evaluated", levels_of("understanding")),
    "evaluation-time": ("change-board", lambda run: run.outcome["meetings"] > explained_hours(run)),
    "latency": ("gatekeeper", lambda run: latest_answer(run) > 1.0),
    "estimate-error": ("change-board", lambda run: any(abs(r.estimate / r.effort - 1.0) > 1e-9 for r in asked(run))),
    "ai-effort": (AI, positive("ai_cost")),
    "review-time": ("always-accept", used("review")),
    "rework": ("always-accept", lambda run: run.outcome["rework_share"] > ROUNDING),
    "revealed": ("always-accept", lambda run: any(item.given_up and item.attempts == 1 for item in run.ledger.items)),
    "undiscovered-rework": ("always-accept", lambda run: any(item.reopened for item in run.ledger.items)),
    "turnover": ("always-accept", used("onboarding")),
    "today": ("as-today", positive("declined")),
    "exploration": ("always-accept", positive("exploration", "ideas_raised")),
}
"""A trace of each mechanism that has one of its own, with a policy under which it shows. For the others, see below."""


def explained_hours(run: Run) -> float:
    """Person-days of meetings that are no judging: reviews, and the experts' explanations of refusals and negotiations."""
    review = sum(end - start for _, start, end, use, _, _, _ in run.ledger.spells if use == "review")
    terms = run.scenario.evaluation
    refusals = sum(entry.outcome.endswith("declined") for entry in run.ledger.decisions)
    return review + refusals * terms.explanation_hours * run.policy.explanation / 8.0 + 1e-9


def latest_answer(run: Run) -> float:
    """Longest wait for an answer that nobody's hours explain: the median person is free at once."""
    waits = sorted(ask.answered - ask.request.day for ask in run.ledger.asks if ask.answered >= 0.0)
    return waits[len(waits) // 2]


def switched(mechanism: str, off: bool) -> Scenario:
    # A policy adopted half-way would hide the traces of the one under study.
    alone = BUSY if mechanism == "adoption" else BUSY.with_values(mechanisms(BUSY)["adoption"])
    if mechanism == "latency":
        alone = alone.with_values(mechanisms(alone)["evaluation-time"])
    return alone.with_values(mechanisms(alone)[mechanism]) if off else alone


@pytest.mark.parametrize("mechanism", sorted(TRACES))
def test_a_mechanism_leaves_its_trace_when_on_and_none_when_off(mechanism: str) -> None:
    policy, trace = TRACES[mechanism]
    assert trace(simulate(switched(mechanism, off=False), policy))
    assert not trace(simulate(switched(mechanism, off=True), policy))


WITHOUT_OWN_TRACE = {
    "adoption": "co-evaluated", "appetite": "always-accept", "after-plan": "refuse-all", "asks-until": "change-board", "automation-bias": AI,
    "clarification": "co-evaluated",
    "when-idle": "refuse-all", "delay-cost": "change-board", "core": "co-evaluated", "counter-proposals": "co-evaluated",
    "defects": "always-accept", "disclosure": "co-evaluated",
    "drift": "always-accept", "expert-bias": "change-board", "explanation": "change-board", "facilitation": "co-evaluated",
    "forecast-error": WARNED, "idea-cap": "co-evaluated", "insight": "change-board", "need-share": "change-board",
    "overhead": "change-board", "optimism": "co-evaluated", "profile": "always-accept", "promise": "change-board",
    "queue": "change-board", "prototypes": "prototype-first", "upkeep": "always-accept", "waiting": "change-board",
    "walk-away": "capacity-limit:k=0",
}
"""Mechanisms that only move what others leave behind: switching them off must change the run under this policy."""
TOUCHY = {
    "walk-away": {"relationship.walk_away": 0.4, "relationship.refusal_weight": 1.0},
    "asks-until": {"customer.asks_until": "deadline"},
}
"""What is on for them only: it would leave the others too little to act upon."""


@pytest.mark.parametrize("mechanism", sorted(WITHOUT_OWN_TRACE))
def test_the_other_mechanisms_change_the_run(mechanism: str) -> None:
    policy = WITHOUT_OWN_TRACE[mechanism]
    touchy = TOUCHY.get(mechanism, {})
    on = simulate(switched(mechanism, off=False).with_values(touchy), policy)
    off = simulate(switched(mechanism, off=False).with_values({**touchy, **mechanisms(BUSY)[mechanism]}), policy)
    assert bits(on) != bits(off)


def test_no_mechanism_is_forgotten_here() -> None:
    untraced = set(mechanisms()) - set(TRACES) - set(WITHOUT_OWN_TRACE)
    assert not untraced, f"{untraced}: a trace of each is to be in TRACES, or a policy in WITHOUT_OWN_TRACE"
    assert set(TRACES) | set(WITHOUT_OWN_TRACE) == set(mechanisms())


POWERLESS = {
    "evaluation-time": "always-accept", "ai-effort": "co-evaluated", "prototypes": "always-accept", "core": "always-accept",
    "counter-proposals": "always-accept", "automation-bias": "co-evaluated", "facilitation": "expert-veto",
    "disclosure": "change-board", "expert-bias": "gatekeeper", "escalation": "always-accept", "latency": "always-accept",
    "explanation": "always-accept", "withdrawal": "always-accept", "promise": "always-accept", "queue": "value-ranked",
}
"""Mechanisms that have nothing to act upon under a policy that does not call for them."""


@pytest.mark.parametrize("mechanism", sorted(POWERLESS))
def test_a_mechanism_does_not_reach_a_policy_that_does_not_call_for_it(mechanism: str) -> None:
    calm = {"innovation.exploration_share": 0.0}  # ideas are judged by everybody, whatever the policy
    on, off = (simulate(switched(mechanism, off=state).with_values(calm), POWERLESS[mechanism]) for state in (False, True))
    assert bits(on) == bits(off)
