"""Hypothesis strategies for the world: scenarios, policies and runs, small enough for a run to cost milliseconds.

The fields of a scenario, their types and ranges are read from the schema, so that a new field is drawn without a word here.
`NARROWER` keeps runs short where the allowed range reaches to years and armies.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from sim.policies import (
    ADOPTABLE,
    POLICY_NAMES,
    Authority,
    Cadence,
    Evaluators,
    Policy,
    PolicyOfParts,
    Promise,
    QueueRule,
    Responses,
)
from sim.policies.admission import RULES, Admission
from sim.policies.catalogue import maker
from sim.policies.setting import Slot, slots
from sim.runs.simulate import Run, simulate
from sim.scenario import (
    Adoption,
    Customer,
    Evaluation,
    Frozen,
    Innovation,
    Project,
    Relationship,
    Review,
    Role,
    Scenario,
    Stage,
    Team,
    Understanding,
)
from sim.scenario.checks import IN_FORCE
from sim.toml.messages import limit

NARROWER: dict[str, tuple[float, float]] = {
    "planned_items": (0, 12), "planned_effort": (0.1, 10), "planned_benefit": (-5, 5), "benefit_window": (1, 300),
    "headcount": (1, 4), "ramp_days": (1, 60), "newcomer_speed": (0.05, 1), "split_above": (0.5, 20), "request_rate": (0, 1), "burstiness": (1, 6), "appetite": (0, 2),
    "effort_median": (0.05, 5), "value": (0, 10), "upkeep": (0, 5), "learning_days": (0.1, 50),
    "escalation_delay": (0, 30), "representatives": (1, 3), "hours_per_week": (2, 40), "withdrawal_rate": (0, 1),
    "latency": (0.1, 10), "cadence": (0.5, 30), "max_rework": (0, 6), "idea_rate": (0, 2), "idea_effort": (0.1, 10),
    "expert_hours": (0, 16), "customer_hours": (0, 8),
}
"""Ranges used instead of the allowed ones. Where the off value lies outside (0 for "none"), it is drawn as well."""


def values(name: str, field: Any) -> st.SearchStrategy[Any]:
    """Values of one field: anywhere in its range, at its ends, or off; any of the words that it allows."""
    if isinstance(field.get_default(), (bool, str)):
        return st.booleans() if isinstance(field.get_default(), bool) else st.sampled_from(get_args(field.annotation))
    low, high = NARROWER.get(name, (limit(field, "ge"), limit(field, "le")))
    default = field.get_default()
    assert low is not None, f"{name}: no range in the schema"
    assert high is not None, f"{name}: no range in the schema"
    kind = type(default)
    corners = [kind(low), kind(high)]
    off = (field.json_schema_extra or {}).get("off")
    if off is not None:
        corners.append(kind(off))
    inside = st.integers(int(low), int(high)) if kind is int else st.floats(low, high)
    return st.one_of(inside, st.sampled_from(corners))


def tables(model: type[Frozen], *besides: str, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A table of a scenario: some fields said, the others left to their defaults. `besides` are never said."""
    said = {
        name: values(name, field)
        for name, field in model.model_fields.items()
        if (isinstance(field.get_default(), (int, float)) or get_origin(field.annotation) is Literal)
        and name not in besides and name not in fixed
    }
    return st.fixed_dictionaries(fixed, optional=said)


@st.composite
def staffed(draw: st.DrawFn) -> Role:
    """A role that some people join and leave now and then; one of them always stays."""
    said = draw(tables(Role))
    days = st.lists(st.integers(1, 40), max_size=2, unique=True).map(sorted)
    joins = tuple((float(day), draw(st.integers(1, 2))) for day in draw(days))
    there, leaves = said.get("headcount", Role().headcount), []
    for day in draw(days):
        leaving = draw(st.integers(0, there + sum(people for joined, people in joins if joined <= day) - 1))
        if leaving:
            there -= leaving
            leaves.append((float(day), leaving))
    return Role(**said, joins=joins, leaves=tuple(leaves))


@st.composite
def teams(draw: st.DrawFn) -> dict[str, Any]:
    """One to three roles and one to four stages; every role has work or none."""
    names = ["analyst", "builder", "tester"][: draw(st.integers(1, 3))]
    weights = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    workflow = [
        Stage(name=f"stage {at}", role=draw(st.sampled_from(names)), share=weight / sum(weights))
        for at, weight in enumerate(weights)
    ]
    roles = {name: draw(staffed()) for name in names}
    return {**draw(tables(Team)), "roles": roles, "workflow": tuple(workflow)}


@st.composite
def customers(draw: st.DrawFn, deadline: float) -> dict[str, Any]:
    """A customer group, with a profile of its requests over time and some that are open already, now and then.

    Without a deadline nobody can ask until then.
    """
    days = sorted(draw(st.sets(st.integers(0, 60), max_size=3)))
    profile = tuple((float(day), draw(st.floats(0, 3))) for day in days)
    opening = draw(st.lists(st.tuples(st.floats(0, 90)) | st.tuples(st.floats(0, 90), st.floats(0.1, 5)), max_size=3))
    return {**draw(tables(Customer, *([] if deadline else ["asks_until"]))), "profile": profile, "opening": tuple(opening)}


