"""The conformance kit: does a policy keep the rules of the game? For people who write their own.

The rules are those that make a comparison fair: the answer depends on what was seen and on nothing else, every time, in every
process; and whatever the world brings, the policy answers. (This module runs the world, so it is no part of `sim.policies`
proper: nothing there imports it.)

Examples
--------
>>> from sim.policies import make
>>> from sim.runs.conformance import check_policy
>>> print(check_policy(make("expert-veto")))
expert-veto keeps all 10 rules
"""

from __future__ import annotations

import dis
import math
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import product
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import PolicyError
from sim.policies.parts import HOUSE_PARTS, Authority, Cadence, Evaluators
from sim.policies.policy import Policy
from sim.policies.setting import refused
from sim.policies.view import ANSWERS, Decision, Estimate, ProjectView, Ticket

if TYPE_CHECKING:
    from sim.scenario import Scenario

Look = tuple[Estimate, ProjectView]
OTHERWISE = ("accept", "decline")
ORACLES = {"random", "time", "datetime", "secrets", "uuid", "os"}
"""Modules that a policy has no use for: clocks, other chance than the tape, the world outside. (The check reads the names that
a policy's own functions use; it is a safeguard against slips, not against malice.)"""


@dataclass(frozen=True)
class Report:
    """The rules that a policy was held to, all of them kept."""

    policy: str
    rules: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.policy} keeps all {len(self.rules)} rules"


def check_policy(policy: Policy, scenarios: Sequence[Scenario] | None = None, replications: int = 3) -> Report:
    """Hold a policy to the rules: on some hundreds of requests and projects, and in replications of whole scenarios.

    Parameters
    ----------
    policy
        An instance of a subclass of `Policy`.
    scenarios
        Worlds that it must do its work in; by default small ones at the edges (`extreme_scenarios`).
    replications
        Replications of each.

    Returns
    -------
    Report
        The rules, by name.

    Raises
    ------
    PolicyError
        At the first rule that is broken: its name, what was seen, and what to do about it.
    """
    if not isinstance(policy, Policy):
        hint = "; write an instance: MyPolicy()" if isinstance(policy, type) else ""
        raise PolicyError(f"a policy is needed, not {policy!r}{hint}")
    worlds = extreme_scenarios() if scenarios is None else scenarios
    world = partial(_plays_in_the_world, scenarios=worlds, replications=replications)
    rules: dict[str, Callable[[Policy], None]] = {**RULES, WORLD: world}
    for name, rule in rules.items():
        try:
            rule(policy)
        except Broken as broken:
            raise PolicyError(f"policy {policy.name!r} breaks the rule {name!r}: {broken}") from broken.__cause__
    return Report(policy.name, tuple(rules))


class Broken(Exception):  # noqa: N818 - it is caught here and told as a PolicyError
    """A rule is broken; says how."""


# --- what a policy may be shown ---


def looks() -> Iterator[Look]:
    """Requests and projects of every kind: ordinary, extreme, and on the edge between."""
    projects = [
        ProjectView(0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0, 1, 1.0, 0.78),
        ProjectView(0.0, 120.0, 4.0, 480.0, 480.0, 0.0, 0.0, 0, 1, 1.0, 0.78),
        ProjectView(37.5, 120.0, 4.0, 312.25, 480.0, 0.4, 55.5, 7, 3, 12.5, 0.78),
        ProjectView(119.0, 120.0, 4.0, 900.0, 480.0, 0.99, 400.0, 80, 50, 40.0, 0.78),
        ProjectView(150.0, 120.0, 4.0, 12.0, 480.0, 1.0, 80.0, 2, 1, 3.0, 0.78),
        ProjectView(1e6, 120.0, 0.01, 1e9, 480.0, 0.5, 1e9, 100_000, 100_000, 1e4, 0.78),
    ]
    kinds = product(projects, (1e-3, 0.5, 3.0, 1e4), (-1e3, -1.0, 0.0, 0.7, 1e3), (False, True))
    for number, (project, effort, worth, judged) in enumerate(kinds, start=1):
        yield _estimate(number, project.day, effort, worth, judged), project


