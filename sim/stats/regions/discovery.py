"""Where does the answer flip? The share of an uncertain region in which each of two policies wins, and where that is.

Replications are noise, and all design points share their luck (common random numbers). So a rule is believed only if it holds
where it was not learnt: on other design points *and* in other replications. Each fold of replications is left out in turn,
rules are learnt on the rest, and what the left-out replications say inside and outside is one observation; the test is over
these observations, because the luck of one replication can make a whole region look good at once. That shows that the winner
wins more often inside; that it *wins* there must show at the points themselves, inside rules that were learnt on others.
The price: where the true difference is as large as the noise of one run, with 60 points a box was found in about 5 of 10
studies with 6 replications and in 8 of 10 with 8.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import StudyError
from sim.stats.means import CONFIDENCE, corrected, mean_interval
from sim.stats.regions.prim import Prim, density_and_coverage
from sim.stats.regions.region import Mask, Places, Region
from sim.stats.regions.tree import SmallTree
from sim.stats.responses import Array, gains

if TYPE_CHECKING:
    import pandas as pd

Learner = Callable[[Array, Mask], Region]
Signs = NDArray[np.int64]
POINT_FOLDS = 5
MOST_REPLICATION_FOLDS = 10
FEWEST_REPLICATIONS = 6  # of four, one time in eight all lean the same way by luck
FEWEST_POINTS = 20


@dataclass(frozen=True)
class Share:
    """How much of the region each policy wins.

    Attributes
    ----------
    points
        Design points with at least two replications.
    first, second, undecided
        Points at which the first policy is really better, at which the second is, and the rest: paired t-tests with at most 5%
        false discoveries over the points (Benjamini and Hochberg 1995).
    share, low, high
        Share of the points at which the first has the better mean. Limits: from what is really won by the first to all that is
        not really won by the second, with the error of sampling so many points (Wilson). Of the *region* this is a share only
        where the design samples it evenly (Latin hypercube, Sobol).
    """

    points: int
    first: int
    second: int
    undecided: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Rule:
    """A region in which one policy wins.

    Attributes
    ----------
    method, winner, region
        "PRIM" or "tree"; the policy that wins there; the region.
    density, coverage
        Share of the points inside that it wins, and share of all points that it wins which are inside (on the points that the
        rule was learnt on, all replications).
    won, lost
        Points inside at which it is really better, and at which the other policy is.
    held_out_density, held_out_base
        Share of the held-out answers (other points, other replications) that it wins inside such rules, and everywhere. A
        held-out answer has the noise of few replications: compare these with each other, not with `density`.
    p_value
        One-sided, that this is chance: the larger one of two. "It wins no more often inside than everywhere": a t-test over
        folds of replications. "Where the two seem to differ inside (each point's own p-value), it wins no more often than not":
        a sign test over the design points inside rules that were learnt on other points.
    """

    method: str
    winner: str
    region: Region
    density: float
    coverage: float
    won: int
    lost: int
    held_out_density: float
    held_out_base: float
    p_value: float


class NoRule(Enum):
    """Why no rule can be looked for: too few design points, too few replications, or never the better mean."""

    POINTS = "points"
    REPLICATIONS = "replications"
    NEVER = "never"


@dataclass(frozen=True)
class Flip:
    """Where the answer flips between two policies.

    Attributes
    ----------
    metric, first, second
        What was asked.
    differences
        One row a design point: point, n, gain (how much better the first is, in the metric's unit, paired mean), se, p_value,
        winner (the policy that is really better, or "").
    share
        How much of the region each wins.
    rules
        What was found and held out of sample; possibly nothing.
    tried
        Rules that were learnt but did not hold; not to be believed.
    places, replications
        The design points as numbers, in which the rules' regions are; the most replications that a point has.
    no_rule
        Why no rule could be looked for; None if one could.
    """

    metric: str
    first: str
    second: str
    differences: pd.DataFrame
    share: Share
    rules: tuple[Rule, ...]
    tried: tuple[Rule, ...]
    places: Places
    replications: int
    no_rule: NoRule | None


def where_it_flips(
    frame: pd.DataFrame, points: pd.DataFrame, metric: str, first: str, second: str, *,
    factors: Sequence[str] | None = None, confidence: float = CONFIDENCE, seed: int = 1,
) -> Flip:
    """For two policies over a region: how much of it each wins, and where the one that wins less of it does.

    Parameters
    ----------
    frame, points
        Results (tidy frame) and design points (`sim.design.point.points_frame`) of one scenario; only the points named there count.
    metric, first, second
        What is compared, and which policies; the metric must have a better direction.
    factors
        Dotted keys to describe regions by; by default all that vary.
    confidence
        For shares, and for believing a rule (corrected for the two methods that look for one).
    seed
        Of the folds.

    Raises
    ------
    StudyError
        For a metric without direction, unknown names, several scenarios at once, or no point with two replications.
    """
    if len(set(points["scenario"])) != 1:
        raise StudyError("one scenario at a time; choose the design points of one")
    table = gains(frame[frame["point"].isin(points["point"])], metric, first, second)
    table = table[table.notna().sum(axis=1) >= 2]
    if table.empty:
        raise StudyError(f"metric {metric}: no design point has two replications of both policies")
    differences = _differences(table, first, second, 1.0 - confidence)
    share = _share(differences, first, second, confidence)
    places = Places.of(points.set_index("point").loc[table.index].reset_index(), factors)
    winner, sign = (first, 1.0) if share.share <= 0.5 else (second, -1.0)
    answers = sign * table.to_numpy(dtype=np.float64)
    seems = np.where(differences["p_value"] <= 1.0 - confidence, np.sign(sign * differences["gain"]), 0).astype(np.int64)
    really = np.where(differences["winner"] == "", 0, seems)
    why = _why_not(answers)
    learners: tuple[tuple[str, Learner], ...] = () if why else (("PRIM", Prim()), ("tree", SmallTree()))
    learnt = [_rule(method, learner, winner, places, answers, seems, really, seed) for method, learner in learners]
    found = [rule for rule in learnt if rule is not None]
    doubt = 1.0 - corrected(confidence, 2)  # two methods look for a rule
    believed = tuple(rule for rule in found if rule.p_value <= doubt and rule.density > 0.5)
    return Flip(metric, first, second, differences, share, believed, tuple(r for r in found if r not in believed), places,
                answers.shape[1], why)


def _differences(table: pd.DataFrame, first: str, second: str, false_discoveries: float) -> pd.DataFrame:
    import pandas as pd
    from scipy.special import stdtr
    from scipy.stats import false_discovery_control

    n = table.notna().sum(axis=1).to_numpy()
    mean = table.mean(axis=1).to_numpy(dtype=np.float64)
    se = table.std(axis=1, ddof=1).to_numpy(dtype=np.float64) / np.sqrt(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(mean == 0.0, 0.0, np.abs(mean) / se)
    p = 2.0 * stdtr(n - 1, -t)
    real = false_discovery_control(p) <= false_discoveries
    winner = np.where(real & (mean > 0), first, np.where(real & (mean < 0), second, ""))
    return pd.DataFrame({"point": table.index, "n": n, "gain": mean, "se": se, "p_value": p, "winner": winner})


def _share(differences: pd.DataFrame, first: str, second: str, confidence: float) -> Share:
    won = [(differences["winner"] == policy).to_numpy(dtype=np.float64) for policy in (first, second)]
    low = mean_interval(won[0], confidence, yes_or_no=True).low
    high = 1.0 - mean_interval(won[1], confidence, yes_or_no=True).low
    counts = [int(each.sum()) for each in won]
    share = float((differences["gain"] > 0).mean() + 0.5 * (differences["gain"] == 0).mean())
    return Share(len(differences), counts[0], counts[1], len(differences) - sum(counts), share, low, high)


def _why_not(answers: Array) -> NoRule | None:
    """Why no rule can be looked for; None if one can."""
    points, replications = answers.shape
    if points < FEWEST_POINTS:
        return NoRule.POINTS
    if replications < FEWEST_REPLICATIONS:
        return NoRule.REPLICATIONS
    return None if (np.nanmean(answers, axis=1) > 0).any() else NoRule.NEVER


def _rule(
    method: str, learn: Learner, winner: str, places: Places, answers: Array, seems: Signs, really: Signs, seed: int
) -> Rule | None:
    """A rule learnt on everything, with what rules learnt in the same way are worth out of sample.

    `seems` and `really` say for each point whether the winner is better (1), the other one (-1), or neither (0): by the
    point's own p-value, and with the false discoveries over all points held down.
    """
    case = np.nanmean(answers, axis=1) > 0
    region = learn(places.x, case)
    if not region.boxes:
        return None
    inside = region.contains(places.x)
    density, coverage = density_and_coverage(inside, case)
    won, lost = int((really[inside] == 1).sum()), int((really[inside] == -1).sum())
    rng = np.random.default_rng(seed)
    folds = np.array_split(rng.permutation(len(case)), POINT_FOLDS)
    held_out, base, p = _out_of_sample(learn, places.x, answers, folds, rng)
    p_wins = _more_than_half(seems[_predicted(learn, places.x, _mean(answers), folds)])
    return Rule(method, winner, region, density, coverage, won, lost, held_out, base, max(p, p_wins))


def _out_of_sample(
    learn: Learner, x: Array, answers: Array, point_folds: Sequence[NDArray[np.int64]], rng: np.random.Generator
) -> tuple[float, float, float]:
    """Share won inside held-out rules, share won everywhere, and the p-value of their difference; see `Rule`."""
    folds = np.array_split(rng.permutation(answers.shape[1]), min(MOST_REPLICATION_FOLDS, answers.shape[1]))
    inside_won, base_won = [], []
    for left_out in folds:
        answer = _mean(answers[:, left_out])
        known = np.isfinite(answer)
        inside = _predicted(learn, x, _mean(np.delete(answers, left_out, axis=1)), point_folds) & known
        base = float((answer[known] > 0).mean())
        base_won.append(base)
        # Without any rule there is no gain over no rule.
        inside_won.append(float((answer[inside] > 0).mean()) if inside.any() else base)
    return float(np.mean(inside_won)), float(np.mean(base_won)), _above_zero(np.subtract(inside_won, base_won))


def _predicted(learn: Learner, x: Array, answer: Array, point_folds: Sequence[NDArray[np.int64]]) -> Mask:
    """Which points are inside a rule that was learnt on other points."""
    inside = np.zeros(len(x), dtype=np.bool_)
    for held_out in point_folds:
        rest = np.setdiff1d(np.flatnonzero(np.isfinite(answer)), held_out)
        inside[held_out] = learn(x[rest], answer[rest] > 0).contains(x[held_out])
    return inside


def _mean(answers: Array) -> Array:
    """Mean over replications; NaN where there is none."""
    count = np.isfinite(answers).sum(axis=1)
    return np.where(count > 0, np.nansum(answers, axis=1) / np.maximum(count, 1), np.nan)


def _more_than_half(signs: Signs) -> float:
    """One-sided p-value of a sign test that there is more 1 than -1."""
    from scipy.stats import binom

    won, decided = int((signs == 1).sum()), int((signs != 0).sum())
    return float(binom.sf(won - 1, decided, 0.5))


def _above_zero(values: Array) -> float:
    """One-sided p-value of a t-test that the mean over folds is above zero, corrected for what the folds have in common.

    What fold f says about a rule learnt on the others, and what fold g does, both contain how f and g agree. With rules that
    follow the mean of the others linearly the folds are correlated by 1 / (F - 1): the variance of their mean is
    2 (F - 1) / (F - 2) times what their spread says. Without this, luck that is smooth over the region is believed too often.
    """
    from scipy.special import stdtr

    folds = len(values)
    spread = float(values.std(ddof=1)) / math.sqrt(folds) * math.sqrt(2.0 * (folds - 1) / (folds - 2))
    mean = float(values.mean())
    if spread <= 1e-12 * abs(mean) or mean == 0.0:
        return 0.0 if mean > 0.0 else 1.0
    return float(stdtr(len(values) - 1, -mean / spread))
