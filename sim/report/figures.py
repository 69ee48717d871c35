"""The pictures of the report as functions that draw on matplotlib axes, for notebooks and papers too.

Each takes axes to draw on, or makes its own, and returns them; colours, lines and markers are those of `sim.report.palette`.
Nothing goes through pyplot: no window, no global figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.model.ledger import FATES as FATE_NAMES
from sim.model.outcome import METRICS
from sim.report.measure_names import plainly, scale, unit, with_unit
from sim.report.numbers import three
from sim.report.palette import BLUE, FATES, GREY, INK, PALE, VERMILLION, styles
from sim.report.phrases import key_in_words
from sim.stats.means import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.report.levers import Lever
    from sim.report.typical import Typical
    from sim.runs.simulate import Run
    from sim.stats.responses import Array
    from sim.study.comparison import Comparison

WIDE = 6.4  # inches


def new_axes(height: float = 3.8, columns: int = 1, width: float = WIDE) -> list[Axes]:
    """Axes in a figure of their own, side by side with a common vertical axis."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    made = figure.subplots(1, columns, sharey=True, squeeze=False)
    return list(made[0])


def reached(comparison: Comparison, policy: str, metric: str) -> Array:
    """A metric per replication, sorted; infinite where the run was cut off before it was known.

    ``delay`` is told as the day of completion. A run without the metric is left out.
    """
    values = comparison.values(policy, metric)
    terms = comparison.scenario.project
    if metric == "delay":
        values = values + terms.deadline
        values = values.where(values < terms.horizon, np.inf).where(values.notna())
    elif metric in ("cost", "finish") and terms.planned_items:
        values = values.where(~(comparison.values(policy, "censored") > 0.0), np.inf).where(values.notna())
    return np.asarray(np.sort(values.dropna().to_numpy(dtype=float)))


def quantile(found: Array, share: float) -> float:
    """The smallest value within which this share of the runs lies; NaN without runs, infinite where they never get there."""
    return float(found[max(int(np.ceil(share * len(found))) - 1, 0)]) if len(found) else float("nan")


def chances(
    comparison: Comparison, metric: str, highlighted: Sequence[str] = (), mark: float = 0.0, mark_text: str = "",
    axes: Axes | None = None,
) -> Axes:
    """Share of simulated lives that are done by a day, or within a sum, per policy; the 50% and 85% lines help to read.

    Parameters
    ----------
    comparison, metric
        What is shown; ``delay`` is told as the day of completion.
    highlighted
        Policies with a line of their own; all others are thin and grey. By default all are highlighted.
    mark, mark_text
        A deadline or budget; 0 for none.
    axes
        Where to draw.
    """
    ax = axes or new_axes()[0]
    look = styles(comparison.names)
    shown = list(highlighted) or list(comparison.names)
    everyone = {name: reached(comparison, name, metric) for name in (*(n for n in comparison.adoptable if n not in shown), *shown)}
    finite = np.concatenate([found[np.isfinite(found)] for found in everyone.values()] or [np.zeros(0)])
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    if mark:
        low, high = min(low, mark), max(high, mark)
    pad = 0.04 * (high - low) or 1.0
    grey_said = False
    for name, found in everyone.items():
        if not len(found):
            continue
        known = found[np.isfinite(found)]
        steps = np.arange(1, len(known) + 1) / len(found)
        x = np.concatenate([[low - pad], known, [high + pad]])
        y = 100 * np.concatenate([[0.0], steps, [steps[-1] if len(steps) else 0.0]])
        if name in shown:
            ax.step(x, y, where="post", color=look[name].colour, linestyle=look[name].line, linewidth=2.2, label=name,
                    marker=look[name].marker, markevery=(0.08, 0.16), markersize=5)
        else:
            ax.step(x, y, where="post", color=PALE, linewidth=1.0, zorder=1, label=None if grey_said else "the others")
            grey_said = True
    for share in (50, 85):
        ax.axhline(share, color=GREY, linewidth=0.8, linestyle=(0, (1, 3)), zorder=0)
        ax.text(high + pad, share, f" P{share}", va="center", ha="left", fontsize=8.5, color=INK)
    if mark:
        ax.axvline(mark, color=INK, linewidth=1.2, zorder=0)
        ax.annotate(mark_text, (mark, 101), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=9,
                    annotation_clip=False)
    within = "finished by day" if metric == "delay" else f"{plainly(metric)} at most, {unit(metric)}"
    ax.set(xlim=(low - pad, high + pad), ylim=(0, 101), ylabel="simulated lives, %", xlabel=within)
    ax.legend(frameon=False, loc="lower right", fontsize=8.5)
    return _plain(ax)


