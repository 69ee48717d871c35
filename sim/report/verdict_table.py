"""Verdicts as a table: what the ledger, a terminal and a notebook show alike."""

from __future__ import annotations

from markupsafe import Markup

from sim.report.grid import plain_table
from sim.report.html_table import html_table
from sim.report.measure_names import of_difference, scale_of
from sim.report.numbers import NOTHING
from sim.report.phrases import signed
from sim.study.verdict import Verdict, Verdicts
from sim.toml.harmless import printable

HEAD = ("claim", "verdict", "effect (95% interval)", "smallest that matters", "better in", "n")


def cells(verdict: Verdict) -> tuple[str, str, str, str]:
    """Effect with its interval (or why there is none), the smallest that matters, share of runs that are better, replications."""
    if verdict.reason:
        effect = verdict.reason
    else:
        amount, limits = signed(verdict.effect, verdict.unit)
        effect = f"{verdict.metric} {amount} ({limits})"
    bar = f"{scale_of(verdict.unit) * verdict.smallest_effect:.3g}{of_difference(verdict.unit)}"
    better = NOTHING if verdict.better != verdict.better else f"{100 * verdict.better:.0f}%"  # NaN: no run has a number
    return effect, bar, better, str(verdict.replications)


def verdicts_text(verdicts: Verdicts) -> str:
    """One line a hypothesis."""
    rows = [(verdict.hypothesis, verdict.ruling, *cells(verdict)) for verdict in verdicts]
    return printable("\n".join(plain_table([HEAD, *rows]))) if rows else "no hypothesis was declared"


def verdicts_html(verdicts: Verdicts) -> str:
    """A table for a notebook; the claim in words stands under its name."""
    return html_table(HEAD, [(_claim(verdict), verdict.ruling, *cells(verdict)) for verdict in verdicts])


def _claim(verdict: Verdict) -> Markup:
    where = Markup("<i>where the claim should fail:</i> ") if verdict.about == "boundary" else ""
    return Markup("{}<br>{}{} <i>({})</i>").format(verdict.hypothesis, where, verdict.statement, verdict.compared)
