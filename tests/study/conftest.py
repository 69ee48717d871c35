"""What the tests of the study layer share: a project that takes milliseconds, and comparisons with numbers made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from sim.model.outcome import METRICS
from sim.policies.catalogue import make
from sim.scenario import Scenario
from sim.study.comparison import Comparison

MadeUp = Callable[..., Comparison]


@pytest.fixture(scope="session")
def small() -> Scenario:
    """Ten planned items."""
    return Scenario(name="small").with_values({"project.planned_items": 10, "project.deadline": 30.0, "project.horizon": 120.0})


@pytest.fixture
def made_up(small: Scenario) -> MadeUp:
    """A comparison of policies in which the metrics have exactly these values, replication by replication."""

    def of(
        values: Mapping[str, Mapping[str, Sequence[float]]], *, reference: str | None = None, scenario: Scenario = small
    ) -> Comparison:
        """`values[policy][metric]`; what is not given is 1.0 for everybody, in every replication."""
        rows = []
        for policy, metrics in values.items():
            n = len(next(iter(metrics.values())))
            for replication in range(n):
                given = {name: float(values[replication]) for name, values in metrics.items()}
                row = dict.fromkeys(METRICS, 1.0) | {"censored": 0.0} | given
                rows.append({"scenario": scenario.name, "policy": policy, "seed": 1, "replication": replication, **row})
        frame = pd.DataFrame(rows)
        frame.attrs["units"] = {name: metric.unit for name, metric in METRICS.items()}
        names = list(values)
        failures = pd.DataFrame(columns=["replication", "policy", "stage", "error", "command"])
        return Comparison(
            scenario, tuple(make(name) for name in names), reference or names[0], 1, int(frame["replication"].nunique()), frame,
            failures)

    return of


def around(mean: float, spread: float = 1.0, n: int = 20, seed: int = 0) -> list[float]:
    """Numbers that scatter about a mean, with exactly that mean."""
    x = np.random.default_rng(seed).normal(0.0, spread, n)
    return list(mean + x - x.mean())


@pytest.fixture
def scatter() -> Callable[..., list[float]]:
    return around
