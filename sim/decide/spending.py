"""How many runs a page may take: what a run costs is measured, and a budget of seconds becomes numbers of runs.

The numbers are said on the page, and the command that repeats it names them: the same numbers give the same page anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from sim.decide.tuning import QUICK, Tuning
from sim.runs.simulate import simulate

if TYPE_CHECKING:
    from sim.scenario import Scenario

TRIED = ("accept-all", "co-evaluated")
"""What is run to find out what a run costs: one policy that judges, and one that does not."""
WHOLE, SMALL = 4000, 1400
"""Runs that a whole tuning, and a quick one, take together with their reports."""
LEAST = Tuning(families=("change-board", "co-evaluated", "capacity-limit", "value-ranked"), first=2, rungs=2, keep=3, rounds=0,
               most=20, report=30)
"""Where there is time for no more."""
SIZES = {"whole": Tuning(), "quick": QUICK, "least": LEAST}
SHARES = (0.5, 0.3)
"""Of the time: for tuning, and for comparing; the rest is for moving assumptions."""


@dataclass(frozen=True)
class Spending:
    """How much is run for a page.

    Attributes
    ----------
    tuning
        ``whole``, ``quick`` or ``least``; "" where nothing is tuned.
    replications
        Of the comparison.
    per_end
        At each end of an assumption's range.
    draws
        Values of fitted inputs that are tried, with ten replications each.
    """

    tuning: str
    replications: int
    per_end: int
    draws: int

    def searched(self, seed: int) -> Tuning:
        """How the tuning is done."""
        return replace(SIZES[self.tuning], seed=seed)


def spending_for(scenario: Scenario, seconds: float, workers: int, policies: int = 17, assumptions: int = 18) -> Spending:
    """What fits into so many seconds on so many processes; where a run is dear, a page takes longer than it should."""
    runs = seconds * workers / seconds_a_run(scenario)
    size = "whole" if runs * SHARES[0] >= WHOLE else "quick" if runs * SHARES[0] >= SMALL else "least"
    compared = round(runs * SHARES[1] / policies)
    moved = round(runs * (1.0 - sum(SHARES)) / (4 * assumptions))
    return Spending(size, min(max(compared, 20), 200), min(max(moved, 4), 60), min(max(round(runs * 0.2 / 20), 10), 40))


def seconds_a_run(scenario: Scenario) -> float:
    """What a run costs here and now, on average."""
    for name in TRIED:
        simulate(scenario, name, replication=0, logged=False)  # the first one pays for what is loaded
    begun = perf_counter()
    for replication in (1, 2):
        for name in TRIED:
            simulate(scenario, name, replication=replication, logged=False)
    return (perf_counter() - begun) / (2 * len(TRIED))
