"""The pictures of a forecast as functions that draw on matplotlib axes: burn-up with a fan, ages, cumulative flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.decide.lifetimes import lifetimes_of
from sim.decide.past import WEEK
from sim.report.figures import new_axes
from sim.report.palette import BLUE, GREY, INK, PALE, SKY, VERMILLION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.decide.forecast import Forecast
    from sim.decide.past import Array, Past

SEEN_WEEKS = 26
FAN = ((0.05, 0.95, "90 of 100 futures", PALE), (0.15, 0.85, "70 of 100", SKY))
SHARES = (0.5, 0.85, 0.95)


def fan(found: Forecast, axes: Axes | None = None) -> Axes:
    """Requests closed since half a year ago, and from now on as a fan; what came in beside it.

    Parameters
    ----------
    found
        The forecast.
    axes
        Where to draw.
    """
    ax = axes or new_axes()[0]
    past, weeks = found.past, found.weeks
    before = min(SEEN_WEEKS, past.weeks)
    closed, came = (np.concatenate([[0.0], np.cumsum(counts[-before:])]) for counts in (past.closings, past.arrivals))
    back = np.arange(-before, 1)
    paths = closed[-1] + np.cumsum(found.outlook.closings[:, :weeks], axis=1)
    ahead = np.arange(weeks + 1)
    for low, high, label, colour in FAN:
        lower, upper = (_from(closed[-1], np.quantile(paths, share, axis=0)) for share in (low, high))
        ax.fill_between(ahead, lower, upper, color=colour, alpha=0.9 if colour == PALE else 0.55, linewidth=0, label=label)
    ax.plot(ahead, _from(closed[-1], np.median(paths, axis=0)), color=BLUE, linewidth=2.0, linestyle="--", label="half of them")
    ax.plot(back, closed, color=BLUE, linewidth=2.2, label="closed")
    ax.plot(back, came, color=INK, linewidth=1.3, linestyle=":", label="came in")
    ax.axvline(0.0, color=INK, linewidth=1.0)
    ax.annotate(str(past.date(past.now).date()), (0.0, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3),
                textcoords="offset points", ha="center", va="bottom", fontsize=8.5)
    ax.set(xlabel="weeks from now", ylabel=f"requests, since {before} weeks ago", xlim=(-before, weeks), ylim=(0, None))
    ax.legend(frameon=False, loc="upper left", fontsize=8.5)
    return _plain(ax)


def _from(start: float, values: Array) -> Array:
    return np.concatenate([[start], values])


def ages(past: Past, axes: Axes | None = None) -> Axes:
    """Each open request by its age, on the ages by which requests of the last year were closed; oldest at the right.

    A request beyond the last line is older than nearly all that ever closed.
    """
    ax = axes or new_axes(3.2)[0]
    ordered = np.sort(past.ages)
    ax.plot(np.arange(1, len(ordered) + 1), np.maximum(ordered, 0.5), linestyle="none", marker="o", markersize=4,
            color=VERMILLION, alpha=0.7, label="open now")
    for share, age in _closed_by(past):
        ax.axhline(age, color=GREY, linewidth=0.9, linestyle=(0, (1, 3)))
        ax.text(1.005, age, f"{share:.0%} by {age:.0f} d", transform=ax.get_yaxis_transform(), va="center", ha="left", fontsize=8.5)
    ax.set(yscale="log", xlabel="open requests, youngest first", ylabel="days open")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    return _plain(ax)


def _closed_by(past: Past) -> list[tuple[float, float]]:
    """Shares of requests, and the ages by which they are closed, as far as the last year tells."""
    lives = lifetimes_of(past)
    needed = -np.log1p(-np.array(SHARES))
    return [
        (share, float(lives.ages[np.searchsorted(lives.hazard, goal)])) for share, goal in zip(SHARES, needed, strict=True)
        if goal <= lives.hazard[-1]]


def cumulative_flow(past: Past, axes: Axes | None = None) -> Axes:
    """Requests that had come and that had been closed by each week: the height between is what is open, the width how long."""
    ax = axes or new_axes(3.2)[0]
    edges = past.now - WEEK * np.arange(past.weeks, -1, -1)
    came, closed = (np.searchsorted(np.sort(days), edges, side="right") for days in (past.created, past.closed))
    back = (edges - past.now) / WEEK
    ax.fill_between(back, closed, came, color=SKY, alpha=0.5, linewidth=0, label="open")
    ax.fill_between(back, 0, closed, color=BLUE, alpha=0.35, linewidth=0, label="closed")
    ax.plot(back, came, color=INK, linewidth=1.2)
    ax.plot(back, closed, color=BLUE, linewidth=1.6)
    ax.set(xlabel="weeks from now", ylabel="requests so far", xlim=(back[0], 0), ylim=(0, None))
    ax.legend(frameon=False, loc="upper left", fontsize=8.5)
    return _plain(ax)


def _plain(ax: Axes) -> Axes:
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=9)
    return ax