def _estimate(number: int, day: float, effort: float, worth: float, judged: bool) -> Estimate:
    value = worth - 0.3 if judged else None
    return Estimate(
        number=number, group="customer", arrived=max(day - number % 7, 0.0), returns=number % 3, mandatory=number % 11 == 0,
        stated=worth, value=value, customer_value=value, expert_value=value, ai_value=value if number % 2 else None,
        need=number % 5 - 2.0 if judged else None, fit=number % 3 - 1.0 if judged else None,
        alternative=worth + number % 3 - 1.0 if judged else None,
        effort=effort, urgency=0.001 * (number % 5), feasible=number % 4 != 0, prototyped=number % 3 == 0,
        lot=number * 0.6180339887 % 1.0)


def tickets() -> Iterator[Ticket]:
    """Items of every kind on their way into the backlog."""
    kinds: tuple[Literal["planned", "request", "idea"], ...] = ("planned", "request", "idea")
    for kind, effort, value, urgency in product(kinds, (1e-3, 8.0, 1e4), (-1e3, 0.0, 2.0), (0.0, 0.01, 1.0)):
        yield Ticket(kind, "customer", effort, value, urgency, 10.0 * effort)


# --- the rules ---


def _parts_are_in_range(policy: Policy) -> None:
    wanted: dict[str, type] = {"cadence": Cadence, "evaluators": Evaluators, "authority": Authority, **HOUSE_PARTS}
    for part, kind in wanted.items():
        found = getattr(policy, part)
        if not isinstance(found, kind) and not (found is None and part in HOUSE_PARTS):
            or_none = ", or None for the house's," if part in HOUSE_PARTS else ""
            raise Broken(f"{part} = {found!r}; a {kind.__name__}{or_none} is needed")
    if not isinstance(policy.name, str) or not policy.name.strip():
        raise Broken(f"name = {policy.name!r}; a text is needed")
    for what in refused(policy):
        raise Broken(what)
    weights = policy.authority
    asked = policy.evaluators
    heard = [weights.customer * asked.customer, weights.experts * asked.experts, weights.ai * asked.ai]
    if (asked.customer or asked.experts or asked.ai) and not sum(heard):
        raise Broken(f"authority = {weights}; one of the sides that are asked ({asked}) must have some")


def _is_a_value(policy: Policy) -> None:
    try:
        hash(policy)
    except TypeError as error:
        raise Broken(f"it has no hash ({error}); give its settings as numbers, texts and tuples, not as lists") from error
    try:
        copy = pickle.loads(pickle.dumps(policy))
    except Exception as error:
        raise Broken(
            f"it cannot be pickled ({error}); define it, and functions it is made of, at the top of a module") from error
    if copy != policy:
        raise Broken("a pickled copy of it is not equal to it; give its settings as fields of a frozen dataclass")
    differing = [look for look in _looks_of(policy) if _decision(copy, *look) != _decision(policy, *look)]
    if differing:
        raise Broken(f"a pickled copy of it answers {_in_words(*differing[0])} otherwise than it does itself")


def _answers_with_a_reason(policy: Policy) -> None:
    for estimate, project in _looks_of(policy):
        decision = _decision(policy, estimate, project)
        if type(decision) is not Decision:
            raise Broken(f"it answered {decision!r} to {_in_words(estimate, project)}; a Decision is needed")
        if decision.answer not in ANSWERS:
            raise Broken(f"its answer was {decision.answer!r}; one of {', '.join(ANSWERS)} is needed")
        if not isinstance(decision.reason, str) or not decision.reason.strip():
            raise Broken(f"its reason to {decision.answer} {_in_words(estimate, project)} was {decision.reason!r}; say why")
        if decision.otherwise not in OTHERWISE:
            raise Broken(f"its answer otherwise was {decision.otherwise!r}; accept or decline is needed")
        if not isinstance(decision.until, (int, float)) or math.isnan(decision.until):
            raise Broken(f"it deferred until {decision.until!r}; a day is needed, or math.inf")


