"""The truths of one replication: planned items, open and candidate requests, candidate ideas, the same for every policy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import LimitError
from sim.model.effects import (
    EffortEstimator,
    batch_size,
    betas_from_uniforms,
    capped_worth,
    infeasible_chance,
    lognormal_worth,
    mean_batch_size,
    merit,
)
from sim.model.plain import maker
from sim.model.streams import Streams, luck_of_requests

if TYPE_CHECKING:
    from sim.model.tape import Tape
    from sim.scenario import Customer, Scenario

MOST_ARRIVALS = 500_000
"""Requests and ideas that a replication may expect; more would take minutes and gigabytes."""


class Planned(NamedTuple):
    """A planned item: effort (pd), novelty and ambiguity (0..1)."""

    effort: float
    novelty: float
    ambiguity: float


class Request(NamedTuple):
    """The hidden truth of a request, and what will be seen of it; as it is asked by somebody who has learnt nothing.

    Attributes
    ----------
    number, group, position
        Number over all groups by day of arrival; index of the group; position in the group's streams on the tape.
    day
        Day of arrival (if the customer asks at all, see `Occasion`); below 0 where it is open when the project begins.
    effort
        Person-days.
    need, fit
        N and F, standard normal: how great the need is, and how well what is asked for meets it.
    merit
        Z of both, standard normal.
    worth
        Benefit in k€ per person-day if built as asked, upkeep taken off, the cost of building not.
    estimate, glance
        What experts, and what a first glance, estimate as effort.
    stated_urgency
        What the customer says about urgency.
    """

    number: int
    group: int
    position: int
    day: float
    effort: float
    need: float
    fit: float
    merit: float
    worth: float
    feasible: bool
    ambiguity: float
    novelty: float
    flexibility: float
    core_share: float
    urgency: float
    mandatory: bool
    lot: float
    estimate: float
    glance: float
    stated_urgency: float

    @property
    def benefit(self) -> float:
        """Benefit in k€ if built as asked, in time."""
        return self.effort * self.worth


class Occasion(NamedTuple):
    """A candidate moment of asking: it happens if `chance` is below the actual rate over the largest rate."""

    day: float
    chance: float
    requests: tuple[Request, ...]


class Idea(NamedTuple):
    """A candidate idea: it comes up if `chance` is below the actual rate over the largest rate."""

    day: float
    chance: float
    effort: float
    need: float
    fit: float
    worth: float
    novelty: float
    agree: float


class Truth(NamedTuple):
    """Everything that is decided before any policy acts; `opening` are the requests of all groups that are open at the start."""

    planned: tuple[Planned, ...]
    occasions: tuple[tuple[Occasion, ...], ...]
    ideas: tuple[Idea, ...]
    opening: tuple[Request, ...]


def draw_truth(scenario: Scenario, tape: Tape) -> Truth:
    """Transform the tape into truths by the scenario's parameters.

    Raises
    ------
    LimitError
        Where more than `MOST_ARRIVALS` requests and ideas are to be expected.
    """
    _check_size(scenario)
    groups = [_draw_arrivals(scenario, tape, name, group) for name, group in scenario.customers]
    numbers = _numbers_by_day([arrivals.all_days for arrivals in groups])
    requests = [
        _draw_requests(scenario, tape, index, name, group, arrivals, numbers[index])
        for index, ((name, group), arrivals) in enumerate(zip(scenario.customers, groups, strict=True))]
    opening = chain.from_iterable(group[: len(arrivals.opening)] for group, arrivals in zip(requests, groups, strict=True))
    return Truth(
        _draw_planned(scenario, tape),
        tuple(_draw_occasions(arrivals, group) for arrivals, group in zip(groups, requests, strict=True)),
        _draw_ideas(scenario, tape), tuple(sorted(opening)))


def _check_size(scenario: Scenario) -> None:
    horizon = scenario.project.horizon
    expected = horizon * (sum(largest_rate(group) for _, group in scenario.customers) + idea_rate(scenario))
    expected += sum(len(group.opening) for _, group in scenario.customers)
    if expected > MOST_ARRIVALS:
        raise LimitError(
            f"up to {expected:,.0f} requests and ideas are to be expected by day {horizon:,.0f}, and a replication draws "
            f"{MOST_ARRIVALS:,} at most; lower project.horizon, customer.request_rate, appetite or innovation.idea_rate")


def _draw_planned(scenario: Scenario, tape: Tape) -> tuple[Planned, ...]:
    project = scenario.project
    count, sigma = project.planned_items, project.planned_sigma
    if not count:
        return ()
    luck = Streams(tape, "planned", count)
    median = project.planned_effort * math.exp(-0.5 * sigma * sigma)
    columns = (
        [median * math.exp(sigma * z) for z in luck.normal("effort")],
        _betas(luck, "novelty", project.planned_novelty), _betas(luck, "ambiguity", project.planned_ambiguity))
    return tuple(map(maker(Planned), zip(*columns, strict=True)))


def arrival_days(tape: Tape, purpose: str, rate: float, horizon: float) -> list[float]:
    """Days of a Poisson stream of the given rate up to the horizon."""
    if rate <= 0.0:
        return []
    expected = rate * horizon
    count = int(expected + 6.0 * math.sqrt(expected) + 10.0)
    while True:
        gaps = tape.exponentials(purpose, count)
        days: list[float] = []
        day = 0.0
        for gap in gaps:
            day += gap / rate
            if day > horizon:
                return days
            days.append(day)
        count *= 2


def largest_rate(group: Customer) -> float:
    """The highest rate of requests that profile and appetite allow."""
    return group.request_rate * max([1.0, *(factor for _, factor in group.profile)]) * (1.0 + group.appetite)


def idea_rate(scenario: Scenario) -> float:
    """The highest rate of ideas, if everybody keeps the whole share of time for exploration."""
    people = sum(role.headcount + sum(joining for _, joining in role.joins) for role in scenario.team.roles.values())
    return scenario.innovation.idea_rate * scenario.innovation.exploration_share * people


class _Arrivals(NamedTuple):
    """Candidate occasions of a group, the day of each of their requests, and of each that is open at the start."""

    occasions: list[float]
    sizes: list[int]
    chances: list[float]
    days: list[float]
    opening: list[float]

    @property
    def all_days(self) -> list[float]:
        """Days of all requests, in the order of the tape."""
        return self.opening + self.days


def _draw_arrivals(scenario: Scenario, tape: Tape, name: str, group: Customer) -> _Arrivals:
    key, bursty = f"request/{name}/", group.burstiness > 1.0
    rate = largest_rate(group) / mean_batch_size(group.burstiness)
    occasions = arrival_days(tape, key + "occasion", rate, scenario.project.horizon)
    count = len(occasions)
    sizes = [batch_size(u, group.burstiness) for u in tape.uniforms(key + "batch", count)[:count]] if bursty else [1] * count
    days = list(chain.from_iterable(map(repeat, occasions, sizes))) if bursty else occasions
    opening = [0.0 - age for age, *_ in group.opening]
    return _Arrivals(occasions, sizes, tape.uniforms(key + "asks", count)[:count], days, opening)


def _numbers_by_day(groups: Sequence[Sequence[float]]) -> list[list[int]]:
    """Numbers of the requests of each group, by day over all groups; of the same day the first group's come first."""
    days = [day for group in groups for day in group]
    numbers = [0] * len(days)
    for number, at in enumerate(sorted(range(len(days)), key=days.__getitem__)):
        numbers[at] = number
    rest = iter(numbers)
    return [[next(rest) for _ in group] for group in groups]


