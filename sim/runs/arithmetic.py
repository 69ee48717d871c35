"""How this machine calculates: where it does so alike, a replication has the same bits.

``exp``, ``log`` and their like come from the C library, which has one version of each for processors with fused multiply-add and
one for those without; the last bits differ. Everything else (sums, products, roots) is the same by IEEE 754.
"""

from __future__ import annotations

import hashlib
import math
import struct
from functools import cache

import numpy as np

CLOSE = 1e-12
"""Relative difference (of numbers below 1: absolute) up to which two numbers may be the same one, calculated otherwise."""
POINTS = 5000


def close(one: float, other: float) -> bool:
    """Whether two numbers may be the same one, calculated on two machines; NaN is NaN."""
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE) or (math.isnan(one) and math.isnan(other))


@cache
def arithmetic() -> str:
    """A short digest of what the C library gives for the functions that a replication uses."""
    points = [(at + 0.5) / POINTS for at in range(POINTS)]
    chance = np.random.Generator(np.random.PCG64(1))
    numbers = [
        *(math.exp(8.0 * x - 4.0) for x in points), *(math.log(x) for x in points), *(math.pow(x, 0.1 + 3.0 * x) for x in points),
        *chance.standard_normal(POINTS).tolist(), *chance.standard_exponential(POINTS).tolist()]
    return hashlib.sha256(struct.pack(f"<{len(numbers)}d", *numbers)).hexdigest()[:12]
