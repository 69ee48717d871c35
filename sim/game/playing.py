"""Play: a run goes on as far as there are answers. Who takes one back simply plays anew with one answer less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING

from sim.errors import IntakeLabError
from sim.game.game import Frame, Game, Pause, frame_of_end, frame_of_pause
from sim.game.human import Human, NeedDecision
from sim.game.legal import Answer, legal_answers
from sim.game.room import Room, numbers_by_appearance, room_of
from sim.model.outcome import measure
from sim.model.world import World
from sim.policies.catalogue import make
from sim.policies.policy import Policy
from sim.runs.simulate import Run, collector_paused, draw

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario import Scenario

MOST = 40
"""Answers that a game asks for at most; who plays on after that is the policy that the player is like."""


@collector_paused()
def play(
    scenario: Scenario | str | Path, policy: Policy | str | Path = "co-evaluated", seed: int = 1, replication: int = 0,
    decisions: Sequence[Answer] = (), *, most: int | None = None,
) -> Run | Pause:
    """Run a replication with given answers, to its end or to the first request for which there is none.

    Parameters
    ----------
    scenario
        The project; a name or a path is loaded.
    policy
        Who is asked, when, and what is promised is as under this policy; only the answers are not its own.
    seed, replication
        Fix every random number: the same customers, the same luck.
    decisions
        Answers in the order in which requests come up: names (`sim.game.ANSWERS`) or whole decisions as policies give them.
    most
        So many answers are asked for; after that the policy answers. 0 plays the policy itself. None: all are asked for.

    Returns
    -------
    Run or Pause
        The finished run, as of `sim.simulate`; or what an evaluator sees at the request that waits for an answer.

    Raises
    ------
    IntakeLabError
        Where a name, a file or an answer cannot be used, or where more answers are given than are asked for.

    Examples
    --------
    >>> import sim
    >>> pause = sim.play("classroom", "co-evaluated", seed=1, replication=0, decisions=["yes"])
    >>> pause.asked, pause.legal
    (1, ('yes', 'core', 'another-way', 'prototype', 'next-session', 'after-plan', 'no'))
    >>> run = sim.play("classroom", "co-evaluated", seed=1, replication=0, most=0)
    >>> run.outcome == sim.simulate("classroom", "co-evaluated", seed=1, replication=0).outcome
    True
    """
    project = project_from(scenario)
    human = Human(like=_policy(policy), decisions=tuple(decisions), most=most)
    luck = draw(project, seed, replication)
    world = World(project, human, make(project.adoption.before) if project.adoption.day > 0.0 else human, luck, logged=True)
    human.watch(lambda: _look(world))
    try:
        run = Run(project, human, luck, world.run(), measure(world))
    except NeedDecision as need:
        estimate, view, (room, numbers) = need.args
        return Pause(estimate, view, room, numbers[estimate.number], legal_answers(estimate, view), human.asked)
    finally:
        world.forget()
    if human.asked < len(decisions):
        raise IntakeLabError(f"{len(decisions)} answers were given, and only {human.asked} were asked for")
    return run


def run_game(game: Game, scenario: Scenario | None = None) -> Frame:
    """The frame of a game: what a page, a terminal or a phone shows.

    Parameters
    ----------
    game
        What is played; it asks for at most `MOST` answers.
    scenario
        The scenario with the game's overrides in it, where it is at hand; otherwise it is loaded.
    """
    project = _loaded(game) if scenario is None else scenario
    found = play(project, game.like, game.seed, game.replication, game.decisions, most=MOST)
    return frame_of(found, project)


def frame_of(found: Run | Pause, scenario: Scenario) -> Frame:
    """What is shown of a run that waits, or has ended."""
    if isinstance(found, Pause):
        return frame_of_pause(found, scenario)
    return frame_of_end(room_of(found.ledger, scenario, found.ledger.end), scenario, found.outcome)


def _look(world: World) -> tuple[Room, dict[int, int]]:
    """What everybody knows at this moment. It is the run's last one, so that people's time can be written up."""
    for role in world.roles:
        role.close(world.env.now)
    room = room_of(world.ledger, world.scenario, world.env.now)
    lines = replace(room.lines, forecast=(*room.lines.forecast, (room.day, world.view().forecast(0.0))))
    return replace(room, lines=lines), numbers_by_appearance(world.ledger)


def project_from(scenario: Scenario | str | Path) -> Scenario:
    """A scenario from whatever means one."""
    if not isinstance(scenario, str | PathLike):  # where there is no pydantic: plain values with its attributes
        return scenario
    from sim.scenario import scenario_from

    return scenario_from(scenario)


def _policy(policy: Policy | str | Path) -> Policy:
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, str) and not policy.endswith(".toml"):
        return make(policy)
    from sim.policies.policy_file import policy_from

    return policy_from(policy)


def _loaded(game: Game) -> Scenario:
    from sim.scenario import Scenario

    return Scenario.load(game.scenario, game.overrides)
