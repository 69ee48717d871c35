"""Both kinds of not knowing as text: luck and fitted inputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import IntakeLabError
from sim.report.grid import plain_table
from sim.report.measure_names import label, scale, unit
from sim.report.numbers import NOTHING, decimals_worth, fixed, half_width_text, limits_text
from sim.report.phrases import filled
from sim.study.inputs import Doubt


def draws_beside(scenario: str) -> Path:
    """Where ``intakelab fit`` put the draws of a scenario's inputs.

    Raises
    ------
    IntakeLabError
        Where there are none.
    """
    path = Path(scenario).with_suffix(".draws.csv")
    if not path.is_file():
        raise IntakeLabError(f"{path}: no draws of inputs beside the scenario; intakelab fit writes them with --out {scenario}")
    return path


def doubts_text(found: Sequence[Doubt], reference: str, draws: int, replications: int, width: int) -> str:
    """One line a difference: by luck, by inputs, with both, and how much of it is inputs."""
    head = filled(
        f"Input uncertainty: the fitted inputs might as well be others. {draws} bootstrap draws of them, {replications} "
        f"replications each with the same luck; paired differences to {reference}, half-widths of 95% intervals.", width)
    blocks = [head]
    for metric in dict.fromkeys(one.metric for one in found):
        rows = [one for one in found if one.metric == metric]
        factor = scale(metric)
        decimals = decimals_worth([one.difference * factor for one in rows],
                                  [(one.high - one.low) / 2 * factor for one in rows], digits=2)
        cells = [(f"{label(metric)}, {unit(metric)}", "difference", "luck", "inputs", "with both", "inputs' share of variance")]
        cells += [(one.policy, fixed(one.difference * factor, decimals, sign=True), half_width_text(one.by_luck * factor, decimals),
                   half_width_text(one.by_inputs * factor, decimals), limits_text(one.low * factor, one.high * factor, decimals),
                   f"{100 * one.share:.0f}%" if one.share == one.share else NOTHING) for one in rows]
        blocks.append("\n".join(plain_table(cells)))
    return "\n\n".join(blocks)
