"""A seat for a learner, a person or a recorded class: reset, step, and the answers that can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import IntakeLabError
from sim.game.game import Frame, Pause
from sim.game.legal import Answer
from sim.game.playing import MOST, frame_of, play, project_from
from sim.policies.policy import Policy
from sim.runs.simulate import Run

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario import Scenario


class Seat:
    """A place at the table of a project: an answer a step, the same customers and luck at each reset to the same numbers.

    Parameters
    ----------
    scenario, like
        The project, and the policy whose parts decide who is asked and when; see `sim.play`.
    most
        Answers that are asked for in an episode; `like` gives those after that. None: no limit.

    Examples
    --------
    >>> import sim
    >>> seat = sim.Seat("classroom")
    >>> seen = seat.reset(seed=1, replication=3)
    >>> while not seat.done:
    ...     seen = seat.step("yes" if seen.estimate.worth > seen.project.bar else "no")
    >>> seen.outcome["on_time"] in (0.0, 1.0)
    True
    """

    def __init__(
        self, scenario: Scenario | str | Path, like: Policy | str | Path = "co-evaluated", most: int | None = MOST,
    ) -> None:
        self.scenario = project_from(scenario)
        self.like = like
        self.most = most
        self.seed, self.replication = 1, 0
        self.answers: tuple[Answer, ...] = ()
        self._now: Run | Pause | None = None

    def reset(self, seed: int = 1, replication: int = 0) -> Run | Pause:
        """Begin a replication; what is seen at its first request (the finished run, where there is none)."""
        self.seed, self.replication = seed, replication
        return self._play(())

    def step(self, answer: Answer) -> Run | Pause:
        """Answer the request that waits; what is seen at the next one, or the finished run.

        Raises
        ------
        IntakeLabError
            Where nothing waits, or the answer cannot be given; the seat is as it was before.
        """
        if self.done:
            raise IntakeLabError("no request waits for an answer; reset the seat first")
        return self._play((*self.answers, answer))

    def back(self) -> Run | Pause:
        """Take the last answer back; at the first request, the same again."""
        return self._play(self.answers[:-1])

    @property
    def now(self) -> Run | Pause:
        """What is seen: the request that waits, or the finished run."""
        if self._now is None:
            raise IntakeLabError("nothing was begun yet; reset the seat first")
        return self._now

    @property
    def frame(self) -> Frame:
        """The same as a page shows it."""
        return frame_of(self.now, self.scenario)

    @property
    def finished(self) -> Run:
        """The finished run.

        Raises
        ------
        IntakeLabError
            Where a request still waits: nobody is told before.
        """
        if isinstance(self.now, Pause):
            raise IntakeLabError("the project has not ended: a request waits for an answer")
        return self.now

    @property
    def done(self) -> bool:
        """Whether no request waits for an answer."""
        return not isinstance(self._now, Pause)

    @property
    def legal(self) -> tuple[str, ...]:
        """The answers that can be given; none once the project has ended."""
        return self._now.legal if isinstance(self._now, Pause) else ()

    def _play(self, answers: tuple[Answer, ...]) -> Run | Pause:
        now = play(self.scenario, self.like, self.seed, self.replication, answers, most=self.most)
        self.answers, self._now = answers, now
        return now
