"""An experiment's findings as text: the verdicts first, then what is exploratory, then what went wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from sim.report.comparison_table import BEST, WORST
from sim.report.grid import Column, fitting, lines
from sim.report.measure_names import facts, label, scale, unit
from sim.report.numbers import NOTHING, decimals_worth, fixed, half_width_text
from sim.report.phrases import filled, plural
from sim.report.verdict_words import in_plain_words
from sim.stats.means import Interval
from sim.study.findings import Findings
from sim.study.verdict import Verdict
from sim.toml.harmless import printable

if TYPE_CHECKING:
    import pandas as pd

MARKS = {"supported": "✔", "contradicted": "✘", "equivalent": "=", "inconclusive": "?"}
MOST_POINTS = 60
MOST_POLICIES = 3
INDENT = "    "


def report_text(found: Findings, width: int) -> str:
    """All of it, no line longer than `width` unless a table cannot be narrower."""
    parts = [_heading(found, width), _verdicts(found, width), _exploratory(found, width), _precision(found, width),
             _trouble(found, width)]
    return printable("\n\n".join(part for part in parts if part))


def _heading(found: Findings, width: int) -> str:
    asked = found.plan.experiment
    counted = [plural(len(found.plan.scenarios), "scenario"), plural(len(found.plan.policies), "policy", "policies"),
               plural(len(found.points), "design point"), f"{found.replications} replications each",
               f"seed {asked.seed}"]
    return filled(f"{asked.name} · {' · '.join(counted)}", width) + "\n" + filled(asked.question, width)


def _verdicts(found: Findings, width: int) -> str:
    if not found.verdicts:
        return "No hypothesis was declared: everything below is exploratory."
    said = [filled(f"{plural(len(found.verdicts), 'hypothesis', 'hypotheses')}, declared before the first replication; "
                    "all verdicts hold together with 95%:", width)]
    for verdict in found.verdicts:
        where = " (where the claim should fail)" if verdict.about == "boundary" else ""
        said.append(f"{MARKS[verdict.ruling]} {verdict.ruling.upper()}{where}")
        said.append(filled(f"“{verdict.statement}”", width, INDENT))
        said.append(filled(in_plain_words(verdict), width, INDENT))
    return "\n".join(said)


def _exploratory(found: Findings, width: int) -> str:
    blocks = [block for block in (_difference_tables(found, width), _point_tables(found, width)) if block]
    if found.sentences:
        blocks.append("\n".join(filled(sentence, width) for sentence in found.sentences))
    if not blocks:
        return ""
    return "Exploratory: declared nowhere, so no verdict hangs on it.\n\n" + "\n\n".join(blocks)


def _difference_tables(found: Findings, width: int) -> str:
    if "differences" not in found.tables:
        return ""
    table, reference = found.tables["differences"], found.plan.experiment.reference
    averaged = len(found.points) > len(found.plan.scenarios)
    blocks = []
    for name, rows in table.groupby("scenario", sort=False):
        over = f", mean over {int((found.points['scenario'] == name).sum())} design points" if averaged else ""
        head = f"{name}: paired differences to {reference}{over}"
        blocks.append(f"{head}\n{_table(rows, 'policy', found.plan.experiment.metrics, width)}")
    blocks.append(filled("± half-width of the 95% interval, together for the policies of a column; ▲ better, ▼ worse where it "
                         "leaves out 0.", width))
    return "\n\n".join(blocks)


def _point_tables(found: Findings, width: int) -> str:
    if "by_point" not in found.tables:
        return ""
    table = found.tables["by_point"]
    blocks = []
    for (scenario, policy), rows in table.groupby(["scenario", "policy"], sort=False):
        if rows["label"].nunique() == rows["point"].nunique() <= MOST_POINTS:
            head = f"{scenario}: {policy} against {found.plan.experiment.reference} at each design point"
            blocks.append(f"{head}\n{_table(rows, 'label', found.plan.experiment.metrics, width)}")
    if not 0 < len(blocks) <= MOST_POLICIES:  # points that were drawn have no names
        return filled(f"by_point.csv has the differences at each of the {len(found.points)} design points.", width)
    return "\n\n".join(blocks)


def _table(rows: pd.DataFrame, by: str, metrics: Sequence[str], width: int) -> str:
    """One line a policy (or a label), one column a metric, as many as fit."""
    names = list(dict.fromkeys(str(name) for name in rows[by]))
    first = Column(("", ""), [(name,) for name in names])
    columns = (_column(rows[rows["metric"] == metric], by, names, metric) for metric in metrics)
    return "\n".join(lines(fitting(chain([first], columns), width, at_least=2)))


def _column(rows: pd.DataFrame, by: str, names: Sequence[str], metric: str) -> Column:
    factor = scale(metric)
    gaps = {str(row[by]): Interval(row["n"], row["difference"], row["low"], row["high"]) for _, row in rows.iterrows()}
    decimals = decimals_worth(
        [gap.mean * factor for gap in gaps.values()], [gap.half_width * factor for gap in gaps.values()], digits=1)
    cells = [_cell(gaps.get(name), metric, factor, decimals) for name in names]
    return Column((label(metric), unit(metric)), cells, "><<")


def _cell(gap: Interval | None, metric: str, factor: float, decimals: int) -> tuple[str, str, str]:
    if gap is None or not math.isfinite(gap.mean):
        return NOTHING, "", ""
    word = facts(metric).word(gap.high < 0.0) if gap.excludes_zero else ""
    mark = {"better": BEST, "worse": WORST}.get(word, "")
    return fixed(gap.mean * factor, decimals, sign=True), half_width_text(gap.half_width * factor, decimals), mark


def _precision(found: Findings, width: int) -> str:
    table = found.precision
    if table is None:
        return ""
    met = table["state"] == "met"
    if met.all():
        return filled("Every half-width that was asked for is reached.", width)
    labels = {point.number: point.label or point.scenario for point in found.plan.points}
    missed = [f"{row['metric']} of {row['policy']} at {labels[row['point']]} (±{row['half_width']:.3g} where "
              f"±{row['target']:.3g} was asked; {row['state']})" for _, row in table[~met].iterrows()]
    shown = "; ".join(missed[:6]) + (f"; and {len(missed) - 6} more, see precision.csv" if len(missed) > 6 else "")
    return filled(f"Not as sure as was asked: {shown}.", width)


def _trouble(found: Findings, width: int) -> str:
    said = [f"Not shown: {note}" for note in found.notes]
    if len(found.failures):
        said.append(f"{len(found.failures)} of {len(found.failures) + len(found.frame)} runs failed and are left out; the first: "
                     f"{found.failures.iloc[0]['error']}; to see it: {found.failures.iloc[0]['command']}")
    cut = _censored(found)
    if cut:
        said.append(cut)
    return "\n".join(filled(line, width) for line in said)


def _censored(found: Findings) -> str:
    """Runs that were not done at the horizon, by policy; a stream never is."""
    frame = found.frame
    streams = {name for name, scenario in found.plan.scenarios.items() if not scenario.project.planned_items}
    rows = frame[~frame["scenario"].isin(streams)]
    if rows.empty or not rows["censored"].any():
        return ""
    shares = rows.groupby("policy", sort=False)["censored"].mean()
    said = [f"{100 * share:.3g}% of {name}" for name, share in shares.items() if share > 0.0]
    more = f" and of {len(said) - 6} other policies" if len(said) > 6 else ""
    return f"Not done at the horizon, counted only up to then: {', '.join(said[:6])}{more}."


def verdict_lines(verdicts: Iterable[Verdict]) -> list[str]:
    """One line each."""
    return [f"{MARKS[verdict.ruling]} {verdict.ruling}: {verdict.statement}" for verdict in verdicts]