def _draw_occasions(arrivals: _Arrivals, requests: list[Request]) -> tuple[Occasion, ...]:
    rest = iter(requests[len(arrivals.opening) :])
    batches = (tuple(islice(rest, size)) for size in arrivals.sizes)
    return tuple(map(maker(Occasion), zip(arrivals.occasions, arrivals.chances, batches, strict=True)))


def _draw_requests(
    scenario: Scenario, tape: Tape, index: int, name: str, group: Customer, arrivals: _Arrivals, numbers: list[int]
) -> list[Request]:
    """Requests, one column after the other; luck that would change nothing is not drawn."""
    evaluation, days = scenario.evaluation, arrivals.all_days
    luck, count = luck_of_requests(tape, name, len(arrivals.opening), len(arrivals.days)), len(days)
    estimator = EffortEstimator(
        group.effort_median, group.effort_sigma, evaluation.estimate_intercept, evaluation.estimate_slope,
        evaluation.estimate_sigma)
    need, fit, merits = _merits(luck, group)
    urgency = [group.urgency * u for u in luck.exponential("urgency")] if group.urgency else [0.0] * count
    columns = (
        numbers, [index] * count, range(count), days,
        [group.effort_median * math.exp(group.effort_sigma * z) for z in luck.normal("effort")],
        need,
        fit,
        merits,
        [lognormal_worth(group.value, group.value_spread, group.upkeep, z) for z in merits],
        _feasible(luck, group, days),
        _betas(luck, "ambiguity", group.ambiguity),
        _betas(luck, "novelty", group.novelty),
        _betas(luck, "flexibility", group.flexibility),
        [max(share, 0.05) for share in _betas(luck, "core", group.core_share)],
        urgency,
        [u < group.mandatory_share for u in luck.uniform("mandatory")] if group.mandatory_share else [False] * count,
        luck.uniform("lot"),
        _estimates(luck, "estimate", estimator, 1.0),
        _estimates(luck, "glance", estimator, evaluation.glance),
        _stated_urgency(luck, group, urgency),
    )
    requests = list(map(maker(Request), zip(*columns, strict=True)))
    for at, (_, *known) in enumerate(group.opening):
        if known:
            requests[at] = _as_estimated(requests[at], known[0], luck.normal("effort")[at], estimator)
    return requests


