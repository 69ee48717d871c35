"""Intervals of one comparison hold together: studies are drawn again and again from many replications whose means are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.scenario import Scenario
from sim.stats.choosing.joint import joint_differences
from sim.stats.choosing.many import simultaneous_means
from sim.stats.means import gaps
from sim.stats.responses import Array
from sim.study.compare import compare
from sim.study.comparison import Comparison

REFERENCE = "co-evaluated"
POLICIES = (REFERENCE, "always-accept", "change-board", "gatekeeper", "expert-veto", "capacity-limit", "placebo", "clairvoyant")
POOL, STUDIES = 400, 200
PAIRS = [(name, REFERENCE) for name in POLICIES if name != REFERENCE]


@pytest.fixture(scope="module")
def pool() -> Comparison:
    """Replications of a project that takes milliseconds: what it loses by novel work is skewed: seldom, and then much."""
    project = Scenario(name="small").with_values({"project.planned_items": 10, "project.deadline": 30.0, "project.horizon": 120.0})
    return compare(project, POLICIES, reference=REFERENCE, replications=POOL)


def bonferroni(values: dict[str, Array]) -> tuple[Array, Array]:
    found = simultaneous_means(np.column_stack([gaps(values[a], values[b]) for a, b in PAIRS]), method="Bonferroni")
    return found["low"].to_numpy(), found["high"].to_numpy()


def joint(values: dict[str, Array]) -> tuple[Array, Array]:
    found = joint_differences(values, PAIRS)
    return np.array([found[pair].low for pair in PAIRS]), np.array([found[pair].high for pair in PAIRS])


def held_together(pool: Comparison, metric: str, n: int, intervals: Callable[[dict[str, Array]], tuple[Array, Array]]) -> float:
    """Share of the studies of n replications in which every interval covers the mean over the whole pool."""
    values = {name: pool.values(name, metric).to_numpy() for name in POLICIES}
    truth = [gaps(values[a], values[b]).mean() for a, b in PAIRS]
    rng, held = np.random.default_rng(1), 0
    for _ in range(STUDIES):
        rows = rng.choice(POOL, n, replace=False)
        low, high = intervals({name: of[rows] for name, of in values.items()})
        held += bool(((low <= truth) & (truth <= high)).all())
    return held / STUDIES


@pytest.mark.parametrize("n", [20, 40])
@pytest.mark.parametrize("metric", ["delay", "cost", "innovation", "net_benefit"])
def test_from_twenty_replications_on_the_intervals_of_a_comparison_hold_together(pool: Comparison, metric: str, n: int) -> None:
    assert held_together(pool, metric, n, joint) >= 0.92  # 95% less two standard errors of 200 studies


def test_t_intervals_with_bonferroni_do_not_where_the_measure_is_skewed(pool: Comparison) -> None:
    assert held_together(pool, "novel_waste", 20, bonferroni) < 0.8
    assert held_together(pool, "novel_waste", 20, joint) > 0.9


def test_below_twenty_replications_they_do_not_and_the_table_says_so(pool: Comparison) -> None:
    assert held_together(pool, "net_benefit", 10, joint) < 0.9
    few, enough = (compare(pool.scenario, POLICIES[:3], replications=n) for n in (19, 20))
    warning = "Below 20 replications"
    assert warning in few.text(100)
    assert warning not in enough.text(100)


def test_a_difference_that_is_nearly_always_zero_leaves_the_others_finite() -> None:
    """Nearly half of the resamples have no spread in it: a bootstrap of it would widen every interval without bound."""
    rng = np.random.default_rng(4)
    rare = np.zeros(100)
    rare[0] = 1.0
    values = {"seldom": rare, "often": rng.standard_normal(100), "reference": np.zeros(100)}
    found = joint_differences(values, [("seldom", "reference"), ("often", "reference")])
    assert all(np.isfinite(one.half_width) for one in found.values())
    with np.errstate(invalid="ignore"):
        alone = simultaneous_means(np.column_stack([rare, values["often"]]))
    assert not np.isfinite(alone["high"]).all()


def test_a_pair_turned_round_has_its_interval_turned_round(pool: Comparison) -> None:
    few = compare(pool.scenario, POLICIES[:4], replications=25)
    there, back = few.pairwise("always-accept", "gatekeeper", "cost"), few.pairwise("gatekeeper", "always-accept", "cost")
    assert there == -back
    assert few.difference(REFERENCE, "cost", "gatekeeper") == -few.difference("gatekeeper", "cost")
