"""One replication that stands for many: the median one, and three of its requests told under two policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.model.effects import bottleneck
from sim.model.turnover import stints_of
from sim.report.numbers import three
from sim.report.phrases import times
from sim.runs.simulate import simulate

if TYPE_CHECKING:
    from sim.runs.simulate import Run
    from sim.study.comparison import Comparison


@dataclass(frozen=True)
class Typical:
    """The same replication under both policies."""

    replication: int
    rival: Run
    best: Run


class Story(NamedTuple):
    """A request: what it was in truth, and what each policy made of it."""

    number: int
    why: str
    truth: str
    rival: tuple[str, ...]
    best: tuple[str, ...]


def median_replication(comparison: Comparison, best: str, rival: str, metric: str) -> int:
    """The replication whose paired difference is nearest to the median of all; of several the first."""
    gaps = (comparison.values(rival, metric) - comparison.values(best, metric)).dropna()
    if gaps.empty:
        return int(comparison.frame["replication"].iloc[0])
    distance = np.abs(gaps.to_numpy() - float(np.median(gaps.to_numpy())))
    return int(gaps.index[int(np.argmin(distance))])


def typical(comparison: Comparison, best: str, rival: str, metric: str) -> Typical:
    """Simulate the median replication under both policies, logged."""
    number = median_replication(comparison, best, rival, metric)
    policies = {policy.name: policy for policy in comparison.policies}
    runs = [
        simulate(comparison.scenario, policies[name], seed=comparison.seed, replication=number) for name in (rival, best)]
    return Typical(number, runs[0], runs[1])


def lost_day(run: Run) -> float | None:
    """The day from which on the admitted work no longer fitted before the deadline; None where it always did.

    Work left (admitted minus worked on, rework not counted) against what the scarcest role can do until the deadline, everybody
    at work all the time: so it is the latest day that one may call it, not the earliest.
    """
    deadline = run.scenario.project.deadline
    if not deadline or not run.scenario.project.planned_items:
        return None
    line = run.timeline
    line = line[line.index <= deadline]
    left = line["planned_scope"] + line["added_scope"] - line["work"].cumsum().shift(fill_value=0.0)
    days = line.index.to_numpy()
    too_much = left.to_numpy() > np.array([room(run, float(day), deadline) for day in days]) + 1e-9
    if not len(days) or not too_much[:-1].any() or not too_much[-2 if len(days) > 1 else -1]:
        return None
    fits = np.flatnonzero(~too_much)
    fits = fits[fits < len(days) - 1]
    return float(days[fits[-1] + 1]) if len(fits) else float(days[0])


def room(run: Run, start: float, end: float) -> float:
    """Person-days of work that the workflow can finish between two days: what the people of its scarcest role allow."""
    team = run.scenario.team
    days = {name: sum(stint.days(start, end) for stint in stints_of(role)) for name, role in team.roles.items()}
    return bottleneck(days, [(stage.role, stage.share) for stage in team.workflow])


def stories(pair: Typical) -> tuple[Story, ...]:
    """Three requests, picked by rule: the largest waste avoided, the largest gain missed, the largest treated alike.

    Where a rule finds nothing, the largest request that is left is told instead.
    """
    rival, best = pair.rival.requests, pair.best.requests
    both = rival.join(best[["fate"]].rename(columns={"fate": "fate_best"}), how="inner")
    told: list[Story] = []
    for why, rows, by in _rules(both):
        left = rows[~rows.index.isin([story.number for story in told])]
        if len(left):
            told.append(_story(pair, int(left.index[int(left[by].to_numpy().argmax())]), why))
    rest = both[~both.index.isin([story.number for story in told])].sort_values("effort", ascending=False)
    told += [_story(pair, int(number), "The largest of the other requests") for number in rest.index[: 3 - len(told)]]
    return tuple(told[:3])


def _rules(both: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, str]]:
    worth = both["feasible"] & (both["worth"] > 0.0)
    taken, taken_best = ~both["fate"].isin(REFUSED), ~both["fate_best"].isin(REFUSED)
    yield "Work that was not worth doing, and that only one policy took on", both[~worth & taken & ~taken_best], "effort"
    yield "A good request that was refused or lost: what saying no costs", both[worth & ~taken_best], "benefit"
    yield "A request that both policies took on", both[taken & taken_best], "effort"


REFUSED = ("declined", "withdrawn", "waiting")


def _story(pair: Typical, number: int, why: str) -> Story:
    row: Any = pair.rival.requests.loc[number]
    who = f" by {row['group']}" if len(pair.rival.scenario.customers) > 1 else ""
    flaw = "" if row["feasible"] else " It could not be built as asked."
    law = " It was mandatory." if row["mandatory"] else ""
    if row["worth"] > 0.0:
        worth = f"it would bring {three(row['benefit'])} k€ if it came at once"
    else:
        worth = f"it would lose {three(-row['benefit'])} k€ over its life"
    truth = f"Asked{who} on day {row['arrived']:.0f}. In truth {three(row['effort'])} person-days of work; {worth}.{flaw}{law}"
    return Story(number, why, truth, tuple(_told(pair.rival, number)), tuple(_told(pair.best, number)))


def _told(run: Run, number: int) -> Iterator[str]:
    log = run.decisions[run.decisions["request"] == number]
    for _, entry in log.iterrows():
        seen = f"guessed at {three(entry['effort'])} person-days"
        if pd.notna(entry["value"]):
            seen += f", judged to bring {three(entry['value'])} k€ a person-day"
        yield f"Day {entry['day']:.0f}: {seen}; {ANSWERS.get(entry['answer'], entry['answer'])} ({entry['reason']})."
    row: Any = run.requests.loc[number]
    yield _end(row, run.ledger.end)


ANSWERS = {
    "accept": "accepted", "decline": "declined", "defer": "put off", "reshape": "a smaller version proposed",
    "counter-propose": "something else proposed", "prototype": "a prototype first",
}


def _end(row: Any, end: float) -> str:
    fate = str(row["fate"])
    if fate == "delivered":
        mended = int(row["failed_reviews"])
        rework = f", after being mended {times(mended)}" if mended else ""
        form = f" as {row['form']}" if row["form"] not in ("", "as asked") else ""
        return f"Delivered{form} on day {row['delivered']:.0f}{rework}; it brought {three(float(row['realised']))} k€."
    when = "" if pd.isna(row["left"]) else f" on day {row['left']:.0f}"
    return {
        "failed": f"Given up{when} after it had failed its reviews.",
        "in work": f"Still in work at the end (day {end:.0f}).",
        "declined": f"Final answer no{when}.",
        "withdrawn": f"The customer gave up waiting{when}.",
        "waiting": f"Still without an answer at the end (day {end:.0f}).",
    }.get(fate, fate)
