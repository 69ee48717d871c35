"""What an analysis is: a key of ``[analysis]``, and what it finds in the replications. All of it is exploratory.

An analysis is a file in this folder, with an `Analysis` at its top level. The folder is the list: the experiment file, its JSON
Schema, its checks and the tests all ask `sim.study.analyses.ANALYSES`. The numbers are made in `sim.stats`; the sentence in
which an analysis says what it found stands beside it here, so that whoever adds one adds a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import Field

from sim.design.design import Design, Names
from sim.scenario.assumption import Frozen, Name

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.plan import Plan


class Question(Frozen):
    """One table of a list ``[[analysis.KEY]]``."""

    metric: Name = Field(description="of which measure")

    def policies(self) -> Names:
        """The policies that it names."""
        return ()

    def scenarios(self) -> Names:
        """The scenarios that it names."""
        return ()


@dataclass
class Search:
    """What is looked at besides the verdicts, and what is found there, as it comes in.

    Attributes
    ----------
    plan, frame
        What was asked, and the tidy frame.
    tables
        By name; each becomes a CSV file.
    sentences, notes
        What was found, in words; what could not be said, and why.
    """

    plan: Plan
    frame: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def adoptable(self) -> list[str]:
        """Policies that a project can adopt: not the controls."""
        return [policy.name for policy in self.plan.policies if not policy.is_control]

    def by_scenario(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """The rows of each scenario that has some."""
        for name in self.plan.scenarios:
            rows = self.frame[self.frame["scenario"] == name]
            if len(rows):
                yield name, rows

    def add(self, name: str, parts: Sequence[tuple[str, pd.DataFrame]]) -> None:
        """Put tables of several scenarios into one, with a column that says which."""
        import pandas as pd

        if parts:
            table = pd.concat([table.assign(scenario=scenario) for scenario, table in parts], ignore_index=True)
            self.tables[name] = table[["scenario", *table.columns.drop("scenario")]]


Find = Callable[[Any, Search], None]
"""Called with what was asked, and where to look and to put what is found; may raise `StudyError`, which is told."""


@dataclass(frozen=True)
class Analysis:
    """One key of ``[analysis]``.

    Parameters
    ----------
    key, meaning
        What the experiment file calls it, and what it says in the schema.
    asks
        Type of its value: a list of measures (`Names`), a list of tables (tuple of a `Question`), or true and false.
    find
        Looks, and says what it found.
    place
        Where its findings stand in the report: 1 first.
    example
        A value to try it with, of the policies always-accept and co-evaluated.
    default
        Its value where the file says nothing; with an empty one nothing is looked for.
    refuses
        Why a design does not serve it, in words; "" if it does.
    policies
        Policies that must be in the experiment.
    """

    key: str
    meaning: str
    asks: Any
    find: Find
    place: int
    example: Any
    default: Any = ()
    refuses: Callable[[Design], str] = lambda _: ""
    policies: Names = ()
