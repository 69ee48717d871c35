"""Made-up results: tidy frames of which the truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

SEED = 7


def results(metric: str, values: Mapping[str, np.ndarray], scenario: str = "s", **more: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """A tidy frame: for each policy an array of points by replications (or replications only, at point 0)."""
    parts = []
    for policy, numbers in values.items():
        table = np.atleast_2d(numbers)
        points, n = table.shape
        columns = {"point": np.repeat(np.arange(points), n), "scenario": scenario, "policy": policy, "seed": SEED,
                   "replication": np.tile(np.arange(n), points), metric: table.ravel()}
        parts.append(pd.DataFrame(columns | {name: np.atleast_2d(other[policy]).ravel() for name, other in more.items()}))
    return pd.concat(parts, ignore_index=True)


def design(points: int = 1, scenario: str = "s", **factors: Sequence[object]) -> pd.DataFrame:
    """Design points with their factors; a dot in a factor's name is written as two underscores."""
    columns: dict[str, object] = {"point": np.arange(points), "scenario": scenario, "label": ""}
    return pd.DataFrame(columns | {name.replace("__", "."): list(levels) for name, levels in factors.items()})


def pair_with(difference: np.ndarray, base: np.ndarray | float = 0.0) -> dict[str, np.ndarray]:
    """Policies "new" and "old" with these paired differences."""
    old = np.zeros_like(difference) + base
    return {"new": old + difference, "old": old}


def normal(rng: np.random.Generator, n: int, mean: float, error: float) -> np.ndarray:
    """Numbers with exactly this mean and this standard error of the mean."""
    x = rng.standard_normal(n)
    x = (x - x.mean()) / x.std(ddof=1)
    return mean + error * np.sqrt(n) * x