@st.composite
def scenarios(draw: st.DrawFn, **fixed: dict[str, Any]) -> Scenario:
    """A whole scenario; `fixed` says values of its tables that hold in all of them."""

    def table(name: str, said: dict[str, Any]) -> dict[str, Any]:
        return {**said, **fixed.get(name, {})}

    horizon = draw(st.floats(1, 60))
    by_then = st.floats(0, horizon)
    project = table("project", draw(tables(
        Project, horizon=st.just(horizon), deadline=by_then, warm_up=st.just(0.0) | st.floats(0, horizon * 0.9))))
    team = draw(teams())
    evaluation = table("evaluation", draw(tables(Evaluation)))
    evaluation.setdefault("judges", tuple(draw(st.lists(st.sampled_from(sorted(team["roles"])), max_size=3))))
    names = draw(st.sets(st.sampled_from("ABC"), max_size=2))
    groups = {name: Customer(**table("customer", draw(customers(project["deadline"])))) for name in sorted(names)}
    adoption = draw(tables(Adoption, day=st.just(0.0) | by_then, before=st.sampled_from(IN_FORCE)))
    return Scenario(
        project=Project(**project),
        team=Team(**table("team", team)),
        customer=Customer(**table("customer", draw(customers(project["deadline"])))),
        groups=groups,
        relationship=table("relationship", draw(tables(Relationship))),  # type: ignore[arg-type]
        evaluation=Evaluation(**evaluation),
        review=Review(**table("review", draw(tables(Review)))),
        innovation=Innovation(**table("innovation", draw(tables(Innovation)))),
        understanding=Understanding(**table("understanding", draw(tables(Understanding)))),
        adoption=Adoption(**table("adoption", adoption)),
    )


NARROWER_SETTINGS: dict[str, tuple[float, float]] = {
    "k": (0, 6), "share": (0, 1), "at_least": (-3, 3), "below": (-3, 3), "days": (1, 20), "at_most": (0, 4),
    "prototype_from": (0, 8), "patience": (0, 30), "reserve": (0.1, 3),
}


def setting(name: str, slot: Slot) -> st.SearchStrategy[Any]:
    """Values of one setting of a policy: anywhere in its range, or in a narrower one that keeps runs short."""
    if name == "reference":
        return st.sampled_from(ADOPTABLE)
    if slot.choices:
        return st.sampled_from(slot.choices)
    low, high = NARROWER_SETTINGS.get(name, (slot.says.low, slot.says.high))
    low = max(low, slot.says.low)
    return st.integers(int(low), int(high)) if slot.kind is int else st.floats(low, high)


def settings_for(made_by: Callable[..., Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some settings said, the others left to their defaults."""
    return st.fixed_dictionaries({}, optional={name: setting(name, slot) for name, slot in slots(made_by).items()})


@st.composite
def named_policies(draw: st.DrawFn) -> Policy:
    """A policy of the catalogue, with settings of its own."""
    made_by = maker(draw(st.sampled_from(POLICY_NAMES)))
    return made_by(**draw(settings_for(made_by)))


@st.composite
def admission_rules(draw: st.DrawFn) -> Admission:
    """Any admission rule with settings of its own."""
    made_by = RULES[draw(st.sampled_from(list(RULES)))]
    return made_by(**draw(settings_for(made_by)))


weights = st.floats(0.1, 3)
from_size = st.none() | st.floats(0, 8)
responses = st.builds(
    Responses, reshape_from=from_size, prototype_from=from_size, counter=st.booleans(), counter_above=st.floats(-3, 3),
    defer=st.booleans())
policies_of_parts: st.SearchStrategy[Policy] = st.builds(
    PolicyOfParts,
    name=st.just("of parts"),
    cadence=st.builds(Cadence, st.sampled_from([0.0, None]) | st.floats(1, 20), st.integers(0, 4)),
    evaluators=st.builds(Evaluators, st.booleans(), st.booleans(), st.booleans()),
    authority=st.builds(Authority, weights, weights, weights),
    fit_authority=st.none() | st.builds(Authority, weights, weights, weights),
    reading=st.sampled_from(["face-value", "calibrated"]),
    promise=st.none() | st.builds(Promise, st.sampled_from(["wish", "forecast", "none"]), st.floats(0, 3)),
    explanation=st.floats(0, 1),
    queue=st.none() | st.builds(
        QueueRule, st.sampled_from(["fcfs", "by-date", "requests-first", "planned-first", "urgency", "wsjf"]), st.booleans()),
    admission=admission_rules(),
    responses=responses,
    fast_lane=st.just(0.0) | st.floats(0, 8),
)
policies = st.one_of(named_policies(), policies_of_parts)


@st.composite
def runs(draw: st.DrawFn, logged: bool = False, **fixed: dict[str, Any]) -> Run:
    """A replication of some scenario under some policy. See `scenarios` for `fixed`."""
    return simulate(
        draw(scenarios(**fixed)), draw(policies), seed=draw(st.integers(0, 1000)), replication=draw(st.integers(0, 100)),
        logged=logged)
