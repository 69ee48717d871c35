"""``verdicts.json``: what an experiment was judged to say, and what that rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from sim.errors import ResultsError
from sim.runs.whole_files import read_file
from sim.study.verdict import Verdict, Verdicts

VERDICTS = "verdicts.json"


class Range(BaseModel):
    """Replications at the design point that has the fewest, and at the one that has the most."""

    model_config = ConfigDict(frozen=True)

    fewest: int
    most: int

    def __str__(self) -> str:
        return f"{self.fewest}" if self.fewest == self.most else f"{self.fewest} to {self.most}"


class Answer(BaseModel):
    """The answer of an experiment, as it stands beside its results.

    Attributes
    ----------
    experiment, question, expectation, experiment_digest, seed, design, policies, scenarios
        What was asked.
    points, replications, runs, failures
        What was run.
    verdicts
        One a hypothesis.
    exploratory, notes
        What was found besides, in words, and what could not be said.
    """

    model_config = ConfigDict(frozen=True)

    experiment: str
    question: str
    expectation: str
    experiment_digest: str
    seed: int
    design: str
    points: int
    policies: tuple[str, ...]
    scenarios: tuple[str, ...]
    replications: Range
    runs: int
    failures: int
    verdicts: Annotated[tuple[Verdict, ...], AfterValidator(Verdicts)]
    exploratory: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> str:
        """As JSON; null where there is no number."""
        return self.model_dump_json(by_alias=True, indent=2)

    @classmethod
    def read(cls, folder: Path) -> Answer | None:
        """The answer beside the results of a folder; None where no run has come to its end yet.

        Raises
        ------
        ResultsError
            Where the file was damaged.
        """
        path = folder / VERDICTS
        try:
            return cls.model_validate_json(read_file(path))
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error.strerror
            raise ResultsError(f"{path}: cannot be read ({first}); run the experiment again") from None
