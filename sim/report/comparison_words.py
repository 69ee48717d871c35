"""A comparison in plain words, measure by measure, generated from the numbers and only as strong as their intervals.

A number is said where its interval excludes zero; otherwise the words are "no real difference". Nothing here knows which
policy ought to win. Percentages are differences relative to the mean of the policy that is compared with.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sim.model.outcome import METRICS
from sim.report.choice import PLAIN
from sim.report.comparison_table import UNTOLD, bound_of, shown_metrics
from sim.report.headline import LEVEL
from sim.report.measure_names import in_words
from sim.report.numbers import three
from sim.report.phrases import changed, done, listed, plural, signed
from sim.stats.means import Interval

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

ALSO = ("answer_time", "customer_hours", "trust")
"""Not in the table, but measures in which always-accept may well be the better one."""


class Finding(NamedTuple):
    """What one policy does differently from another in one metric."""

    metric: str
    gap: Interval
    base: Interval  # the other policy's mean
    bound: str = ""  # of table.bound_of: what runs cut off at the horizon leave of the difference

    @property
    def direction(self) -> str:
        """better or worse (less or more), or "" where the difference is not real or cannot be told."""
        if self.bound == UNTOLD or not self.gap.excludes_zero:
            return ""
        return METRICS[self.metric].word(self.gap.high < 0.0)


def in_detail(comparison: Comparison) -> tuple[str, ...]:
    """How the two policies that matter differ, where always-accept is better, what the controls tell, what did not finish, and what
    common random numbers removed.
    """
    if comparison.replications < 2:
        return ()
    policy, other = _whom(comparison)
    said = [_against(comparison, policy, other)] if policy else []
    if PLAIN in (policy, other):
        said.append(_where_plain_is_better(comparison, policy, other))
    said += [_saying_no_or_judging(comparison), _left_to_win(comparison), *_unfinished(comparison), _luck(comparison)]
    return _level_said_once([sentence for sentence in said if sentence])


def _level_said_once(said: list[str]) -> tuple[str, ...]:
    """The level of the intervals once, where the first one stands."""
    with_one = next((at for at, sentence in enumerate(said) if LEVEL in sentence), 0)
    first, level, rest = said[with_one].partition(LEVEL)
    texts = [sentence.replace(LEVEL, "") for sentence in said]
    texts[with_one] = first + level + rest.replace(LEVEL, "")
    return tuple(texts)


def _whom(comparison: Comparison) -> tuple[str, str]:
    """Always-accept against the reference; where it is itself the reference, or absent, the best other policy instead."""
    reference = comparison.reference
    others = [name for name in chain(*comparison.ordered()) if name != reference]
    if PLAIN in others:
        return PLAIN, reference
    if reference == PLAIN and "co-evaluated" in others:
        return "co-evaluated", reference
    return (others[0], reference) if others else ("", reference)


def _find(comparison: Comparison, policy: str, other: str, metric: str) -> Finding:
    gap = comparison.difference(policy, metric, other)
    return Finding(metric, gap, comparison.level(other, metric), bound_of(comparison, policy, other, metric, gap.mean))


def _against(comparison: Comparison, policy: str, other: str) -> str:
    """The four metrics that matter most: what is worse, what is better, what makes no real difference."""
    found = [_find(comparison, policy, other, metric) for metric in shown_metrics(comparison)[:4]]
    found = [finding for finding in found if finding.gap.n > 1]
    untold = listed([in_words(finding.metric) for finding in found if finding.bound == UNTOLD])
    found = [finding for finding in found if finding.bound != UNTOLD]
    same = listed([in_words(finding.metric) for finding in found if not finding.direction], "or")
    day = three(comparison.scenario.project.horizon)
    hidden = f" What it does to {untold} cannot be told: too many runs of both were not done by day {day}." if untold else ""
    real = [listed([_phrase(finding) for finding in found if finding.direction == way]) for way in ("worse", "better")]
    text = ", but ".join(filter(None, real))
    if not text:
        return (f"Between {policy} and {other} there is no real difference in {same}." if same else "").strip() + hidden
    return f"Against {other}, {policy} {text}" + (f"; there is no real difference in {same}." if same else ".") + hidden


def _phrase(finding: Finding) -> str:
    return done(finding.metric, finding.gap, finding.base, LEVEL, "at least " if finding.bound else "")


def _where_plain_is_better(comparison: Comparison, policy: str, other: str) -> str:
    """Said whichever way it is: the measures, of all in the table and some more, in which always-accept is really better."""
    rival = other if policy == PLAIN else policy
    shown = shown_metrics(comparison)
    metrics = [metric for metric in dict.fromkeys((*shown, *ALSO)) if METRICS[metric].better]
    found = [finding for finding in (_find(comparison, PLAIN, rival, metric) for metric in metrics) if finding.gap.n > 1]
    better = [finding for finding in found if finding.direction == "better"]
    unsaid = [f"{in_words(at.metric)}, {changed(at.metric, at.gap, LEVEL)}" for at in better if at.metric not in shown[:4]]
    if unsaid:
        return f"{PLAIN} is {'also ' if len(better) > len(unsaid) else ''}better in {'; and in '.join(unsaid)}."
    if better or not found:
        return ""
    more = listed([in_words(finding.metric) for finding in found if finding.metric not in shown[:4]], "or")
    return f"In none of these measures{f', nor in {more},' if more else ''} is {PLAIN} really better."


def _saying_no_or_judging(comparison: Comparison) -> str:
    """Placebo admits as many as the policy it imitates, by lot: what it changes is saying no, the rest is judging."""
    from sim.study.compare import placebo_of

    pair = placebo_of(comparison.policies)
    if pair is None or PLAIN not in comparison.names or pair[1] == PLAIN:
        return ""
    placebo, model = pair
    metrics = (shown_metrics(comparison)[0], "benefit")
    saying_no = _changes({metric: comparison.difference(placebo, metric, PLAIN) for metric in metrics})
    judging = _changes({metric: comparison.difference(model, metric, placebo) for metric in metrics})
    return (
        f"Saying no as often as {model} but by lot (placebo) {saying_no}, against {PLAIN}; "
        f"judging whom to say no to {judging} on top of that.")


def _changes(gaps: dict[str, Interval]) -> str:
    real = []
    for metric, gap in gaps.items():
        if gap.excludes_zero:
            amount, limits = signed(gap, METRICS[metric].unit)
            real.append(f"{in_words(metric)} by {amount} ({LEVEL}{limits})")
    same = [in_words(metric) for metric, gap in gaps.items() if not gap.excludes_zero]
    changes = f"changes {listed(real)}" if real else ""
    no_change = f"makes no real difference in {listed(same, 'or')}" if same else ""
    return " and ".join(filter(None, (changes, no_change)))


def _left_to_win(comparison: Comparison) -> str:
    """What the clairvoyant would still gain over the reference."""
    seer = next((policy.name for policy in comparison.policies if policy.is_control and policy.evaluators.truth), "")
    if not seer or seer == comparison.reference:
        return ""
    found = [_find(comparison, seer, comparison.reference, metric) for metric in shown_metrics(comparison)[:4]]
    gains = [_phrase(finding) for finding in found if finding.direction == "better"]
    if not gains:
        return f"Knowing all (clairvoyant) would bring no real gain over {comparison.reference} in these measures."
    return (
        f"Knowing all (clairvoyant) {listed(gains)} than {comparison.reference}: so much is left to win by "
        "judging better.")


def _unfinished(comparison: Comparison) -> tuple[str, ...]:
    """Which policies have runs that were not done at the horizon."""
    if not comparison.scenario.project.planned_items:
        return ()
    shares = {name: comparison.level(name, "censored").mean for name in comparison.names}
    first = [name for name in dict.fromkeys((PLAIN, comparison.reference)) if shares.get(name, 0.0) > 0.0]
    rest = [share for name, share in shares.items() if name not in first and share > 0.0]
    if not first and not rest:
        return ()
    said = [f"{three(100 * shares[name])}% of {name}'s runs" for name in first]
    if rest:
        said.append(f"up to {three(100 * max(rest))}% of the runs of {plural(len(rest), 'other')}")
    day = three(comparison.scenario.project.horizon)
    return (f"Not done by day {day}: {listed(said)}; what was counted only up to then (≥) is at least that.",)


def _luck(comparison: Comparison) -> str:
    metric = shown_metrics(comparison)[0]
    removed = comparison.variance_removed[metric]
    if not math.isfinite(removed):
        return ""
    share = f"added {three(-100 * removed)}% to" if removed < 0.0 else f"removed {three(100 * removed)}% of"
    return f"Same customers, same luck: that {share} the variance of the differences in {in_words(metric)}."
