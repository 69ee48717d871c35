"""The answer in three sentences: which policy, how much, how sure and when it would be another.

Generated from the numbers and never stronger than their intervals; nothing here knows which policy ought to win.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.comparison_table import shown_metrics
from sim.report.headline import who_leads
from sim.report.measure_names import plainly
from sim.report.numbers import three
from sim.report.phrases import MOST_NAMES, done, key_in_words, listed, some
from sim.study.comparison import word_for

if TYPE_CHECKING:
    from sim.report.gathered import Evidence
    from sim.report.levers import Lever
    from sim.study.comparison import Comparison


def answer(evidence: Evidence) -> tuple[str, str, str]:
    """The three sentences."""
    return which(evidence), how_much(evidence), how_sure(evidence)


def which(evidence: Evidence) -> str:
    """Which policy, as far as the paired intervals tell the policies apart."""
    found, choice = evidence.comparison, evidence.choice
    if choice.strength == "open":
        delay, others = plainly(shown_metrics(found)[0]), (choice.best, *choice.ties)
        return (f"{who_leads(choice)} Nor does anybody lead in {delay}: the choice between {some(others)} does not matter much as "
                f"far as {found.replications} simulated lives of this project can tell.")
    if choice.metric != found.deciding:
        return f"In {plainly(found.deciding)} the policies cannot be told apart. {who_leads(choice)}"
    return who_leads(choice)


def how_much(evidence: Evidence) -> str:
    """How the policy put forward differs from the one beside it, in the four measures that matter most and in promises."""
    comparison, best, rival = evidence.comparison, evidence.choice.best, evidence.choice.rival
    metrics = [metric for metric in shown_metrics(comparison)[:4] if metric != "benefit"]
    metrics += [comparison.deciding, *(["on_time"] if _has_date(evidence) else [])]
    better: list[str] = []
    worse: list[str] = []
    same: list[str] = []
    for metric in metrics:
        gap = comparison.pairwise(best, rival, metric)
        if gap.n < 2:
            continue
        if not gap.excludes_zero:
            same.append(plainly(metric))
            continue
        (better if word_for(gap, metric) == "better" else worse).append(phrase(comparison, best, rival, metric))
    worse += _price(comparison, best, rival)
    said = ", but ".join(listed(part) for part in (better, worse) if part)
    if not said:
        return f"Between {best} and {rival} no real difference was found in {listed(same, 'or')}."
    tail = f"; no real difference was found in {listed(same, 'or')}" if same else ""
    return f"Against {rival}, {best} {said}{tail}."


def _price(comparison: Comparison, best: str, rival: str) -> list[str]:
    """What the customer pays for it, said only where it is really worse: longer waits, less satisfaction (a direction, no size)."""
    wait, content = (comparison.pairwise(best, rival, metric) for metric in ("lead_time_delivered", "satisfaction"))
    said = []
    if wait.low > 0.0:
        said.append(phrase(comparison, best, rival, "lead_time_delivered"))
    if content.high < 0.0:
        said.append("leaves the customer less satisfied")
    return said


def how_sure(evidence: Evidence) -> str:
    """What the intervals mean, and which assumptions would change the answer."""
    choice, levers = evidence.choice, evidence.levers
    luck = "The ranges hold together with 95% for the luck of the draw, not for wrong assumptions"
    if not evidence.base.excludes_zero:
        return (f"{luck}; between {choice.best} and {choice.rival} there is no real difference in {plainly(choice.metric)} "
                "that other assumptions could overturn.")
    if not levers:
        return f"{luck}; no other assumptions were tried."
    flips = [lever for lever in levers if any(end.state == "flips" for end in lever.ends)]
    unsure = [lever for lever in levers if lever not in flips and any(end.state == "unsure" for end in lever.ends)]
    tried = f"of {len(levers)} assumptions moved one at a time"
    parts = []
    if flips:
        parts.append(f"{listed([_flip(evidence, lever) for lever in flips[:MOST_NAMES]])} would put {choice.rival} ahead"
                     + (f" (and {len(flips) - MOST_NAMES} more)" if len(flips) > MOST_NAMES else ""))
    if unsure:
        parts.append(f"{some([named(lever) for lever in unsure])} would leave the difference open "
                     f"(with {evidence.per_end} runs at each end)")
    if not parts:
        return f"{luck}; {tried} {choice.best} stays better than {choice.rival} in {plainly(choice.metric)} under all."
    rest = len(levers) - len(flips) - len(unsure)
    return f"{luck}; {tried}, {'; '.join(parts)}" + (f"; the other {rest} would not change the answer." if rest else ".")


def _flip(evidence: Evidence, lever: Lever) -> str:
    point = lever.flip_point(evidence.base)
    end = next(end for end in lever.ends if end.state == "flips")
    way = "above" if end.value > lever.value else "below"
    near = f" {way} about {three(point)}" if point is not None else f" at {three(end.value)}"
    return f"{named(lever)}{near} (here {three(lever.value)})"


def phrase(comparison: Comparison, policy: str, other: str, metric: str) -> str:
    """``finishes 54 days earlier (47 to 61)``: a real difference with its interval."""
    return done(metric, comparison.pairwise(policy, other, metric), comparison.level(other, metric))


def named(lever: Lever) -> str:
    """An assumption in words, with the key that sets it left to the table."""
    return "judging: " * lever.row.key.startswith("evaluation.") + key_in_words(lever.row.key)


def _has_date(evidence: Evidence) -> bool:
    return not evidence.is_stream and bool(evidence.scenario.project.deadline)