def _as_estimated(request: Request, known: float, z: float, estimator: EffortEstimator) -> Request:
    """A request whose estimate is known: its effort is what such an estimate leaves to chance."""
    effort = estimator.effort(known, z) if estimator.informs else request.effort
    return request._replace(effort=effort, estimate=known, glance=known)


def _merits(luck: Streams, group: Customer) -> tuple[list[float], list[float], list[float]]:
    """Needs, fits and merits."""
    share, nothing = group.need_share, [0.0] * luck.count
    need = luck.normal("need") if share > 0.0 else nothing
    fit = luck.normal("fit") if share < 1.0 else nothing
    return need, fit, [merit(share, n, f) for n, f in zip(need, fit, strict=True)]


def _betas(luck: Streams, purpose: str, mean: float) -> list[float]:
    return betas_from_uniforms(luck.uniform(purpose), mean) if mean > 0.0 else [0.0] * luck.count


def _feasible(luck: Streams, group: Customer, days: list[float]) -> list[bool]:
    sure, early, learning = group.feasibility, group.early_infeasible, group.learning_days
    if sure == 1.0 and not early:
        return [True] * luck.count
    return [
        u >= infeasible_chance(sure, early, day, learning) for u, day in zip(luck.uniform("feasible"), days, strict=True)]


def _estimates(luck: Streams, purpose: str, estimator: EffortEstimator, insight: float) -> list[float]:
    if not estimator.scale:  # all the same, whatever the luck
        return [estimator.estimate(0.0, 0.0, insight)] * luck.count
    return [
        estimator.estimate(z, error, insight) for z, error in zip(luck.normal("effort"), luck.normal(purpose), strict=True)]


def _stated_urgency(luck: Streams, group: Customer, urgency: list[float]) -> list[float]:
    if not group.urgency or not group.exaggeration:
        return urgency
    return [cost * math.exp(group.exaggeration * z) for cost, z in zip(urgency, luck.normal("statement"), strict=True)]


def _draw_ideas(scenario: Scenario, tape: Tape) -> tuple[Idea, ...]:
    terms = scenario.innovation
    days = arrival_days(tape, "idea/day", idea_rate(scenario), scenario.project.horizon)
    if not days:
        return ()
    luck = Streams(tape, "idea", len(days))
    need, fit, merits = _merits(luck, scenario.customers[0][1])
    columns = (
        days, luck.uniform("chance"),
        [terms.idea_effort * math.exp(terms.idea_sigma * z) for z in luck.normal("effort")],
        need,
        fit,
        [capped_worth(terms.idea_value, terms.idea_tail, terms.idea_upkeep, z, terms.idea_cap) for z in merits],
        _betas(luck, "novelty", terms.idea_novelty), luck.uniform("agree"))
    return tuple(map(maker(Idea), zip(*columns, strict=True)))
