"""The comparison as it is printed: at a glance, in all details, or as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.report.comparison_table import (
    AT_A_GLANCE,
    AT_LEAST,
    AT_MOST,
    BEST,
    WORST,
    anchor_of,
    bare,
    difference_column,
    level_column,
    shortened,
    shown_metrics,
)
from sim.report.comparison_words import in_detail
from sim.report.grid import Column, fitting, lines, width_of
from sim.report.headline import headline
from sim.report.html_table import html_table
from sim.report.phrases import filled, plural
from sim.stats.choosing.many import FEWEST

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

WHOLE = "\N{NO-BREAK SPACE}"  # a number and its interval stay on one line
CONTROLS = "controls, for comparison only"


def as_text(comparison: Comparison, width: int, details: bool) -> str:
    """Heading, table, what its marks mean, sentences; no line longer than `width` unless a table cannot be narrower."""
    adoptable, controls = comparison.ordered()
    names = adoptable + controls
    blocks = _all_measures(comparison, names, width) if details else [_at_a_glance(comparison, names, width)]
    tables = "\n\n".join(_table(columns, adoptable, controls) for columns in blocks)
    notes = _notes(comparison, [column for block in blocks for column in block])
    said = sentences(comparison) if details else headline(comparison)
    return "\n\n".join(part for part in (
        filled(heading(comparison, details), width), tables, filled(" ".join(notes), width), filled(" ".join(said), width)) if part)


def sentences(comparison: Comparison) -> tuple[str, ...]:
    """All that is said: the headline, then the details."""
    return headline(comparison) + in_detail(comparison)


def heading(comparison: Comparison, details: bool) -> str:
    """What was compared."""
    n, asked = comparison.replications, comparison.asked
    counted = plural(n, "replication") if n == asked else f"interrupted after {n} of {asked} replications"
    luck = ", the same customers for each" if len(comparison.policies) > 1 else ""
    to = [f"reference: {shortened(comparison.reference)}"] if details else []
    parts = [comparison.scenario.name, plural(len(comparison.policies), "policy", "policies"), counted + luck, *to]
    return " · ".join(parts)


def _at_a_glance(comparison: Comparison, names: list[str], width: int) -> list[Column]:
    """What decides, against refusing everything, then what matters beside it, as far as there is room."""
    beside = [metric for metric in AT_A_GLANCE if metric in shown_metrics(comparison)]
    always = [_names(names), *_pair(comparison, comparison.deciding, names, anchor_of(comparison), digits=1)]
    columns = chain(always, (bare(level_column(comparison, metric, names)) for metric in beside))
    return fitting(columns, width, at_least=2)[1:]


def _all_measures(comparison: Comparison, names: list[str], width: int) -> list[list[Column]]:
    """All metrics, each with its differences to the reference, in as many tables as the width needs."""
    blocks: list[list[Column]] = [[]]
    for metric in shown_metrics(comparison):
        pair = _pair(comparison, metric, names, comparison.reference)
        if blocks[-1] and width_of([_names(names), *blocks[-1], *pair]) > width:
            blocks.append([])
        blocks[-1] += pair
    return blocks


def _pair(comparison: Comparison, metric: str, names: list[str], to: str, digits: int = 2) -> list[Column]:
    """A metric and, where there are several policies, its differences."""
    made = [level_column(comparison, metric, names)]
    return made if len(names) < 2 else [*made, difference_column(comparison, metric, names, to, digits)]


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
    if "disputed" in parts:
        notes.append("disputed: so in what was paid, but not in what the work took; no finding.")
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
    [columns] = _all_measures(comparison, names, width=10**6)
    head = [Markup("{}<br><small>{}</small>").format(*column.head) for column in columns]
    rows = [
        (Markup("<i>{}</i> (control)").format(name) if name in controls else name,
         *(" ".join(part for part in column.rows[at] if part).replace(" ", WHOLE) for column in columns))
        for at, name in enumerate(names)]
    parts = [Markup("<p><b>{}</b></p>").format(heading(comparison, details=True)), html_table(["", *head], rows),
             Markup("<p><small>{}</small></p>").format(" ".join(_notes(comparison, columns))),
             Markup("<p>{}</p>").format(" ".join(sentences(comparison)))]
    return "".join(parts)
