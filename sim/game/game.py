"""A game and what is seen of it, as frozen values that turn into JSON: the one seam between an engine and whoever shows it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import IntakeLabError
from sim.game.legal import Answer
from sim.game.room import Lines, Room, Row
from sim.policies.view import Decision, Estimate, ProjectView

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Pause:
    """A run that waits for an answer. It holds what an evaluator sees, and nothing else.

    Attributes
    ----------
    estimate, project
        What is seen of the request, and of the project: what a policy's `decide` gets.
    room
        What everybody knows: the lines of the project, and the requests so far.
    number
        The request's number by appearance.
    legal
        The answers that can be given.
    asked
        Answers that were given before.
    """

    estimate: Estimate
    project: ProjectView
    room: Room
    number: int
    legal: tuple[str, ...]
    asked: int

    @property
    def day(self) -> float:
        """Today."""
        return self.project.day


@dataclass(frozen=True)
class Game:
    """All that a game is made of: the same game is the same run, bit for bit.

    Attributes
    ----------
    scenario
        Name of a built-in one, or path of a file.
    seed, replication, overrides
        The luck; dotted keys with values that replace what the scenario says.
    like
        The policy whose parts decide who is asked and when.
    decisions
        Answers so far, by name or whole.
    """

    scenario: str = "classroom"
    seed: int = 1
    replication: int = 0
    overrides: Mapping[str, Any] = field(default_factory=dict)
    like: str = "co-evaluated"
    decisions: tuple[Answer, ...] = ()

    def to_json(self) -> str:
        """The same as JSON; a day without end, as in "after the plan", is null there."""
        return _json(asdict(self) | {"decisions": [_told(answer) for answer in self.decisions]})

    @classmethod
    def from_json(cls, text: str) -> Game:
        """The game that `to_json` wrote.

        Raises
        ------
        IntakeLabError
            Where the text is no such game.
        """
        try:
            told = json.loads(text)
            known = {**told, "decisions": tuple(_answer(answer) for answer in told.get("decisions", ()))}
            game = cls(**known)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise IntakeLabError(f"no game: {error}") from None
        wanted = {"scenario": str, "seed": int, "replication": int, "overrides": dict, "like": str}
        for key, kind in wanted.items():
            if type(getattr(game, key)) is not kind:
                raise IntakeLabError(f"no game: {key} = {getattr(game, key)!r}; a value of type {kind.__name__} is needed")
        return game


@dataclass(frozen=True)
class Frame:
    """What is shown of a game: the same for every engine.

    Attributes
    ----------
    day, deadline, budget
        Today; the promised day and k€, None where there are none.
    lines, requests
        What everybody knows so far.
    need
        What is asked: the request as it is seen, its number, the answers that can be given; None once the project has ended.
    outcome
        Then: all measures, None where one has no meaning; see `sim.METRICS` for their units.
    """

    day: float
    deadline: float | None
    budget: float | None
    lines: Lines
    requests: tuple[Row, ...]
    need: Mapping[str, Any] | None = None
    outcome: Mapping[str, float | None] | None = None

    def to_json(self) -> str:
        """The same as JSON."""
        return _json(asdict(self))


def frame_of_pause(pause: Pause, scenario: Scenario) -> Frame:
    """What is shown of a run that waits."""
    seen = {key: value for key, value in pause.estimate._asdict().items() if key not in ("number", "lot", "mandatory")}
    need = {
        "number": pause.number, **seen, "finish": pause.project.forecast(pause.estimate.effort), "bar": pause.project.bar,
        "open_requests": pause.project.open_requests, "waiting_requests": pause.project.waiting_requests,
        "legal": list(pause.legal), "asked": pause.asked}
    return _frame(pause.room, scenario, need=need)


def frame_of_end(room: Room, scenario: Scenario, outcome: Mapping[str, float]) -> Frame:
    """What is shown of a project that has ended."""
    return _frame(room, scenario, outcome={name: _plain(value) for name, value in outcome.items()})


def _frame(room: Room, scenario: Scenario, **what: Any) -> Frame:
    project = scenario.project
    return Frame(room.day, project.deadline or None, project.budget or None, room.lines, room.requests, **what)


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _told(answer: Answer) -> Any:
    return answer if isinstance(answer, str) else answer._asdict() | {"until": _plain(answer.until)}


def _answer(told: Any) -> Answer:
    if isinstance(told, str):
        return told
    return Decision(**{**told, "until": math.inf if told["until"] is None else float(told["until"])})
