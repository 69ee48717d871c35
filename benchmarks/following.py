"""What `intakelab fit` makes of kappa, on logs of two worlds: closings follow demand, or the team closes what it can.

    python -m benchmarks.following              200 logs of each kind and length
    python -m benchmarks.following --logs 20    a look
"""

from __future__ import annotations

import argparse
import math
from collections import Counter

import numpy as np

from sim.fit.arrivals import draw_counts
from sim.fit.following import Following, expected_closings, following, weekly_closings

KINDS = ("delay", "queue")


def made(kind: str, seed: int, weeks: int = 156, drift: float = 0.3) -> Following:
    """A log whose rate drifts by the quarter; its requests are closed by their age, or by a team that is always busy."""
    rng = np.random.default_rng(seed)
    rates = 8.0 * np.repeat(np.exp(drift * rng.standard_normal(weeks // 13 + 1)), 13)[:weeks]
    counts = draw_counts(rates, 2.0, rng).astype(int)
    created = np.sort(np.repeat(np.arange(weeks), counts) + rng.random(counts.sum()))
    if kind == "delay":
        resolved = created + rng.lognormal(math.log(3.0), 1.2, len(created))
    else:
        resolved, free = np.empty(len(created)), 0.0
        for at, (came, effort) in enumerate(zip(created, rng.lognormal(-0.5, 1.0, len(created)) / 6.4, strict=True)):
            free = max(free, came) + effort
            resolved[at] = free
    resolved[resolved > weeks] = np.nan
    expected = expected_closings(created, resolved, np.ones(len(created), dtype=bool), float(weeks), weeks)
    return following(weekly_closings(resolved, weeks), expected)


def main() -> None:
    """Print a row a world and length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=int, default=200)
    logs = parser.parse_args().logs
    for kind in KINDS:
        for weeks in (104, 156, 260):
            found = [made(kind, seed, weeks) for seed in range(logs)]
            kappas = [one.kappa for one in found]
            said = Counter(one.says for one in found)
            shares = ", ".join(f"{word} {said[word] / logs:.0%}" for word in ("demand", "team", "untold"))
            print(f"{kind:<6} {weeks} weeks: kappa {np.mean(kappas):.2f} on average (sd {np.std(kappas):.2f}, error said "
                  f"{np.median([one.error for one in found]):.2f}); says {shares}", flush=True)


if __name__ == "__main__":
    main()
