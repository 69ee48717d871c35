"""The box at the top of the page, and the sheet for Monday: what to do, what it brings, how sure that is, when it is wrong.

No sentence is stronger than its interval: where an interval leaves zero in, the sentence says that nothing is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.decide.tuned import Gain, Tuned
from sim.policies.catalogue import make, settings_of
from sim.report.comparison_table import shown_metrics
from sim.report.describe import policy_sentence
from sim.report.forecast_text import headline as forecast_headline
from sim.report.headline import called
from sim.report.measure_names import in_words, plainly, unit
from sim.report.numbers import three
from sim.report.page_tables import Table
from sim.report.phrases import done, key_in_words, listed, plural, signed, some
from sim.stats.means import Interval
from sim.study.comparison import ACCEPT_ALL, ANCHORS, REFUSE_ALL

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.report.gathered import Evidence
    from sim.report.levers import Lever
    from sim.scenario import Scenario

IN_TEN = 10
CHOICES = {
    ("reading", "calibrated"): "What judges see is trusted only as far as such judges are right",
    ("reading", "face-value"): "What judges see is taken as it is",
    ("counter", "True"): "A no may become another solution for the same need",
    ("counter", "False"): "No other solution is proposed",
}
"""Settings that are words, as a sentence."""
WEEKS = 13
"""After a quarter the numbers are looked at again."""


@dataclass(frozen=True)
class Line:
    """A line of the box: a word in capitals, and what is said."""

    head: str
    text: str


def box(evidence: Evidence) -> tuple[Line, ...]:
    """The lines of the answer; none where nothing was tuned."""
    tuned = evidence.tuned
    if tuned is None:
        return ()
    lines = [Line("DO", _do(tuned)), Line("BRINGS", _brings(evidence, tuned)), Line("SURE", _sure(evidence, tuned)),
             Line("UNLESS", _unless(evidence)), Line("FIRST", _first(evidence)), Line("NOT", _not(tuned))]
    return tuple(line for line in lines if line.text)


# --- what to do ---


def _do(tuned: Tuned) -> str:
    policy, said = tuned.policy, ""
    if policy.name == tuned.reference:
        said = f"Go on as you do: nothing that was tried is selected over {called(tuned.reference)}. "
    refused = tuned.levels[policy.name].refused
    return f"{said}{policy_in_words(policy)} {_in_ten(refused)}"


def policy_in_words(policy: Policy) -> str:
    """A built-in policy with its settings, in sentences."""
    told = policy_sentence(policy) or f"Answer as {policy.name} does."
    return told + "".join(f" {setting}." for setting in _further_settings(policy, told))


def _further_settings(policy: Policy, told: str) -> Iterator[str]:
    """Settings that are not as usual, and of which the sentence does not speak."""
    family = make(policy.name.partition(":")[0])
    usual = settings_of(family)
    for key, slot in settings_of(policy).items():
        if slot.default != usual[key].default and slot.told(slot.default) not in told:
            words, value = slot.says.meaning or key.replace("_", " "), slot.told(slot.default)
            of_unit = "" if slot.says.unit == "1" else f" {slot.says.unit}"
            yield CHOICES.get((key, value)) or f"{_capital(words)}: {value}{of_unit}"


def _in_ten(refused: float) -> str:
    if refused <= 0.02:
        return "Hardly any request gets a no."
    if refused >= 0.93:
        return "Nearly every request gets a no."
    return f"About {max(round(IN_TEN * refused), 1)} of {IN_TEN} requests get a no."


# --- what it brings ---


def _brings(evidence: Evidence, tuned: Tuned) -> str:
    reference = next((gain for gain in tuned.gains if gain.over == tuned.reference), None)
    level = tuned.levels[tuned.policy.name].goal
    said = f"{_capital(in_words(tuned.goal).removesuffix(' a month'))} {_amount(level, tuned.goal)}"  # the unit says it
    if reference is None:
        return said + ", which is what is had today."
    theirs = tuned.levels[tuned.reference].goal
    said += f" instead of {_amount(theirs, tuned.goal)} under {_today(tuned)}: {_difference(reference.interval, tuned)}."
    return said + _in_time(evidence, tuned)


def _in_time(evidence: Evidence, tuned: Tuned) -> str:
    found, metric = evidence.comparison, shown_metrics(evidence.comparison)[0]
    if tuned.policy.name not in found.names or tuned.reference not in found.names:
        return ""
    gap, base = found.pairwise(tuned.policy.name, tuned.reference, metric), found.level(tuned.reference, metric)
    if not gap.n or not math.isfinite(gap.low):
        return ""
    if not gap.excludes_zero:
        size, limits = signed(gap, unit(metric))
        return f" In {plainly(metric)} no difference is told ({size}, {limits})."
    return f" It {done(metric, gap, base)}."


def _amount(level: Interval, metric: str) -> str:
    size, limits = signed(level, unit(metric))
    return f"{size.lstrip('+')} ({limits})"


def _difference(gap: Interval, tuned: Tuned) -> str:
    size, limits = signed(gap, unit(tuned.goal))
    told = "" if gap.excludes_zero else ", and no difference is told"
    return f"{size} (95%: {limits}{told})"


def _today(tuned: Tuned) -> str:
    return "what is done today" if tuned.reference not in ANCHORS else called(tuned.reference)


# --- how sure ---


def _sure(evidence: Evidence, tuned: Tuned) -> str:
    said = [f"The intervals are of {tuned.tuning.report} lives that chose nobody, and tell luck alone."]
    doubt = evidence.doubt
    if doubt is not None:
        size, limits = signed(Interval(evidence.doubt_runs, doubt.difference, doubt.low, doubt.high), unit(doubt.metric))
        said.append(f"With the doubt of what was fitted it is {size} ({limits}): {100 * doubt.share:.0f}% of the doubt is of the "
                    "inputs, the rest is luck.")
    if ties := _ties(tuned):
        said.append(f"Not told apart from it: {listed(ties)}; which of them is named hardly matters.")
    if tuned.account is not None and (tuned.account.excludes_zero, tuned.account.mean > 0.0) != (True, True) and any(
            gain.over == tuned.reference and gain.interval.excludes_zero for gain in tuned.gains):
        said.append("By what the work takes, rather than what is paid, the gain is not shown.")
    return " ".join(said)


def _ties(tuned: Tuned) -> list[str]:
    """Policies that are as good as luck can tell: other settings of the same, and others by their family."""
    own = tuned.policy.name.partition(":")[0]
    families = [name.partition(":")[0] for name in tuned.ties if name not in ANCHORS and name != tuned.reference]
    others = [name for name in dict.fromkeys(families) if name != own]
    return (["the same with other settings"] if own in families else []) + others


def _unless(evidence: Evidence) -> str:
    """The assumptions that turn the answer round within the range that was looked at."""
    flips = [lever for lever in evidence.levers if any(end.state == "flips" for end in lever.ends)]
    against = called(evidence.choice.rival)
    if flips:
        said = listed([_flip(evidence, lever) for lever in flips[:3]], "or")
        more = f" ({plural(len(flips) - 3, 'more assumption')} would do so too, see below)" if len(flips) > 3 else ""
        return f"{said}: then {against} is ahead{more}."
    unsure = [lever for lever in evidence.levers if any(end.state == "unsure" for end in lever.ends)]
    if unsure:
        names = some([key_in_words(lever.row.key) for lever in unsure])
        return f"No assumption that was moved puts {against} ahead; at an end of the range of {names} the two are not told apart."
    if evidence.levers:
        return f"None of {len(evidence.levers)} assumptions, moved one at a time, puts {against} ahead or leaves it open."
    return ""


def _flip(evidence: Evidence, lever: Lever) -> str:
    point = lever.flip_point(evidence.base)
    end = next(end for end in lever.ends if end.state == "flips")
    way = "more" if end.value > lever.value else "less"
    at = point if point is not None else end.value
    return f"{key_in_words(lever.row.key)} is {way} than about {three(at)} (taken: {three(lever.value)})"


def _first(evidence: Evidence) -> str:
    """What to find out: the assumption that moves the answer most and was not measured."""
    open_ones = [lever for lever in evidence.levers if lever.row.key not in evidence.fitted]
    deciding = next((lever for lever in open_ones if any(end.state == "flips" for end in lever.ends)), None)
    lever = deciding or (open_ones[0] if open_ones else None)
    if lever is None:
        return ""
    how = HOW.get(lever.row.key, "ask those who know, and look at what was closed")
    firm = "Before anything is decided, f" if deciding is not None else "F"
    return (f"{firm}ind out {key_in_words(lever.row.key)} ({lever.row.meaning}): {how}. It was assumed, and moves the answer more "
            "than any other assumption that was not measured.")


HOW = {
    "customer.value": "look at ten requests that were closed, and say what each brought (half a day)",
    "customer.value_spread": "look at twenty requests that were closed, and say what each brought",
    "customer.request_rate": "count what arrives in four weeks",
    "customer.effort_median": "book the hours of the next twenty requests",
    "customer.feasibility": "of the last twenty that were begun, count those that could not be done",
    "customer.urgency": "ask five customers what a month of waiting costs them",
    "customer.upkeep": "ask those who run it what a day's work costs a year afterwards",
    "customer.appetite": "compare how much is asked for after a yes and after a no",
    "customer.drift": "of what was agreed three months ago, count what would be agreed otherwise today",
    "evaluation.expert_fit_quality": "let experts guess of ten closed requests whether they worked out, and compare",
    "evaluation.customer_need_quality": "let customers rank ten requests, and ask again after they were delivered",
    "evaluation.expert_hours": "book the hours of the next four meetings",
    "team.defect_rate": "count what came back of the last fifty deliveries",
    "project.benefit_window": "ask the sponsor how long what is delivered will be used",
}
"""How an assumption is found out by a team within days."""


def _not(tuned: Tuned) -> str:
    said = [_against(gain, tuned) for gain in tuned.gains if gain.over in ANCHORS and gain.over != tuned.reference]
    return " ".join(said)


def _against(gain: Gain, tuned: Tuned) -> str:
    what = _capital({REFUSE_ALL: "refusing everything", ACCEPT_ALL: "accepting everything"}[gain.over])
    size, limits = signed(-gain.interval, unit(tuned.goal))
    if not gain.interval.excludes_zero:
        return f"{what} is not told apart from this ({size}, {limits})."
    way = "less" if tuned.sign * gain.interval.mean > 0.0 else "MORE"
    amount, limits = signed(gain.interval if way == "less" else -gain.interval, unit(tuned.goal))
    return f"{what} would bring {amount.lstrip('+')} {way} ({limits})."


# --- Monday ---


def monday(evidence: Evidence) -> tuple[str, ...]:
    """Who does what from Monday on; none where nothing was tuned."""
    if evidence.tuned is None:
        return ()
    policy, scenario = evidence.tuned.policy, evidence.scenario
    return tuple(line for line in (
        _meeting(policy, scenario), _rule(policy), _no(policy, scenario), _weeks(policy), _again()) if line)


def _meeting(policy: Policy, scenario: Scenario) -> str:
    asked, judging = policy.evaluators, scenario.evaluation
    who = [f"one {role}" for role in (judging.judges or (scenario.team.workflow[0].role,))] if asked.experts else []
    who += ["whoever speaks for the customer"] if asked.customer else []
    who += ["the AI aid"] if asked.ai else []
    days = scenario.review.cadence if policy.cadence.days is None else policy.cadence.days
    if not who:
        return "Nobody meets: each request is answered when it comes." if days == 0 else \
            f"Every {plural(days, 'working day')} what waits is answered; nobody judges it."
    when = "When a request comes" if days == 0 else f"Every {plural(days, 'working day')}"
    fixed = f"{judging.session_hours:g} h of each, and " if days else ""
    look = [f"{judging.expert_hours:g} h of an expert"] * asked.experts
    look += [f"{judging.customer_hours:g} h of the customer"] * asked.customer
    return f"{when}: {listed(who)}. It takes {fixed}{listed(look)} a request."


def _rule(policy: Policy) -> str:
    return f"The rule: {policy_in_words(policy)}"


def _no(policy: Policy, scenario: Scenario) -> str:
    if policy.explanation <= 0.0:
        return "A no is said without a reason; a sentence of reason costs little, and is not part of this policy."
    minutes = 60.0 * policy.explanation * scenario.evaluation.explanation_hours
    return (f"With a no goes its reason, about {three(minutes)} minutes: what it would bring, what it would cost, what would "
            "change the answer.")


def _weeks(policy: Policy) -> str:
    at = "the first meeting" if policy.cadence.days != 0 else "Monday"
    return (f"The first four weeks: from {at} on write down of each request the day, the answer, the reason and the hours; what is "
            "open already is answered by the same rule, oldest first.")


def _again() -> str:
    return (f"Look again after {WEEKS} weeks, or as soon as one of these has moved by a third: requests a week, hours of a "
            "request, people of the team.")


# --- beside it ---


def forecast_words(evidence: Evidence) -> str:
    """The forecast's sentence, or why there is none."""
    return forecast_headline(evidence.forecast) if evidence.forecast is not None else evidence.no_forecast


