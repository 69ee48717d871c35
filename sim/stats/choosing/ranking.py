"""How the ranking depends on what counts: weights on the metrics, and two ideas of success.

To be added up, metrics are standardised over the policies compared: (mean - mean over policies) / standard deviation over
policies, signed so that more is better. A weight is then the worth of one such deviation. Scores therefore depend on which
policies are compared, and a metric in which policies hardly differ is blown up like any other; the resampling of replications
shows where that makes the ranking a matter of luck. A metric that is exactly the same under all policies counts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.stats.choosing.averages import Averages, averages, interval_of
from sim.stats.means import CONFIDENCE, ROUNDING
from sim.stats.responses import Array

if TYPE_CHECKING:
    import pandas as pd

TRADITIONAL = ("on_time", "cost")
WIDE = ("satisfaction", "innovation", "engagement", "benefit_unasked")
WEIGHTS = 2000


def first_under_weights(
    frame: pd.DataFrame, metrics: Sequence[str], policies: Sequence[str] = (), weights: int = WEIGHTS, resamples: int = 200
) -> pd.DataFrame:
    """How often each policy comes first when nobody knows what weight each metric deserves.

    Weights are drawn uniformly over all that sum to 1 (Dirichlet with all parameters 1); ties share the first place.

    Parameters
    ----------
    frame, metrics, policies
        See `sim.stats.choosing.averages.averages`.
    weights, resamples
        Number of weightings, and of resamples of the replications; the 95% intervals are over the luck of the replications.

    Returns
    -------
    pandas.DataFrame
        policy, first (share of weightings, replications as they are), first_low, first_high, mean_rank (1 is best; ties get
        the mean of their ranks); best first.
    """
    import pandas as pd

    found = averages(frame, metrics, policies)
    drawn = np.random.default_rng([0, 1]).dirichlet(np.ones(len(metrics)), size=weights)
    scores = standardised(found.means, found.signs) @ drawn.T  # policies by weightings
    other = np.array([_first(standardised(means, found.signs) @ drawn.T) for means in found.resampled(resamples)])
    limits = [interval_of(other[:, at], CONFIDENCE) for at in range(len(found.policies))]
    table = pd.DataFrame({
        "policy": found.policies,
        "first": _first(scores),
        "first_low": [low for low, _ in limits],
        "first_high": [high for _, high in limits],
        "mean_rank": _ranks(scores).mean(axis=1),
    })
    return table.sort_values(["first", "mean_rank"], ascending=[False, True], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Disagreement:
    """Where two ideas of success part.

    Attributes
    ----------
    table
        policy, score and rank under each, and how often it comes first under each over resamples of the replications.
    tau, tau_low, tau_high
        Kendall's tau-b between the two rankings: 1 the same, 0 unrelated, -1 turned round.
    winners
        The first of each.
    differ
        Share of resamples in which the two have no first policy in common.
    pairs
        Pairs of policies that the two put in opposite order, with the share of resamples in which they do, most certain first.
    """

    table: pd.DataFrame
    tau: float
    tau_low: float
    tau_high: float
    winners: tuple[str, str]
    differ: float
    pairs: pd.DataFrame


def success_measures(
    frame: pd.DataFrame, traditional: Sequence[str] = TRADITIONAL, wide: Sequence[str] = WIDE, policies: Sequence[str] = ()
) -> Disagreement:
    """Rank policies by two sets of metrics (equal weights within each) and see where the rankings part.

    Parameters
    ----------
    frame, policies
        See `sim.stats.choosing.averages.averages`.
    traditional, wide
        On time and cost; satisfaction, innovation, engagement and benefit not asked for.
    """
    import pandas as pd

    found = averages(frame, [*dict.fromkeys((*traditional, *wide))], policies)
    if len(found.policies) < 2:
        raise StudyError("a ranking needs two or more policies")
    old, new = ([found.metrics.index(name) for name in names] for names in (traditional, wide))
    scores = np.array([_score(found.means, found, chosen) for chosen in (old, new)])
    other = np.array([[_score(means, found, chosen) for chosen in (old, new)] for means in found.resampled()])
    firsts = _is_first(other)
    taus = np.array([_tau(*pair) for pair in other])
    known = taus[np.isfinite(taus)]
    low, high = interval_of(known, CONFIDENCE) if len(known) else (float("nan"), float("nan"))
    table = pd.DataFrame({
        "policy": found.policies,
        "traditional": scores[0], "wide": scores[1],
        "traditional_rank": _ranks(scores[0][:, None])[:, 0], "wide_rank": _ranks(scores[1][:, None])[:, 0],
        "traditional_first": firsts[:, 0].mean(axis=0), "wide_first": firsts[:, 1].mean(axis=0),
    })
    winners = (found.policies[int(scores[0].argmax())], found.policies[int(scores[1].argmax())])
    apart = ~(firsts[:, 0] & firsts[:, 1]).any(axis=1)
    return Disagreement(table, _tau(*scores), low, high, winners, float(apart.mean()), _opposite(found.policies, scores, other))


def standardised(means: Array, signs: Array) -> Array:
    """Metrics (columns) on a common scale over the policies (rows), more being better."""
    signed = means * signs
    apart = signed - signed.mean(axis=0)
    spread = signed.std(axis=0)
    same = spread <= ROUNDING * np.abs(signed).max(axis=0)
    return np.where(same, 0.0, apart / np.where(same, 1.0, spread))


def _score(means: Array, found: Averages, chosen: Sequence[int]) -> Array:
    score: Array = standardised(means[:, chosen], found.signs[chosen]).mean(axis=1)
    return score


def _is_first(scores: Array) -> NDArray[np.bool_]:
    """Which policies (last axis) have the highest score, up to rounding."""
    result: NDArray[np.bool_] = scores >= scores.max(axis=-1, keepdims=True) - ROUNDING
    return result


def _first(scores: Array) -> Array:
    """Share of the columns in which each row is first; ties share."""
    best = _is_first(scores.T)
    share: Array = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def _ranks(scores: Array) -> Array:
    from scipy.stats import rankdata

    ranks: Array = rankdata(-scores, axis=0)
    return ranks


def _tau(a: Array, b: Array) -> float:
    """Kendall's tau-b; NaN where one of the two ranks nobody."""
    from scipy.stats import kendalltau

    return float(kendalltau(a, b).statistic)


def _opposite(policies: Sequence[str], scores: Array, other: Array) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for a, b in combinations(range(len(policies)), 2):
        gaps = scores[:, a] - scores[:, b]
        if gaps[0] * gaps[1] < 0.0:
            first, second = (a, b) if gaps[0] > 0.0 else (b, a)
            moved = other[:, :, first] - other[:, :, second]
            share = float(((moved[:, 0] > 0.0) & (moved[:, 1] < 0.0)).mean())
            rows.append((policies[first], policies[second], share))
    table = pd.DataFrame(rows, columns=["traditional_prefers", "wide_prefers", "probability"])
    return table.sort_values("probability", ascending=False, kind="stable", ignore_index=True)
