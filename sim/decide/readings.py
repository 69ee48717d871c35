"""Another policy, read both ways: as if closings followed what is let in, and as if hands set their number. Never averaged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.decide.demand import demand_paths
from sim.decide.outlook import capacity_paths, paths_for
from sim.decide.past import Past
from sim.decide.trend import Counts


@dataclass(frozen=True)
class Readings:
    """Both readings of one policy: paths by weeks of each.

    Attributes
    ----------
    refused
        Share of what arrives that is refused at once; 0 is the present policy.
    demand_closings, demand_open
        Where time to close stays what it is (a delay). Closings are of what was let in.
    capacity_closings, capacity_open
        Where the number of closings stays what it is, as long as there is anything to close (a queue).
    """

    refused: float
    demand_closings: Counts
    demand_open: Counts
    capacity_closings: Counts
    capacity_open: Counts

    def bracket(self, of: str, share: float = 0.9) -> tuple[float, float]:
        """From the lower to the upper end of both readings' central intervals, at the end; `of` is closings or open."""
        if of == "closings":
            ends = (self.demand_closings.sum(axis=1), self.capacity_closings.sum(axis=1))
        else:
            ends = (self.demand_open[:, -1], self.capacity_open[:, -1])
        limits = [np.quantile(end, [0.5 - share / 2.0, 0.5 + share / 2.0]) for end in ends]
        return min(float(low) for low, _ in limits), max(float(high) for _, high in limits)


def readings_of(past: Past, weeks: int, refused: float, seed: int) -> Readings:
    """Both readings of a policy that refuses a share of what arrives; what is open now stays open.

    Both take the same luck for every share, so that shares can be compared.
    """
    paths = paths_for(past, weeks)
    flow = demand_paths(past, weeks, paths, np.random.default_rng([seed, 12]), asked=1.0 - refused)
    closings, still_open = capacity_paths(past, weeks, paths, np.random.default_rng([seed, 13]), asked=1.0 - refused)
    return Readings(refused, flow.closings, flow.open, closings, still_open)
