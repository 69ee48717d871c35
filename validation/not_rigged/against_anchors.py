"""For each ordinary scenario: every policy against refusing, and against accepting, everything; paid and by effort."""

from __future__ import annotations

from concurrent.futures import Executor

from sim.report.headline import headline
from sim.report.numbers import NOTHING, decimals_worth, fixed, half_width_text
from sim.scenario import Scenario
from sim.stats.means import Interval
from sim.study.compare import compare
from sim.study.comparison import ACCEPT_ALL, ACCOUNTS, REFUSE_ALL, Comparison
from validation.not_rigged.size import Size
from validation.not_rigged.worlds import SIDE
from validation.table import markdown

SEED = 1


def comparisons(size: Size, executor: Executor | None) -> list[Comparison]:
    """All policies on each scenario."""
    found = []
    for name in size.scenarios:
        scenario = Scenario.load(name)
        many = size.tables if scenario.project.planned_items else size.stream
        found.append(compare(scenario, replications=many, seed=SEED, executor=executor))
    return found


def section(found: Comparison) -> str:
    """A scenario's table, and what ``intakelab compare`` says first."""
    return f"### {found.scenario.name}\n\n{' '.join(headline(found))}\n\n{table(found)}"


def table(found: Comparison) -> str:
    """One row a policy: its lead over both anchors in both accounts, with simultaneous 95% intervals, column by column."""
    accounts = (found.deciding, ACCOUNTS[found.deciding])
    adoptable, controls = found.ordered()
    columns = {(anchor, account): leads(found, anchor, account) for anchor in (REFUSE_ALL, ACCEPT_ALL) for account in accounts}
    rows = []
    for name in (*adoptable, *controls):
        cells = [f"{name} (control)" if name in controls else name]
        for anchor in (REFUSE_ALL, ACCEPT_ALL):
            cells += [columns[anchor, account][name] for account in accounts]
            cells.append("" if name == anchor else SIDE.get(found.word(name, found.deciding, anchor), ""))
        rows.append(cells)
    unit = "k€" if found.scenario.project.planned_items else "k€ a month"
    return markdown(["", f"minus {REFUSE_ALL}, {unit} paid", "by effort", "", f"minus {ACCEPT_ALL}, paid", "by effort", ""], rows)


def leads(found: Comparison, other: str, metric: str) -> dict[str, str]:
    """Each policy's difference to another one as ``+35 ±8``."""
    return written({name: found.difference(name, metric, other) for name in found.names if name != other}) | {other: NOTHING}


def written(intervals: dict[str, Interval]) -> dict[str, str]:
    """Means and half-widths of a column, as finely as they are known."""
    widths = [one.half_width for one in intervals.values()]
    decimals = decimals_worth([one.mean for one in intervals.values()], widths, digits=1)
    return {name: f"{fixed(one.mean, decimals, sign=True)} {half_width_text(one.half_width, decimals)}".rstrip()
            for name, one in intervals.items()}
