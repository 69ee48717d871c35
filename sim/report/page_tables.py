"""The report's tables: cells as text, the same for the page and for CSV.

Ten lines of the template draw them: what great-tables and pandas' Styler write has colours in every cell, which neither the dark
page nor the printed one could change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.choice import by_mean
from sim.report.figures import quantile, reached
from sim.report.measure_names import in_unit, scale, with_unit
from sim.report.numbers import NOTHING, three, with_range
from sim.report.pictures import cost_metric, time_metric
from sim.scenario.register import EVIDENCE, rules
from sim.stats.means import mean_interval
from sim.study.comparison import word_for

if TYPE_CHECKING:
    from sim.report.gathered import Evidence
    from sim.stats.means import Interval

CUSTOMER = ("satisfaction", "trust", "answer_time", "lead_time_delivered", "customer_hours", "admitted", "benefit_declined")
STATES = {"holds": "holds", "unsure": "not sure", "flips": "flips"}


@dataclass(frozen=True)
class Table:
    """A table: its name (also of its file), caption, headings, and rows whose first cell is the row's heading."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(evidence: Evidence) -> dict[str, Table]:
    """All tables by name."""
    made = [chances(evidence), effects(evidence), customer(evidence), levers(evidence), assumptions(evidence)]
    return {table.name: table for table in made}


def ranked(evidence: Evidence) -> list[str]:
    """The policies that can be adopted, best first, then the controls."""
    found, metric = evidence.comparison, evidence.choice.metric
    return by_mean(found, metric, found.adoptable) + [name for name in found.names if name not in found.adoptable]


def _by_policy(evidence: Evidence, cells: Callable[[str], Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """A row for each policy, which says of a control that it is one."""
    adoptable = evidence.comparison.adoptable
    return tuple((name if name in adoptable else f"{name} (control)", *cells(name)) for name in ranked(evidence))


def chances(evidence: Evidence) -> Table:
    """Chances, P50 and P85 of time and money, per policy."""
    found, terms = evidence.comparison, evidence.scenario.project
    time, money = time_metric(evidence), cost_metric(evidence)
    limits = [(time, terms.deadline, f"done by day {three(terms.deadline)}, %")] if time == "delay" else []
    if money == "cost" and terms.budget:
        limits.append((money, terms.budget, f"within {three(terms.budget)} k€, %"))
    when = "day" if time in ("delay", "finish") else with_unit(time)
    heads = ("policy", *(head for _, _, head in limits), f"{when}: P50", "P85", f"{with_unit(money)}: P50", "P85")

    def cells(name: str) -> list[str]:
        shares = [_share(reached(found, name, metric), limit) for metric, limit, _ in limits]
        return shares + [_within(quantile(reached(found, name, metric), share), metric)
                         for metric in (time, money) for share in (0.5, 0.85)]

    return Table("chances", "Chances per policy, with 95% intervals; P50 and P85 are reached by half, and by 85 of 100, of the "
                 "simulated lives; “later” and “more”: not within the simulated time.", heads, _by_policy(evidence, cells))


def _share(runs: Iterable[float], limit: float) -> str:
    found = mean_interval([float(value <= limit + 1e-9) for value in runs], yes_or_no=True)
    if not found.n:
        return NOTHING
    return f"{three(100 * found.mean)}" + (f" [{three(100 * found.low)}, {three(100 * found.high)}]" if found.n > 1 else "")


def _within(value: float, metric: str) -> str:
    never = "more" if metric == "cost" else "later"
    return never if value == float("inf") else three(value)


def effects(evidence: Evidence) -> Table:
    """Paired differences to the policy put forward."""
    found, best = evidence.comparison, evidence.choice.best
    metrics = (time_metric(evidence), cost_metric(evidence), "innovation", "benefit", "net_benefit")

    def cells(name: str) -> list[str]:
        if name == best:
            return [f"itself: {three(found.level(name, metric).mean * scale(metric))}" for metric in metrics]
        return [_gap(evidence.gap(name, metric), metric) for metric in metrics]

    return Table("effects", f"Each policy minus {best}: paired difference [interval; all pairs of policies that can be adopted "
                 "hold together with 95%, measure by measure], better or worse only where the interval leaves out 0.",
                 ("policy", *map(with_unit, metrics)), _by_policy(evidence, cells))


def _gap(gap: Interval, metric: str) -> str:
    if not gap.n:
        return NOTHING
    return f"{_gap_only(gap, metric)} {word_for(gap, metric)}".rstrip() if gap.n > 1 else three(gap.mean * scale(metric))


def customer(evidence: Evidence) -> Table:
    """What happens to the customer: levels with 95% intervals."""

    def cells(name: str) -> list[str]:
        return [_level(evidence.comparison.level(name, metric), scale(metric)) for metric in CUSTOMER]

    return Table("customer", "What happens to the customer: mean ± half of the 95% interval. Satisfaction and trust have no "
                 "measured magnitudes: read their direction, not their size.",
                 ("policy", *map(with_unit, CUSTOMER)), _by_policy(evidence, cells))


def _level(level: Interval, factor: float) -> str:
    if not level.n:
        return NOTHING
    mean = three(level.mean * factor)
    return f"{mean} ±{three(float(f'{level.half_width * factor:.2g}'))}" if level.n > 1 else mean


def levers(evidence: Evidence) -> Table:
    """Both ends of each assumption, and the point where the answer flips."""
    choice = evidence.choice
    heads = ("assumption", "here", "from", "difference", "answer", "to", "difference", "answer", "flips at about")
    rows = []
    for lever in evidence.levers:
        ends = [cell for end in lever.ends for cell in (three(end.value), _gap_only(end.gap, choice.metric), STATES[end.state])]
        point = lever.flip_point(evidence.base)
        rows.append((lever.row.key, three(lever.value), *ends, NOTHING if point is None else three(point)))
    return Table("levers", f"{choice.rival} minus {choice.best} in {with_unit(choice.metric)}, with one "
                 f"assumption moved: {evidence.per_end} replications at each end, intervals that hold together with 95%.",
                 heads, tuple(rows))


def _gap_only(gap: Interval, metric: str) -> str:
    mean, limits = with_range(gap.mean * scale(metric), gap.low * scale(metric), gap.high * scale(metric), sign=True)
    return f"{mean} [{limits}]" if gap.n > 1 else mean


def assumptions(evidence: Evidence) -> Table:
    """The assumptions that were moved, with evidence and source, and what the model simplifies there."""
    known = rules()
    rows = []
    for lever in evidence.levers:
        row = lever.row
        rule = known.get(row.mechanism or row.key)
        here = in_unit(three(lever.value), row.unit)
        simplified = rule.left_out if rule is not None else ""
        rows.append((row.key, row.meaning, here, row.evidence, row.source, simplified or NOTHING))
    return Table("assumptions", "The assumptions that were moved, with where their numbers come from. " + "; ".join(
        f"{kind}: {what}" for kind, what in EVIDENCE.items() if kind in {row[3] for row in rows}) + ".",
        ("assumption", "meaning", "here", "evidence", "source", "simplified"), tuple(rows))
