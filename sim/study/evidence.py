"""What the replications hold for one hypothesis, before it is held against all others of its file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import StudyError
from sim.model.outcome import METRICS
from sim.stats.holm import Limits
from sim.stats.means import CONFIDENCE, ROUNDING, Interval, mean_interval
from sim.stats.paired_effects import Contrast, Effect, contrast, levels, paired, ratio, weighted_mean
from sim.stats.responses import Array
from sim.study.claim import Hypothesis
from sim.toml.shown import listing

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 10
"""Replications below which nothing is judged: means of skewed numbers are not yet near a normal distribution."""
UNKNOWN = math.nan
NO_SPREAD = 1e-300
"""Standard error of a difference that is zero in every replication: limits need some, and no number that matters is so small."""


@dataclass(frozen=True)
class Evidence:
    """The paired differences that a claim is about, and what follows from them.

    Parameters
    ----------
    claim
        The hypothesis.
    frame, design
        The tidy frame, and the design points (point, scenario, one column a factor).
    """

    claim: Hypothesis
    frame: pd.DataFrame
    design: pd.DataFrame

    @property
    def policies(self) -> list[str]:
        """The policy, and the other one if there is one."""
        return [self.claim.policy] if self.claim.against is None else [self.claim.policy, self.claim.against]

    @cached_property
    def _all_gaps(self) -> pd.DataFrame:
        return paired(self.frame, self.claim.metric, self.claim.policy, self.claim.against)

    @cached_property
    def points(self) -> pd.DataFrame:
        """The design points of its scenarios, labels and region at which both policies ran (a design may leave one out)."""
        claim, chosen = self.claim, self.design
        for name in claim.scenarios:
            if name not in set(chosen["scenario"]):
                raise StudyError(f"hypothesis {claim.name}: scenario {name!r} is not in the design")
        if claim.scenarios:
            chosen = chosen[chosen["scenario"].isin(claim.scenarios)]
        for label in claim.points:
            if label not in set(self.design["label"]):
                raise StudyError(f"hypothesis {claim.name}: no design point is called {label!r}; there are "
                                 f"{listing(dict.fromkeys(self.design['label']), most=60)}")
        if claim.points:
            chosen = chosen[chosen["label"].isin(claim.points)]
        for factor, low, high in claim.region:
            at = levels(chosen, factor)
            chosen = chosen[(at >= low) & (at <= high)]
        return chosen[chosen["point"].isin(self._all_gaps.index)]

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """The paired difference (without another policy, the metric) by point and replication."""
        return self._all_gaps.loc[self.points["point"]]

    @cached_property
    def _numbers(self) -> Array:
        return self.gaps.to_numpy(dtype=np.float64)

    @cached_property
    def _contrast(self) -> Contrast | None:
        return contrast(self.points, self.claim.factor) if self.claim.factor and len(self.points) else None

    @cached_property
    def _weights(self) -> Array:
        return np.full(len(self.gaps), 1.0 / max(len(self.gaps), 1)) if self._contrast is None else self._contrast.weights

    @cached_property
    def _reference(self) -> tuple[pd.DataFrame, Array]:
        """The table and weights whose weighted mean a relative effect is a share of; left out where the pair is left out."""
        table = paired(self.frame, self.claim.metric, self.claim.against or self.claim.policy, None)
        table = table.reindex(index=self.gaps.index, columns=self.gaps.columns).where(self.gaps.notna())
        return table, self._weights if self._contrast is None else self._contrast.low

    @cached_property
    def effect(self) -> Effect:
        """The mean paired difference (or the contrast), in the metric's unit or relative."""
        if self.identical:
            return Effect(0.0, NO_SPREAD, weighted_mean(self.gaps, self._weights).n)
        if self.claim.relative:
            return ratio(self.gaps, self._weights, *self._reference)
        return weighted_mean(self.gaps, self._weights)

    @cached_property
    def identical(self) -> bool:
        """Whether nothing at all differs, in any replication: that is no estimate but what the model does."""
        y = self._numbers
        y = y[np.isfinite(y).all(axis=1)] if self._contrast is None else np.atleast_2d(self._contrast.weights @ y)
        complete = y.size and len(y) == (len(self.gaps) if self._contrast is None else 1)
        size = np.nanmax(np.abs(self._numbers)) if complete else 0.0
        return bool(complete and (np.abs(y) <= ROUNDING * size).all())  # weights that add up to 0 leave some rounding

    @cached_property
    def reason(self) -> str:
        """Why the claim cannot be judged; "" if it can."""
        if self.points.empty:
            return f"no design point of its scenarios and region has runs of {' and '.join(self.policies)}"
        if self.effect.n < FEWEST:
            return self._too_few()
        if self.claim.relative and not weighted_mean(*self._reference).interval(CONFIDENCE).excludes_zero:
            return "relative to a reference whose mean cannot be told from zero; state the smallest effect in the metric's unit"
        if self.identical:
            return ""
        if not weighted_mean(self.gaps, self._weights).error > 0.0 or not self.effect.error > 0.0:
            return "the difference is the same in every replication: without any spread no interval can be given"
        return ""

    def _too_few(self) -> str:
        known = np.isfinite(self._numbers).sum(axis=1)
        short = [str(point) for point, n in zip(self.gaps.index, known, strict=True) if n < FEWEST]
        where = f" at design point {', '.join(short[:5])}{' and others' if len(short) > 5 else ''}" if len(known) > 1 else ""
        why = f"{self.claim.metric} has no number in some runs" if self.left_out else "too few replications"
        return f"{why}: {self.effect.n} with numbers{where}, at least {FEWEST} are needed"

    @cached_property
    def _rows(self) -> pd.DataFrame:
        return self.frame[self.frame["point"].isin(self.points["point"]) & self.frame["policy"].isin(self.policies)]

    @property
    def pairs(self) -> int:
        """Paired runs with numbers."""
        return int(np.isfinite(self._numbers).sum())

    @property
    def left_out(self) -> int:
        """Replications of a design point without a number for the pair."""
        return len(self._rows[["point", "seed", "replication"]].drop_duplicates()) - self.pairs

    @property
    def censored(self) -> int | None:
        """Runs not done at the horizon; None if the frame does not say."""
        return int(self._rows["censored"].sum()) if "censored" in self._rows.columns else None

    def superiority(self, confidence: float) -> Interval:
        """Chance of doing better in a single run, ties half; with a factor, chance of a change for the better."""
        y = self._numbers if self._contrast is None else np.atleast_2d(self._contrast.weights @ self._numbers)
        known = np.isfinite(y)
        counts = known.sum(axis=1)
        n = int(counts.min()) if len(counts) else 0
        if n == 0:
            return Interval(0, UNKNOWN, UNKNOWN, UNKNOWN)
        wins = (1.0 + np.sign(self._better * np.where(known, y, 0.0))) / 2.0
        share = float((np.where(known, wins, 0.0).sum(axis=1) / counts).mean())
        # An average of numbers between 0 and 1 never varies more than n throws of a coin, n replications, whatever the points.
        return mean_interval(np.full(n, share), confidence, yes_or_no=True)

    @property
    def _better(self) -> int:
        """+1 where more is better: as the metric has it, else as the claim has it."""
        direction = METRICS[self.claim.metric].better if self.claim.metric in METRICS else ""
        return self.claim.sign if not direction else 1 if direction == "higher" else -1

    @property
    def spread(self) -> Limits:
        """The smallest and the largest effect of a single design point; NaN with a factor."""
        if self._contrast is not None or self.points.empty:
            return Limits(UNKNOWN, UNKNOWN)
        each = [self._alone(point, np.ones(1)) for point in self.gaps.index]
        known = [effect.mean for effect in each if math.isfinite(effect.mean)]
        return Limits(min(known), max(known)) if known else Limits(UNKNOWN, UNKNOWN)

    def _alone(self, point: int, weight: Array) -> Effect:
        gap = self.gaps.loc[[point]]
        if self.claim.relative:
            return ratio(gap, weight, self._reference[0].loc[[point]], weight)
        return weighted_mean(gap, weight)

    @property
    def compared(self) -> str:
        """What is compared, in words."""
        pair = " against ".join(self.policies)
        if self._contrast is None:
            return pair
        low, high = self._contrast.ends
        return f"{pair}, {self.claim.factor} from {low:g} to {high:g}" + " along the least-squares line" * self._contrast.slope
