"""The comparison as a table and sentences, for a terminal of some width or for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.report.grid import Column, fitting, lines, width_of
from sim.report.html_table import html_table
from sim.report.measure_names import facts, in_words, label, scale, unit
from sim.report.numbers import NOTHING, decimals_worth, fixed, half_width_text, limits_text
from sim.report.phrases import filled, plural
from sim.stats.choosing.many import FEWEST
from sim.stats.means import YES_OR_NO

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

PROJECT_METRICS = (
    "delay", "cost", "innovation", "benefit", "satisfaction", "scope_growth", "rework_share", "on_time", "censored")
STREAM_METRICS = (
    "lead_time_delivered", "throughput", "backlog", "cost_per_request", "innovation", "benefit", "satisfaction", "answer_time",
    "scope_growth", "rework_share")
BEST, WORST, AT_LEAST, AT_MOST = "▲", "▼", "≥", "≤"
UNTOLD = "cannot be told"
TOO_MANY = 0.5
"""Share of cut-off runs of both policies from which a difference of lower bounds says nothing."""
LONGEST_NAME = 34
WHOLE = "\N{NO-BREAK SPACE}"  # a number and its interval stay on one line
CONTROLS = "controls, for comparison only"


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
    return Column((f"against {shortened(comparison.reference)}", f"{unit(metric)}, paired"), rows, "><<")


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


# --- text ---


def as_text(comparison: Comparison, width: int, wide: bool) -> str:
    """Heading, table, what its marks mean, sentences; no line longer than `width` unless a table cannot be narrower."""
    adoptable, controls = comparison.ordered()
    names = adoptable + controls
    blocks = _wide(comparison, names, width) if wide else [_narrow(comparison, names, width)]
    tables = "\n\n".join(_table(columns, adoptable, controls) for columns in blocks)
    columns = [column for block in blocks for column in block]
    left_out = [in_words(metric) for metric in shown_metrics(comparison) if label(metric) not in {one.head[0] for one in columns}]
    more = [f"No room for {', '.join(left_out)}: --wide shows all."] if left_out and not wide else []
    notes = filled(" ".join([*_notes(comparison, columns), *more]), width)
    said = filled(" ".join(comparison.sentences), width)
    return "\n\n".join(part for part in (filled(heading(comparison), width), tables, notes, said) if part)


def heading(comparison: Comparison) -> str:
    """What was compared."""
    n, asked = comparison.replications, comparison.asked
    counted = plural(n, "replication") if n == asked else f"interrupted after {n} of {asked} replications"
    luck = ", the same customers for each" if len(comparison.policies) > 1 else ""
    parts = [comparison.scenario.name, plural(len(comparison.policies), "policy", "policies"), counted + luck,
             f"reference: {shortened(comparison.reference)}"]
    return " · ".join(parts)


def _narrow(comparison: Comparison, names: list[str], width: int) -> list[Column]:
    """The first metric with its differences, then as many levels as fit."""
    first, *others = shown_metrics(comparison)
    always = [_names(names), *_pair(comparison, first, names)]
    columns = chain(always, (level_column(comparison, metric, names) for metric in others))
    return fitting(columns, width, at_least=len(always))[1:]


def _wide(comparison: Comparison, names: list[str], width: int) -> list[list[Column]]:
    """All metrics, each with its differences, in as many tables as the width needs."""
    blocks: list[list[Column]] = [[]]
    for metric in shown_metrics(comparison):
        pair = _pair(comparison, metric, names)
        if blocks[-1] and width_of([_names(names), *blocks[-1], *pair]) > width:
            blocks.append([])
        blocks[-1] += pair
    return blocks


def _pair(comparison: Comparison, metric: str, names: list[str]) -> list[Column]:
    """A metric and, where there are several policies, its differences."""
    made = [level_column(comparison, metric, names)]
    return made if len(names) < 2 else [*made, difference_column(comparison, metric, names)]


def _names(names: Sequence[str]) -> Column:
    """The first column."""
    return Column(("", ""), [(shortened(name),) for name in names])


def _table(columns: list[Column], adoptable: list[str], controls: list[str]) -> str:
    """Policies that a project can adopt, and the controls apart from them."""
    made = lines([_names(adoptable + controls), *columns])
    first = len(made) - len(controls)
    return "\n".join([*made[:first], *([CONTROLS] if controls else []), *made[first:]])


def _notes(comparison: Comparison, columns: list[Column]) -> list[str]:
    """What the marks mean that occur in the table."""
    parts = {part for column in columns for row in column.rows for part in row}
    if comparison.replications < 2:
        return ["One replication: no interval, nothing can be called real."]
    notes = ["±: 95% interval."]
    others = len(comparison.policies) - 1
    if others:
        together = " that holds together with the others" if others > 1 else ""
        notes.append(f"Differences are paired, [95% interval{together}]; better or worse only where it leaves out 0.")
        if others > 1 and comparison.replications < FEWEST:
            notes.append(f"Below {FEWEST} replications the intervals hold together less often than 95%.")
    if {BEST, WORST} & parts:
        notes.append(
            f"{BEST} among the best of those a project can adopt: none is really better, at least half are really worse; "
            f"{WORST} the other way round.")
    if any(part.startswith((AT_LEAST, AT_MOST)) for part in parts):
        notes.append(f"{AT_LEAST} {AT_MOST} some runs were not done at the end of the simulation: at least (most) this.")
    if len(comparison.failures):
        first = comparison.failures.iloc[0]
        notes.append(f"{plural(len(comparison.failures), 'run')} failed and left out (see failures); the first, {first['policy']} "
                     f"in replication {first['replication']}: {first['error']}.")
    return notes


# --- notebook ---


def as_html(comparison: Comparison) -> str:
    """All metrics with their differences as an HTML table, and the sentences."""
    adoptable, controls = comparison.ordered()
    names = adoptable + controls
    [columns] = _wide(comparison, names, width=10**6)
    head = [Markup("{}<br><small>{}</small>").format(*column.head) for column in columns]
    rows = [
        (Markup("<i>{}</i> (control)").format(name) if name in controls else name,
         *(" ".join(part for part in column.rows[at] if part).replace(" ", WHOLE) for column in columns))
        for at, name in enumerate(names)]
    parts = [Markup("<p><b>{}</b></p>").format(heading(comparison)), html_table(["", *head], rows),
             Markup("<p><small>{}</small></p>").format(" ".join(_notes(comparison, columns))),
             Markup("<p>{}</p>").format(" ".join(comparison.sentences))]
    return "".join(parts)
