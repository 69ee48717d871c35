"""Regret: how much worse each policy does than one that knows the truth, with the same luck.

The clairvoyant knows the merit of each request, not the future, and optimises nothing: it is a bound on judging what was asked,
not on everything. Where customers learn, a policy that teaches them is asked for better things. A negative regret (a policy beats
it in a metric) is possible and is shown as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.stats.choosing.averages import sign_of
from sim.stats.choosing.many import Method, against_reference

if TYPE_CHECKING:
    import pandas as pd

CLAIRVOYANT = "clairvoyant"


def regret(frame: pd.DataFrame, metrics: Sequence[str], method: Method = "max-t") -> pd.DataFrame:
    """Regret of each policy in each metric; all intervals of one metric cover together, metrics are not corrected for each other.

    Parameters
    ----------
    frame
        The tidy frame; several design points are averaged within a replication.
    metrics
        Columns.
    method
        See `sim.stats.choosing.many`.

    Returns
    -------
    pandas.DataFrame
        metric, policy, n, regret (above 0: worse than the clairvoyant), low, high, p_value, real.
    """
    import pandas as pd

    return pd.concat([_of(frame, metric, method) for metric in metrics], ignore_index=True)


def _of(frame: pd.DataFrame, metric: str, method: Method) -> pd.DataFrame:
    sign = sign_of(metric)
    found = against_reference(frame, metric, CLAIRVOYANT, method=method)
    worse = found[["difference", "low", "high"]] * -sign + 0.0
    limits = worse[["low", "high"]].to_numpy(dtype=np.float64)
    return found[["policy", "n"]].assign(
        metric=metric, regret=worse["difference"], low=limits.min(axis=1), high=limits.max(axis=1),
        p_value=found["p_value"], real=found["real"],
    )[["metric", "policy", "n", "regret", "low", "high", "p_value", "real"]]