def _prototypes_once(policy: Policy) -> None:
    for estimate, project in _looks_of(policy):
        learnt = estimate._replace(prototyped=True)
        if _decision(policy, learnt, project).answer == "prototype":
            raise Broken(f"it asked for a second prototype of {_in_words(learnt, project)}; look at estimate.prototyped")


def _same_look_same_answer(policy: Policy) -> None:
    first = [(look, _decision(policy, *look)) for look in _looks_of(policy)]
    for asked_again in (first, first[::-1]):
        for (estimate, project), decision in asked_again:
            now = _decision(policy, estimate, project)
            if now != decision:
                raise Broken(
                    f"it answered {_in_words(estimate, project)} with {decision.answer} ({decision.reason}) and later with "
                    f"{now.answer} ({now.reason}); an answer may depend on the estimate and the project only, not on a clock, "
                    "on other chance than estimate.lot, or on what it was asked before")


def _stays_as_it_was(policy: Policy) -> None:
    before = _state(policy)
    for look in _looks_of(policy):
        with suppress(Broken):  # whether it answers at all is the next rule
            _decision(policy, *look)
        policy.at_once(look[0])
    if policy.queue is not None:
        for ticket in tickets():
            policy.queue.rank(ticket)
    if _state(policy) != before:
        raise Broken("answering changed it (or its class); it must keep no memory: all it needs is in the estimate and project")


def _orders_the_agenda(policy: Policy) -> None:
    shown = [estimate for estimate, _ in _looks_of(policy)][:30]
    for agenda in (shown[:1], shown, shown[::-1]):
        given = list(agenda)
        order = policy.agenda(given)
        if given != agenda:
            raise Broken("agenda changed the list that it was given")
        if not isinstance(order, list) or sorted(order) != list(range(len(agenda))):
            raise Broken(f"agenda of {len(agenda)} requests was {order!r}; each position, once, is needed")
        if policy.agenda(list(agenda)) != order:
            raise Broken("agenda put the same requests into another order when asked again")
    glance = [(estimate, policy.at_once(estimate)) for estimate in shown]
    if not all(isinstance(fast, bool) for _, fast in glance):
        raise Broken("at_once must answer True or False")
    if any(policy.at_once(estimate) != fast for estimate, fast in glance):
        raise Broken("at_once answered the same request differently when asked again")


def _ranks_the_backlog(policy: Policy) -> None:
    if policy.queue is None:
        return  # the house ranks it
    for ticket in tickets():
        rank = policy.queue.rank(ticket)
        if not isinstance(rank, (int, float)) or isinstance(rank, bool) or not abs(rank) <= 1e200:
            raise Broken(f"queue.rank of {ticket} was {rank!r}; a finite number is needed")
        if policy.queue.rank(ticket) != rank:
            raise Broken(f"queue.rank of {ticket} changed when asked again; it may depend on the ticket only")


def _asks_no_oracle(policy: Policy) -> None:
    classes = [kind for kind in type(policy).__mro__ if kind not in (Policy, object)]
    for value in (value for place in (*classes, policy) for value in vars(place).values()):
        if hasattr(value, "__code__"):
            _asks_no_oracle_in(value.__code__, value.__globals__)


def _asks_no_oracle_in(code: CodeType, names: dict[str, Any]) -> None:
    homes = set()
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            homes.add(_home(names.get(instruction.argval)))
        elif instruction.opname == "IMPORT_NAME":
            homes.add(str(instruction.argval).split(".")[0])
    if oracles := sorted(homes & ORACLES):
        raise Broken(
            f"{code.co_name} uses {', '.join(oracles)}; the only clock is project.day and the only chance is estimate.lot")
    for constant in code.co_consts:  # functions within functions
        if isinstance(constant, CodeType):
            _asks_no_oracle_in(constant, names)


def _home(value: Any) -> str:
    """The top module that a value is, or comes from."""
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None) or ""
    return name.split(".")[0]