def differences(comparison: Comparison, reference: str, metric: str, names: Sequence[str] = (), axes: Axes | None = None) -> Axes:
    """Paired differences of policies to a reference with their intervals; a hollow marker where the difference is not real."""
    ax = axes or new_axes(1.2 + 0.3 * len(comparison.names))[0]
    look = styles(comparison.names)
    shown = [name for name in (names or comparison.names) if name != reference]
    factor = scale(metric)
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=0)
    for row, name in enumerate(reversed(shown)):
        gap = comparison.pairwise(name, reference, metric)
        style = look[name]
        if gap.n and np.isfinite(gap.low):
            ax.plot([gap.low * factor, gap.high * factor], [row, row], color=style.colour, linewidth=2.0)
        if gap.n:
            ax.plot([gap.mean * factor], [row], marker=style.marker, markersize=7, color=style.colour, markeredgewidth=1.6,
                    markerfacecolor=style.colour if gap.excludes_zero else "white")
    hint = {"lower": "← better", "higher": "better →"}.get(METRICS[metric].better, "")
    ax.set_yticks(range(len(shown)), list(reversed(shown)))
    ax.set(xlabel=f"{with_unit(metric)}\n{hint}", ylim=(-0.6, len(shown) - 0.4))
    ax.margins(x=0.08)
    return _plain(ax)


def trade_off(
    comparison: Comparison, front: Mapping[str, bool], x: str = "delay", y: str = "innovation", axes: Axes | None = None,
) -> Axes:
    """Two measures against each other with 95% intervals; cost as size, a ring around the members of the Pareto front.

    Parameters
    ----------
    comparison
        What is shown: the policies that a project can adopt.
    front
        Whether each policy is on the front (see `sim.stats.choosing.pareto`).
    x, y, axes
        The measures, and where to draw.
    """
    ax = axes or new_axes(4.3)[0]
    look = styles(comparison.names)
    costs = {name: comparison.level(name, "cost").mean for name in comparison.adoptable}
    least, most = min(costs.values()), max(costs.values())
    for name in comparison.adoptable:
        across, up = comparison.level(name, x), comparison.level(name, y)
        if not (across.n and up.n):
            continue
        style = look[name]
        size = 45 + 130 * ((costs[name] - least) / (most - least) if most > least else 0.0)
        ax.errorbar(across.mean, up.mean, xerr=_half(across), yerr=_half(up), color=style.colour, alpha=0.45, linewidth=1.2)
        ax.scatter([across.mean], [up.mean], s=size, color=style.colour, marker=style.marker, label=name, zorder=3,
                   edgecolor=INK if front.get(name) else "none", linewidth=1.6)
    ax.set(xlabel=_axis_with_way(x), ylabel=_axis_with_way(y))
    handles, texts = ax.get_legend_handles_labels()
    texts = [f"{text} (front)" if front.get(text) else text for text in texts]
    legend = ax.legend(handles, texts, frameon=False, fontsize=8.5, loc="center left", bbox_to_anchor=(1.0, 0.5), labelspacing=0.7)
    for handle in legend.legend_handles:
        handle.set_sizes([45])  # type: ignore[union-attr]
    return _plain(ax)


def burn_up(run: Run, axes: Axes | None = None, lost: float | None = None) -> Axes:
    """Planned and added work over time, admitted (lines) and delivered (areas), with the deadline."""
    ax = axes or new_axes()[0]
    line = run.timeline
    day = line.index.to_numpy()
    planned, both = line["planned_delivered"].to_numpy(), (line["planned_delivered"] + line["added_delivered"]).to_numpy()
    if run.scenario.project.planned_items:
        ax.fill_between(day, planned, color=BLUE, alpha=0.55, linewidth=0, step="post", label="planned work delivered")
        ax.plot(day, line["planned_scope"], color=BLUE, linewidth=1.8, linestyle="--", label="planned work")
    ax.fill_between(day, planned, both, facecolor=VERMILLION, alpha=0.5, linewidth=0, step="post", hatch="//",
                    edgecolor="white", label="added work delivered")
    ax.plot(day, line["planned_scope"] + line["added_scope"], color=VERMILLION, linewidth=2.2, drawstyle="steps-post",
            label="all work admitted")
    top = float((line["planned_scope"] + line["added_scope"]).max()) * 1.12 or 1.0
    deadline = run.scenario.project.deadline
    if deadline:
        ax.axvline(deadline, color=INK, linewidth=1.2)
        ax.text(deadline, top * 0.02, " deadline", fontsize=8.5, va="bottom", ha="left", rotation=90)
    if lost is not None:
        ax.axvline(lost, color=INK, linewidth=1.0, linestyle=":")
        ax.text(lost, top * 0.98, f"day {lost:.0f}: no longer fits ", fontsize=8.5, va="top", ha="right")
    ax.set(xlabel="day", ylabel="work, person-days", xlim=(0, max(float(day.max()), deadline)), title=run.policy.name)
    ax.margins(y=0.0)
    ax.set_ylim(0, max(top, ax.get_ylim()[1] if axes is not None else 0.0))
    return _plain(ax)


