"""Knock-out: each mechanism of the scenario switched off in turn. Which assumption carries the conclusion?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sim.design.design import Design, Given, Names
from sim.design.factor import Values
from sim.design.point import DesignPoint
from sim.errors import ScenarioError, StudyError
from sim.scenario.mechanisms import off_values
from sim.scenario.register import mechanisms

if TYPE_CHECKING:
    from sim.scenario import Scenario

BASE = "as it is"
NOTHING_LEFT = "without any mechanism"


class KnockOut(Design):
    """The scenario without each of its mechanisms, and without all."""

    kind: Literal["knock-out"]
    mechanisms: Names = Field(default=(), strict=False, description="only these mechanisms; empty: all")

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return knockout(given.scenarios, self.mechanisms)


def knockout(scenarios: Mapping[str, Scenario], only: Sequence[str] = ()) -> tuple[DesignPoint, ...]:
    """The scenario as it is, then without each of its mechanisms, then without all of them.

    Parameters
    ----------
    scenarios
        By name. A mechanism that a scenario has switched off already makes no point in it.
    only
        Names of mechanisms to look at; empty: all.

    Raises
    ------
    StudyError
        For an unknown mechanism.

    Examples
    --------
    >>> from sim.scenario import Scenario
    >>> [point.label for point in knockout({"mine": Scenario(name="mine")}, ["appetite"])]
    ['as it is', 'without appetite', 'without any mechanism']
    """
    known = mechanisms()
    for name in only:
        if name not in known:
            raise StudyError(f"mechanism {name!r} is not known; there are {', '.join(known)}")
    points: list[DesignPoint] = []
    for scenario_name, scenario in scenarios.items():
        drafts: list[tuple[str, Values]] = [(BASE, ())]
        for name, off in mechanisms(scenario).items():
            if (not only or name in only) and _changes(scenario, off):
                drafts.append((f"without {name}", tuple(off.items())))
        drafts.append((NOTHING_LEFT, tuple(off_values(scenario).items())))
        for label, values in drafts:
            points.append(DesignPoint(len(points), scenario_name, values, label=label))
    return tuple(points)


def _changes(scenario: Scenario, off: Mapping[str, object]) -> bool:
    try:
        return scenario.with_values(dict(off)) != scenario
    except ScenarioError as error:
        raise StudyError(f"scenario {scenario.name}: a mechanism cannot be switched off: {error}") from error
