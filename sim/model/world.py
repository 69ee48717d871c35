"""The world of one run: its people and customers, what everybody in the room knows, and how time runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from simpy.core import Environment

from sim.errors import LimitError
from sim.model import effects
from sim.model.calendar import HOURS, MONTH
from sim.model.customers import CustomerGroup
from sim.model.deadline import Deadline
from sim.model.exploration import Exploration
from sim.model.intake import Intake
from sim.model.ledger import Ledger
from sim.model.plain import maker, plain_scenario
from sim.model.practice import Practice
from sim.model.reviewing import Review
from sim.model.staff import Role
from sim.model.turnover import stints_of, strengths
from sim.model.voice import Voice
from sim.model.work import Work
from sim.policies.view import ProjectView

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.draw import Draw
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

_view = maker(ProjectView)
MOST_WAITS = 1_000_000
"""Sessions, reviews and other looks at the calendar that a replication may wait for."""


class World:
    """One replication of one scenario under one policy.

    Parameters
    ----------
    scenario, policy
        Frozen values; nothing is changed in them.
    before
        The policy in force until ``adoption.day`` (unused if that is 0).
    luck
        What is decided before any policy acts, and the chance of what happens on the way.
    logged
        Whether decisions and levels are written down; changes nothing else.
    """

    def __init__(self, scenario: Scenario, policy: Policy, before: Policy, luck: Draw, logged: bool = False) -> None:
        self.scenario = scenario = plain_scenario(scenario)
        self.tape, self.truth, self.ideas = luck.tape, luck.truth, luck.ideas
        self.env = Environment(0.0)
        self.ledger = Ledger(logged)
        self.adopted = Practice(policy, scenario)
        self.practice = Practice(before, scenario) if scenario.adoption.day > 0.0 else self.adopted  # in force now
        self._set_up_team()
        self._set_up_load()
        self._customer_people = 0
        self.voice = Voice(self)
        self.customers = [
            CustomerGroup(self, index, name, traits, luck.truth.occasions[index], luck.signals[index])
            for index, (name, traits) in enumerate(scenario.customers)]
        self.intake = Intake(self)
        self.work = Work(self)
        self.review = Review(self)
        self.exploration = Exploration(self)
        self._waits = 0
        self._ended = self.env.event()

    def _set_up_team(self) -> None:
        team, explore = self.scenario.team, self.scenario.innovation.exploration_share
        by_name: dict[str, Role] = {}
        self.people = 0  # who are ever there
        for name, people in team.roles.items():
            role = Role(
                self.env, name, self.people, people.headcount, self.ledger.spells, switch_cost=team.switch_cost / HOURS)
            role.set_pace(1.0, explore)
            by_name[name] = role
            self.ledger.staff += stints_of(people)
            if people.joins or people.leaves:
                self._expect_changes(role)
            self.people = len(self.ledger.staff)
        self.roles = list(by_name.values())
        self.route = [(by_name[stage.role], stage.share) for stage in team.workflow]
        self.judges = [by_name[name] for name in self.scenario.judges]
        self.noisy = team.visit_spread == "exponential"
        self._changing = any(people.joins or people.leaves for people in team.roles.values())
        self._capacity = self._capacity_today()

    def _expect_changes(self, role: Role) -> None:
        """People join and leave on their days: of those who leave, the longest there first."""
        stints = self.ledger.staff[self.people :]
        for at, (stint, strength) in enumerate(zip(stints, strengths(stints, self.scenario.team), strict=True)):
            if stint.first > 0.0:
                self._on(stint.first, partial(role.join, self.people + at, strength))
            else:
                role.people[at].strength = strength
        for stint in stints:
            if stint.last < math.inf:
                self._on(stint.last, role.leave)

    def _on(self, day: float, act: Callable[[], None]) -> None:
        self.env.timeout(day).callbacks.append(lambda _: act())

    @property
    def capacity(self) -> float:
        """Person-days of items that can be finished per day, by the people who are there today."""
        return self._capacity_today() if self._changing else self._capacity

    def _capacity_today(self) -> float:
        people = {role.name: role.full_people(self.env.now) for role in self.roles}
        stages = [(role.name, share) for role, share in self.route]
        return effects.bottleneck(people, stages) * (1.0 - self.scenario.innovation.exploration_share)

    def _set_up_load(self) -> None:
        project = self.scenario.project
        self.pressure = 0.0
        self.remaining = 0.0  # true person-days of open work
        self.backlog = 0.0  # the same as estimated
        self.additions = 0.0  # person-days of delivered requests and ideas
        self.admitted_effort = 0.0  # estimated person-days of admitted requests
        self.open_items = self.open_requests = self.undecided = 0
        self.deadline, self.planned_items = project.deadline, project.planned_items
        self.planned_effort = project.planned_items * project.planned_effort
        self.planned_work = math.fsum([item.effort for item in self.truth.planned])  # the same in true person-days
        self.planned_left = 0  # planned items that are open
        self.flawed = self.planned_flawed = 0  # items that passed with a flaw that nobody has discovered yet; of them planned
        self.closed_for_requests = False

    def take_person_numbers(self, count: int) -> int:
        """Numbers for customers' representatives in the ledger; returns the first."""
        first, self._customer_people = self._customer_people, self._customer_people + count
        return first

    # --- time ---

    def run(self) -> Ledger:
        """Let the project run to its end or to the horizon."""
        env, scenario, deadline = self.env, self.scenario, Deadline(self)
        self.work.begin_planned()
        for request in self.truth.opening:
            self.customers[request.group].ask_for(request, self.customers[request.group].exposure.understanding(0.0))
        for group in self.customers:
            group.await_occasion()
        if scenario.review.cadence > 0.0:
            env.process(self.review.meetings_at_cadence())
        if self.truth.ideas:
            env.process(self.exploration.ideas())
        if deadline.presses:
            env.process(deadline.press())
        if deadline.day > 0.0 and self.planned_left:
            env.process(deadline.pass_by())
        self._begin_sessions()
        if self.practice is not self.adopted:
            env.process(self._adopt())
        horizon = env.timeout(scenario.project.horizon)
        horizon.callbacks.append(lambda _: self._end(finished=scenario.project.planned_items == 0))
        self.end_if_done()
        env.run(until=self._ended)
        self.ledger.end = env.now
        self._feel_open_waits()
        for role in (*self.roles, *(group.desk for group in self.customers)):
            role.close(env.now)
        return self.ledger

    def wait(self, days: float, what: str) -> Event:
        """Wait so many days, for something that comes again and again.

        Raises
        ------
        LimitError
            After `MOST_WAITS`: an interval must be far too small.
        """
        self._waits += 1
        if self._waits > MOST_WAITS:
            raise LimitError(
                f"more than {MOST_WAITS:,} waits by day {self.env.now:g} of {self.scenario.project.horizon:g}, the last one for "
                f"{what}; an interval is far too small")
        return self.env.timeout(days)

    def end_if_done(self) -> None:
        """End a project whose planned scope is done, once nothing that was admitted or asked is open, or flawed."""
        if self.planned_items and not (self.planned_left or self.open_items or self.undecided or self.flawed):
            self._end(finished=True)

    def _feel_open_waits(self) -> None:
        """Who has not had a yes or no has waited in vain."""
        for ask in self.ledger.asks:
            if ask.undecided:
                self.customers[ask.request.group].feel_wait(ask)

    def walk_away(self) -> None:
        """The customer ends the project."""
        if not self._ended.triggered:
            self.ledger.walked_away = True
            self.closed_for_requests = True
            self._end(finished=False)

    def _end(self, finished: bool) -> None:
        if not self._ended.triggered:
            self.ledger.finished = finished
            self._ended.succeed()

    def _begin_sessions(self) -> None:
        if self.practice.days > 0.0:
            self.env.process(self.intake.sessions(self.practice))

    def _adopt(self) -> Generator[Event, Any, None]:
        """Process: another policy comes into force."""
        yield self.env.timeout(self.scenario.adoption.day)
        self.practice = self.adopted
        self.work.rank_anew()
        self._begin_sessions()
        self.intake.hand_over()

    def forget(self) -> None:
        """Let go of everything but the ledger.

        People, customers and pending events hold each other in circles; broken up, their memory is free at once and not only
        when the collector comes, which may be long after many runs.
        """
        for thing in (self.env, *self.roles, *(group.desk for group in self.customers), self):
            vars(thing).clear()

    # --- what everybody in the room knows ---

    def view(self) -> ProjectView:
        """The project as a policy sees it."""
        done = 1.0 - self.planned_left / self.planned_items if self.planned_items else 1.0
        now = self.env._now
        return _view((
            now, self.deadline, self.capacity, max(self.backlog, 0.0), self.planned_effort, done, self.admitted_effort,
            self.open_requests, self.undecided, (len(self.ledger.asks) - len(self.truth.opening)) * MONTH / max(now, MONTH),
            self.scenario.bar, self.scenario.today.share))
