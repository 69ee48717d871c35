"""What a table of the comparison is made of: which measures, their levels, differences, and the bounds of runs cut off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.grid import Column
from sim.report.measure_names import facts, label, scale, unit
from sim.report.numbers import NOTHING, decimals_worth, fixed, half_width_text, limits_text
from sim.stats.means import YES_OR_NO
from sim.study.comparison import REFUSE_ALL

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

PROJECT_METRICS = (
    "delay", "cost", "innovation", "benefit", "satisfaction_end", "scope_growth", "rework_share", "on_time", "censored",
    "effort_cost", "net_benefit", "net_of_effort", "satisfaction")
STREAM_METRICS = (
    "lead_time_delivered", "throughput", "backlog", "cost_per_request", "innovation", "benefit", "satisfaction_end",
    "backlog_growth", "answer_time", "scope_growth", "rework_share", "net_per_month", "net_of_effort_per_month", "satisfaction")
AT_A_GLANCE = ("delay", "finish", "lead_time_delivered", "cost", "innovation", "satisfaction_end", "cost_per_request")
"""Of them what stands beside the measure that decides."""
BEST, WORST, AT_LEAST, AT_MOST = "▲", "▼", "≥", "≤"
UNTOLD = "cannot be told"
TOO_MANY = 0.5
"""Share of cut-off runs of both policies from which a difference of lower bounds says nothing."""
LONGEST_NAME = 34


def shown_metrics(comparison: Comparison) -> tuple[str, ...]:
    """The metrics of the table, most important first: a stream without planned scope has no delay, but lead times."""
    terms = comparison.scenario.project
    if not terms.planned_items:
        return STREAM_METRICS
    if not terms.deadline:
        return ("finish", *(metric for metric in PROJECT_METRICS if metric not in ("delay", "on_time")))
    return PROJECT_METRICS


def level_column(comparison: Comparison, metric: str, names: Sequence[str]) -> Column:
    """Mean with its 95% interval, and a mark for the best and the worst."""
    levels = {name: comparison.level(name, metric) for name in names}
    factor = scale(metric)
    decimals = decimals_worth(
        [level.mean * factor for level in levels.values()], [level.half_width * factor for level in levels.values()], digits=1)
    best, worst = comparison.best_and_worst(metric)
    rows: list[tuple[str, ...]] = []
    for name, (_, mean, low, high) in levels.items():
        counted = cut_off(comparison, name, metric)
        bound = AT_LEAST if counted else ""
        if counted == 1.0:
            width = ""  # all that is known is the horizon itself
        elif metric in YES_OR_NO:
            width = limits_text(low * factor, high * factor, decimals)
        else:
            width = half_width_text((high - low) / 2 * factor, decimals)
        mark = BEST if name in best and counted < TOO_MANY else WORST if name in worst else ""
        rows.append((bound + fixed(mean * factor, decimals), width, mark))
    return Column((label(metric), unit(metric)), rows, "><<")


def bare(column: Column) -> Column:
    """A column without its intervals, for a table that is read at a glance."""
    return column._replace(rows=[(number, "", mark) for number, _, mark in column.rows])


def difference_column(comparison: Comparison, metric: str, names: Sequence[str], to: str, digits: int = 2) -> Column:
    """Paired difference to a policy with its interval, so many digits of that, and the word for it where it is real."""
    gaps = {name: comparison.difference(name, metric, to) for name in names if name != to}
    factor = scale(metric)
    decimals = decimals_worth(
        [number * factor for gap in gaps.values() for number in (gap.mean, gap.low, gap.high)],
        [gap.half_width * factor for gap in gaps.values()], digits)
    rows: list[tuple[str, ...]] = []
    for name in names:
        if name == to:
            rows.append((NOTHING, "", ""))
            continue
        _, mean, low, high = gaps[name]
        bound = bound_of(comparison, name, to, metric, mean)
        if bound == UNTOLD:
            rows.append((NOTHING, UNTOLD, ""))
            continue
        rows.append((
            bound + fixed(mean * factor, decimals, sign=True), limits_text(low * factor, high * factor, decimals),
            comparison.word(name, metric, to)))
    return Column((f"against {shortened(to)}", f"{unit(metric)}, paired"), rows, "><<")


def cut_off(comparison: Comparison, policy: str, metric: str) -> float:
    """Share of the runs in which a metric was counted up to the horizon only, and so is a lower bound.

    Delay is one where the planned scope itself was open at the horizon; what is paid goes on as long as any work is open.
    """
    terms = comparison.scenario.project
    if not facts(metric).lower_bound or not terms.planned_items:
        return 0.0
    if metric == "delay":
        delays = comparison.values(policy, "delay").dropna()
        return float((delays >= terms.horizon - terms.deadline).mean()) if len(delays) else 0.0
    censored = comparison.values(policy, "censored").dropna()
    return float((censored > 0.0).mean()) if len(censored) else 0.0


def bound_of(comparison: Comparison, policy: str, other: str, metric: str, difference: float) -> str:
    """What cut-off runs leave of a difference: "" all of it, ≥ or ≤ a bound, or that it cannot be told.

    The longer one is cut off: it is at least that. The shorter one, or most runs of both: then nobody knows.
    """
    first, second = cut_off(comparison, policy, metric), cut_off(comparison, other, metric)
    if min(first, second) >= TOO_MANY:
        return UNTOLD
    longer, shorter = (first, second) if difference > 0.0 else (second, first)
    if shorter > max(longer, 0.05):
        return UNTOLD
    return "" if not longer else AT_LEAST if difference > 0.0 else AT_MOST


def shortened(name: str) -> str:
    """A policy's name, cut where it has many settings."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def anchor_of(comparison: Comparison) -> str:
    """What the differences at a glance are taken to: refusing everything, or the reference where that is not compared."""
    return REFUSE_ALL if REFUSE_ALL in comparison.names else comparison.reference
