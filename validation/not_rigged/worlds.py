"""Many worlds under some policies, with the same luck in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

import numpy as np

from sim.policies.policy import Policy
from sim.runs.runner import Work, run_all
from sim.runs.span import Span
from sim.scenario import Scenario
from sim.stats.means import gaps
from sim.stats.responses import Array, responses
from sim.study.comparison import Word


def outcomes(
    worlds: Mapping[int, Scenario], policies: Sequence[Policy], metric: str, seed: int, replications: int, executor: Executor | None
) -> dict[str, Array]:
    """A measure under each policy: worlds (in the order given) by replications."""
    done = run_all([Span(at, 0, replications) for at in worlds], lambda at: Work(worlds[at], tuple(policies), seed), executor)
    return {policy.name: responses(done.outcomes, metric, policy.name).reindex(list(worlds)).to_numpy(dtype=np.float64)
            for policy in policies}


def lead(values: Mapping[str, Array], policy: str, other: str) -> Array:
    """Paired differences of two policies: worlds by replications."""
    return gaps(values[policy], values[other])


def settings(changes: Mapping[str, object]) -> str:
    """Changed values as they are typed after ``intakelab compare``."""
    return " ".join(f"--set {key}={_typed(value)}" for key, value in changes.items())


def _typed(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


SIDE: dict[Word, str] = {"better": "ahead", "worse": "behind", "disputed": "disputed"}
"""A word of a comparison as it stands in the tables of the page."""
