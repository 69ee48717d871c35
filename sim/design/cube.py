"""From samples of the unit cube to values of the factors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.design.factor import Factor
from sim.design.point import Draft


def drafts(factors: Sequence[Factor], samples: NDArray[np.float64]) -> list[Draft]:
    """One draft for each row of samples; column i belongs to factor i."""
    made = []
    for row in np.clip(samples, 0.0, 1.0).tolist():
        values = [pair for factor, u in zip(factors, row, strict=True) for pair in factor.at(u)]
        made.append(Draft(tuple(values), cube=tuple(row)))
    return made


def unit_problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """The factors as SALib wants to be told about them: uniform on the unit cube."""
    return {"num_vars": len(factors), "names": [factor.name for factor in factors], "bounds": [[0.0, 1.0]] * len(factors)}
