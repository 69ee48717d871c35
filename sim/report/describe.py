"""A scenario or a policy in one sentence, so that whoever wrote the file sees what was understood."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from sim.errors import PolicyError
from sim.model.turnover import Stint, stints_of
from sim.policies.catalogue import make, maker, settings_of
from sim.policies.parts import part_in_words
from sim.report.numbers import three

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.scenario import Scenario
    from sim.scenario.project import Project
    from sim.study.plan import Plan


def describe_scenario(scenario: Scenario) -> str:
    """Scope, people and customers."""
    plan = scenario.project
    staff = [stint for role in scenario.team.roles.values() for stint in stints_of(role)]
    if plan.planned_items:
        by = f" by day {three(plan.deadline)}: {_tightness(plan, staff)}" if plan.deadline else ", no deadline"
        scope = f"{plan.planned_items} planned items of about {three(plan.planned_effort)} pd{by}"
    else:
        scope = "a stream of requests without planned scope"
    rates = [f"{name} {group.request_rate:g}" for name, group in scenario.customers]
    return (
        f"{scenario.name}: {scope}, up to day {plan.horizon:g}; {_headcount(staff)}; requests per day: {', '.join(rates)}; "
        f"fingerprint of its content {scenario.digest()[:12]}.")


def _headcount(staff: list[Stint]) -> str:
    """``7 people``, and how many of them join or leave later."""
    joining, leaving = sum(stint.first > 0.0 for stint in staff), sum(stint.last < math.inf for stint in staff)
    told = [f"{joining} more join"] * bool(joining) + [f"{leaving} leave"] * bool(leaving)
    return f"{len(staff) - joining} people" + (f" ({', '.join(told)})" if told else "")


def _tightness(plan: Project, staff: list[Stint]) -> str:
    """The plan against what the people who are there can do until the deadline."""
    planned, capacity = plan.planned_items * plan.planned_effort, sum(stint.days(0.0, plan.deadline) for stint in staff)
    load = planned / capacity
    verdict = " (cannot be done even without any request)" if load > 1.0 else " (tight)" if load > 0.85 else ""
    return f"{three(planned)} pd of plan for {three(capacity)} pd of people until then{verdict}"


def describe_policy(policy: Policy) -> str:
    """The parts."""
    return (
        f"{policy.name}: {policy.cadence}, judged by {policy.evaluators}, promise {part_in_words(policy.promise)}, "
        f"queue {part_in_words(policy.queue)}, explanation {policy.explanation:g}.")


def policy_sentence(policy: Policy) -> str:
    """The sentence of a built-in policy with its settings as they are; "" for a policy of somebody's own.

    Examples
    --------
    >>> policy_sentence(make("capacity-limit:k=3"))
    'The number of open requests is limited to 3; whoever comes when all places are taken is refused.'
    """
    try:
        if make(policy.name) != policy:
            return ""
    except PolicyError:
        return ""
    values = {name: slot.told(slot.default) for name, slot in settings_of(policy).items()}
    return re.sub(r"`(\w+)`", lambda found: values[found[1]], sentence_with_settings(policy.name))


def sentence_with_settings(policy: str) -> str:
    """The sentence of a built-in policy as its author wrote it, with the names of its settings."""
    return " ".join((maker(policy.partition(":")[0]).__doc__ or "").split())


def describe_plan(plan: Plan) -> str:
    """What an experiment runs, and what it claims."""
    asked = plan.experiment
    each = asked.precision.replications
    sure = ", more where half-widths ask for it" if asked.precision.sequential else ""
    runs = len(plan.points) * each * len(plan.policies)
    return (
        f"{asked.name}: {len(plan.policies)} policies at {len(plan.points)} design points ({asked.design.kind}), {each} "
        f"replications each{sure}: {runs:,} runs; {len(asked.hypotheses)} hypotheses; digest {asked.digest()[:12]}.")