def burn_ups(pair: Typical, lost: tuple[float | None, float | None] = (None, None)) -> Axes:
    """`burn_up` of both runs side by side, on the same scales."""
    left, right = new_axes(4.0, 2, 8.0)
    burn_up(pair.rival, left, lost[0])
    burn_up(pair.best, right, lost[1])
    end = max(left.get_xlim()[1], right.get_xlim()[1])
    for ax in (left, right):
        ax.set_xlim(0, end)
    right.set_ylabel("")
    handles, texts = left.get_legend_handles_labels()
    left.figure.legend(handles, texts, loc="outside upper center", ncols=4 if len(texts) > 2 else 2, frameon=False, fontsize=8.5)
    return left


def queues(pair: Typical, axes: Axes | None = None) -> Axes:
    """Requests admitted and not yet done, day by day, under both policies."""
    ax = axes or new_axes(2.6)[0]
    look = styles([pair.rival.policy.name, pair.best.policy.name])
    for run in (pair.rival, pair.best):
        line, style = run.timeline, look[run.policy.name]
        ax.plot(line.index, line["requests_open"], color=style.colour, linestyle=style.line, linewidth=2.0, label=run.policy.name)
    deadline = pair.best.scenario.project.deadline
    if deadline:
        ax.axvline(deadline, color=INK, linewidth=1.2)
    ax.set(xlabel="day", ylabel="requests in work", ylim=(0, None), xlim=(0, None))
    ax.legend(frameon=False, fontsize=8.5)
    return _plain(ax)


def fates(comparison: Comparison, names: Sequence[str] = (), axes: Axes | None = None) -> Axes:
    """What became of the requests, mean number per life of the project: a bar a policy."""
    shown = list(reversed(names or comparison.names))
    ax = axes or new_axes(1.5 + 0.3 * len(shown))[0]
    start = np.zeros(len(shown))
    for fate in FATE_NAMES:
        colour, hatch = FATES[fate]
        counts = np.nan_to_num([comparison.level(name, fate.replace(" ", "_")).mean for name in shown])
        ax.barh(shown, counts, left=start, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8, label=fate)
        start = start + counts
    ax.set(xlabel="requests, mean per simulated life")
    ax.legend(frameon=False, fontsize=8.5, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return _plain(ax)


def tornado(levers: Sequence[Lever], base: Interval, metric: str, rival: str, best: str, axes: Axes | None = None) -> Axes:
    """The paired difference rival - best at both ends of each assumption; a star where the answer flips, hollow where unsure."""
    ax = axes or new_axes(1.6 + 0.34 * len(levers))[0]
    factor = scale(metric)
    ax.axvline(0.0, color=INK, linewidth=1.2)
    ax.axvline(base.mean * factor, color=GREY, linewidth=1.0, linestyle="--")
    for row, lever in enumerate(reversed(levers)):
        for end, colour in zip(lever.ends, (BLUE, VERMILLION), strict=True):
            ax.plot([base.mean * factor, end.gap.mean * factor], [row, row], color=colour, linewidth=7, alpha=0.55,
                    solid_capstyle="butt")
            ax.plot([end.gap.low * factor, end.gap.high * factor], [row, row], color=colour, linewidth=1.0, zorder=3)
            flips, unsure = end.state == "flips", end.state == "unsure"
            ax.plot([end.gap.mean * factor], [row], marker="*" if flips else "s" if colour == VERMILLION else "o", color=colour,
                    markersize=13 if flips else 6, markerfacecolor="white" if unsure else colour, zorder=4)
    ax.set_yticks(range(len(levers)), [f"{key_in_words(lever.row.key)}  {three(lever.low.value)} – {three(lever.high.value)}"
                                       for lever in reversed(levers)])
    less, more = (best, rival) if METRICS[metric].better == "higher" else (rival, best)
    ax.set_xlabel(f"{with_unit(metric)}: {rival} minus {best}\n← {less} ahead     {more} ahead →")
    ax.set_ylim(-0.6, len(levers) - 0.4)
    return _plain(ax)


def _half(interval: Interval) -> float | None:
    return interval.half_width if np.isfinite(interval.half_width) else None


def _axis_with_way(metric: str) -> str:
    way = {"lower": " (less is better)", "higher": " (more is better)"}.get(METRICS[metric].better, "")
    return with_unit(metric) + way


def _plain(ax: Axes) -> Axes:
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.tick_params(labelsize=9)
    return ax
