"""A finished run, added up: what the measures are made of. A pass each over people's time, work and requests."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.model.calendar import MONTH
from sim.model.effects import benefit_left, slipped
from sim.model.ledger import FATES, NEVER, USES, Ask, Item, Spell

if TYPE_CHECKING:
    from sim.model.ledger import Ledger
    from sim.model.world import World
    from sim.scenario import Scenario

NOVEL_FROM = 0.5
"""An innovation is delivered work with at least this novelty and a positive benefit."""


class Tally:
    """Sums over one run; "measured" requests and work are those that arrived after warm-up.

    Requests that are open when the project begins arrived before it: they are measured where there is no warm-up.

    Attributes
    ----------
    scenario, ledger, end
        What was run, what was written down, and the day on which it ended.
    days, paid_overtime, judging_cost, idle_cost, unpaid_cost, day_rate, away, customer_days
        Person-days by use; k€ of overtime without its surcharge, of people's time in judging, of idle time, and of the unpaid time
        of people who are released, have not joined yet or have left; k€ a day for everybody; person-days of people who are not
        there; person-days of customers' representatives.
    lead, latency, stays
        Days from arrival to the end of a measured request's way, and to its first answer; sorted, and so far for the unfinished. Of
        the first those that lie in the run.
    delivered_lead, open_before, left_open
        Sorted lead times of what was delivered after warm-up, and numbers of requests, undecided or in work, that were open at
        the end of warm-up and are open at the end of the run, whenever they arrived.
    fates, admitted
        Measured requests by fate, and how many were admitted.
    worthy, worthy_admitted, lost, waste
        Of the measured requests: worth building, and of them admitted; k€ of those refused or lost; pd of others admitted.
    planned_benefit, asked_benefit, unasked_benefit, innovation, novel_waste, innovations, ideas
        k€ of measured delivered work by origin; gains and losses times novelty; numbers of innovations and of ideas delivered.
    last_tenth
        Share of the days to the plan's finish that came after nine tenths of it were thought to be done.
    planned_effort, added_effort, promises_due, promises_kept
        Person-days of the plan and of everything admitted beside it; promises that had come due, and of them kept.
    trust, trust_end, satisfaction, satisfaction_end, voice, voice_end, understanding_end
        Means over time and groups, and the values at the end.
    """

    scenario: Scenario
    ledger: Ledger
    end: float
    days: dict[str, float]
    judging_cost: float
    idle_cost: float
    unpaid_cost: float
    customer_days: float
    lead: list[float]
    latency: list[float]
    stays: list[float]
    open_before: int
    left_open: int
    fates: dict[str, int]
    admitted: int
    worthy: int
    worthy_admitted: int
    lost: float
    waste: float
    planned_benefit: float
    asked_benefit: float
    unasked_benefit: float
    innovation: float
    novel_waste: float
    innovations: int
    ideas: int
    promises_due: int
    promises_kept: int
    trust: float
    trust_end: float
    satisfaction: float
    satisfaction_end: float
    voice: float
    voice_end: float
    understanding_end: float
    last_tenth: float

    def __init__(self, world: World) -> None:
        self.scenario, self.ledger, self.end = world.scenario, world.ledger, world.ledger.end
        self.people = world.people
        self._measured_from = self.scenario.project.warm_up or -math.inf
        self._add_time()
        self._add_requests()
        self._add_work()
        groups, end = world.customers, self.end
        self.trust = mean([group.trust.mean(end) for group in groups])
        self.trust_end = mean([group.trust.value for group in groups])
        self.satisfaction = mean([group.satisfaction.mean(end) for group in groups])
        self.satisfaction_end = mean([group.satisfaction.value for group in groups])
        self.understanding_end = mean([group.exposure.understanding(end) for group in groups])
        self.voice, self.voice_end = world.voice.mean(end), world.voice.value

    # --- the schedule ---

    @property
    def has_plan(self) -> bool:
        """Whether there is planned scope."""
        return self.scenario.project.planned_items > 0

    @property
    def has_deadline(self) -> bool:
        """Whether planned scope was promised by a day."""
        return self.has_plan and self.scenario.project.deadline > 0.0

    @property
    def plan_done(self) -> bool:
        """Whether the planned scope was finished."""
        return self.ledger.planned_finish != NEVER

    @property
    def plan_finish(self) -> float:
        """Day on which the planned scope was finished; the horizon (at least) where it was not."""
        return self._day_or_later(self.ledger.planned_finish)

    @property
    def believed_finish(self) -> float:
        """Day on which it was thought to be finished, whatever came to light later."""
        return self._day_or_later(self.ledger.believed_finish)

    def _day_or_later(self, day: float) -> float:
        if day != NEVER:
            return day
        return self.scenario.project.horizon if self.ledger.walked_away else self.end

    @property
    def cut_off(self) -> bool:
        """Whether the project was not done at the horizon, or the customer had walked away."""
        return self.ledger.walked_away or (self.has_plan and not self.ledger.finished)

    @property
    def span(self) -> float:
        """Days that are measured."""
        return self.end - self.scenario.project.warm_up

    # --- money ---

    @property
    def overtime_cost(self) -> float:
        """k€ of overtime, surcharge included."""
        return self.paid_overtime * (1.0 + self.scenario.team.overtime_premium)

    @property
    def cost(self) -> float:
        """k€ paid in all."""
        return self.day_rate * self.end - self.unpaid_cost + self.overtime_cost + self.ledger.ai_cost

    @property
    def effort_cost(self) -> float:
        """k€ of the time that was used, overtime and AI aid included: what is paid, less idle time."""
        return self.cost - self.idle_cost

    def per_month(self, total: float) -> float:
        """Of a stream: so much a month of its measured days; NaN where there is a plan, or nothing was measured."""
        return total * MONTH / self.span if self.span > 0.0 and not self.has_plan else math.nan

    @property
    def measured_share(self) -> float:
        """Share of the run that is measured."""
        return self.span / self.end if self.end > 0.0 else 0.0

    @property
    def benefit(self) -> float:
        """k€ brought in all."""
        return math.fsum((self.planned_benefit, self.asked_benefit, self.unasked_benefit))

    @property
    def throughput(self) -> float:
        """Requests delivered per measured day."""
        return len(self.delivered_lead) / self.span if self.span > 0.0 else 0.0

    # --- passes ---

    def _add_time(self) -> None:
        rate = [stint.day_rate for stint in self.ledger.staff]
        spells = self.ledger.spells
        self.days = person_days(spells)
        self.day_rate = math.fsum(rate)
        overtime: list[float] = []
        costs: dict[str, list[float]] = {"evaluation": [], "idle": [], "released": []}
        for person, start, end, use, _, speed, explored in spells:
            if speed > 1.0:
                overtime.append((end - start) * (speed - 1.0) * rate[person])
            if use in costs:
                costs[use].append((end - start) * (1.0 - explored) * rate[person])
        away = [self.end - stint.days(0.0, self.end) for stint in self.ledger.staff]
        costs["released"] += map(operator.mul, rate, away)
        self.away = math.fsum(away)
        self.paid_overtime = math.fsum(overtime)
        self.judging_cost, self.idle_cost, self.unpaid_cost = map(math.fsum, costs.values())
        self.customer_days = math.fsum([
            (spell.end - spell.start) * spell.speed for spell in self.ledger.customer_spells if spell.use != "idle"])

    def _add_requests(self) -> None:
        warm_up, end = self.scenario.project.warm_up, self.end
        self.fates = dict.fromkeys(FATES, 0)
        self.admitted = self.worthy = self.worthy_admitted = self.left_open = self.open_before = 0
        self.delivered_lead: list[float] = []
        lead: list[float] = []
        latency: list[float] = []
        self.stays = []
        lost: list[float] = []
        waste: list[float] = []
        for ask in self.ledger.asks:
            request, item = ask.request, ask.item
            if item is not None and item.delivered != NEVER and item.delivered >= warm_up:
                self.delivered_lead.append(item.delivered - request.day)
            left = ask.left if item is None else item.closed
            self.left_open += left == NEVER
            if request.day < warm_up:
                self.open_before += left == NEVER or left >= warm_up
            if request.day < self._measured_from:
                continue
            self.fates[ask.fate] += 1
            self.admitted += item is not None
            lead.append(left_system(ask, end) - request.day)
            self.stays.append(left_system(ask, end) - max(request.day, 0.0))
            latency.append(answered(ask, end) - request.day)
            if request.feasible and request.worth > self.scenario.bar:
                self.worthy += 1
                self.worthy_admitted += item is not None
                if ask.status == "declined" or ask.status == "withdrawn":
                    lost.append(request.benefit)
            elif item is not None:
                waste.append(request.effort)
        self.lead, self.latency = sorted(lead), sorted(latency)
        self.delivered_lead.sort()
        self.lost, self.waste = math.fsum(lost), math.fsum(waste)

    def _add_work(self) -> None:
        terms, end = self.scenario.project, self.end
        benefits: dict[str, list[float]] = {"planned": [], "asked": [], "unasked": []}
        efforts: dict[str, list[float]] = {"planned": [], "added": []}
        in_time = slipped(self.plan_finish, terms.delay_cost)
        gains: list[float] = []  # times novelty
        losses: list[float] = []
        self.innovations = self.ideas = self.promises_due = self.promises_kept = 0
        for item in self.ledger.items:
            efforts["planned" if item.kind == "planned" else "added"].append(item.effort)
            delivered = item.delivered
            if item.promised != NEVER and (item.promised <= end or delivered != NEVER):
                self.promises_due += 1
                self.promises_kept += NEVER < delivered <= item.promised
            if delivered == NEVER or item.flawed or item.arrived < self._measured_from:
                continue
            benefit = delivered_benefit(item, terms.deadline, terms.benefit_window)
            if item.kind == "planned" and benefit > 0.0:
                benefit *= in_time
            benefits[_origin(item)].append(benefit)
            (gains if benefit > 0.0 else losses).append(benefit * item.novelty)
            self.innovations += item.novelty >= NOVEL_FROM and benefit > 0.0
            self.ideas += item.kind == "idea"
        self.planned_benefit, self.asked_benefit, self.unasked_benefit = map(math.fsum, benefits.values())
        self.innovation, self.novel_waste = math.fsum(gains), abs(math.fsum(losses))
        self.planned_effort, self.added_effort = map(math.fsum, efforts.values())
        self.last_tenth = self._last_tenth()

    def _last_tenth(self) -> float:
        planned = [item for item in self.ledger.items if item.kind == "planned"]
        days = [item.closed if item.passed == NEVER else item.passed for item in planned]  # what is given up is done with
        done = sorted(day for day in days if day != NEVER)
        most = math.ceil(0.9 * len(planned))
        return 1.0 - done[most - 1] / self.plan_finish if planned and len(done) >= most else math.nan


def person_days(spells: Iterable[Spell]) -> dict[str, float]:
    """Person-days by use; exploration is taken out of the spells in which it happened."""
    parts: dict[str, list[float]] = {use: [] for use in USES}
    exploration = parts["exploration"]
    for _, start, end, use, _, speed, explored in spells:
        days = (end - start) * speed
        if explored:
            share = days * explored
            exploration.append(share)
            days -= share
        parts[use].append(days)
    return {use: math.fsum(values) for use, values in parts.items()}


def left_system(ask: Ask, end: float) -> float:
    """Day on which a request left the system: delivered, given up, declined or withdrawn; `end` if it did not."""
    left = ask.left if ask.item is None else ask.item.closed
    return end if left == NEVER else left


def answered(ask: Ask, end: float) -> float:
    """Day of the first yes or no; without one the day of withdrawal; `end` if there was none either."""
    if ask.answered != NEVER:
        return ask.answered
    return end if ask.left == NEVER else ask.left


def delivered_benefit(item: Item, deadline: float, window: float) -> float:
    """Benefit of an item in k€, faded by lateness; 0 if it was not delivered without a flaw. A loss does not fade."""
    if item.delivered == NEVER or item.flawed:
        return 0.0
    if item.benefit <= 0.0:
        return item.benefit
    return item.benefit * benefit_left(item.delivered, item.arrived, deadline, window, item.urgency)


def _origin(item: Item) -> str:
    if item.kind == "planned":
        return "planned"
    return "unasked" if item.kind == "idea" or item.form == "counter-proposal" else "asked"


def mean(values: Sequence[float]) -> float:
    """Mean; NaN of nothing."""
    return math.fsum(values) / len(values) if values else math.nan


def percentile(ordered: Sequence[float], share: float) -> float:
    """Percentile of sorted values, interpolated linearly (numpy's default); NaN of nothing."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
