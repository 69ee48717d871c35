"""What if: a scenario with a value moved, beside the scenario as it is, on the same luck."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.errors import ScenarioError
from sim.fit.load import Load, heaviest, loads
from sim.scenario import Scenario
from sim.scenario.acting import acting, stated
from sim.scenario.register import rows
from sim.stats.means import Interval, paired_difference
from sim.study.comparison import Comparison
from sim.toml.shown import escaped

MOVE = re.compile(r"\s*(?P<key>[\w.\-]+?)\s*(?P<sign>[*/+-])\s*(?P<by>\d+\.?\d*(e-?\d+)?)\s*", re.ASCII)
SAY = "KEY*2, KEY/2, KEY+1 or KEY-1 is needed, for example customer.request_rate*2"


class Moved(NamedTuple):
    """A value as it is, and as it is asked about."""

    before: float
    after: float


@dataclass(frozen=True)
class WhatIf:
    """Two comparisons of the same policies on the same luck.

    Attributes
    ----------
    moved
        What was moved, by its place in the scenario.
    before, after
        The comparisons of the scenario as it is, and with that.
    """

    moved: dict[str, Moved]
    before: Comparison
    after: Comparison

    def change(self, policy: str, metric: str) -> Interval:
        """What the move does to a measure under a policy, paired by replication; 95% for this number alone."""
        return paired_difference(self.after.values(policy, metric), self.before.values(policy, metric))

    def binds(self, policy: str) -> tuple[Load, Load] | None:
        """Who is nearest to the limit, before and after, by expected values; None with a planned scope, which no load counts."""
        if self.before.scenario.project.planned_items or self.after.scenario.project.planned_items:
            return None
        first, second = (heaviest(loads(found.scenario, float(np.nanmean(found.values(policy, "admitted")))))
                         for found in (self.before, self.after))
        return first, second


def moved(scenario: Scenario, texts: Sequence[str]) -> tuple[Scenario, dict[str, Moved]]:
    """A scenario with values moved, one after the other, and what was moved.

    Parameters
    ----------
    scenario, texts
        The scenario; moves such as ``customer.request_rate*2`` (in every customer group) and ``team.roles.developer.headcount+1``.

    Raises
    ------
    ScenarioError
        Where a move cannot be read, its key holds no number, or the value is not allowed.

    Examples
    --------
    >>> moved(Scenario(), ["customer.request_rate*2"])[1]
    {'customer.request_rate': Moved(before=0.8, after=1.6)}
    """
    found: dict[str, Moved] = {}
    for text in texts:
        move = MOVE.fullmatch(text)
        if move is None:
            raise ScenarioError(f"--what-if {escaped(text)}: {SAY}")
        places = _places(scenario, move["key"], text)
        changes = {place: _after(value, move["sign"], float(move["by"]), text) for place, value in places.items()}
        try:
            scenario = scenario.with_values(changes)
        except ScenarioError as error:
            raise ScenarioError(f"--what-if {escaped(text)}: {str(error).replace('--set ', '')}") from None
        for place, value in places.items():
            found[place] = Moved(found[place].before if place in found else value, changes[place])
    return scenario, found


def _places(scenario: Scenario, key: str, text: str) -> dict[str, float]:
    """The numbers that a key stands for."""
    every = {one.key: one.value for row in rows() for one in stated(scenario, row.key)}
    found = {one.key: one.value for one in acting(scenario, key)} if key.startswith("customer.") and key in every else {
        key: every[key]} if key in every else {}
    if not found:
        try:
            scenario.with_values({key: 0})  # says what is wrong with the key, and what is near
        except ScenarioError as error:
            raise ScenarioError(f"--what-if {escaped(text)}: {str(error).replace('--set ', '')}") from None
    if not found or any(isinstance(value, bool) or not isinstance(value, int | float) for value in found.values()):
        raise ScenarioError(f"--what-if {escaped(text)}: {escaped(key)} is no single number; --set replaces any value")
    return found


def _after(value: float, sign: str, by: float, text: str) -> float:
    if sign == "/" and by == 0.0:
        raise ScenarioError(f"--what-if {escaped(text)}: nothing can be divided by 0")
    after = {"*": value * by, "/": value / by if by else value, "+": value + by, "-": value - by}[sign]
    after = float(f"{after:.12g}")
    return int(after) if isinstance(value, int) and after == int(after) else after
