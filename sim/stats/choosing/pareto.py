"""The Pareto front: policies that no other policy beats in one metric without losing in another, and how sure that is.

A policy is on the front if no other is at least as good in every metric and better in one. Means are estimates; so membership
is found anew in each resample of the replications (whole replications: paired). The share of resamples in which a policy is on
the front says how firm its place is; it is not a p-value. Noise alone puts policies *on* the front (of two policies that are
exactly alike, each looks better somewhere), so a share near 0 is strong evidence and one near 1 of many metrics is weaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.stats.choosing.averages import averages
from sim.stats.means import ROUNDING
from sim.stats.responses import Array

if TYPE_CHECKING:
    import pandas as pd


def pareto_front(frame: pd.DataFrame, metrics: Sequence[str], policies: Sequence[str] = ()) -> pd.DataFrame:
    """Which policies are on the front, and how sure that is.

    Parameters
    ----------
    frame, metrics, policies
        See `sim.stats.choosing.averages.averages`; leave controls (the clairvoyant above all) out of `policies`, or they may
        dominate everybody.

    Returns
    -------
    pandas.DataFrame
        policy, the mean of each metric, on_front, probability (share of resamples on the front), dominated_by (the policy that
        most often dominates it, "" if none ever does), dominated (in what share of resamples that one does).
    """
    import pandas as pd

    found = averages(frame, metrics, policies)
    beats = dominates(found.resampled() * found.signs)
    often = beats.mean(axis=0)
    worst = often.argmax(axis=0)
    share = often.max(axis=0)
    return pd.DataFrame({
        "policy": found.policies,
        **{metric: found.means[:, at] for at, metric in enumerate(metrics)},
        "on_front": on_front(found.means * found.signs),
        "probability": 1.0 - beats.any(axis=1).mean(axis=0),
        "dominated_by": [found.policies[at] if high > 0.0 else "" for at, high in zip(worst, share, strict=True)],
        "dominated": share,
    })


def dominates(scores: Array) -> NDArray[np.bool_]:
    """Whether a dominates b: [..., a, b], for scores [..., policy, metric], more being better; rounding is no difference."""
    a, b = scores[..., :, None, :], scores[..., None, :, :]
    near = ROUNDING * np.maximum(np.abs(a), np.abs(b))
    as_good, better = (a >= b - near).all(axis=-1), (a > b + near).any(axis=-1)
    return np.logical_and(as_good, better)


def on_front(scores: Array) -> NDArray[np.bool_]:
    """Which policies nobody dominates.

    Examples
    --------
    >>> on_front(np.array([[1.0, 3.0], [3.0, 1.0], [1.0, 1.0], [3.0, 1.0]])).tolist()
    [True, True, False, True]
    """
    dominated: NDArray[np.bool_] = np.asarray(dominates(scores).any(axis=-2, keepdims=True))[..., 0, :]
    return np.logical_not(dominated)
