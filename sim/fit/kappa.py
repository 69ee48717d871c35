"""Kappa: the share of a change in demand that closings follow. Near 1 work waits for others, near 0 for hands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUARTER = 91.0
"""Calendar days in a quarter."""
FEWEST_QUARTERS = 6

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kappa:
    """Share of a change in demand that closings follow, with its standard error, from so many quarters."""

    value: float
    error: float
    quarters: int


def kappa_of(created: Array, closed: Array, end: float) -> Kappa | None:
    """Regress the closings of each quarter on those that its arrivals call for.

    What arrivals call for is every request's chance, by the Kaplan-Meier lifetimes of the whole log, to close in the quarter:
    if time to close is the same however many are open (a delay), closings follow with slope 1; if hands are what is short (a
    queue), closings are what they are, and the slope is 0. Least squares, standard error robust to unequal variances (HC3).

    Parameters
    ----------
    created, closed
        Calendar days since any origin; `closed` is inf where a request is open.
    end
        The last day of which the log knows anything.

    Returns
    -------
    Kappa or None
        None under `FEWEST_QUARTERS` whole quarters, or where demand does not change.

    Notes
    -----
    Lifetimes that lengthen with demand are a queue's, and flatten the slope; a team that grows with demand looks like a delay.
    """
    begin = float(created.min())
    quarters = int((end - begin) // QUARTER)
    if quarters < FEWEST_QUARTERS:
        return None
    edges = end - QUARTER * np.arange(quarters, -1, -1)
    ages, lived = _lifetimes(created, closed, end)

    def gone(age: Array) -> Array:
        return np.asarray(np.where(age <= 0.0, 0.0, lived[np.searchsorted(ages, age, side="right")]))

    called_for = np.diff([float(np.sum(gone(edge - created))) for edge in edges])
    closings = np.histogram(closed[np.isfinite(closed)], edges)[0].astype(float)
    spread = called_for - called_for.mean()
    squares = float(spread @ spread)
    if squares <= 1e-9:
        return None
    slope = float(spread @ (closings - closings.mean())) / squares
    residual = closings - closings.mean() - slope * spread
    leverage = np.minimum(1.0 / quarters + spread**2 / squares, 0.99)
    error = float(np.sqrt(np.sum((spread * residual / (1.0 - leverage)) ** 2))) / squares
    return Kappa(slope, error, quarters)


def _lifetimes(created: Array, closed: Array, end: float) -> tuple[Array, Array]:
    """Ages at which requests closed, and the share closed by then (Kaplan-Meier); before the first age 0."""
    life = np.minimum(closed, end) - created
    events = np.sort(life[closed <= end])
    ages, counts = np.unique(events, return_counts=True)
    at_risk = len(life) - np.searchsorted(np.sort(life), ages, side="left")
    survival = np.cumprod(1.0 - counts / at_risk)
    return ages, np.concatenate([[0.0], 1.0 - survival])
