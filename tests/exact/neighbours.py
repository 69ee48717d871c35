"""Queues beside the one under test, fed with the same arrivals and the same work, whose mean waits are known.

What the queue under test has in common with them is luck, and is taken out of the interval (control variates). None of them
is the queue under test: they have more regular work or arrivals, or one fast server instead of several.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from tests.exact.formulas import wait_mg1

Days = np.ndarray


def wait_in_line(arrivals: Days, services: Days) -> Days:
    """Waits for one server, first come first served (Lindley's recursion, unrolled)."""
    walk = np.concatenate([[0.0], np.cumsum(services[:-1] - np.diff(arrivals))])
    return walk - np.minimum.accumulate(walk)


@dataclass(frozen=True)
class Neighbour:
    """What becomes of the same arrivals and services there, and the mean wait that this gives."""

    feed: Callable[[Days, Days], tuple[Days, Days]]
    mean: float

    def wait(self, arrivals: Days, services: Days, warm_up: float) -> float:
        """Mean wait of those who arrive after the warm-up."""
        return float(wait_in_line(*self.feed(arrivals, services))[arrivals >= warm_up].mean())


def fast_server(rate: float, mean: float, second_moment: float, times: float) -> Neighbour:
    """One server so many times as fast."""
    return Neighbour(lambda a, s: (a, s / times), wait_mg1(rate, mean / times, second_moment / times**2))


def equal_work(rate: float, mean: float) -> Neighbour:
    """Every service takes the mean."""
    return Neighbour(lambda a, s: (a, np.full(len(s), mean)), wait_mg1(rate, mean, mean**2))


def evener_work(rate: float, mean: float, second_moment: float) -> Neighbour:
    """Every service is half-way to the mean."""
    moment = 0.75 * mean**2 + 0.25 * second_moment
    return Neighbour(lambda a, s: (a, 0.5 * (s + mean)), wait_mg1(rate, mean, moment))


def even_arrivals(rate: float, mean: float) -> Neighbour:
    """Arrivals at equal distances, exponential services (D/M/1)."""
    root = float(brentq(lambda z: z - np.exp(-(1.0 - z) / (rate * mean)), 1e-9, 1.0 - 1e-9))
    return Neighbour(lambda a, s: (np.arange(1, len(a) + 1) / rate, s), mean * root / (1.0 - root))


def one_server(rate: float, mean: float, second_moment: float | None = None) -> list[Neighbour]:
    """The neighbours of a single server; exponential services if no second moment is given."""
    if second_moment is None:
        return [equal_work(rate, mean), evener_work(rate, mean, 2.0 * mean**2), even_arrivals(rate, mean)]
    return [equal_work(rate, mean), evener_work(rate, mean, second_moment)]
