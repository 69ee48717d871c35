"""Rules that no single value can break: what the parts of a scenario demand of each other.

Allowed on purpose: a run without planned scope and without requests (it is idle), a workflow that leaves a role without
work, and a deadline without planned scope (a stream may have to end by a day; the benefit of requests fades from it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from sim.policies.catalogue import POLICY_NAMES
from sim.toml.names import NAME_RULE, is_name
from sim.toml.shown import listing, nearest, number, shown
from sim.toml.walk import Loc

if TYPE_CHECKING:
    from sim.scenario import Scenario

SHARE_TOLERANCE = 1e-6
LARGEST_FACTOR = 100.0  # of a request profile; candidates are drawn at the largest rate, so this bounds memory

OLDEST = 20_000.0  # days that a request may have been open: some 75 years
SMALLEST_ESTIMATE, LARGEST_ESTIMATE = 0.001, 1000.0

MOST_AT_ONCE = 1000  # people who join or leave on a day

IN_FORCE = tuple(name for name in POLICY_NAMES if name != "placebo")
"""Names of the policies that can be in force before ``adoption.day``."""


class Problem(NamedTuple):
    """A rule that is broken: where, by which value, and what is allowed."""

    loc: Loc
    value: Any
    text: str


def check_consistency(scenario: Scenario) -> None:
    """Refuse a scenario whose parts contradict each other.

    Raises
    ------
    pydantic.ValidationError
        One error for each broken rule, with the place of the value at fault (pydantic adds it to its own errors).
    """
    refuse([problem for rule in RULES for problem in rule(scenario)], type(scenario).__name__)


def refuse(problems: Sequence[Problem], title: str) -> None:
    """Raise what was found as one pydantic error, if anything was."""
    if problems:
        raise ValidationError.from_exception_data(title, [_as_pydantic(problem) for problem in problems])


def _as_pydantic(problem: Problem) -> InitErrorDetails:
    error = PydanticCustomError("inconsistent", "{text}", {"text": problem.text})
    value = problem.value
    said = int(value) if isinstance(value, float) and value.is_integer() else value  # 500, as it was written, not 500.0
    return InitErrorDetails(type=error, loc=problem.loc, input=said)


def _usable_names(scenario: Scenario) -> Iterator[Problem]:
    named: list[tuple[Loc, str]] = [(("name",), scenario.name)]
    named += [(("team", "roles", name), name) for name in scenario.team.roles]
    named += [(("team", "workflow", at, "name"), stage.name) for at, stage in enumerate(scenario.team.workflow)]
    named += [(("groups", name), name) for name in scenario.groups]
    for loc, name in named:
        if not is_name(name):
            yield Problem(loc, name, NAME_RULE)
    if not scenario.title.isprintable():
        yield Problem(("title",), scenario.title, "one line of text without control characters is needed")


def _known_roles(scenario: Scenario) -> Iterator[Problem]:
    team = scenario.team
    places: list[tuple[Loc, str]] = []
    if "workflow" in team.model_fields_set:
        places += [(("team", "workflow", at, "role"), stage.role) for at, stage in enumerate(team.workflow)]
    elif team.workflow[0].role not in team.roles:
        text = f"no workflow is given, and the default one needs the role {team.workflow[0].role}; add [[team.workflow]] tables"
        yield Problem(("team", "roles"), list(team.roles), text)
    places += [(("evaluation", "judges", at), role) for at, role in enumerate(scenario.evaluation.judges)]
    for loc, role in places:
        if role not in team.roles:
            yield Problem(loc, role, f"the team has no such role{suggestion(role, team.roles)}")


def _shares_add_up(scenario: Scenario) -> Iterator[Problem]:
    shares = [stage.share for stage in scenario.team.workflow]
    if abs(sum(shares) - 1.0) > SHARE_TOLERANCE:
        total = number(sum(shares))
        yield Problem(("team", "workflow"), shares, f"the shares of its stages add up to {total}, but must add up to 1")


def _within_horizon(scenario: Scenario) -> Iterator[Problem]:
    project, horizon = scenario.project, scenario.project.horizon
    if project.deadline > horizon:
        yield _too_late(scenario, "project", "deadline", "up to")
    if project.warm_up >= horizon:
        yield _too_late(scenario, "project", "warm_up", "before")
    if scenario.adoption.day > horizon:
        yield _too_late(scenario, "adoption", "day", "up to")


def _too_late(scenario: Scenario, group: str, field: str, allowed: str) -> Problem:
    """Blame the value that the writer of the scenario gave; the other one may be a default that he never saw."""
    part, horizon = getattr(scenario, group), scenario.project.horizon
    day, horizon_said = getattr(part, field), "horizon" in scenario.project.model_fields_set
    if horizon_said and field not in part.model_fields_set:
        text = f"{group}.{field}, by default {number(day)}, must be a day {allowed} project.horizon; set it as well"
        return Problem(("project", "horizon"), horizon, text)
    text = f"a day {allowed} project.horizon is needed, which is {number(horizon)}{'' if horizon_said else ' by default'}"
    return Problem((group, field), day, text)


def _profiles_in_order(scenario: Scenario) -> Iterator[Problem]:
    places: list[tuple[Loc, Any]] = [(("customer",), scenario.customer)]
    places += [(("groups", name), group) for name, group in scenario.groups.items() if "profile" in group.model_fields_set]
    for loc, customer in places:
        before = -1.0
        for at, (day, factor) in enumerate(customer.profile):
            here = (*loc, "profile", at)
            if day < 0:
                yield Problem((*here, 0), day, "a day of 0 or later is needed")
            elif day <= before:
                yield Problem((*here, 0), day, f"days must rise, and the one before is {number(before)}")
            if not 0 <= factor <= LARGEST_FACTOR:
                yield Problem((*here, 1), factor, f"a factor of 0 to {number(LARGEST_FACTOR)} is needed")
            before = max(before, day)


def _openings_sensible(scenario: Scenario) -> Iterator[Problem]:
    places: list[tuple[Loc, Any]] = [(("customer",), scenario.customer)]
    places += [(("groups", name), group) for name, group in scenario.groups.items() if "opening" in group.model_fields_set]
    for loc, customer in places:
        for at, (age, *estimate) in enumerate(customer.opening):
            here = (*loc, "opening", at)
            if not 0 <= age <= OLDEST:
                yield Problem((*here, 0), age, f"an age of 0 to {number(OLDEST)} working days is needed")
            if estimate and not SMALLEST_ESTIMATE <= estimate[0] <= LARGEST_ESTIMATE:
                text = f"an estimate of {number(SMALLEST_ESTIMATE)} to {number(LARGEST_ESTIMATE)} person-days is needed, or none"
                yield Problem((*here, 1), estimate[0], text)


def _staff_over_time(scenario: Scenario) -> Iterator[Problem]:
    for name, role in scenario.team.roles.items():
        place: Loc = ("team", "roles", name)
        for field, changes in (("joins", role.joins), ("leaves", role.leaves)):
            yield from _changes_in_order((*place, field), changes)
        left = role.headcount
        for at, (day, people) in enumerate(role.leaves):
            left -= people
            there = left + people + sum(joining for joined, joining in role.joins if joined <= day)
            if people >= there:
                text = f"one person of the role must stay, and on that day {there} are there"
                yield Problem((*place, "leaves", at), [day, people], text)
                break


def _changes_in_order(loc: Loc, changes: Sequence[tuple[float, int]]) -> Iterator[Problem]:
    before = 0.0
    for at, (day, people) in enumerate(changes):
        if day <= 0:
            yield Problem((*loc, at, 0), day, "a day after 0 is needed; who is there from the start is part of headcount")
        elif day <= before:
            yield Problem((*loc, at, 0), day, f"days must rise, and the one before is {number(before)}")
        if not 1 <= people <= MOST_AT_ONCE:
            yield Problem((*loc, at, 1), people, f"1 to {number(MOST_AT_ONCE)} people are needed")
        before = max(before, day)


def _a_deadline_to_ask_until(scenario: Scenario) -> Iterator[Problem]:
    places: list[tuple[Loc, Any]] = [(("customer",), scenario.customer)]
    places += [(("groups", name), group) for name, group in scenario.groups.items() if "asks_until" in group.model_fields_set]
    for loc, customer in places:
        if customer.asks_until == "deadline" and not scenario.project.deadline:
            yield Problem((*loc, "asks_until"), "deadline", "there is no project.deadline to ask until; give one, or say \"done\"")


def _known_policy(scenario: Scenario) -> Iterator[Problem]:
    before = scenario.adoption.before
    if before == "placebo":
        yield Problem(("adoption", "before"), before, "placebo copies another policy and cannot be in force by itself")
    elif before not in IN_FORCE:
        yield Problem(("adoption", "before"), before, f"no policy has this name{suggestion(before, IN_FORCE)}")


def suggestion(word: str, known: Iterable[str]) -> str:
    """What to write instead: the nearest known name, and what there is."""
    names = list(known)
    near = nearest(word, names)
    return (f"; did you mean {shown(near)}?" if near else "") + f" (there are: {listing(names, most=16)})"


RULES = (
    _usable_names, _known_roles, _shares_add_up, _within_horizon, _profiles_in_order, _openings_sensible, _staff_over_time,
    _a_deadline_to_ask_until, _known_policy)
