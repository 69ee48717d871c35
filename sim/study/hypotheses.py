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
from typing import TYPE_CHECKING

from sim.model.outcome import METRICS
from sim.stats.holm import Bounded, Limits, adjusted_p, simultaneous
from sim.stats.means import CONFIDENCE
from sim.study.claim import Hypothesis, Kind
from sim.study.evidence import Evidence
from sim.study.verdict import RELATIVE, Ruling, Verdict, Verdicts

if TYPE_CHECKING:
    import pandas as pd


def judge(hypotheses: Sequence[Hypothesis], frame: pd.DataFrame, points: pd.DataFrame) -> Verdicts:
    """Hold all hypotheses of a file against the replications: with probability 0.95 none of the verdicts is wrong.

    Parameters
    ----------
    hypotheses
        All of the file: the correction for multiplicity counts each, also those that cannot be judged.
    frame
        The tidy frame: point, scenario, policy, seed, replication and the metrics.
    points
        The design: point, scenario and one column a factor.

    Raises
    ------
    StudyError
        For a metric, policy, scenario or factor that the study does not have.
    """
    found = [Evidence(one, frame, points) for one in hypotheses]
    family = [Bounded(None if at.reason else -at.effect if at.claim.sign < 0 else at.effect, at.claim.bar) for at in found]
    limits = simultaneous(family, 1.0 - CONFIDENCE) if family else []
    return Verdicts(
        _verdict(at, limit, adjusted_p(family, i, at.claim.kind == "equivalent"))
        for i, (at, limit) in enumerate(zip(found, limits, strict=True)))


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


def _verdict(found: Evidence, limits: Limits, p_value: float) -> Verdict:
    claim, judged = found.claim, not found.reason
    _, mean, low, high = found.effect.interval(CONFIDENCE)
    _, better, better_low, better_high = found.superiority(CONFIDENCE)
    together = limits if claim.sign > 0 else Limits(0.0 - limits.high, 0.0 - limits.low)
    spread = found.spread
    return Verdict(
        hypothesis=claim.name, statement=claim.statement, about=claim.about, kind=claim.kind, metric=claim.metric,
        unit=RELATIVE if claim.relative else METRICS[claim.metric].unit if claim.metric in METRICS else "",
        compared=found.compared, smallest_effect=claim.bar, ruling=_ruling(found, limits), reason=found.reason,
        mean=mean, low=low, high=high,
        together_low=together.low if judged else math.nan, together_high=together.high if judged else math.nan,
        p_value=p_value if judged else math.nan, better=better, superiority_low=better_low, superiority_high=better_high,
        replications=found.effect.n, points=len(found.points), smallest_at_a_point=spread.low, largest_at_a_point=spread.high,
        pairs=found.pairs, left_out=found.left_out, censored=found.censored)
