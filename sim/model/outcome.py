"""What is measured in one replication: functions of the ledger, each with its unit and its direction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.model.effects import benefit_left
from sim.model.ledger import FATES, NEVER, USES, Ask, Item, Ledger

if TYPE_CHECKING:
    from sim.model.world import Project

Outcome = dict[str, float]
"""Measures by name; NaN where a measure has no meaning in the run (no deadline, no request)."""

QUARTER = 65.0
"""Days in a quarter."""

NOVEL_FROM = 0.5
"""An innovation is delivered work with at least this novelty and a positive benefit."""


class Metric(NamedTuple):
    """A measure, with all that is told of it.

    Attributes
    ----------
    unit, better, meaning
        Its unit, which direction is better ("" for neither) and what it means.
    label, in_words, plainly
        Its name in a heading (by default its key), in a sentence, and for a reader who has never heard of simulation (by default
        as in the heading).
    less, more
        What a policy does under which there is less, or more, of it; ``{amount}`` stands for how much, ``{number}`` for the same
        without a unit. By default "brings 3 k€ less net benefit", and so on.
    relative
        Whether a difference is told in per cent of the other policy's mean.
    lower_bound
        Whether it would have grown further in a run that was not done at the horizon.
    """

    unit: str
    better: Literal["lower", "higher", ""]
    meaning: str
    label: str = ""
    in_words: str = ""
    plainly: str = ""
    less: str = ""
    more: str = ""
    relative: bool = False
    lower_bound: bool = False

    def word(self, lower: bool) -> Literal["better", "worse", "less", "more"]:
        """The word for a difference to the lower, or the higher, side."""
        if not self.better:
            return "less" if lower else "more"
        return "better" if lower == (self.better == "lower") else "worse"


METRICS: dict[str, Metric] = {
    "delay": Metric(
        "days", "lower", "finish of the planned scope minus the deadline (censored: at least this)",
        less="finishes {amount} earlier", more="finishes {amount} later", lower_bound=True),
    "finish": Metric(
        "days", "lower", "day on which the project ended (censored: the horizon)",
        plainly="the day of completion", less="finishes {amount} earlier", more="finishes {amount} later", lower_bound=True),
    "on_time": Metric(
        "1", "higher", "1 if the planned scope was done by the deadline", in_words="on-time share",
        plainly="the share done by the deadline", less="is done by the deadline in {number} fewer of 100 runs",
        more="is done by the deadline in {number} more of 100 runs"),
    "censored": Metric("1", "", "1 if the project was not done at the horizon, or the customer had walked away"),
    "lead_time": Metric(
        "days", "lower", "mean days from arrival to delivery, refusal or withdrawal; open requests: so far",
        less="takes {amount} less for a request", more="takes {amount} longer for a request"),
    "lead_time_p85": Metric("days", "lower", "85th percentile of the same"),
    "lead_time_delivered": Metric(
        "days", "lower", "the same of the requests delivered after warm-up only, whenever they arrived",
        plainly="lead time", less="takes {amount} less for a delivered request",
        more="takes {amount} longer for a delivered request"),
    "decision_latency": Metric(
        "days", "lower", "mean days from arrival to the first yes or no; unanswered: so far",
        plainly="time to an answer"),
    "decision_latency_p85": Metric("days", "lower", "85th percentile of the same"),
    "cost": Metric(
        "k€", "lower", "everything paid: people to the end, overtime premium, AI aid",
        less="costs {amount} less", more="costs {amount} more", relative=True, lower_bound=True),
    "overtime_cost": Metric("k€", "lower", "of it overtime, premium included"),
    "evaluation_cost": Metric("k€", "lower", "of it people's time in judging requests"),
    "ai_cost": Metric("k€", "lower", "of it the AI aid"),
    "customer_hours": Metric(
        "hours", "lower", "time of customers' representatives in sessions and reviews",
        plainly="customer's time"),
    "overrun": Metric("k€", "lower", "cost minus budget", lower_bound=True),
    "cost_per_request": Metric(
        "k€", "lower", "cost after warm-up per request delivered after warm-up",
        plainly="cost per delivered request", less="costs {amount} less per delivered request",
        more="costs {amount} more per delivered request", relative=True),
    "benefit": Metric("k€", "higher", "benefit of all delivered work, faded by lateness", relative=True),
    "benefit_planned": Metric("k€", "higher", "of it planned work"),
    "benefit_asked": Metric("k€", "higher", "of it requests delivered as asked (explicit needs)"),
    "benefit_unasked": Metric("k€", "higher", "of it counter-proposals and ideas (implicit needs)"),
    "net_benefit": Metric("k€", "higher", "benefit minus cost"),
    "innovation": Metric("k€", "higher", "benefit times novelty, summed over delivered work", relative=True),
    "innovations": Metric("items", "higher", "delivered items with novelty of at least 1/2 and a positive benefit"),
    "exploration": Metric("pd", "", "person-days of exploration"),
    "ideas_raised": Metric("ideas", "higher", "ideas that came up"),
    "ideas_heard": Metric("ideas", "higher", "ideas that got a hearing"),
    "ideas_delivered": Metric("ideas", "higher", "ideas that were built"),
    "precision": Metric("1", "higher", "share of admitted requests that are worth building (feasible, benefit > 0)"),
    "recall": Metric("1", "higher", "share of the requests worth building that were admitted"),
    "benefit_declined": Metric(
        "k€", "lower", "benefit of requests worth building that were declined or lost",
        plainly="good requests refused or lost"),
    "waste_admitted": Metric("pd", "lower", "effort of admitted requests not worth building"),
    "scope_growth": Metric(
        "1", "", "effort admitted beyond the plan, relative to the plan (no plan: to capacity)",
        plainly="added work"),
    "rework_share": Metric("1", "lower", "rework as a share of all work", label="rework"),
    "utilisation": Metric("1", "", "share of the team's time that is not idle"),
    "meetings": Metric("pd", "lower", "person-days of the team in judging and reviewing"),
    "switching": Metric("pd", "lower", "person-days lost by interruptions"),
    "wip": Metric("requests", "", "mean number of requests in the system"),
    "satisfaction": Metric("0..1", "higher", "customers' satisfaction, mean over time and groups"),
    "satisfaction_end": Metric("0..1", "higher", "the same at the end"),
    "trust": Metric("0..1", "higher", "customers' trust, mean over time and groups"),
    "trust_end": Metric("0..1", "higher", "the same at the end"),
    "voice": Metric("0..1", "higher", "experts' readiness to speak up, mean over time"),
    "voice_end": Metric("0..1", "higher", "the same at the end"),
    "engagement": Metric("0..1", "higher", "geometric mean of trust and voice: both sides' readiness to contribute"),
    "promises_kept": Metric("1", "higher", "share of promises that had come due and were kept"),
    "throughput": Metric(
        "requests/quarter", "higher", "requests delivered per quarter after warm-up, whenever they arrived",
        less="delivers {number} fewer requests a quarter", more="delivers {number} more requests a quarter", relative=True),
    "backlog": Metric(
        "requests", "lower", "admitted requests, whenever they arrived, that are open at the end",
        less="leaves {amount} fewer open", more="leaves {amount} more open"),
    "requests": Metric("requests", "", "requests that arrived (after warm-up)"),
    "admitted": Metric("1", "", "share of them that was admitted"),
    "delivered": Metric("requests", "", "of them delivered"),
    "failed": Metric("requests", "", "of them given up after the last permitted rework"),
    "in_work": Metric("requests", "", "of them in work at the end"),
    "declined": Metric("requests", "", "of them declined"),
    "withdrawn": Metric("requests", "", "of them withdrawn by the requester"),
    "waiting": Metric("requests", "", "of them still undecided at the end"),
}
"""All measures of a replication."""


def person_days(spells: Sequence[tuple[int, float, float, str, int, float, float]]) -> dict[str, float]:
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


def measure(project: Project) -> Outcome:
    """All measures of a finished run."""
    scenario, ledger = project.scenario, project.ledger
    asks = [ask for ask in ledger.asks if ask.request.day >= scenario.project.warm_up]
    outcome: Outcome = {}
    outcome.update(_schedule(project))
    outcome.update(_waiting(asks, ledger.end, scenario.project.warm_up))
    outcome.update(_flow(ledger, scenario.project.warm_up))
    outcome.update(_money(project))
    outcome.update(_fates(asks))
    count = outcome["throughput"] * max(ledger.end - scenario.project.warm_up, 0.0) / QUARTER
    share = 1.0 - scenario.project.warm_up / ledger.end if ledger.end > 0.0 else 0.0
    outcome["cost_per_request"] = outcome["cost"] * share / count if count > 0.0 else math.nan
    outcome.update(_value(project))
    outcome["net_benefit"] = outcome["benefit"] - outcome["cost"]
    outcome.update(_judgement(asks))
    outcome.update(_people(project))
    return {name: outcome[name] for name in METRICS}


def _schedule(project: Project) -> Outcome:
    scenario, ledger = project.scenario, project.ledger
    deadline = scenario.project.deadline
    planned = scenario.project.planned_items > 0
    done = ledger.planned_finish != NEVER
    finish = ledger.planned_finish if done else ledger.end
    if ledger.walked_away and not done:
        finish = scenario.project.horizon
    has_deadline = planned and deadline > 0.0
    censored = ledger.walked_away or (planned and not ledger.finished)
    return {
        "delay": finish - deadline if has_deadline else math.nan,
        "on_time": float(done and finish <= deadline) if has_deadline else math.nan,
        "finish": scenario.project.horizon if censored else ledger.end,
        "censored": float(censored),
    }


def _waiting(asks: list[Ask], end: float, warm_up: float) -> Outcome:
    lead = sorted(left_system(ask, end) - ask.request.day for ask in asks)
    latency = sorted((ask.answered if ask.answered != NEVER else _unanswered_until(ask, end)) - ask.request.day for ask in asks)
    span = end - warm_up
    return {
        "lead_time": _mean(lead),
        "lead_time_p85": _percentile(lead, 0.85),
        "decision_latency": _mean(latency),
        "decision_latency_p85": _percentile(latency, 0.85),
        "wip": math.fsum(lead) / span if span > 0.0 else math.nan,
    }


def _flow(ledger: Ledger, warm_up: float) -> Outcome:
    """What left, and what was left, whenever it had arrived: a backlog grown in warm-up is worked off after it."""
    items = [(ask.item, ask.request.day) for ask in ledger.asks if ask.item is not None]
    lead = [item.delivered - arrived for item, arrived in items if item.delivered != NEVER and item.delivered >= warm_up]
    span = ledger.end - warm_up
    return {
        "lead_time_delivered": _mean(lead),
        "throughput": len(lead) / span * QUARTER if span > 0.0 else 0.0,
        "backlog": float(sum(item.closed == NEVER for item, _ in items)),
    }


def left_system(ask: Ask, end: float) -> float:
    """Day on which a request left the system: delivered, given up, declined or withdrawn; `end` if it did not."""
    item = ask.item
    if item is not None:
        return item.closed if item.closed != NEVER else end
    return ask.left if ask.left != NEVER else end


def _unanswered_until(ask: Ask, end: float) -> float:
    return ask.left if ask.left != NEVER else end


def _money(project: Project) -> Outcome:
    team = project.scenario.team
    rate: list[float] = []
    for role in team.roles.values():
        rate += [role.day_rate] * role.headcount
    end = project.ledger.end
    overtime, evaluation = [], []
    for person, start, stop, use, _, speed, _explored in project.ledger.spells:
        if speed > 1.0:
            overtime.append((stop - start) * (speed - 1.0) * rate[person])
        if use == "evaluation":
            evaluation.append((stop - start) * rate[person])
    overtime_cost = math.fsum(overtime) * (1.0 + team.overtime_premium)
    cost = math.fsum(rate) * end + overtime_cost + project.ledger.ai_cost
    budget = project.scenario.project.budget
    customer_days = math.fsum(
        (stop - start) * speed for _, start, stop, use, _, speed, _ in project.ledger.customer_spells if use != "idle")
    return {
        "cost": cost,
        "overtime_cost": overtime_cost,
        "evaluation_cost": math.fsum(evaluation),
        "ai_cost": project.ledger.ai_cost,
        "customer_hours": customer_days * 8.0,
        "overrun": cost - budget if budget > 0.0 else math.nan,
    }


def _fates(asks: list[Ask]) -> Outcome:
    counts = dict.fromkeys(FATES, 0)
    admitted = 0
    for ask in asks:
        counts[ask.fate] += 1
        admitted += ask.item is not None
    outcome: Outcome = {fate.replace(" ", "_"): float(count) for fate, count in counts.items()}
    outcome["requests"] = float(len(asks))
    outcome["admitted"] = admitted / len(asks) if asks else math.nan
    return outcome


def delivered_benefit(item: Item, deadline: float, window: float) -> float:
    """Benefit of an item in k€, faded by lateness; 0 if it was not delivered. A loss does not fade."""
    if item.delivered == NEVER:
        return 0.0
    if item.benefit <= 0.0:
        return item.benefit
    return item.benefit * benefit_left(item.delivered, item.arrived, deadline, window, item.urgency)


def _value(project: Project) -> Outcome:
    terms = project.scenario.project
    planned, asked, unasked, innovation = [], [], [], []
    innovations = ideas = 0
    for item in project.ledger.items:
        if item.delivered == NEVER or item.arrived < terms.warm_up:
            continue
        benefit = delivered_benefit(item, terms.deadline, terms.benefit_window)
        if item.kind == "planned":
            planned.append(benefit)
        elif item.kind == "idea" or item.form == "counter-proposal":
            unasked.append(benefit)
        else:
            asked.append(benefit)
        ideas += item.kind == "idea"
        innovation.append(benefit * item.novelty)
        innovations += item.novelty >= NOVEL_FROM and benefit > 0.0
    parts = [math.fsum(planned), math.fsum(asked), math.fsum(unasked)]
    return {
        "benefit": math.fsum(parts),
        "benefit_planned": parts[0],
        "benefit_asked": parts[1],
        "benefit_unasked": parts[2],
        "innovation": math.fsum(innovation),
        "innovations": float(innovations),
        "ideas_raised": float(project.ledger.ideas_raised),
        "ideas_heard": float(project.ledger.ideas_heard),
        "ideas_delivered": float(ideas),
    }


def _judgement(asks: list[Ask]) -> Outcome:
    admitted = worthy = both = 0
    lost, waste = [], []
    for ask in asks:
        request = ask.request
        good = request.feasible and request.worth > 0.0
        taken = ask.item is not None
        admitted += taken
        worthy += good
        both += good and taken
        if good and ask.status in ("declined", "withdrawn"):
            lost.append(request.benefit)
        elif taken and not good:
            waste.append(request.effort)
    return {
        "precision": both / admitted if admitted else math.nan,
        "recall": both / worthy if worthy else math.nan,
        "benefit_declined": math.fsum(lost),
        "waste_admitted": math.fsum(waste),
    }


def _people(project: Project) -> Outcome:
    ledger, end = project.ledger, project.ledger.end
    days = person_days(ledger.spells)
    work = days["work"] + days["rework"]
    total = math.fsum(days.values())
    added = math.fsum(item.effort for item in ledger.items if item.kind != "planned")
    plan = math.fsum(item.effort for item in ledger.items if item.kind == "planned") or project.people * end
    groups = project.customers
    trust = _mean([group.trust.mean(end) for group in groups])
    voice = project.voice.mean(end)
    due = [item for item in ledger.items if item.promised != NEVER and (item.promised <= end or item.delivered != NEVER)]
    kept = sum(1 for item in due if NEVER < item.delivered <= item.promised)
    return {
        "exploration": days["exploration"],
        "scope_growth": added / plan if plan > 0.0 else math.nan,
        "rework_share": days["rework"] / work if work > 0.0 else 0.0,
        "utilisation": 1.0 - days["idle"] / total if total > 0.0 else math.nan,
        "meetings": days["evaluation"] + days["review"],
        "switching": days["switching"],
        "satisfaction": _mean([group.satisfaction.mean(end) for group in groups]),
        "satisfaction_end": _mean([group.satisfaction.value for group in groups]),
        "trust": trust,
        "trust_end": _mean([group.trust.value for group in groups]),
        "voice": voice,
        "voice_end": project.voice.value,
        "engagement": math.sqrt(trust * voice),
        "promises_kept": kept / len(due) if due else math.nan,
    }


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Percentile of sorted values, interpolated linearly (numpy's default)."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
