"""Hypotheses as data, and what the replications say about each.

A hypothesis claims that a metric under one policy is less or greater than under another by more than the smallest effect of
interest (or that it falls or rises from the low to the high end of a factor), or that the two are equivalent within a margin.
The verdict is read off the simultaneous interval of the paired difference (see `sim.stats.holm`; it holds for all
hypotheses of the file together). With d the difference in the claimed direction and s the smallest effect:

- **supported**: the whole interval is beyond s. For "equivalent": within the margin on both sides (two one-sided tests).
- **equivalent**: the whole interval is between -s and s: there may be an effect, but it is too small to matter. Needs s > 0.
- **contradicted**: the whole interval is below s and not all above -s: an effect as claimed is ruled out. The words say whether
  the opposite is shown. For "equivalent": the whole interval is outside the margin.
- **inconclusive**: everything else, and whatever cannot be judged, with the reason.

Every limit is one-sided at half of 1 - confidence; so the two one-sided tests run at 2.5%, stricter than the usual 5%, and the
verdict and the printed interval can never disagree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.model.outcome import METRICS
from sim.stats.holm import Bounded, Limits, adjusted_p, simultaneous
from sim.stats.means import CONFIDENCE, Interval
from sim.study.claim import Hypothesis, Kind
from sim.study.evidence import Evidence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Hypothesis", "Verdict", "judge", "ruling", "verdict_table"]

Ruling = Literal["supported", "contradicted", "equivalent", "inconclusive"]


@dataclass(frozen=True)
class Verdict:
    """What the replications say about one hypothesis.

    Attributes
    ----------
    hypothesis, ruling
        The claim, and what became of it.
    reason
        Why nothing could be judged; "" otherwise.
    effect
        Mean paired difference with its own t-interval (not corrected): within a replication the design points are averaged
        with equal weight, then replications. In the metric's unit, or as a share of the reference's mean if relative.
    together
        The interval that holds for all hypotheses of the file together; the ruling is read off it.
    p_value
        Holm-adjusted: the smallest 1 - confidence at which the claim is supported.
    superiority
        Chance that in a single run the policy does better than the other with the same luck (ties count half; better is
        the metric's own direction, without one: the claimed one), averaged over points, with Wilson's interval, which is
        cautious for such averages. With a factor: that a replication's own change is for the better.
    replications
        Replications at the design point that has the fewest.
    pairs, left_out
        Paired runs used, and those left out because a metric has no meaning in one of them or a run is missing.
    censored
        Runs behind it that were not done at the horizon; None if the frame does not say.
    points
        Design points it is about.
    spread
        Smallest and largest effect of a single design point (NaN with a factor); luck included, so wider than the truth.
    compared
        What was compared, in words.
    """

    hypothesis: Hypothesis
    ruling: Ruling
    reason: str
    effect: Interval
    together: Limits
    p_value: float
    superiority: Interval
    replications: int
    pairs: int
    left_out: int
    censored: int | None
    points: int
    spread: Limits
    compared: str


def judge(
    hypotheses: Sequence[Hypothesis], frame: pd.DataFrame, points: pd.DataFrame, confidence: float = CONFIDENCE
) -> list[Verdict]:
    """Hold all hypotheses of a file against the replications.

    Parameters
    ----------
    hypotheses
        All of the file: the correction for multiplicity counts each, also those that cannot be judged.
    frame
        The tidy frame: point, scenario, policy, seed, replication and the metrics.
    points
        The design: point, scenario and one column a factor.
    confidence
        Probability that no verdict of the file is wrong.

    Raises
    ------
    StudyError
        For a metric, policy, scenario or factor that the study does not have.
    """
    found = [Evidence(one, frame, points) for one in hypotheses]
    family = [Bounded(None if at.reason else -at.effect if at.claim.sign < 0 else at.effect, at.claim.bar) for at in found]
    limits = simultaneous(family, 1.0 - confidence) if family else []
    return [
        _verdict(at, limit, adjusted_p(family, i, at.claim.kind == "equivalent"), confidence)
        for i, (at, limit) in enumerate(zip(found, limits, strict=True))]


def ruling(kind: Kind, bar: float, limits: Limits) -> Ruling:
    """The verdict of an interval in the claimed direction.

    Examples
    --------
    >>> [ruling("greater", 2.0, Limits(*at)) for at in ((3, 5), (-1, 1), (-5, 1), (1, 5))]
    ['supported', 'equivalent', 'contradicted', 'inconclusive']
    >>> [ruling("equivalent", 2.0, Limits(*at)) for at in ((-1, 1), (3, 5), (1, 5))]
    ['supported', 'contradicted', 'inconclusive']
    """
    low, high = limits
    between = -bar < low and high < bar
    if kind == "equivalent":
        return "supported" if between else "contradicted" if low >= bar or high <= -bar else "inconclusive"
    if low >= bar:
        return "supported"
    return "equivalent" if between else "contradicted" if high <= bar else "inconclusive"


def _ruling(found: Evidence, limits: Limits) -> Ruling:
    if found.reason:
        return "inconclusive"
    if found.identical and found.claim.bar == 0.0:
        return "contradicted"  # nothing at all differs, so it is neither less nor greater
    return ruling(found.claim.kind, found.claim.bar, limits)


def _verdict(found: Evidence, limits: Limits, p_value: float, confidence: float) -> Verdict:
    claim, effect = found.claim, found.effect
    together = limits if claim.sign > 0 else Limits(0.0 - limits.high, 0.0 - limits.low)
    return Verdict(
        hypothesis=claim,
        ruling=_ruling(found, limits),
        reason=found.reason,
        effect=effect.interval(confidence),
        together=Limits(math.nan, math.nan) if found.reason else together,
        p_value=math.nan if found.reason else p_value,
        superiority=found.superiority(confidence),
        replications=effect.n,
        pairs=found.pairs,
        left_out=found.left_out,
        censored=found.censored,
        points=len(found.points),
        spread=found.spread,
        compared=found.compared,
    )


def verdict_table(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """One row a hypothesis; effects and limits in the metric's unit, or as shares of the reference's mean where relative."""
    import pandas as pd

    return pd.DataFrame([_row(verdict) for verdict in verdicts])


def _row(verdict: Verdict) -> dict[str, object]:
    claim = verdict.hypothesis
    return {
        "hypothesis": claim.name,
        "statement": claim.statement,
        "verdict": verdict.ruling,
        "metric": claim.metric,
        "unit": "of the reference" if claim.relative else METRICS[claim.metric].unit if claim.metric in METRICS else "",
        "claim": claim.kind,
        "compared": verdict.compared,
        "smallest_effect": claim.bar,
        "effect": verdict.effect.mean,
        "low": verdict.effect.low,
        "high": verdict.effect.high,
        "together_low": verdict.together.low,
        "together_high": verdict.together.high,
        "p_value": verdict.p_value,
        "superiority": verdict.superiority.mean,
        "superiority_low": verdict.superiority.low,
        "superiority_high": verdict.superiority.high,
        "replications": verdict.replications,
        "points": verdict.points,
        "smallest_at_a_point": verdict.spread.low,
        "largest_at_a_point": verdict.spread.high,
        "left_out": verdict.left_out,
        "censored": verdict.censored,
        "reason": verdict.reason,
    }

