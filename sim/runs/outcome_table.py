"""The table of outcomes: one row a run, in the one shape that it has from the runner to the statistics.

It is a pandas frame, sorted by point, replication and the order of the policies:

    scenario, policy      texts
    point, replication    int64
    seed                  int64 (uint64 from 2^63 on)
    one for each metric   float64, in the order of `METRICS`; NaN where a metric has no meaning in a run

A run that came to no outcome is no row of it, but a `Failed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.outcome import METRICS
from sim.runs.span import Span

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("scenario", "point", "policy", "seed", "replication")
UNITS = {name: metric.unit for name, metric in METRICS.items()}


class Failed(NamedTuple):
    """A run that came to no outcome: in which stage, what was raised, and what to type to see it again.

    The stages are "draw" the luck, "run" the policy, and "worker" (its process died whenever it was tried).
    """

    point: int
    policy: str
    replication: int
    stage: str
    error: str
    command: str = ""


class Done(NamedTuple):
    """What a span (or several) came to: the table of outcomes, and the runs that came to none."""

    outcomes: pd.DataFrame
    failures: tuple[Failed, ...]


def table_of(
    scenario: str, seed: int, span: Span, policies: Sequence[str], replications: Sequence[int], numbers: NDArray[np.float64]
) -> pd.DataFrame:
    """The table of one span: a policy, a replication and a row of numbers for each run."""
    import pandas as pd

    n = len(policies)
    columns: dict[str, object] = {
        "scenario": [scenario] * n,
        "point": np.full(n, span.point, dtype=np.int64),
        "policy": list(policies),
        "seed": np.full(n, seed, dtype=np.int64 if seed < 2**63 else np.uint64 if seed < 2**64 else object),
        "replication": np.array(replications, dtype=np.int64),
    }
    table = pd.DataFrame(columns | dict(zip(METRICS, numbers.T, strict=True)))
    table.attrs["units"] = dict(UNITS)
    return table


def together(found: Iterable[Done]) -> Done:
    """Several as one, in the order of the table, whatever the order in which they came (each point's policies stay in theirs)."""
    import pandas as pd

    found = list(found) or [Done(table_of("", 0, Span(0, 0, 0), (), (), np.empty((0, len(METRICS)))), ())]
    outcomes = pd.concat([one.outcomes for one in found], ignore_index=True)
    outcomes = outcomes.sort_values(["point", "replication"], kind="stable", ignore_index=True)
    outcomes.attrs["units"] = dict(UNITS)
    return Done(outcomes, tuple(sorted(failed for one in found for failed in one.failures)))


def failures_table(failures: Iterable[Failed]) -> pd.DataFrame:
    """Failures as a frame: point, policy, replication, stage, error, command."""
    import pandas as pd

    return pd.DataFrame(list(failures), columns=list(Failed._fields))
