"""The comparison as a table and sentences, for a terminal of some width or for a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from sim.report.numbers import NOTHING, decimals_worth, fixed, half_width_text, in_words, label, limits_text, scale, unit
from sim.stats.means import YES_OR_NO

if TYPE_CHECKING:
    from sim.study.compare import Comparison

PROJECT_METRICS = (
    "delay", "cost", "innovation", "benefit", "satisfaction", "scope_growth", "rework_share", "on_time", "censored")
STREAM_METRICS = (
    "lead_time_delivered", "throughput", "backlog", "cost_per_request", "innovation", "benefit", "satisfaction", "lead_time",
    "scope_growth", "rework_share")
LOWER_BOUNDS = frozenset({"delay", "finish", "cost", "overrun"})
"""Metrics that would have grown further in a run that was not done at the horizon."""
BEST, WORST, AT_LEAST, AT_MOST = "▲", "▼", "≥", "≤"
UNTOLD = "cannot be told"
TOO_MANY = 0.5
"""Share of cut-off runs of both policies from which a difference of lower bounds says nothing."""
GAP = "  "
LONGEST_NAME = 34
CONTROLS = "controls, for comparison only"


class Column(NamedTuple):
    """A column: two lines of heading, and per row some parts that are aligned one by one ("<" or ">")."""

    head: str
    unit: str
    rows: list[tuple[str, ...]]
    align: str


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
    return Column(label(metric), unit(metric), rows, "><<")


def difference_column(comparison: Comparison, metric: str, names: Sequence[str]) -> Column:
    """Paired difference to the reference with its interval, and the word for it where it is real."""
    gaps = {name: comparison.difference(name, metric) for name in names if name != comparison.reference}
    factor = scale(metric)
    decimals = decimals_worth(
        [number * factor for gap in gaps.values() for number in (gap.mean, gap.low, gap.high)],
        [gap.half_width * factor for gap in gaps.values()], digits=2)
    rows: list[tuple[str, ...]] = []
    for name in names:
        if name == comparison.reference:
            rows.append((NOTHING, "", ""))
            continue
        _, mean, low, high = gaps[name]
        bound = bound_of(comparison, name, comparison.reference, metric, mean)
        if bound == UNTOLD:
            rows.append((NOTHING, UNTOLD, ""))
            continue
        rows.append((
            bound + fixed(mean * factor, decimals, sign=True), limits_text(low * factor, high * factor, decimals),
            comparison.word(name, metric)))
    return Column(f"against {shortened(comparison.reference)}", f"{unit(metric)}, paired", rows, "><<")


def cut_off(comparison: Comparison, policy: str, metric: str) -> float:
    """Share of the runs in which a metric was counted up to the horizon only, and so is a lower bound.

    Delay is one where the planned scope itself was open at the horizon; what is paid goes on as long as any work is open.
    """
    terms = comparison.scenario.project
    if metric not in LOWER_BOUNDS or not terms.planned_items:
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


# --- text ---


def as_text(comparison: Comparison, width: int, wide: bool) -> str:
    """Heading, table, what its marks mean, sentences; no line longer than `width` unless a table cannot be narrower."""
    adoptable, controls = comparison.ordered()
    names = adoptable + controls
    blocks = _wide(comparison, names, width) if wide else [_narrow(comparison, names, width)]
    tables = "\n\n".join(_grid(columns, adoptable, controls) for columns in blocks)
    columns = [column for block in blocks for column in block]
    left_out = [in_words(metric) for metric in shown_metrics(comparison) if label(metric) not in {one.head for one in columns}]
    more = [f"No room for {', '.join(left_out)}: --wide shows all."] if left_out and not wide else []
    notes = _filled(" ".join([*_notes(comparison, columns), *more]), width)
    said = _filled(" ".join(comparison.sentences), width)
    return "\n\n".join(part for part in (_filled(heading(comparison), width), tables, notes, said) if part)


def heading(comparison: Comparison) -> str:
    """What was compared."""
    n, asked = comparison.replications, comparison.asked
    counted = f"{n} replication{'s' * (n != 1)}" if n == asked else f"interrupted after {n} of {asked} replications"
    luck = ", the same customers for each" if len(comparison.policies) > 1 else ""
    policies = len(comparison.policies)
    return (
        f"{comparison.scenario.name} · {policies} {'policy' if policies == 1 else 'policies'} · "
        f"{counted}{luck} · reference: {shortened(comparison.reference)}")


def _narrow(comparison: Comparison, names: list[str], width: int) -> list[Column]:
    """The first metric with its differences, then as many levels as fit."""
    metrics = shown_metrics(comparison)
    columns = [level_column(comparison, metrics[0], names)]
    if len(names) > 1:
        columns.append(difference_column(comparison, metrics[0], names))
    for metric in metrics[1:]:
        more = level_column(comparison, metric, names)
        if _width([*columns, more], names) > width:
            break
        columns.append(more)
    return columns


def _wide(comparison: Comparison, names: list[str], width: int) -> list[list[Column]]:
    """All metrics, each with its differences, in as many tables as the width needs."""
    blocks: list[list[Column]] = [[]]
    for metric in shown_metrics(comparison):
        pair = [level_column(comparison, metric, names)]
        if len(names) > 1:
            pair.append(difference_column(comparison, metric, names))
        if blocks[-1] and _width(blocks[-1] + pair, names) > width:
            blocks.append([])
        blocks[-1] += pair
    return blocks


def _part_widths(column: Column) -> list[int]:
    return [max(len(row[at]) for row in column.rows) for at in range(len(column.align))]


def _cells(column: Column) -> list[str]:
    """The rows of a column, parts aligned; parts that are empty in every row take no room."""
    widths = _part_widths(column)
    return [
        " ".join(f"{part:{side}{wide}}" for part, side, wide in zip(row, column.align, widths, strict=True) if wide)
        for row in column.rows]


def _column_width(column: Column) -> int:
    return max(len(column.head), len(column.unit), *(len(cell) for cell in _cells(column)))


def _width(columns: list[Column], names: list[str]) -> int:
    return max(len(shortened(name)) for name in names) + sum(len(GAP) + _column_width(column) for column in columns)


def _grid(columns: list[Column], adoptable: list[str], controls: list[str]) -> str:
    first = max(len(shortened(name)) for name in adoptable + controls)
    widths = [_column_width(column) for column in columns]

    def line(name: str, cells: list[str]) -> str:
        return GAP.join([f"{name:<{first}}", *(f"{cell:<{wide}}" for cell, wide in zip(cells, widths, strict=True))]).rstrip()

    body = [line(shortened(name), list(cells)) for name, *cells in zip(
        adoptable + controls, *(_cells(column) for column in columns), strict=True)]
    head = [line("", [column.head for column in columns]), line("", [column.unit for column in columns])]
    apart = [CONTROLS] if controls else []
    return "\n".join([*head, *body[: len(adoptable)], *apart, *body[len(adoptable) :]])


def _notes(comparison: Comparison, columns: list[Column]) -> list[str]:
    """What the marks mean that occur in the table."""
    parts = {part for column in columns for row in column.rows for part in row}
    if comparison.replications < 2:
        return ["One replication: no interval, nothing can be called real."]
    notes = ["±: 95% interval."]
    others = len(comparison.policies) - 1
    if others:
        so = f", corrected for {others} comparisons" if others > 1 else ""
        notes.append(f"Differences are paired, [95% interval{so}]; better or worse only where it leaves out 0.")
    if {BEST, WORST} & parts:
        notes.append(
            f"{BEST} among the best of those a project can adopt: none is really better, at least half are really worse; "
            f"{WORST} the other way round.")
    if any(part.startswith((AT_LEAST, AT_MOST)) for part in parts):
        notes.append(f"{AT_LEAST} {AT_MOST} some runs were not done at the end of the simulation: at least (most) this.")
    if len(comparison.failures):
        notes.append(f"{len(comparison.failures)} runs failed and are left out (see failures).")
    return notes


def _filled(text: str, width: int) -> str:
    return textwrap.fill(text, max(width, 40), break_long_words=False, break_on_hyphens=False)


# --- notebook ---


def as_html(comparison: Comparison) -> str:
    """All metrics with their differences as an HTML table, and the sentences."""
    adoptable, controls = comparison.ordered()
    names = adoptable + controls
    [columns] = _wide(comparison, names, width=10**6)
    head = "".join(f"<th>{escape(column.head)}<br><small>{escape(column.unit)}</small></th>" for column in columns)
    rows = []
    for at, name in enumerate(names):
        cells = "".join(
            f'<td style="white-space:nowrap">{escape(" ".join(part for part in column.rows[at] if part))}</td>'
            for column in columns)
        shown = f"<i>{escape(name)}</i> (control)" if name in controls else escape(name)
        rows.append(f'<tr><th style="text-align:left">{shown}</th>{cells}</tr>')
    return (
        f"<p><b>{escape(heading(comparison))}</b></p>"
        f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f"<p><small>{escape(' '.join(_notes(comparison, columns)))}</small></p>"
        f"<p>{escape(' '.join(comparison.sentences))}</p>")
