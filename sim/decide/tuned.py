"""What a tuning found, as numbers; the words are `sim.report.tuned_text`'s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim import show
from sim.decide.requirement import State
from sim.policies.policy import Policy
from sim.stats.means import Interval

if TYPE_CHECKING:
    from sim.decide.tuning import Tuning
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Level:
    """A policy in the report: means of the goal and of a measure of time, each with its own interval, and the share refused."""

    goal: Interval
    time: Interval
    time_measure: str
    refused: float


@dataclass(frozen=True)
class Gain:
    """The selected policy minus another one in the goal, paired; the intervals of all gains hold together.

    `role` is "reference", "anchor", "untuned" (its own family with default settings) or "rival" (another finalist).
    """

    over: str
    role: str
    interval: Interval


@dataclass(frozen=True)
class CurvePoint:
    """The selected policy with one setting changed: its level, and its goal minus the selected one's (None: it is that one)."""

    value: float
    policy: str
    level: Level
    difference: Interval | None


@dataclass(frozen=True)
class Tuned:
    """What a tuning found; made by `sim.decide.tuning.tune`.

    Attributes
    ----------
    scenario, tuning, goal
        What was tuned, how, and the measure made best.
    policy, reference
        The selected policy, and the name of the one that gains are told over.
    levels, gains
        The report, by name: none of its replications chose anybody.
    account
        The gain over the reference in the other account (by what the work took); None where there is none.
    states, attainable
        Each requirement in the report ("kept" by the lower bound, "not kept", "open"); what the selection knew of the best of the
        finalists.
    decided
        Whether KN came to its end: then the selected is, with 95%, within `indifference` of the best of the finalists.
    setting, curve
        The setting that makes the policy strict or generous, and the policy along it.
    edges
        Settings at an end of what was tried.
    runs, search_runs
        How many runs each stage asked for, and how many different ones search and selection asked for together.
    seen
        The replications of each stage.
    """

    scenario: Scenario
    tuning: Tuning
    goal: str
    policy: Policy
    reference: str
    levels: dict[str, Level]
    gains: tuple[Gain, ...]
    account: Interval | None
    states: dict[str, State]
    attainable: State
    decided: bool
    indifference: float
    setting: str
    curve: tuple[CurvePoint, ...]
    edges: dict[str, str]
    runs: dict[str, int]
    search_runs: int
    seen: dict[str, frozenset[int]]

    @property
    def ties(self) -> tuple[str, ...]:
        """Who is not told apart from the selected policy in the report."""
        return tuple(gain.over for gain in self.gains if not gain.interval.excludes_zero)

    @property
    def better_anchors(self) -> tuple[Gain, ...]:
        """Anchors, and the reference, whose mean in the report is better than the selected policy's."""
        return tuple(one for one in self.gains if one.role in ("anchor", "reference") and self.sign * one.interval.mean < 0.0)

    @property
    def sign(self) -> float:
        """1 where more of the goal is better, -1 where less is."""
        from sim.model.outcome import METRICS

        return 1.0 if METRICS[self.goal].better == "higher" else -1.0

    def policy_text(self) -> str:
        """The policy as a TOML file."""
        return f'name = "tuned-{self.policy.name.partition(":")[0]}"\nbase = "{self.policy.name}"\n'

    def __str__(self) -> str:
        return show.text(self)
