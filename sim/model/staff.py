"""The finite people: a role is a resource of interchangeable persons with one priority backlog."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from simpy.core import Environment
from simpy.events import NORMAL, Event

if TYPE_CHECKING:
    from sim.model.ledger import Item

SESSION_RANK = -1e300
"""Sessions and reviews come before any work, and nothing interrupts them."""


class Person:
    """One member of a role."""

    __slots__ = ("explored", "number", "since", "visit")

    def __init__(self, number: int) -> None:
        self.number = number
        self.since = 0.0  # start of the present idle spell
        self.explored = 0.0  # share of the present spell that goes into exploration
        self.visit: Visit | None = None


class Visit(Event):
    """One stage of an item (or one person's part of a session): an event that happens when the work is done.

    It is at once the place in the backlog, the work left, and the event that a process waits for, so that a visit costs a
    single event of the simulation however long it waits.
    """

    def __init__(
        self, env: Environment, item: Item | None, effort: float, use: str, rank: float, sequence: int
    ) -> None:
        # A visit triggers by being scheduled when it starts, as a Timeout does; Event.__init__ would leave it pending.
        self.env = env
        self.callbacks: list[Any] = []
        self._value = None
        self._ok = True
        self._defused = False
        self.item = item
        self.left = effort  # person-days
        self.debt = 0.0  # person-days to get back into it after interruptions
        self.use = use
        self.rank = rank
        self.sequence = sequence
        self.person: Person | None = None
        self.started = -1.0
        self.speed = 1.0
        self.cancelled = False

    @property
    def begun(self) -> bool:
        """Whether anybody has started on it."""
        return self.started >= 0.0


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
        self, env: Environment, name: str, first_person: int, headcount: int,
        spells: list[tuple[int, float, float, str, int, float, float]], switch_cost: float = 0.0, availability: float = 1.0,
    ) -> None:  # fmt: skip
        self.env = env
        self.name = name
        self.people = [Person(first_person + i) for i in range(headcount)]
        self.idle = self.people[::-1]
        self.backlog: list[tuple[float, int, int, Visit]] = []
        self.spells = spells
        self.switch_cost = switch_cost
        self.availability = availability
        self.speed = 1.0  # of work, under the present pressure
        self.explore = 0.0  # share of time kept for exploration, under the present pressure
        self._joined = 0
        self._finished_callbacks = self._finish

    def set_pace(self, speed: float, explore: float) -> None:
        """Speed and exploration of work that starts from now on (and of people who are idle now)."""
        self.speed, self.explore = speed, explore
        if self.idle:
            now = self.env.now
            for person in self.idle:
                self._close_idle(person, now)
                person.explored = explore

    def visit(
        self, item: Item | None, effort: float, use: str, rank: float, sequence: int, interrupting: bool = False
    ) -> Visit:
        """Ask for `effort` person-days of one person; wait for the visit by yielding it.

        Lower rank is served first, then lower sequence. If nobody is free and `interrupting`, the person whose work has the
        worst rank leaves it, if that is worse than this one's.
        """
        visit = Visit(self.env, item, effort, use, rank, sequence)
        visit.callbacks.append(self._finished_callbacks)
        if self.idle:
            person = self.idle.pop()
            now = self.env._now
            if person.since < now:
                self.spells.append((person.number, person.since, now, "idle", -1, 1.0, person.explored))
            self._start(person, visit, now)
            return visit
        if interrupting:
            victim = max(self.people, key=_importance)
            assert victim.visit is not None
            if victim.visit.rank > rank:
                self._interrupt(victim)
                self._start(victim, visit, self.env._now)
                return visit
        self._wait(visit)
        return visit

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
        visit.person = person
        visit.started = now
        person.visit = visit
        use = visit.use
        if use == "work" or use == "rework":
            item = visit.item
            if item is not None and item.started < 0.0:
                item.started = now
            visit.speed = self.speed
            person.explored = self.explore
            duration = (visit.left + visit.debt) / (self.speed * (1.0 - self.explore))
        else:
            visit.speed = self.availability
            person.explored = 0.0
            duration = (visit.left + visit.debt) / self.availability
        self.env.schedule(visit, NORMAL, duration)

    def _finish(self, visit: Any) -> None:
        now = self.env._now
        person = visit.person
        if visit.debt:
            self._write(visit, now)
        else:
            item = visit.item
            self.spells.append((
                person.number, visit.started, now, visit.use, -1 if item is None else item.number, visit.speed, person.explored,
            ))  # fmt: skip
        visit.left = 0.0
        visit.person = None
        backlog = self.backlog
        while backlog:
            following = heappop(backlog)[3]
            if not following.cancelled:
                self._start(person, following, now)
                return
        person.visit = None
        person.since = now
        person.explored = self.explore
        self.idle.append(person)

    def _interrupt(self, person: Person) -> None:
        """Take a person off the present work; the work keeps its place and owes the switching loss."""
        visit = person.visit
        assert visit is not None
        now = self.env._now
        self._write(visit, now)
        done = (now - visit.started) * visit.speed * (1.0 - person.explored)
        got_back = min(done, visit.debt)
        # The event already scheduled cannot be taken back: an heir takes over whoever waits for it.
        heir = Visit(self.env, visit.item, max(visit.left - (done - got_back), 0.0), visit.use, visit.rank, visit.sequence)
        heir.debt = visit.debt - got_back + self.switch_cost
        heir.callbacks, visit.callbacks = visit.callbacks, []
        visit.person = None
        self._wait(heir)

    def _write(self, visit: Visit, now: float) -> None:
        """Write the spell that ends now; what was needed to get back into the work first counts as switching."""
        person = visit.person
        assert person is not None
        item = -1 if visit.item is None else visit.item.number
        work_from = visit.started
        if visit.debt > 0.0:
            work_from = min(visit.started + visit.debt / (visit.speed * (1.0 - person.explored)), now)
            if work_from > visit.started:
                self.spells.append((person.number, visit.started, work_from, "switching", item, visit.speed, person.explored))
        if now > work_from:
            self.spells.append((person.number, work_from, now, visit.use, item, visit.speed, person.explored))

    def _close_idle(self, person: Person, now: float) -> None:
        if person.since < now:
            self.spells.append((person.number, person.since, now, "idle", -1, 1.0, person.explored))
            person.since = now


def _importance(person: Person) -> tuple[float, int]:
    visit = person.visit
    assert visit is not None
    return (visit.rank, visit.sequence)
