"""Everything that the page says, gathered once: the comparison, the choice, what would change it, one typical replication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.decide.tuning import Tuning, tune
from sim.policies.catalogue import make
from sim.report.choice import Choice, choose, chosen
from sim.report.comparison_table import shown_metrics
from sim.report.levers import Lever, pull
from sim.report.typical import Story, Typical, stories, typical
from sim.runs.processes import executor_for
from sim.stats.means import Interval
from sim.study.compare import compare, default_policies
from sim.study.comparison import ANCHORS, Comparison
from sim.study.inputs import REPLICATIONS as OF_EACH_DRAW
from sim.study.inputs import Doubt, doubts

if TYPE_CHECKING:
    from sim.decide.forecast import Forecast
    from sim.decide.tuned import Tuned
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

REPLICATIONS = 60
PER_END = 24  # replications at each end of an assumption's range: enough to see a large change, and the page says how many
Step = Callable[[str, int, int], None]
"""Called with (what is being done, done, of how many)."""


@dataclass(frozen=True)
class About:
    """What is known of the log behind a scenario.

    Attributes
    ----------
    forecast, no_forecast
        Dates from the log, or why there are none.
    warnings
        What the fit says against itself.
    draws
        Values of the fitted inputs as they might as well be; none where nothing was fitted.
    day
        The day of the page.
    """

    forecast: Forecast | None = None
    no_forecast: str = ""
    warnings: tuple[str, ...] = ()
    draws: tuple[Mapping[str, Any], ...] = ()
    day: str = ""


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
    tuned: Tuned | None = None
    doubt: Doubt | None = None
    about: About = About()

    @property
    def forecast(self) -> Forecast | None:
        """Dates from the log, where there is one."""
        return self.about.forecast

    @property
    def no_forecast(self) -> str:
        """Why there is no forecast."""
        return self.about.no_forecast

    @property
    def doubt_runs(self) -> int:
        """Runs behind the doubt of fitted inputs."""
        return len(self.about.draws) * OF_EACH_DRAW

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
    step: Step | None = None, found: Comparison | None = None, fitted: Sequence[str] = (), tuning: Tuning | None = None,
    about: About | None = None,
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
    tuning
        How policies are tuned first; the one that is chosen is put forward. None: the best of those that are compared is.
    about
        What is known of the log behind the scenario.
    found
        A comparison that was made already (from a results folder); otherwise one is made.
    step
        Told what is being done and how far it is.
    """
    say = step or (lambda what, done, of: None)
    about = about or About()
    with executor_for(workers) as executor:
        tuned = None
        if tuning is not None:
            tuned = tune(scenario, tuning, executor=executor, progress=lambda done, of: say("tuning policies", done, of))
            policies = _with(tuned, policies or default_policies(scenario))
        found = found or compare(
            scenario, policies, reference=None if tuned is None else tuned.reference, anchors=anchors, replications=replications,
            seed=seed, executor=executor, progress=lambda done, of: say("comparing policies", done, of))
        choice = choose(found) if tuned is None else chosen(found, tuned.policy.name, _beside(tuned))
        by_name = {policy.name: policy for policy in found.policies}
        base = found.pairwise(choice.rival, choice.best, choice.metric)
        levers = pull(
            scenario, by_name[choice.rival], by_name[choice.best], choice.metric, base, seed=seed, replications=per_end,
            executor=executor, progress=lambda done, of: say("trying other assumptions", done, of))
        doubt = None
        if about.draws and tuned is not None:
            pair = (by_name[choice.best], by_name[choice.rival])
            doubt = doubts(scenario, about.draws, pair, choice.rival, (found.deciding,), seed=seed, executor=executor,
                           progress=lambda done, of: say("trying other inputs", done, of))[0]
    say("telling one replication", 0, 1)
    shown = typical(found, choice.best, choice.rival, shown_metrics(found)[0])
    told = stories(shown)
    say("telling one replication", 1, 1)
    return Evidence(found, choice, base, levers, per_end, shown, told, command, tuple(fitted), tuned, doubt, about)


def _with(tuned: Tuned, policies: Sequence[Policy]) -> list[Policy]:
    """The policies with the tuned one and what it is held against."""
    return list({policy.name: policy for policy in (*policies, make(tuned.reference), tuned.policy)}.values())


def _beside(tuned: Tuned) -> str:
    """What the tuned policy is held against: what is done today, or, where that was chosen, the best of the anchors."""
    if tuned.policy.name != tuned.reference:
        return tuned.reference
    return next(name for name in ANCHORS if name != tuned.policy.name)
