"""The finite people: a role is a resource of interchangeable persons with one priority backlog."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any, Self

from simpy.core import Environment
from simpy.events import NORMAL, Event

from sim.model.ledger import NEVER, Spell, spell

if TYPE_CHECKING:
    from sim.model.ledger import Item
    from sim.model.turnover import Strength

SESSION_RANK = -1e300
"""Sessions and reviews come before any work, and nothing interrupts them."""
REVIEW_RANK = 10.0 * SESSION_RANK
"""At a customer's desk reviews come before judgements: what is done shall not wait for opinions on what might be done."""


class Person:
    """One member of a role."""

    __slots__ = ("explored", "number", "since", "strength", "visit")

    def __init__(self, number: int, since: float = 0.0) -> None:
        self.number = number
        self.since = since  # start of the present idle spell
        self.strength: Strength | None = None  # where newcomers take some of his time, or he is one
        self.explored = 0.0  # share of the present spell that goes into exploration
        self.visit: Visit | None = None


class Visit(Event):
    """Work for one person: a stage of an item, or one's part of a session. The event happens when the work is done.

    It is at once the place in the backlog, the work left, and what a process waits for, so that a visit costs a single event
    of the simulation however long it waits.
    """

    _value = None  # a visit triggers by being scheduled when somebody starts on it, as a Timeout does

    speed: float
    started: float = NEVER
    cancelled: bool = False

    def __init__(
        self, env: Environment, callbacks: Any, effort: float, use: str, rank: float, sequence: int, item: Item | None = None
    ) -> None:
        self.env = env
        self.callbacks = callbacks
        self._ok = True
        self.left = effort  # person-days
        self.debt = 0.0  # person-days to get back into it after interruptions
        self.use = use
        self.is_work = use in ("work", "rework")
        self.rank = rank
        self.sequence = sequence
        self.item = item
        self.number = -1 if item is None else item.number
        self.person: Person | None = None

    @property
    def begun(self) -> bool:
        """Whether anybody has started on it."""
        return self.started >= 0.0

    def heir(self) -> Self:
        """The same work as another event, which whoever waits now waits for: what is scheduled cannot be taken back."""
        heir = self.__new__(type(self))
        heir.__dict__.update(self.__dict__)
        self.callbacks = []
        return heir


