"""What is measured in one replication. A measure stands here with all that anybody needs to know of it, and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.model.calendar import HOURS, QUARTER
from sim.model.tally import Tally, mean, percentile

if TYPE_CHECKING:
    from sim.model.world import World

Outcome = dict[str, float]
"""Measures by name; NaN where a measure has no meaning in the run (no deadline, no request)."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure of a run.

    Attributes
    ----------
    name, unit
        Its name in files and on the command line; its unit ("1" for shares, which are shown as per cent).
    better
        Which direction is better, "" for neither.
    meaning
        What it means, in a line.
    of
        Its value, from the sums over a run.
    low, high
        Where it can lie.
    yes_or_no
        Whether it is 0 or 1 in each run, so that its mean is a share of runs.
    lower_bound
        Whether it would have grown further in a run that was cut off at the horizon.
    label, in_words, plainly
        Its name in a heading (by default its own), in a sentence, and for a reader who has never heard of simulation (by default
        as in the heading).
    less, more
        What a policy does under which there is less, or more, of it; ``{amount}`` stands for how much, ``{number}`` for the same
        without a unit. By default "brings 3 k€ less net benefit", and so on.
    relative
        Whether a difference is told in per cent of the other policy's mean.
    """

    name: str
    unit: str
    better: Literal["lower", "higher", ""]
    meaning: str
    of: Callable[[Tally], float]
    low: float = -math.inf
    high: float = math.inf
    yes_or_no: bool = False
    lower_bound: bool = False
    label: str = ""
    in_words: str = ""
    plainly: str = ""
    less: str = ""
    more: str = ""
    relative: bool = False

    def word(self, lower: bool) -> Literal["better", "worse", "less", "more"]:
        """The word for a difference to the lower, or the higher, side."""
        if not self.better:
            return "less" if lower else "more"
        return "better" if lower == (self.better == "lower") else "worse"


def measure(world: World) -> Outcome:
    """All measures of a finished run."""
    tally = Tally(world)
    return {name: metric.of(tally) for name, metric in METRICS.items()}


def _share(part: float, whole: float, empty: float = math.nan) -> float:
    return part / whole if whole > 0.0 else empty


def _cost_per_request(t: Tally) -> float:
    count = t.throughput * QUARTER * max(t.span, 0.0) / QUARTER  # whole but for rounding, which is part of the bits
    return _share(t.cost * t.measured_share, count)


def _scope_growth(t: Tally) -> float:
    return _share(t.added_effort, t.planned_effort or t.people * t.end - t.away)


def _work(t: Tally) -> float:
    return t.days["work"] + t.days["rework"]


METRICS: dict[str, Metric] = {metric.name: metric for metric in (
    # --- time ---
    Metric("delay", "days", "lower", "finish of the planned scope minus the deadline (censored: at least this)",
           lambda t: t.plan_finish - t.scenario.project.deadline if t.has_deadline else math.nan, lower_bound=True,
           less="finishes {amount} earlier", more="finishes {amount} later"),
    Metric("believed_delay", "days", "lower", "the same as it was thought: when all of the plan had passed a review, flawed or not",
           lambda t: t.believed_finish - t.scenario.project.deadline if t.has_deadline else math.nan, lower_bound=True,
           in_words="delay as it was thought", plainly="the delay as it was thought at the time"),
    Metric("last_tenth", "1", "lower", "share of the time to the plan's finish that came after nine tenths were thought to be done",
           lambda t: t.last_tenth, low=0.0, high=1.0, in_words="share of the last tenth",
           plainly="the last tenth's share of the time"),
    Metric("finish", "days", "lower", "day on which the project ended (censored: the horizon)",
           lambda t: t.scenario.project.horizon if t.cut_off else t.end, low=0.0, lower_bound=True,
           plainly="the day of completion", less="finishes {amount} earlier", more="finishes {amount} later"),
    Metric("on_time", "1", "higher", "1 if the planned scope was done by the deadline",
           lambda t: float(t.plan_done and t.plan_finish <= t.scenario.project.deadline) if t.has_deadline else math.nan,
           low=0.0, high=1.0, yes_or_no=True, in_words="on-time share", plainly="the share done by the deadline",
           less="is done by the deadline in {number} fewer of 100 runs",
           more="is done by the deadline in {number} more of 100 runs"),
    Metric("censored", "1", "", "1 if the project was not done at the horizon, or the customer had walked away",
           lambda t: float(t.cut_off), low=0.0, high=1.0, yes_or_no=True),
    Metric("lead_time_delivered", "days", "lower",
           "mean days from arrival to delivery, of requests delivered after warm-up, whenever they arrived",
           lambda t: mean(t.delivered_lead), low=0.0, label="lead time",
           less="takes {amount} less for a delivered request", more="takes {amount} longer for a delivered request"),
    Metric("lead_time_delivered_p85", "days", "lower", "85th percentile of the same",
           lambda t: percentile(t.delivered_lead, 0.85), low=0.0, label="lead time, 85th percentile"),
    Metric("answer_time", "days", "lower", "mean days from arrival to the first yes or no; unanswered: so far",
           lambda t: mean(t.latency), low=0.0, plainly="time to an answer", less="answers {amount} sooner",
           more="answers {amount} later"),
    Metric("answer_time_p85", "days", "lower", "85th percentile of the same", lambda t: percentile(t.latency, 0.85), low=0.0),
    Metric("time_in_system", "days", "lower", "mean days from arrival to delivery, refusal or withdrawal; open requests: so far",
           lambda t: mean(t.lead), low=0.0, less="takes {amount} less for a request", more="takes {amount} longer for a request"),
    # --- money ---
    Metric("cost", "k€", "lower", "everything paid: people, their overtime premium, AI aid (effort cost and idle cost)",
           lambda t: t.cost, low=0.0, lower_bound=True, less="costs {amount} less", more="costs {amount} more", relative=True),
    Metric("effort_cost", "k€", "lower", "of it the time that was used, overtime premium and AI aid: what the work really took",
           lambda t: t.effort_cost, low=0.0, lower_bound=True, plainly="cost of the time used",
           less="takes {amount} less of people's time", more="takes {amount} more of people's time", relative=True),
    Metric("idle_cost", "k€", "lower", "of it people who are paid and have nothing to do", lambda t: t.idle_cost, low=0.0,
           lower_bound=True, plainly="paid idle time"),
    Metric("overtime_cost", "k€", "lower", "of it overtime, premium included", lambda t: t.overtime_cost, low=0.0),
    Metric("evaluation_cost", "k€", "lower", "of it people's time in judging requests", lambda t: t.judging_cost, low=0.0),
    Metric("ai_cost", "k€", "lower", "of it the AI aid", lambda t: t.ledger.ai_cost, low=0.0),
    Metric("customer_hours", "hours", "lower", "time of customers' representatives in sessions and reviews",
           lambda t: t.customer_days * HOURS, low=0.0, plainly="customer's time"),
    Metric("overrun", "k€", "lower", "cost minus budget",
           lambda t: t.cost - t.scenario.project.budget if t.scenario.project.budget > 0.0 else math.nan, lower_bound=True),
    Metric("cost_per_request", "k€", "lower", "cost after warm-up per request delivered after warm-up", _cost_per_request,
           low=0.0, plainly="cost per delivered request",
           less="costs {amount} less per delivered request", more="costs {amount} more per delivered request", relative=True),
    # --- value ---
    Metric("benefit", "k€", "higher", "benefit of all delivered work, faded by lateness", lambda t: t.benefit, relative=True),
    Metric("benefit_planned", "k€", "higher", "of it planned work", lambda t: t.planned_benefit),
    Metric("benefit_asked", "k€", "higher", "of it requests delivered as asked (explicit needs)", lambda t: t.asked_benefit),
    Metric("benefit_unasked", "k€", "higher", "of it counter-proposals and ideas (implicit needs)", lambda t: t.unasked_benefit),
    Metric("net_benefit", "k€", "higher", "benefit minus cost", lambda t: t.benefit - t.cost),
    Metric("net_of_effort", "k€", "higher", "benefit minus effort cost: as if idle time were of use elsewhere",
           lambda t: t.benefit - t.effort_cost, plainly="benefit less the cost of the time used"),
    Metric("net_per_month", "k€/month", "higher", "of a stream: benefit minus cost, a month after warm-up",
           lambda t: t.per_month(t.benefit - t.cost * t.measured_share), label="net benefit", in_words="net benefit a month",
           plainly="net benefit a month"),
    Metric("net_of_effort_per_month", "k€/month", "higher", "of a stream: benefit minus effort cost, a month after warm-up",
           lambda t: t.per_month(t.benefit - t.effort_cost * t.measured_share), in_words="net of effort a month",
           plainly="benefit less the cost of the time used, a month"),
    Metric("innovation", "k€", "higher", "benefit times novelty, summed over delivered work with a positive benefit",
           lambda t: t.innovation, low=0.0, relative=True),
    Metric("novel_waste", "k€", "lower", "the same of delivered work that loses money, as a loss", lambda t: t.novel_waste, low=0.0,
           plainly="losses by novel work"),
    Metric("innovations", "items", "higher", "delivered items with novelty of at least 1/2 and a positive benefit",
           lambda t: float(t.innovations), low=0.0),
    Metric("exploration", "pd", "", "person-days of exploration", lambda t: t.days["exploration"], low=0.0),
    Metric("ideas_raised", "ideas", "higher", "ideas that came up", lambda t: float(t.ledger.ideas_raised), low=0.0),
    Metric("ideas_heard", "ideas", "higher", "ideas that got a hearing", lambda t: float(t.ledger.ideas_heard), low=0.0),
    Metric("ideas_delivered", "ideas", "higher", "ideas that were built", lambda t: float(t.ideas), low=0.0),
    # --- judgement ---
    Metric("precision", "1", "higher", "share of admitted requests that are worth building (feasible, worth above the bar)",
           lambda t: _share(t.worthy_admitted, t.admitted), low=0.0, high=1.0),
    Metric("recall", "1", "higher", "share of the requests worth building that were admitted",
           lambda t: _share(t.worthy_admitted, t.worthy), low=0.0, high=1.0),
    Metric("benefit_declined", "k€", "lower", "benefit of requests worth building that were declined or lost",
           lambda t: t.lost, low=0.0, plainly="good requests refused or lost"),
    Metric("waste_admitted", "pd", "lower", "effort of admitted requests not worth building", lambda t: t.waste, low=0.0),
    # --- people ---
    Metric("scope_growth", "1", "", "effort admitted beyond the plan, relative to the plan (no plan: to capacity)",
           _scope_growth, low=0.0, plainly="added work"),
    Metric("rework_share", "1", "lower", "rework as a share of all work",
           lambda t: _share(t.days["rework"], _work(t), empty=0.0), low=0.0, high=1.0, label="rework"),
    Metric("utilisation", "1", "", "share of the team's paid time that is not idle",
           lambda t: 1.0 - _share(t.days["idle"], math.fsum(t.days.values()) - t.days["released"]), low=0.0, high=1.0),
    Metric("meetings", "pd", "lower", "person-days of the team in judging and reviewing",
           lambda t: t.days["evaluation"] + t.days["review"], low=0.0),
    Metric("switching", "pd", "lower", "person-days lost by interruptions", lambda t: t.days["switching"], low=0.0),
    Metric("wip", "requests", "", "mean number of requests in the system", lambda t: _share(math.fsum(t.stays), t.span), low=0.0),
    # --- the relationship ---
    Metric("satisfaction", "0..1", "higher", "customers' satisfaction, mean over time and groups", lambda t: t.satisfaction,
           low=0.0, high=1.0, label="mean satisfaction"),
    Metric("satisfaction_end", "0..1", "higher", "the same at the end", lambda t: t.satisfaction_end, low=0.0, high=1.0,
           label="satisfaction", in_words="satisfaction at the end"),
    Metric("trust", "0..1", "higher", "customers' trust, mean over time and groups", lambda t: t.trust, low=0.0, high=1.0),
    Metric("trust_end", "0..1", "higher", "the same at the end", lambda t: t.trust_end, low=0.0, high=1.0),
    Metric("voice", "0..1", "higher", "experts' readiness to speak up, mean over time", lambda t: t.voice, low=0.0, high=1.0),
    Metric("voice_end", "0..1", "higher", "the same at the end", lambda t: t.voice_end, low=0.0, high=1.0),
    Metric("understanding_end", "0..1", "higher", "customers' understanding of what can be done, mean over groups, at the end",
           lambda t: t.understanding_end, low=0.0, high=1.0),
    Metric("engagement", "0..1", "higher", "geometric mean of trust and voice: both sides' readiness to contribute",
           lambda t: math.sqrt(t.trust * t.voice), low=0.0, high=1.0),
    Metric("promises_kept", "1", "higher", "share of promises that had come due and were kept",
           lambda t: _share(t.promises_kept, t.promises_due), low=0.0, high=1.0),
    # --- requests ---
    Metric("throughput", "requests/quarter", "higher", "requests delivered per quarter after warm-up, whenever they arrived",
           lambda t: t.throughput * QUARTER, low=0.0, less="delivers {number} fewer requests a quarter",
           more="delivers {number} more requests a quarter", relative=True),
    Metric("backlog", "requests", "lower", "requests, undecided or in work and whenever they arrived, that are open at the end",
           lambda t: float(t.left_open), low=0.0, less="leaves {amount} fewer open", more="leaves {amount} more open"),
    Metric("backlog_growth", "requests/month", "lower", "of a stream: growth of the backlog a month after warm-up; lasting: "
           "overloaded", lambda t: t.per_month(float(t.left_open - t.open_before)), plainly="growth of the backlog"),
    Metric("requests", "requests", "", "requests that arrived (after warm-up; without one, those open at the start too)",
           lambda t: float(len(t.lead)), low=0.0),
    Metric("admitted", "1", "", "share of them that was admitted", lambda t: _share(t.admitted, len(t.lead)), low=0.0, high=1.0),
    Metric("delivered", "requests", "", "of them delivered", lambda t: float(t.fates["delivered"]), low=0.0),
    Metric("failed", "requests", "", "of them given up after the last permitted rework", lambda t: float(t.fates["failed"]),
           low=0.0),
    Metric("in_work", "requests", "", "of them in work at the end", lambda t: float(t.fates["in work"]), low=0.0),
    Metric("declined", "requests", "", "of them declined", lambda t: float(t.fates["declined"]), low=0.0),
    Metric("withdrawn", "requests", "", "of them withdrawn by the requester", lambda t: float(t.fates["withdrawn"]), low=0.0),
    Metric("waiting", "requests", "", "of them still undecided at the end", lambda t: float(t.fates["waiting"]), low=0.0),
)}
"""All measures of a replication."""

GONE = {
    "lead_time": "say lead_time_delivered, of what was delivered, or time_in_system, of all requests however they ended",
    "lead_time_p85": "say lead_time_delivered_p85, of what was delivered",
    "decision_latency": "say answer_time", "decision_latency_p85": "say answer_time_p85",
}
"""Measures of former versions, each with what to say instead."""
