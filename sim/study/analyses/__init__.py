"""What is shown beside the verdicts, one analysis a file; none of it was predicted, and all of it is exploratory."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model

from sim.folder import modules_in
from sim.scenario.assumption import Frozen
from sim.study.analyses.analysis import Analysis, Question
from sim.toml.walk import Loc

__all__ = ["ANALYSES", "Analysis", "AnalysisTable"]

ANALYSES: tuple[Analysis, ...] = tuple(sorted(
    (found for module in modules_in(__name__) for found in vars(module).values() if isinstance(found, Analysis)),
    key=attrgetter("place"),
))
"""Every analysis, in the order of the report: the files of this folder."""


class _Asked(Frozen):
    """What is shown beside the verdicts, all of it exploratory."""

    def asked(self) -> Iterator[tuple[Analysis, Any]]:
        """Each analysis that is asked for, with its value."""
        yield from ((one, value) for one in ANALYSES if (value := getattr(self, one.key)))

    def questions(self) -> Iterator[tuple[Loc, Question]]:
        """All tables, with their places in the file."""
        for one, value in self.asked():
            if isinstance(value, tuple):
                yield from ((("analysis", one.key, at), entry) for at, entry in enumerate(value) if isinstance(entry, Question))

    def metrics(self) -> Iterator[tuple[Loc, str]]:
        """All measures that are named, with their places in the file."""
        for one, value in self.asked():
            if isinstance(value, tuple):
                yield from ((("analysis", one.key, at), entry) for at, entry in enumerate(value) if isinstance(entry, str))
        yield from (((*loc, "metric"), question.metric) for loc, question in self.questions())


if TYPE_CHECKING:

    class AnalysisTable(_Asked):
        """One field an analysis, by its key."""

        def __getattr__(self, key: str) -> Any: ...

else:
    AnalysisTable = create_model("AnalysisTable", __base__=_Asked, __doc__=_Asked.__doc__, **{one.key: (
        one.asks, Field(one.default, strict=False, description=one.meaning, examples=[one.example])) for one in ANALYSES})
