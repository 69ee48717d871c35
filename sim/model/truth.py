"""The truths of one replication: planned items, candidate requests and candidate ideas, the same for every policy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.model.effects import EffortEstimator, batch_size, beta_from_uniform, mean_batch_size
from sim.model.tape import Tape

if TYPE_CHECKING:
    from sim.scenario import Customer, Scenario


class Planned(NamedTuple):
    """A planned item: effort (pd), novelty and ambiguity (0..1)."""

    effort: float
    novelty: float
    ambiguity: float


class Request(NamedTuple):
    """The hidden truth of a request, and what will be seen of it.

    Attributes
    ----------
    number, group, position
        Number over all groups by day of arrival; index of the group; position in the group's streams on the tape.
    day
        Day of arrival (if the customer asks at all, see `Occasion`).
    effort, effort_z
        Person-days, and the same in standard deviations of its logarithm.
    merit
        Z, standard normal; benefit per person-day is benefit_mean + benefit_spread * Z.
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
    worth: float
    novelty: float
    agree: float


class Truth(NamedTuple):
    """Everything that is decided before any policy acts."""

    planned: tuple[Planned, ...]
    occasions: tuple[tuple[Occasion, ...], ...]
    ideas: tuple[Idea, ...]
    request_count: int


def draw_truth(scenario: Scenario, tape: Tape) -> Truth:
    """Transform the tape into truths by the scenario's parameters."""
    groups = [_draw_occasions(scenario, tape, index, name, group) for index, (name, group) in enumerate(scenario.customers)]
    numbered = _number_by_day(groups)
    count = sum(len(occasion.requests) for occasions in numbered for occasion in occasions)
    return Truth(_draw_planned(scenario, tape), numbered, _draw_ideas(scenario, tape), count)


def _draw_planned(scenario: Scenario, tape: Tape) -> tuple[Planned, ...]:
    project = scenario.project
    count, sigma = project.planned_items, project.planned_sigma
    if not count:
        return ()
    median = project.planned_effort * math.exp(-0.5 * sigma * sigma)
    return tuple(
        Planned(
            median * math.exp(sigma * z), beta_from_uniform(u, project.planned_novelty),
            beta_from_uniform(v, project.planned_ambiguity))
        for z, u, v, _ in zip(
            tape.normals("planned/effort", count), tape.uniforms("planned/novelty", count),
            tape.uniforms("planned/ambiguity", count), range(count), strict=False)
    )  # fmt: skip


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


def _draw_occasions(scenario: Scenario, tape: Tape, index: int, name: str, group: Customer) -> list[Occasion]:
    key = f"request/{name}/"
    rate = largest_rate(group) / mean_batch_size(group.burstiness)
    days = arrival_days(tape, key + "occasion", rate, scenario.project.horizon)
    sizes = [1] * len(days)
    if group.burstiness > 1.0:
        sizes = [batch_size(u, group.burstiness) for u in tape.uniforms(key + "batch", len(days))[: len(days)]]
    chances = tape.uniforms(key + "asks", len(days))
    arrivals = [day for day, size in zip(days, sizes, strict=True) for _ in range(size)]
    requests = _draw_requests(scenario, tape, index, name, group, arrivals)
    occasions, first = [], 0
    for day, size, chance in zip(days, sizes, chances, strict=False):
        occasions.append(Occasion(day, chance, tuple(requests[first : first + size])))
        first += size
    return occasions


def _draw_requests(
    scenario: Scenario, tape: Tape, index: int, name: str, group: Customer, days: list[float]
) -> list[Request]:
    key, count, evaluation = f"request/{name}/", len(days), scenario.evaluation
    effort = tape.normals(key + "effort", count)
    merit = tape.normals(key + "merit", count)
    feasible = tape.uniforms(key + "feasible", count)
    ambiguity = tape.uniforms(key + "ambiguity", count)
    novelty = tape.uniforms(key + "novelty", count)
    flexibility = tape.uniforms(key + "flexibility", count)
    core = tape.uniforms(key + "core", count)
    urgency = tape.exponentials(key + "urgency", count)
    mandatory = tape.uniforms(key + "mandatory", count)
    lot = tape.uniforms(key + "lot", count)
    error = tape.normals(key + "estimate", count)
    blink = tape.normals(key + "glance", count)
    statement = tape.normals(key + "statement", count)
    estimator = EffortEstimator(
        group.effort_median, group.effort_sigma, evaluation.estimate_intercept, evaluation.estimate_slope,
        evaluation.estimate_sigma)
    requests = []
    for i, day in enumerate(days):
        z = effort[i]
        infeasible = 1.0 - group.feasibility + group.early_infeasible * math.exp(-day / group.learning_days)
        waiting_cost = group.urgency * urgency[i]
        requests.append(Request(
            number=0, group=index, position=i, day=day,
            effort=group.effort_median * math.exp(group.effort_sigma * z),
            merit=merit[i], worth=group.benefit_mean + group.benefit_spread * merit[i],
            feasible=feasible[i] >= infeasible,
            ambiguity=beta_from_uniform(ambiguity[i], group.ambiguity),
            novelty=beta_from_uniform(novelty[i], group.novelty),
            flexibility=beta_from_uniform(flexibility[i], group.flexibility),
            core_share=max(beta_from_uniform(core[i], group.core_share), 0.05),
            urgency=waiting_cost, mandatory=mandatory[i] < group.mandatory_share, lot=lot[i],
            estimate=estimator.estimate(z, error[i]), glance=estimator.estimate(z, blink[i], evaluation.glance),
            stated_urgency=waiting_cost * math.exp(group.exaggeration * statement[i]),
        ))  # fmt: skip
    return requests


def _number_by_day(groups: list[list[Occasion]]) -> tuple[tuple[Occasion, ...], ...]:
    order = sorted((r.day, r.group, r.position) for occasions in groups for o in occasions for r in o.requests)
    number = {(group, position): i for i, (_, group, position) in enumerate(order)}
    return tuple(
        tuple(o._replace(requests=tuple(r._replace(number=number[r.group, r.position]) for r in o.requests)) for o in occasions)
        for occasions in groups
    )


def _draw_ideas(scenario: Scenario, tape: Tape) -> tuple[Idea, ...]:
    innovation = scenario.innovation
    people = sum(role.headcount for role in scenario.team.roles.values())
    rate = innovation.idea_rate * innovation.exploration_share * people
    days = arrival_days(tape, "idea/day", rate, scenario.project.horizon)
    count = len(days)
    effort, value = tape.normals("idea/effort", count), tape.normals("idea/value", count)
    chance, novelty, agree = (tape.uniforms("idea/" + purpose, count) for purpose in ("chance", "novelty", "agree"))
    tail = innovation.idea_tail
    return tuple(
        Idea(
            day, chance[i], innovation.idea_effort * math.exp(innovation.idea_sigma * effort[i]),
            innovation.idea_value * math.exp(tail * value[i] - 0.5 * tail * tail) - innovation.idea_upkeep,
            beta_from_uniform(novelty[i], innovation.idea_novelty), agree[i])
        for i, day in enumerate(days)
    )  # fmt: skip
