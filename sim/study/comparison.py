"""A comparison of policies on one scenario: what it found, replication by replication, and what of it is real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Literal

from sim import show
from sim.model.outcome import METRICS
from sim.policies.policy import Policy
from sim.scenario import Scenario
from sim.stats.choosing.joint import Pair, joint_differences
from sim.stats.means import CONFIDENCE, YES_OR_NO, Interval, mean_interval, pooled_variance_removed, variance_removed

if TYPE_CHECKING:
    import pandas as pd

Word = Literal["better", "worse", "more", "less", "disputed", ""]
REFUSE_ALL, ACCEPT_ALL = "refuse-all", "accept-all"
ANCHORS = (REFUSE_ALL, ACCEPT_ALL)
"""The two answers that need no judgement; they stand beside the policies of every comparison."""
ACCOUNTS = {"net_benefit": "net_of_effort", "net_per_month": "net_of_effort_per_month"}
"""What was paid, and the same by what the work took: a difference is a finding only where both accounts tell it."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison found; made by `compare`.

    Attributes
    ----------
    scenario, policies, reference, seed, asked
        What was compared, the name of the policy that differences are taken to, and the replications asked for.
    frame
        One row a (policy, replication), one column a metric; units in ``.attrs["units"]``.
    failures
        One row a run that failed: replication, policy, stage, error, and the command that reproduces it.
    summary
        Per policy and metric: mean with interval, paired difference to the reference with interval, whether it is real.
    variance_removed
        Per metric, the share of the variance of the differences that common random numbers removed.
    sentences
        The conclusion in plain words.
    """

    scenario: Scenario
    policies: tuple[Policy, ...]
    reference: str
    seed: int
    asked: int
    frame: pd.DataFrame
    failures: pd.DataFrame

    @property
    def names(self) -> tuple[str, ...]:
        """The policies' names, in the order given."""
        return tuple(policy.name for policy in self.policies)

    @property
    def adoptable(self) -> tuple[str, ...]:
        """Names of the policies that are no controls."""
        return tuple(policy.name for policy in self.policies if not policy.is_control)

    @cached_property
    def replications(self) -> int:
        """Replications that were done (fewer than `asked` after Ctrl-C)."""
        done = set(self.frame["replication"]) | set(self.failures["replication"])
        return len(done)

    @cached_property
    def _values(self) -> dict[tuple[str, str], pd.Series[float]]:
        """All of the frame, taken apart once: printing asks for the same numbers hundreds of times."""
        import pandas as pd

        metrics = [name for name in METRICS if name in self.frame]
        index = pd.Index(sorted(set(self.frame["replication"])), name="replication")
        found: dict[tuple[str, str], pd.Series[float]] = {}
        for policy in self.names:
            rows = self.frame[self.frame["policy"] == policy].set_index("replication")[metrics].reindex(index)
            numbers = rows.to_numpy(dtype=float, copy=True)
            numbers.flags.writeable = False
            found |= {(policy, metric): pd.Series(numbers[:, at], index, name=metric, copy=False)
                      for at, metric in enumerate(metrics)}
        return found

    def values(self, policy: str, metric: str) -> pd.Series[float]:
        """A metric under a policy, one number per replication; NaN where the run failed or the metric has no meaning.

        The numbers are shared and cannot be written to.
        """
        return self._values[policy, metric]

    def level(self, policy: str, metric: str) -> Interval:
        """Mean of a metric with its 95% interval."""
        return mean_interval(self.values(policy, metric), CONFIDENCE, metric in YES_OR_NO)

    def difference(self, policy: str, metric: str, to: str | None = None) -> Interval:
        """Paired difference to a policy named beforehand, by default the reference.

        Its interval holds together with those of all other policies' differences to the same one.
        """
        to = self.reference if to is None else to
        if policy == self.reference and to not in (self.reference, REFUSE_ALL):
            return -self.difference(to, metric)  # the words say of a pair what the table says of it
        return self._joint(metric, tuple((name, to) for name in self.names if name != to))[policy, to]

    def pairwise(self, policy: str, other: str, metric: str) -> Interval:
        """Paired difference of two policies that may be picked by looking: its interval holds together with those of all pairs.

        That to an anchor (refusing, or accepting, everything) is named beforehand, and the one that is shown (see `difference`).
        """
        for anchor in ANCHORS:
            if other == anchor:
                return self.difference(policy, metric, anchor)
            if policy == anchor:
                return -self.difference(other, metric, anchor)
        if self.names.index(policy) > self.names.index(other):
            return -self.pairwise(other, policy, metric)
        return self._joint(metric, tuple(combinations(self.names, 2)))[policy, other]

    def _joint(self, metric: str, pairs: tuple[Pair, ...]) -> dict[Pair, Interval]:
        if (metric, pairs) not in self._families:
            values = {name: self.values(name, metric) for name in self.names}
            self._families[metric, pairs] = joint_differences(values, pairs, metric in YES_OR_NO)
        return self._families[metric, pairs]

    @cached_property
    def _families(self) -> dict[tuple[str, tuple[Pair, ...]], dict[Pair, Interval]]:
        """The intervals that were worked out: printing asks for each of them several times."""
        return {}

    @property
    def deciding(self) -> str:
        """The measure that decides: net benefit; of a stream that a month, as its sums depend on when one stops counting."""
        return "net_benefit" if self.scenario.project.planned_items else "net_per_month"

    def word(self, policy: str, metric: str, to: str | None = None) -> Word:
        """better or worse than the reference (more or less where neither is better), or than another policy.

        "" where the difference is not real; disputed where it is in what was paid, but not the same way in what the work took.
        """
        return _in_both_accounts(metric, lambda account: word_for(self.difference(policy, account, to), account))

    def picked_word(self, policy: str, other: str, metric: str) -> Word:
        """The same of two policies that may be picked by looking (see `pairwise`)."""
        return _in_both_accounts(metric, lambda account: word_for(self.pairwise(policy, other, account), account))

    def best_and_worst(self, metric: str) -> tuple[frozenset[str], frozenset[str]]:
        """The best and the worst of the policies that a project could adopt.

        A policy is among the best if none of them is really better and at least half of the others are really worse; among
        the worst if none is really worse and at least half of the others are really better. Real: the paired interval, which
        holds together with those of all pairs, excludes zero. Both sets are empty where nothing is real, or no direction is
        better. (One really worse would not do: paired intervals differ in width, and a policy near the top may be told from
        the top but from nobody below.)
        """
        names = self.adoptable
        if METRICS[metric].better == "" or len(names) < 2:
            return frozenset(), frozenset()
        beats = {(a, b) for a, b in permutations(names, 2) if self.picked_word(a, b, metric) == "better"}
        wins = {name: sum(a == name for a, _ in beats) for name in names}
        losses = {name: sum(b == name for _, b in beats) for name in names}
        half = (len(names) - 1) / 2
        return (
            frozenset(name for name in names if not losses[name] and wins[name] >= half),
            frozenset(name for name in names if not wins[name] and losses[name] >= half))

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a (policy, metric).

        Columns: unit, n, mean, half_width, low, high (95%, for this number alone); difference, difference_half_width,
        difference_low, difference_high (paired to the reference; they hold together for all policies), real, word,
        variance_removed. Limits are NaN with fewer than two replications, and for the reference itself.
        """
        import pandas as pd

        rows = [self._row(policy, metric) for policy in self.names for metric in METRICS]
        return pd.DataFrame(rows).set_index(["policy", "metric"])

    def _row(self, policy: str, metric: str) -> dict[str, object]:
        level = self.level(policy, metric)
        row: dict[str, object] = {
            "policy": policy, "metric": metric, "unit": METRICS[metric].unit, "n": level.n, "mean": level.mean,
            "half_width": level.half_width, "low": level.low, "high": level.high,
        }
        itself = policy == self.reference
        gap = Interval(0, float("nan"), float("nan"), float("nan")) if itself else self.difference(policy, metric)
        removed = float("nan") if itself else variance_removed(self.values(policy, metric), self.values(self.reference, metric))
        return row | {
            "difference": gap.mean, "difference_half_width": gap.half_width, "difference_low": gap.low,
            "difference_high": gap.high, "real": gap.excludes_zero, "word": "" if itself else self.word(policy, metric),
            "variance_removed": removed,
        }

    @cached_property
    def variance_removed(self) -> pd.Series[float]:
        """Per metric: 1 - Var(A - B) / (Var A + Var B), summed over the differences to the reference."""
        import pandas as pd

        others = [name for name in self.names if name != self.reference]

        def removed(metric: str) -> float:
            against = self.values(self.reference, metric)
            return pooled_variance_removed([(self.values(name, metric), against) for name in others])

        return pd.Series({metric: removed(metric) for metric in METRICS}, name="variance_removed")

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say, in plain words; only as strong as the intervals."""
        return show.sentences(self)

    def ranked(self) -> list[str]:
        """The policies that a project can adopt, sorted as in the table."""
        return self.ordered()[0]

    def ordered(self) -> tuple[list[str], list[str]]:
        """The policies that a project can adopt, then the controls, each by the measure that decides; those without it last."""

        def place(name: str) -> tuple[bool, float]:
            mean = self.level(name, self.deciding).mean
            return (mean != mean, -mean)

        ranked = sorted(self.names, key=place)
        adoptable = set(self.adoptable)
        return [name for name in ranked if name in adoptable], [name for name in ranked if name not in adoptable]

    def text(self, width: int = 100, details: bool = False) -> str:
        """What matters most, in a table and three sentences, for a terminal of this width; with details all of it."""
        return show.text(self, width, details=details)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return show.html(self)


def word_for(gap: Interval, metric: str) -> Word:
    """The word for a difference in a metric, or "" where the difference is not real."""
    if not gap.excludes_zero:
        return ""
    lower = gap.high < 0.0
    return METRICS[metric].word(lower)


def _in_both_accounts(metric: str, word: Callable[[str], Word]) -> Word:
    said = word(metric)
    return "disputed" if said and metric in ACCOUNTS and word(ACCOUNTS[metric]) != said else said