class Role:
    """People who can do the same work, and the backlog they share.

    Parameters
    ----------
    env
        The simulation.
    first_person, headcount
        Numbers of the persons in the ledger.
    spells
        Where the use of their time is written.
    switch_cost
        Person-days lost per interruption, paid when the interrupted work resumes.
    availability
        Person-days per day that a person has for sessions: 1 for the team, less for customers' representatives.
    """

    def __init__(
        self, env: Environment, name: str, first_person: int, headcount: int, spells: list[Spell],
        switch_cost: float = 0.0, availability: float = 1.0,
    ) -> None:
        self.env = env
        self.name = name
        self.people = [Person(first_person + i) for i in range(headcount)]
        self.idle = self.people[::-1]
        self.backlog: list[tuple[float, int, int, Visit]] = []
        self.spells = spells
        self.switch_cost = switch_cost
        self.availability = availability
        self.rest = "idle"  # what people do who have nothing to do
        self.set_pace(1.0, 0.0)
        self._joined = 0

    def set_pace(self, speed: float, explore: float) -> None:
        """Speed, and share of time kept for exploration, of work that starts from now on (and of people who are idle now)."""
        self.speed, self.explore = speed, explore
        self.pace = speed * (1.0 - explore)  # person-days of work in a day
        self.spare = explore if self.rest == "idle" else 0.0  # share of free time that goes into exploration
        self._rest_anew()

    def release(self) -> None:
        """From now on people come, and are paid, only for what they are needed for."""
        self._rest_anew()
        self.rest = "released"
        self.set_pace(self.speed, self.explore)

    def full_people(self, day: float) -> float:
        """People who are there, each as far as he does full work."""
        return sum(1.0 if person.strength is None else person.strength.at(day) for person in self.people)

    def visit(self, effort: float, use: str, rank: float, sequence: int, interrupting: bool = False) -> Visit:
        """Ask for `effort` person-days of one person; wait for the visit by yielding it."""
        visit = Visit(self.env, [self.finish], effort, use, rank, sequence)
        self.take(visit, interrupting)
        return visit

    def take(self, visit: Visit, interrupting: bool = False) -> None:
        """Serve a visit, now or when its turn comes: lower rank first, then lower sequence. `finish` must be its first callback.

        If nobody is free and the visit is interrupting, the person whose work has the worst rank leaves it, if that is worse
        than this one's.
        """
        if self.idle:
            person = self.idle.pop()
            now = self.env._now
            if person.since < now:
                self.spells.append(spell((person.number, person.since, now, self.rest, -1, 1.0, person.explored)))
            self._start(person, visit, now)
            return
        if interrupting:
            victim = max(self.people, key=_importance)
            assert victim.visit is not None
            if victim.visit.rank > visit.rank:
                self._interrupt(victim)
                self._start(victim, visit, self.env._now)
                return
        self._wait(visit)

    def finish(self, visit: Any) -> None:
        """The event of a visit: its person writes down the time and turns to what waits."""
        now, person = self.env._now, visit.person
        if visit.debt or person.strength is not None:
            self._write(visit, now)
            visit.debt = 0.0
        else:
            self.spells.append(spell((
                person.number, visit.started, now, visit.use, visit.number, visit.speed, person.explored)))
        visit.person = None
        while self.backlog:
            following = heappop(self.backlog)[3]
            if not following.cancelled:
                self._start(person, following, now)
                return
        person.visit = None
        person.since = now
        person.explored = self.spare
        self.idle.append(person)

    def rank_anew(self) -> None:
        """The items have other ranks: their visits take them over, those that wait and those that somebody is at."""
        waiting = [(visit, joined) for _, _, joined, visit in self.backlog]
        at_work = [person.visit for person in self.people if person.visit is not None]
        for visit in (*at_work, *(visit for visit, _ in waiting)):
            if visit.item is not None:
                visit.rank = visit.item.rank
        self.backlog = [(visit.rank, visit.sequence, joined, visit) for visit, joined in waiting]
        heapify(self.backlog)

    def join(self, number: int, strength: Strength | None) -> None:
        """A person comes, and turns to what waits."""
        person = Person(number, self.env._now)
        person.strength, person.explored = strength, self.spare
        self.people.append(person)
        self.idle.append(person)
        self._hand_out()

    def leave(self) -> None:
        """Who has been there longest goes; somebody else takes up what he worked on, and has to get into it."""
        person = self.people.pop(0)
        if person.visit is None:
            self.idle.remove(person)
            self._close_idle(person, self.env._now)
        else:
            self._interrupt(person)
            self._hand_out()

    def _hand_out(self) -> None:
        """What waits goes to those who are free."""
        while self.idle and self.backlog:
            following = heappop(self.backlog)[3]
            if not following.cancelled:
                self.take(following)

    def close(self, end: float) -> None:
        """Write the last spell of everybody at the end of the run."""
        for person in self.people:
            if person.visit is None:
                self._close_idle(person, end)
            else:
                self._write(person.visit, end)

    def _wait(self, visit: Visit) -> None:
        self._joined += 1
        heappush(self.backlog, (visit.rank, visit.sequence, self._joined, visit))

    def _start(self, person: Person, visit: Visit, now: float) -> None:
        person.visit = visit
        visit.person = person
        visit.started = now
        if visit.is_work:
            if visit.item is not None and visit.item.started < 0.0:
                visit.item.started = now
            visit.speed = self.speed
            person.explored = self.explore
            duration = (visit.left + visit.debt) / self.pace
            if person.strength is not None:
                duration = person.strength.days_for(duration, now)
        else:
            visit.speed = self.availability
            person.explored = 0.0
            duration = (visit.left + visit.debt) / self.availability
        self.env.schedule(visit, NORMAL, duration)

    def _interrupt(self, person: Person) -> None:
        """Take a person off the present work; the work keeps its place and owes the switching loss."""
        visit = person.visit
        assert visit is not None
        now = self.env._now
        self._write(visit, now)
        done = _full_days(person, visit, now) * visit.speed * (1.0 - person.explored)
        got_back = min(done, visit.debt)
        heir = visit.heir()
        heir.left = max(visit.left - (done - got_back), 0.0)
        heir.debt = visit.debt - got_back + (self.switch_cost if visit.is_work else 0.0)
        heir.person = visit.person = None
        self._wait(heir)

    def _write(self, visit: Visit, now: float) -> None:
        """Write the spell that ends now.

        What a newcomer was too slow for (or what his mentors gave him) counts as onboarding, and what was needed to get back into
        the work as switching; both are written before the work itself.
        """
        person = visit.person
        assert person is not None
        work_from = visit.started
        if visit.is_work and person.strength is not None:
            work_from = max(now - _full_days(person, visit, now), visit.started)
            if work_from > visit.started:
                self.spells.append(Spell(
                    person.number, visit.started, work_from, "onboarding", visit.number, visit.speed, person.explored))
        if visit.debt > 0.0:
            back_from = work_from
            work_from = min(back_from + visit.debt / (visit.speed * (1.0 - person.explored)), now)
            if work_from > back_from:
                self.spells.append(Spell(
                    person.number, back_from, work_from, "switching", visit.number, visit.speed, person.explored))
        if now > work_from:
            self.spells.append(Spell(person.number, work_from, now, visit.use, visit.number, visit.speed, person.explored))

    def _rest_anew(self) -> None:
        """A spell of everybody who is free ends, and another begins."""
        for person in self.idle:
            self._close_idle(person, self.env.now)
            person.explored = self.spare

    def _close_idle(self, person: Person, now: float) -> None:
        if person.since < now:
            self.spells.append(Spell(person.number, person.since, now, self.rest, -1, 1.0, person.explored))
            person.since = now


def _full_days(person: Person, visit: Visit, now: float) -> float:
    """Days of full work, or of a session, since the visit began."""
    if visit.is_work and person.strength is not None:
        return person.strength.between(visit.started, now)
    return now - visit.started


def _importance(person: Person) -> tuple[float, int]:
    visit = person.visit
    assert visit is not None
    return (visit.rank, visit.sequence)