def traced(evidence: Evidence) -> Table | None:
    """The numbers behind the box: every policy of the report, on lives that chose nobody."""
    tuned = evidence.tuned
    if tuned is None:
        return None
    gains = {gain.over: gain for gain in tuned.gains}
    time = tuned.levels[tuned.policy.name].time_measure
    rows = []
    for name, level in tuned.levels.items():
        gap = gains.get(name)
        size, limits = signed(gap.interval, unit(tuned.goal)) if gap is not None else ("", "")
        rows.append((name, _amount(level.goal, tuned.goal), _amount(level.time, time), f"{100 * level.refused:.0f}%",
                     f"{size} ({limits})" if gap is not None else "this one"))
    heads = ("policy", in_words(tuned.goal), plainly(time), "refused", "this one minus it")
    return Table("report", f"The numbers of the answer: {tuned.tuning.report} lives that were not used to search or to choose; "
                 "the differences hold together with 95%.", heads, tuple(rows))


def curve(evidence: Evidence) -> Table | None:
    """The chosen policy from strict to generous."""
    tuned = evidence.tuned
    if tuned is None or len(tuned.curve) < 2:
        return None
    time = tuned.curve[0].level.time_measure
    rows = []
    for point in sorted(tuned.curve, key=lambda one: one.level.refused):
        size, limits = ("", "") if point.difference is None else signed(point.difference, unit(tuned.goal))
        rows.append((f"{point.value:g}", f"{100 * point.level.refused:.0f}%", _amount(point.level.goal, tuned.goal),
                     _amount(point.level.time, time), "this one" if point.difference is None else f"{size} ({limits})"))
    heads = (tuned.setting.replace("_", " "), "refused", in_words(tuned.goal), plainly(time), "against this one")
    return Table("curve", "The same policy from generous to strict, all else as it is.", heads, tuple(rows))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
