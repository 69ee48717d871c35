"""What a log of so many requests would tell: data sets simulated in each row from the row's own values.

Only totals are kept, for nothing else of such a log matters for the value: mean and spread of the logarithm of effort and of value,
shares of yes and no, and the time until the last request came. A data set of more requests has the same luck as one of fewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.stats.responses import Array

SIZES = (5, 10, 20, 50, 100, 200)
"""Requests that are logged."""
SHARES = ("customer.feasibility", "customer.mandatory_share", "customer.ambiguity")
SPREADS = {"customer.effort_median": "customer.effort_sigma", "customer.value": "customer.value_spread"}
RATE, BUNCHING = "customer.request_rate", "customer.burstiness"
LOGGED = (RATE, *SPREADS, *SPREADS.values(), *SHARES)
"""What is learnt of, where it is not known: how many there are, effort, value, and what can be built, must be, or was meant."""


def data_sets(known: Mapping[str, Array], own: Mapping[str, float], size: int, seed: int = 1) -> Array:
    """Totals of a simulated log of so many requests, rows x totals.

    Parameters
    ----------
    known
        For each of `LOGGED` that is not known, its value in each row.
    own
        Values of the others in the scenario.
    size
        Requests in the log.
    seed
        Of the data sets.

    Examples
    --------
    >>> rows = {"customer.feasibility": np.array([0.0, 1.0])}
    >>> data_sets(rows, {}, 20).tolist()
    [[0.0], [1.0]]
    """
    rows = len(next(iter(known.values())))
    totals: list[Array] = []

    def of(key: str, default: float) -> Array:
        return known.get(key, np.full(rows, own.get(key, default)))

    if RATE in known:
        totals.append(_rate(known[RATE], of(BUNCHING, 1.0), size, seed))
    for centre, spread in SPREADS.items():
        if centre in known or spread in known:
            totals += _lognormal(of(centre, 1.0), of(spread, 0.0), size, [seed, len(totals)], spread in known)
    totals += [_share(known[key], size, [seed, 100 + at]) for at, key in enumerate(SHARES) if key in known]
    return np.column_stack(totals)


def _rate(rate: Array, bunching: Array, size: int, seed: int) -> Array:
    """Requests over the time that they took; bunches make so many tell as little as fewer would."""
    from scipy.special import gammaincinv

    u = np.random.default_rng([seed, 1]).random(len(rate))
    effective = size / bunching
    return np.asarray(rate * effective / gammaincinv(effective, u))


def _lognormal(centre: Array, spread: Array, size: int, seed: Sequence[int], with_spread: bool) -> list[Array]:
    """Mean, and standard deviation where that is not known, of the logarithms (up to what does not depend on the row)."""
    from scipy.special import chdtri

    rng = np.random.default_rng(seed)
    mean = np.log(np.maximum(centre, 1e-9)) + spread * rng.standard_normal(len(centre)) / np.sqrt(size)
    deviation = spread * np.sqrt(chdtri(size - 1, rng.random(len(centre))) / (size - 1))
    return [mean, deviation] if with_spread else [mean]


def _share(share: Array, size: int, seed: Sequence[int]) -> Array:
    from scipy.stats import binom

    return np.asarray(binom.ppf(np.random.default_rng(seed).random(len(share)), size, share)) / size
