"""One replication: (scenario, policy, seed, replication) -> Run."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from sim import show
from sim.model.draw import Draw, draw_from
from sim.model.ledger import Ledger
from sim.model.outcome import Outcome, measure
from sim.model.tape import Tape
from sim.model.world import World
from sim.policies.catalogue import make
from sim.policies.controls import AdmittedAs, Placebo
from sim.policies.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.policies.policy_file import Function
    from sim.scenario import Scenario


class Run:
    """What happened in one replication under one policy.

    Attributes
    ----------
    scenario, policy, seed, replication
        What the run was made of.
    ledger
        Every item, request and person-day.
    outcome
        The measures, by name; see `sim.model.outcome.METRICS` for their units.
    requests, decisions, timeline
        The same as pandas frames, made when first asked for (`decisions` needs a logged run).
    """

    def __init__(self, scenario: Scenario, policy: Policy, luck: Draw, ledger: Ledger, outcome: Outcome) -> None:
        self.scenario = scenario
        self.policy = policy
        self.seed = luck.tape.seed
        self.replication = luck.tape.replication
        self.ledger = ledger
        self.outcome = outcome

    def __repr__(self) -> str:
        return f"<Run {self.scenario.name} · {self.policy.name} · seed {self.seed} · replication {self.replication}>"

    def _repr_html_(self) -> str:
        return show.html(self)

    @cached_property
    def requests(self) -> pd.DataFrame:
        """One row a request: its truth, its answer and its fate."""
        from sim.runs.run_frames import requests_frame

        return requests_frame(self)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """One row a decision: what was seen, which rule fired, what came of it."""
        from sim.runs.run_frames import decisions_frame

        return decisions_frame(self)

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """One row a day: work planned, added and done, requests open and waiting, people's time by use."""
        from sim.runs.run_frames import timeline_frame

        return timeline_frame(self)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without Python's search for circles of garbage: a run makes many objects and leaves none, so that searching only costs.

    What the caller had switched off stays off; whatever happens, what was on is on again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@collector_paused()
def draw(scenario: Scenario, seed: int, replication: int) -> Draw:
    """Draw the luck of one replication."""
    if seed < 0 or replication < 0:
        raise ValueError(f"seed and replication are whole numbers from 0 on, not {seed} and {replication}")
    return draw_from(Tape(seed, replication), scenario)


@collector_paused()
def run_policy(scenario: Scenario, policy: Policy, luck: Draw, logged: bool = False, reference: Run | None = None) -> Run:
    """Run one policy on luck that was drawn before.

    A placebo needs the answers that its reference policy gave on the same luck: `reference` is that run, if there is one
    already; otherwise it is made here.
    """
    if isinstance(policy, Placebo) and policy.reference is not None:
        if reference is None or reference.policy != policy.reference:
            reference = run_policy(scenario, policy.reference, luck)
        policy = policy.calibrated(answer_shares(reference.ledger))
    before = make(scenario.adoption.before) if scenario.adoption.day > 0.0 else policy
    world = World(scenario, policy, before, luck, logged)
    try:
        return Run(scenario, policy, luck, world.run(), measure(world))
    finally:
        world.forget()


def answer_shares(ledger: Ledger) -> tuple[tuple[AdmittedAs, float], ...]:
    """Shares of yes and of each proposal among the last answers that were given (mandatory requests left out).

    A proposal counts whether or not the customer agreed to it: under a placebo he is asked again.
    """
    counts: dict[AdmittedAs, int] = {"accept": 0, "reshape": 0, "counter-propose": 0}
    answered = 0
    for ask in ledger.asks:
        if not ask.request.mandatory and ask.status in ("admitted", "declined"):
            answered += 1
            if ask.offer in counts:
                counts[ask.offer] += 1
    return tuple((answer, count / answered if answered else 0.0) for answer, count in counts.items())


@collector_paused()
def simulate(
    scenario: Scenario | str | Path, policy: Policy | str | Path | Function, *, seed: int = 1, replication: int = 0,
    logged: bool = True,
) -> Run:
    """Simulate one replication.

    Parameters
    ----------
    scenario
        The project; a name or a path is loaded.
    policy
        A policy; the name of a built-in one, also with settings (``"change-board:days=20"``); the path of a TOML file; or a
        function ``decide(estimate, project) -> Decision``.
    seed, replication
        Fix every random number; the same pair gives the same customers to every policy.
    logged
        Whether to keep the decision log; changes no bit of the outcome.

    Raises
    ------
    IntakeLabError
        Where a name, a file or a setting cannot be used, or the policy breaks a rule of the game.

    Examples
    --------
    >>> import sim
    >>> run = sim.simulate("classroom", "always-accept", seed=1, replication=0)
    >>> run.outcome["requests"] == len(run.requests)
    True
    """
    from sim.policies.policy_file import policy_from
    from sim.scenario import scenario_from

    project = scenario_from(scenario)
    return run_policy(project, policy_from(policy), draw(project, seed, replication), logged)


@collector_paused()
def simulate_all(scenario: Scenario, policies: Sequence[Policy], *, seed: int, replication: int) -> list[Run]:
    """Simulate one replication under several policies; the luck is drawn once."""
    runs = dict(_each_run(scenario, policies, seed, replication))
    return [runs[at] for at in range(len(policies))]


@collector_paused()
def all_outcomes(scenario: Scenario, policies: Sequence[Policy], *, seed: int, replication: int) -> list[Outcome]:
    """The outcomes of one replication under several policies; no ledger is kept for longer than it is needed."""
    outcomes = {at: run.outcome for at, run in _each_run(scenario, policies, seed, replication)}
    return [outcomes[at] for at in range(len(policies))]


def _each_run(scenario: Scenario, policies: Sequence[Policy], seed: int, replication: int) -> Iterator[tuple[int, Run]]:
    """Runs with the places of their policies; placebos come last, when their references have run."""
    luck = draw(scenario, seed, replication)
    wanted = {policy.reference for policy in policies if isinstance(policy, Placebo)}
    references: dict[Policy, Run] = {}
    for at in sorted(range(len(policies)), key=lambda at: isinstance(policies[at], Placebo)):
        policy = policies[at]
        known = references.get(policy.reference) if isinstance(policy, Placebo) and policy.reference is not None else None
        run = run_policy(scenario, policy, luck, reference=known)
        if policy in wanted:
            references[policy] = run
        yield at, run
