"""Everything that the page says, gathered once: the comparison, the choice, what would change it, one typical replication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.choice import Choice, choose
from sim.report.comparison_table import shown_metrics
from sim.report.levers import Lever, pull
from sim.report.typical import Story, Typical, stories, typical
from sim.runs.processes import executor_for
from sim.stats.means import Interval
from sim.study.compare import compare
from sim.study.comparison import ANCHORS, Comparison

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

REPLICATIONS = 60
PER_END = 24  # replications at each end of an assumption's range: enough to see a large change, and the page says how many
Step = Callable[[str, int, int], None]
"""Called with (what is being done, done, of how many)."""


@dataclass(frozen=True)
class Evidence:
    """What a report is made of; see `gather`."""

    comparison: Comparison
    choice: Choice
    base: Interval
    levers: tuple[Lever, ...]
    per_end: int
    pair: Typical
    stories: tuple[Story, ...]
    command: str
    fitted: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The project."""
        return self.comparison.scenario

    @property
    def is_stream(self) -> bool:
        """Whether there is no planned scope, and so neither a date to be done by nor a delay."""
        return not self.scenario.project.planned_items

    def gap(self, policy: str, metric: str) -> Interval:
        """Paired difference of a policy to the one put forward."""
        return self.comparison.pairwise(policy, self.choice.best, metric)


def gather(
    scenario: Scenario, policies: Sequence[Policy] | None = None, *, anchors: Sequence[str] = ANCHORS,
    replications: int = REPLICATIONS, per_end: int = PER_END, seed: int = 1, workers: int = 1, command: str = "",
    step: Step | None = None, found: Comparison | None = None, fitted: Sequence[str] = (),
) -> Evidence:
    """Run all that a report needs.

    Parameters
    ----------
    scenario, policies, anchors, replications, seed
        As for `sim.compare`.
    per_end
        Replications at each end of an assumption's range.
    workers
        Processes.
    command
        What was typed, for whoever wants to repeat it.
    fitted
        Dotted keys of the scenario whose values were fitted to data of the project.
    found
        A comparison that was made already (from a results folder); otherwise one is made.
    step
        Told what is being done and how far it is.
    """
    say = step or (lambda what, done, of: None)
    with executor_for(workers) as executor:
        found = found or compare(
            scenario, policies, anchors=anchors, replications=replications, seed=seed, executor=executor,
            progress=lambda done, of: say("comparing policies", done, of))
        choice = choose(found)
        by_name = {policy.name: policy for policy in found.policies}
        base = found.pairwise(choice.rival, choice.best, choice.metric)
        levers = pull(
            scenario, by_name[choice.rival], by_name[choice.best], choice.metric, base, seed=seed, replications=per_end,
            executor=executor, progress=lambda done, of: say("trying other assumptions", done, of))
    say("telling one replication", 0, 1)
    pair = typical(found, choice.best, choice.rival, shown_metrics(found)[0])
    told = stories(pair)
    say("telling one replication", 1, 1)
    return Evidence(found, choice, base, levers, per_end, pair, told, command, tuple(fitted))
