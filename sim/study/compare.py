"""The comparison of policies on one scenario: the same replications for each, paired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path

from sim.errors import IntakeLabError, PolicyError
from sim.policies.catalogue import AS_TODAY, all_policies, make
from sim.policies.controls import Placebo
from sim.policies.policy import Policy
from sim.policies.policy_file import Function, policy_from
from sim.runs.limits import MOST_REPLICATIONS
from sim.runs.outcome_table import Done, failures_table
from sim.runs.runner import Interrupted, Progress, Work, run_all
from sim.runs.span import Span, cut, handy
from sim.scenario import Scenario, scenario_from
from sim.study.comparison import ANCHORS, Comparison

DEFAULT_REFERENCES = (AS_TODAY, "co-evaluated")
MOST_TOGETHER = 10  # replications that travel together: Ctrl-C, and a worker that dies, lose what is in flight


def compare(
    scenario: Scenario | str | Path,
    policies: Sequence[str | Path | Policy | Function] | str | Path | Policy | Function | None = None,
    *,
    reference: str | None = None,
    anchors: Sequence[str] = ANCHORS,
    replications: int = 100,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    reproduce: Callable[[str, int], str] | None = None,
) -> Comparison:
    """Compare policies on one scenario: each replication brings the same customers and the same luck to all of them.

    Parameters
    ----------
    scenario
        The project; a name or a path is loaded.
    policies
        Names (``"change-board:days=20"``), paths of TOML files, policies, or plain functions ``decide(estimate, project) ->
        Decision``; one alone needs no list. By default all built-in ones (as-today where the scenario says what is done today).
    reference
        Name of the policy that differences are taken to; by default as-today if it is compared, else co-evaluated, else the first.
    anchors
        Policies that stand beside the others, given or not: what comes of refusing, and of accepting, everything. () for none.
    replications, seed
        How many replications (1 to 1,000,000), and the seed (0 or more) that fixes their luck.
    executor
        Any ``concurrent.futures.Executor``; None runs in this process. The result is the same to the last bit (on other
        machines: where their C library calculates alike).
    progress
        Called with (replications done, replications asked for).
    reproduce
        Makes the command for the table of failures from a policy's name and a replication.

    Raises
    ------
    IntakeLabError
        Where something is asked for that cannot be, or where every run failed.
    Interrupted
        On Ctrl-C (a ``KeyboardInterrupt``); its ``kept`` is the comparison of what was done, or None.

    Examples
    --------
    >>> import sim
    >>> found = sim.compare("classroom", ["always-accept", "co-evaluated"], replications=5)
    >>> found.frame.shape[0], found.reference
    (20, 'co-evaluated')
    """
    project = scenario_from(scenario)
    named = _policies(policies, project)
    chosen = _beside(named, anchors)
    against = _reference(chosen, reference)
    _check_numbers(replications, seed)

    command = reproduce or _in_python(chosen, seed)
    whole = [Span(0, 0, replications)]

    def comparison(done: Done) -> Comparison:
        outcomes, failures = done.outcomes.drop(columns="point"), failures_table(done.failures).drop(columns="point")
        return Comparison(project, chosen, against, seed, replications, outcomes, failures)

    try:
        done = run_all(cut(whole, handy(whole, MOST_TOGETHER)), lambda _: Work(project, chosen, seed), executor,
                       command=lambda _, policy, replication: command(policy, replication), progress=progress)
    except Interrupted as stop:
        raise Interrupted(comparison(stop.kept) if len(stop.kept.outcomes) else None) from None
    if not done.outcomes["policy"].isin([policy.name for policy in named]).any():
        _, policy, replication, _, error, _ = done.failures[0]
        raise IntakeLabError(f"every run failed; the first one ({policy}, replication {replication}): {error}")
    return comparison(done)


def default_policies(project: Scenario) -> tuple[Policy, ...]:
    """What is compared where nobody says what: all built-in ones, as-today where the scenario says what is done today."""
    return tuple(policy for policy in all_policies() if policy.name != AS_TODAY or project.today.share < 1.0)


def _policies(
    given: Sequence[str | Path | Policy | Function] | str | Path | Policy | Function | None, project: Scenario
) -> tuple[Policy, ...]:
    if given is None:
        return default_policies(project)
    if isinstance(given, (str, Path, Policy)) or callable(given):
        return (policy_from(given),)
    return tuple(map(policy_from, given))


def _beside(policies: tuple[Policy, ...], anchors: Sequence[str]) -> tuple[Policy, ...]:
    if not policies:
        raise PolicyError("no policy to compare")
    given = {policy.name for policy in policies}
    return (*policies, *(make(name) for name in anchors if name not in given))


def _reference(policies: Sequence[Policy], reference: str | None) -> str:
    names = [policy.name for policy in policies]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PolicyError(f"policy {twice[0]!r} is given twice; give each its own name (with_parts(name=...))")
    if reference is None:
        return next((name for name in DEFAULT_REFERENCES if name in names), names[0])
    if reference not in names:
        from sim.toml.shown import nearest

        near = nearest(reference, names)
        hint = f"did you mean {near}?" if near else "compared are " + ", ".join(names)
        raise PolicyError(f"reference {reference!r} is not among the policies compared; {hint}")
    return reference


def _check_numbers(replications: int, seed: int) -> None:
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise IntakeLabError(f"replications = {replications} — a whole number from 1 to {MOST_REPLICATIONS:,} is needed")
    if seed < 0:
        raise IntakeLabError(f"seed = {seed} — a whole number from 0 on is needed")


def _in_python(policies: Sequence[Policy], seed: int) -> Callable[[str, int], str]:
    """Commands for whoever has the comparison at hand as `found`."""
    place = {policy.name: at for at, policy in enumerate(policies)}

    def command(policy: str, replication: int) -> str:
        return f"sim.simulate(found.scenario, found.policies[{place[policy]}], seed={seed}, replication={replication})"

    return command


def placebo_of(policies: Sequence[Policy]) -> tuple[str, str] | None:
    """Names of the placebo and of the policy that it imitates, where both are compared; None otherwise."""
    names = {policy.name for policy in policies}
    for policy in policies:
        if isinstance(policy, Placebo) and policy.reference is not None and policy.reference.name in names:
            return policy.name, policy.reference.name
    return None
