"""What a design is: settings from an experiment file, and the points that they make of factors and scenarios.

A design is a file in this folder, with a subclass of `Design`. The folder is the list: what an experiment file may say, its
JSON Schema, its checks and the tests all ask `sim.design.DESIGNS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sim.design.factor import Factor
from sim.design.point import DesignPoint
from sim.scenario.assumption import Frozen, Name, assumption

if TYPE_CHECKING:
    from sim.policies.policy import PolicyOfParts
    from sim.scenario import Scenario

Names = tuple[Name, ...]
Parts = Callable[[str, str], "PolicyOfParts"]
"""Makes a policy of parts from its name; the second text is the key of the file that names it, for messages."""


class Given(NamedTuple):
    """What a design has to work with: the factors, the scenarios by name, and the texts of the files that it names."""

    factors: Sequence[Factor]
    scenarios: Mapping[str, Scenario]
    texts: Mapping[str, str]


def choice(default: Any, meaning: str, unit: str, low: float, high: float) -> Any:
    """One setting of an experiment, with its range."""
    return assumption(default, meaning, unit=unit, low=low, high=high, source="a choice of the experimenter", evidence="project")


def sampling_seed() -> Any:
    """The setting `seed` of a design whose points are drawn."""
    return choice(1, "of the sampling of points; has nothing to do with the replications", "1", 0, 2**32 - 1)


class Design(Frozen):
    """How the factors are combined into design points.

    The first line of a design's docstring says what it runs; it stands in the schema and in docs/studies.md. A doctest in its
    file shows which points come out.
    """

    needs: ClassVar[str] = "none"
    """What it needs of the factors, in words; "none": it has no factors."""
    even: ClassVar[bool] = False
    """Whether its points are spread evenly over the region, so that a share of the points is a share of the region."""

    example: ClassVar[Mapping[str, Any]] = {}
    """Settings to try it with, where those at their defaults do not make a design."""

    kind: str

    @property
    def drawn(self) -> int | None:
        """The seed by which its points are drawn; None where nothing is left to chance."""
        return getattr(self, "seed", None)

    @property
    def lacks(self) -> str:
        """What must be said as well, in words; "" if nothing."""
        return ""

    def files(self) -> Names:
        """Files beside the experiment that it names."""
        return ()

    def policies(self) -> Mapping[str, str]:
        """Policies that it names beside those of the experiment, by the key that names them."""
        return {}

    def derived(self, parts: Parts) -> tuple[PolicyOfParts, ...]:
        """Policies that it adds to those of the experiment."""
        return ()

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        """The design points; the same call always gives the same.

        Raises
        ------
        StudyError
            Where they cannot be made from these factors and scenarios.
        """
        raise NotImplementedError
