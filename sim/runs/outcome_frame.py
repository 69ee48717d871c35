"""The tidy frame that everything in the study layer speaks: one row a (policy, replication), one column a metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.model.outcome import METRICS

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.runner import Batch

KEYS = ("scenario", "policy", "seed", "replication")
UNITS = {name: metric.unit for name, metric in METRICS.items()}


def tidy(scenario: str, policies: Sequence[str], seed: int, batch: Batch) -> pd.DataFrame:
    """Outcomes as a frame with the columns of `KEYS` and one per metric.

    Parameters
    ----------
    scenario, policies, seed
        The scenario's name, the policies' names in the order in which they ran, and the seed.
    batch
        The outcomes, already in the order of replications and policies.

    Returns
    -------
    pandas.DataFrame
        NaN where a metric has no meaning in a run; `.attrs["units"]` has the unit of each metric.
    """
    import pandas as pd

    columns: dict[str, object] = {
        "scenario": np.repeat(np.array([scenario], dtype=object), len(batch.keys)),
        "policy": np.array([policies[at] for _, at in batch.keys], dtype=object),
        "seed": np.array([seed] * len(batch.keys), dtype=np.int64 if seed < 2**63 else object),
        "replication": np.array([replication for replication, _ in batch.keys], dtype=np.int64),
    }
    columns |= {name: batch.outcomes[:, at] for at, name in enumerate(METRICS)}
    frame = pd.DataFrame(columns)
    frame.attrs["units"] = dict(UNITS)
    return frame
