"""No design: each scenario as it is, one design point."""

from __future__ import annotations

from typing import Literal

from sim.design.design import Design, Given
from sim.design.point import DesignPoint, Draft, numbered


class AsItIs(Design):
    """The scenarios as they are.

    Examples
    --------
    >>> from sim.scenario import Scenario
    >>> [point.label for point in AsItIs(kind="none").points(Given((), {"mine": Scenario(name="mine")}, {}))]
    ['as it is']
    """

    kind: Literal["none"]

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return numbered(list(given.scenarios), [Draft((), "as it is")])
