"""A scenario or a policy in one sentence, so that whoever wrote the file sees what was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.numbers import three

if TYPE_CHECKING:
    from sim.experiment.plan import Plan
    from sim.policies.policy import Policy
    from sim.scenario import Scenario


def describe_scenario(scenario: Scenario) -> str:
    """Scope, people and customers."""
    plan = scenario.project
    people = sum(role.headcount for role in scenario.team.roles.values())
    if plan.planned_items:
        by = f" by day {three(plan.deadline)}" if plan.deadline else ", no deadline"
        scope = f"{plan.planned_items} planned items of about {three(plan.planned_effort)} pd{by}"
    else:
        scope = "a stream of requests without planned scope"
    rates = [f"{name} {group.request_rate:g}" for name, group in scenario.customers]
    return (
        f"{scenario.name}: {scope}, up to day {plan.horizon:g}; {people} people; requests per day: {', '.join(rates)}; "
        f"digest {scenario.digest()[:12]}.")


def describe_policy(policy: Policy) -> str:
    """The parts."""
    return (
        f"{policy.name}: {policy.cadence}, judged by {policy.evaluators}, promise {policy.promise}, queue {policy.queue}, "
        f"explanation {policy.explanation:g}.")


def describe_plan(plan: Plan) -> str:
    """What an experiment runs, and what it claims."""
    asked = plan.experiment
    each = asked.precision.replications
    sure = ", more where half-widths ask for it" if asked.precision.sequential else ""
    runs = len(plan.points) * each * len(plan.policies)
    return (
        f"{asked.name}: {len(plan.policies)} policies at {len(plan.points)} design points ({asked.design.kind}), {each} "
        f"replications each{sure}: {runs:,} runs; {len(asked.hypotheses)} hypotheses; digest {asked.digest()[:12]}.")