def _plays_in_the_world(policy: Policy, scenarios: Sequence[Scenario], replications: int) -> None:
    from sim.runs.simulate import simulate

    copy = pickle.loads(pickle.dumps(policy))
    places = [(scenario, replication) for scenario in scenarios for replication in range(replications)]
    found: list[str] = []
    for asked, order in ((policy, places), (copy, places[::-1])):
        results = []
        for scenario, replication in order:
            try:
                run = simulate(scenario, asked, seed=1, replication=replication, logged=False)
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                raise Broken(f"in the scenario {scenario.name!r}, replication {replication}, it raised {what}") from error
            fates = [(ask.request.number, ask.status, ask.answered) for ask in run.ledger.asks]
            results.append(repr((run.outcome, fates)))
        if found and results[::-1] != found:
            at = next(i for i, (one, other) in enumerate(zip(found, results[::-1], strict=True)) if one != other)
            raise Broken(
                f"a copy of it, run in another order, came to another outcome in the scenario {places[at][0].name!r}, replication "
                f"{places[at][1]}; it must keep no memory between runs")
        found = results


def extreme_scenarios() -> list[Scenario]:
    """Small worlds at the edges: nobody asks, all is mandatory, one person, no plan, no end in sight; and an ordinary one."""
    from sim.scenario import Scenario

    small = {"project.planned_items": 8, "project.horizon": 60.0, "project.deadline": 30.0}
    edges: dict[str, dict[str, Any]] = {
        "ordinary": {},
        "no requests": {"customer.request_rate": 0.0},
        "all mandatory": {"customer.mandatory_share": 1.0},
        "one person": {"team.roles.developer.headcount": 1},
        "no plan": {"project.planned_items": 0, "project.deadline": 0.0},
        "flood": {"customer.request_rate": 5.0},
        "everything off": {},
    }
    worlds = [Scenario().with_values({"name": name, **small, **values}) for name, values in edges.items()]
    return [world.off() if world.name == "everything off" else world for world in worlds]


RULES: dict[str, Callable[[Policy], None]] = {
    "its parts are in range": _parts_are_in_range,
    "it asks no oracle": _asks_no_oracle,
    "it stays as it was": _stays_as_it_was,
    "it answers every request, with a reason": _answers_with_a_reason,
    "the same look, the same answer": _same_look_same_answer,
    "it is a value": _is_a_value,
    "one prototype a request": _prototypes_once,
    "an agenda has each request once": _orders_the_agenda,
    "ranks are numbers that depend on the ticket": _ranks_the_backlog,
}
WORLD = "it plays in the world"


# --- small print ---


def _looks_of(policy: Policy) -> Iterator[Look]:
    """The looks that the world can give this policy: whoever asks judges sees their judgement, except in a lane of its own.

    A forecast, too, sees only who asks for one.
    """
    asked = policy.evaluators
    judges = asked.customer or asked.experts or asked.ai or asked.truth
    for estimate, project in looks():
        at_once = policy.at_once(estimate)
        if judges and estimate.value is None and not at_once:
            continue
        in_lane = at_once and estimate.value is None
        forecast = project.forecast(estimate.effort) if policy.asks_forecast and not in_lane else None
        yield estimate._replace(forecast=forecast), project


def _decision(policy: Policy, estimate: Estimate, project: ProjectView) -> Any:
    try:
        return policy.decide(estimate, project)
    except Exception as error:
        raise Broken(f"it raised {type(error).__name__}: {error}, when shown {_in_words(estimate, project)}") from error


def _state(policy: Policy) -> tuple[str, str]:
    """All that a policy could remember by: its fields, and those of its class."""
    own = {key: value for key, value in vars(type(policy)).items() if not key.startswith("__")}
    return repr(vars(policy)), repr(own)


def _in_words(estimate: Estimate, project: ProjectView) -> str:
    value = "" if estimate.value is None else f", judged {estimate.value:g}"
    return (
        f"request {estimate.number} ({estimate.effort:g} pd, stated {estimate.stated:g} k€/pd{value}, day {project.day:g}, "
        f"{project.open_requests} open)")
