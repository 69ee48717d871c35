"""Two kinds of not knowing: the luck of the replications, and inputs that were fitted to data.

Fitted inputs are only as sure as the data; a bootstrap gives draws of them. The comparison is run at some draws, each with the
same replications (common random numbers), which makes a two-way table of paired differences: draws by replications. The variance
of the draws' means, less what luck puts into it, is what not knowing the inputs puts into the answer (random-effects
analysis of variance; Nelson 2013, Foundations and Methods of Stochastic Simulation, ch. 7). More replications do not shrink it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import IntakeLabError, ScenarioError
from sim.runs.runner import Progress, Work, run_all
from sim.runs.span import Span
from sim.scenario.overrides import parse_overrides
from sim.stats.means import CONFIDENCE, normal_quantile, t_quantile
from sim.stats.responses import Array, noise, responses
from sim.toml.regular_file import read_regular

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

LARGEST = 10_000_000  # bytes
REPLICATIONS = 10
"""Replications at each draw: enough to tell luck from inputs, since luck is the same at all draws."""
DRAWS = 40
"""The first ones of a file are used."""


class Doubt(NamedTuple):
    """A paired difference with both kinds of not knowing.

    Attributes
    ----------
    policy, metric
        Which difference to the reference.
    difference
        Mean over draws and replications, in the metric's unit.
    by_luck, by_inputs
        Half-widths of the 95% intervals that each kind alone would give.
    low, high
        The interval with both.
    share
        Share of the variance that comes from the inputs.
    """

    policy: str
    metric: str
    difference: float
    by_luck: float
    by_inputs: float
    low: float
    high: float
    share: float


def read_draws(path: Path, scenario: Scenario) -> list[dict[str, Any]]:
    """Draws of inputs from a CSV file: one row a draw, one column a dotted key.

    Raises
    ------
    IntakeLabError
        Where the file cannot be read, has fewer than two draws, or a draw is no scenario.
    """
    import pandas as pd

    raw = read_regular(path, LARGEST, IntakeLabError, "draws of inputs", "which no draws of intakelab fit are")
    try:
        table = pd.read_csv(io.BytesIO(raw), comment="#", dtype=str, keep_default_na=False)
    except ValueError as error:
        raise IntakeLabError(f"{path}: draws of inputs cannot be read ({error}); intakelab fit writes them") from None
    if len(table) < 2:
        raise IntakeLabError(f"{path}: {len(table)} draws; at least 2 are needed")
    draws: list[dict[str, Any]] = []
    for at, row in enumerate(table.to_dict("records")):
        try:
            draws.append(parse_overrides(f"{key}={value}" for key, value in row.items()))  # exact, as not every pandas is
            scenario.with_values(draws[-1])
        except ScenarioError as error:
            raise IntakeLabError(f"{path}, row {at + 2}: {str(error).removeprefix('--set ')}") from None
    return draws


def doubts(
    scenario: Scenario, draws: Sequence[Mapping[str, Any]], policies: Sequence[Policy], reference: str, metrics: Sequence[str], *,
    seed: int = 1, executor: Executor | None = None, progress: Progress | None = None,
) -> list[Doubt]:
    """How much of what is not known about each paired difference is luck, and how much the inputs.

    Parameters
    ----------
    scenario, draws
        The fitted project, and values of its inputs as they might as well be (dotted keys).
    policies, reference, metrics
        What is compared.
    seed
        Of the luck.
    executor, progress
        As in `sim.compare`.
    """
    worlds = [scenario.with_values(dict(draw)) for draw in list(draws)[:DRAWS]]
    done = run_all([Span(at, 0, REPLICATIONS) for at in range(len(worlds))], lambda at: Work(worlds[at], tuple(policies), seed),
                   executor, progress=progress)
    ran = set(done.outcomes["policy"])
    others = [policy.name for policy in policies if policy.name != reference and {policy.name, reference} <= ran]
    return [doubt(name, metric, responses(done.outcomes, metric, name, reference).to_numpy(dtype=np.float64))
            for metric in metrics for name in others]


def doubt(policy: str, metric: str, gaps: Array) -> Doubt:
    """Split the variance of a table of paired differences, draws by replications; replications with a hole are left out.

    Examples
    --------
    >>> luck = np.array([[-1.0, 1.0, 0.5, -0.5]])
    >>> doubt("p", "delay", luck + np.array([[10.0], [20.0], [30.0]])).share > 0.99
    True
    >>> round(doubt("p", "delay", luck + np.array([[10.0], [10.0], [10.0]])).share, 3)
    0.0
    """
    y = gaps[:, np.isfinite(gaps).all(axis=0)]
    draws, n = y.shape
    if draws < 2 or n < 2:
        return Doubt(policy, metric, float(y.mean()) if y.size else math.nan, *[math.nan] * 5)
    grand, between = float(y.mean()), noise(y)
    inputs = max(between.variance_of_means - between.of_luck, 0.0)
    luck = float(y.mean(axis=0).var(ddof=1)) / n
    by_luck = t_quantile(0.5 + CONFIDENCE / 2.0, n - 1) * math.sqrt(luck)
    by_inputs = normal_quantile(0.5 + CONFIDENCE / 2.0) * math.sqrt(inputs)
    both = math.hypot(by_luck, by_inputs)
    share = inputs / (inputs + luck) if inputs + luck > 0.0 else math.nan
    return Doubt(policy, metric, grand, by_luck, by_inputs, grand - both, grand + both, share)
