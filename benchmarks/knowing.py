"""Is the worth of knowing right where it is known? Two policies whose difference is normal, at full size.

    python -m benchmarks.knowing [SEEDS]

One line a set of parameters: the closed form, the mean estimate over the seeds, the share of 95% intervals that hold the truth, and
the plug-in estimate; then the same for logs of n observations. `tests/decide/test_worth.py` has a smaller version.
"""

from __future__ import annotations

import math
import sys

import numpy as np
from scipy.stats import norm

from sim.decide.information import Value, decide_by, differences

ROWS, LUCK, MEAN, SLOPES, NOISE = 5000, 30.0, -5.0, (20.0, 10.0), 2.0
SETS = {"first": [0], "second": [1], "says nothing": [2], "both": [0, 1], "everything": [0, 1, 2, 3]}
SIZES = (1, 4, 16, 64)


def closed_form(deviation: float) -> float:
    """The worth of knowing a normal difference before one decides by its sign."""
    if deviation == 0.0:
        return 0.0
    return float(deviation * norm.pdf(MEAN / deviation) + MEAN * norm.cdf(MEAN / deviation) - max(MEAN, 0.0))


def estimates(seed: int) -> dict[str, Value]:
    """All sets, and logs of the first parameter, for one seed."""
    rng = np.random.default_rng(seed)
    known, common = rng.normal(size=(ROWS, 4)), rng.normal(0.0, 50.0, ROWS)
    second = common + MEAN + known[:, :2] @ SLOPES + rng.normal(0.0, LUCK, ROWS)
    gaps, noise = differences(np.column_stack([common, second]))[1], rng.normal(0.0, NOISE, ROWS)
    found = {name: decide_by(known[:, columns], gaps).value for name, columns in SETS.items()}
    return found | {f"log of {n}": decide_by((known[:, 0] + noise / math.sqrt(n))[:, None], gaps).value for n in SIZES}


def truths() -> dict[str, float]:
    """The closed forms."""
    both = math.hypot(*SLOPES)
    spreads = {"first": SLOPES[0], "second": SLOPES[1], "says nothing": 0.0, "both": both, "everything": both}
    spreads |= {f"log of {n}": SLOPES[0] / math.sqrt(1.0 + NOISE**2 / n) for n in SIZES}
    return {name: closed_form(spread) for name, spread in spreads.items()}


def main(seeds: int) -> None:
    """Print the table."""
    found = [estimates(seed) for seed in range(seeds)]
    print(f"{seeds} seeds, {ROWS} rows, luck {LUCK:g}\n{'':14}{'truth':>8}{'mean':>8}{'error':>8}{'covers':>8}{'plug-in':>9}")
    for name, truth in truths().items():
        values = [one[name] for one in found]
        covers = np.mean([one.interval().low <= truth <= one.interval().high for one in values])
        print(f"{name:14}{truth:8.2f}{np.mean([one.mean for one in values]):8.2f}{np.mean([one.error for one in values]):8.2f}"
              f"{covers:8.2f}{np.mean([one.plug_in for one in values]):9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
