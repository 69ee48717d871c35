"""Where the answer flips: boxes that are there are found, and noise is not taken for a box."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import StudyError
from sim.stats.regions.discovery import Flip, Rule, _out_of_sample, where_it_flips
from sim.stats.regions.prim import Prim, balance, density_and_coverage
from sim.stats.regions.region import Box, Places, Region, Restriction
from sim.stats.regions.tree import SmallTree
from sim.study.analyses.flips import flip_words
from sim.study.region_words import region_words, roundest

NAMES = ("customer.request_rate", "customer.merit", "team.size", "review.cadence", "customer.drift")


def places(points: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((points, len(NAMES)))


def in_the_box(x: np.ndarray) -> np.ndarray:
    return (x[:, 0] < 0.3) & (x[:, 1] > 0.4)


def flip(x: np.ndarray, gain: np.ndarray, metric: str = "net_benefit", **options: object) -> Flip:
    """`gain`: how much more the first policy has of the metric, by point and replication; all points share each one's luck."""
    rng = np.random.default_rng(9)
    shared = 10 * rng.standard_normal(gain.shape[1])
    rows = [
        {"point": p, "policy": policy, "seed": 1, "replication": r, metric: shared[r] + more}
        for p in range(gain.shape[0]) for r in range(gain.shape[1]) for policy, more in (("king", gain[p, r]), ("both", 0.0))
    ]
    points = pd.DataFrame({"point": range(len(x)), "scenario": "s", **{name: x[:, i] for i, name in enumerate(NAMES)}})
    return where_it_flips(pd.DataFrame(rows), points, metric, "king", "both", **options)


def answers(x: np.ndarray, seed: int, replications: int = 6, noise: float = 1.0) -> np.ndarray:
    luck = np.random.default_rng(seed).standard_normal((len(x), replications))
    return np.where(in_the_box(x), 1.0, -1.0)[:, None] + noise * luck


def is_the_box(rule: Rule) -> bool:
    """Whether a rule is the box: its two limits, each within 0.05, and no other."""
    limits = [(limit.factor, limit.low, limit.high) for box in rule.region.boxes for limit in box.restrictions]
    wanted = [(0, -np.inf, 0.3), (1, 0.4, np.inf)]
    return len(limits) == 2 and all(limit == pytest.approx(goal, abs=0.05) for limit, goal in zip(limits, wanted, strict=True))


def test_the_box_in_which_a_policy_wins_is_found_and_said_in_words():
    found = flip(places(200, 1), answers(places(200, 1), seed=2))
    assert {rule.method for rule in found.rules} == {"PRIM", "tree"}
    for rule in found.rules:
        assert rule.winner == "king"
        assert is_the_box(rule)
        assert (rule.won > 5, rule.lost) == (True, 0)
        assert rule.held_out_base == pytest.approx(0.18 * 0.84 + 0.82 * 0.16, abs=0.05)  # one answer has the noise of one run
        assert rule.held_out_density == pytest.approx(0.8, abs=0.1)
    assert re.search(r"king wins where request_rate < 0\.\d+ and merit > 0\.\d+ \(9\d% of cases inside; covers", " ".join(flip_words(found)))


def test_the_share_of_the_region_is_known_to_its_interval():
    x = places(200, 3)
    found = flip(x, answers(x, seed=4, noise=0.3)).share
    assert (found.points, found.first) == (200, int(in_the_box(x).sum()))
    assert found.low <= 0.18 <= found.high
    assert found.high - found.low < 0.15


def test_with_noise_the_interval_of_the_share_is_wider_and_some_points_are_not_decided():
    x = places(100, 3)
    sharp, dull = (flip(x, answers(x, seed=4, noise=noise)).share for noise in (0.3, 3.0))
    assert sharp.undecided == 0 < dull.undecided
    assert dull.low <= sharp.low <= sharp.high <= dull.high


def test_less_delay_is_better():
    x = places(100, 3)
    assert flip(x, answers(x, 4), "delay").share.share == pytest.approx(1 - flip(x, answers(x, 4)).share.share)


def test_the_policy_that_wins_less_of_the_region_is_the_one_described():
    x = places(200, 1)
    rules = flip(x, -answers(x, seed=2)).rules
    assert [(rule.winner, is_the_box(rule)) for rule in rules] == [("both", True)] * 2


NO_RULE = {
    "each run for itself": lambda rng, x, r: rng.standard_normal((len(x), r)),
    # Real differences between design points, which the factors do not explain.
    "each point for itself": lambda rng, x, r: rng.choice([-1.0, 1.0], (len(x), 1)) + 0.3 * rng.standard_normal((len(x), r)),
    # Luck that all points share in part: in each replication another half of the region looks good.
    "smooth over the region": lambda rng, x, r: (x - 0.5) @ rng.standard_normal((x.shape[1], r))
    + 0.2 * rng.standard_normal((len(x), r)),
    "at one end of one factor": lambda rng, x, r: np.outer(x[:, 0] - 0.5, rng.standard_normal(r))
    + 0.05 * rng.standard_normal((len(x), r)),
    "the same at all points": lambda rng, x, r: rng.standard_normal(r) + 0.2 * rng.standard_normal((len(x), r)),
}


@pytest.mark.parametrize("kind", NO_RULE)
def test_where_the_factors_explain_nothing_nothing_is_found(kind):
    found = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        x = rng.random((40, len(NAMES)))
        found += bool(flip(x, NO_RULE[kind](rng, x, 6)).rules)
    assert found <= 0.05 * 30


def test_luck_that_makes_half_of_the_region_look_good_is_believed_in_few_studies():
    """The test over replications alone: in each of them one end of a factor looks good, on average neither does."""
    believed, gained = 0, []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = rng.random((40, 2))
        luck = np.outer(x[:, 0] - 0.5, rng.standard_normal(6)) + 0.05 * rng.standard_normal((40, 6))
        folds = np.array_split(rng.permutation(40), 5)
        inside, base, p = _out_of_sample(SmallTree(), x, luck, folds, rng)
        believed += p <= 0.05
        gained.append(inside - base)
    assert believed <= 5
    assert np.mean(gained) == pytest.approx(0.0, abs=0.05)  # replications that a rule has not seen do not favour it


def test_a_rule_that_only_fits_the_luck_of_the_replications_would_have_been_found_without_the_test():
    """The twin: what is learnt from such noise looks convincing on the points that it was learnt on."""
    rng = np.random.default_rng(0)
    x = rng.random((50, len(NAMES)))
    noise = NO_RULE["smooth over the region"](rng, x, 6)
    assert max(rule.density for rule in flip(x, noise).tried) > 0.8


def test_where_a_policy_is_only_less_bad_it_does_not_win():
    x = places(200, 1)
    rng = np.random.default_rng(3)
    gain = np.where(in_the_box(x), -0.3, -2.0)[:, None] + rng.standard_normal((200, 6))
    found = flip(x, gain)
    assert found.rules == ()
    for rule in found.tried:  # the box is there, and a policy that loses in it all the same
        assert rule.held_out_density > rule.held_out_base + 0.2
        assert rule.lost >= rule.won


def test_a_policy_that_wins_everywhere_needs_no_rule():
    x = places(60, 1)
    found = flip(x, 5 + np.random.default_rng(1).standard_normal((60, 5)))
    assert (found.share.first, found.rules) == (60, ())
    assert "No rule was looked for" in " ".join(flip_words(found))


@pytest.mark.parametrize(
    ("points", "replications", "said"), [(12, 6, "12 design points are too few"), (50, 5, "5 replications are")])
def test_too_little_is_said_to_be_too_little(points, replications, said):
    x = places(points, 1)
    found = flip(x, answers(x, 1, replications))
    assert found.rules == ()
    assert said in " ".join(flip_words(found))


def test_points_without_two_replications_are_left_out_and_numbers_that_are_missing_do_not_matter():
    x = places(200, 1)
    gain = answers(x, seed=2)
    gain[:3, 1:] = np.nan
    gain[10:40, 2] = np.nan
    found = flip(x, gain)
    assert found.share.points == 197
    assert found.differences.loc[found.differences["point"] == 10, "n"].tolist() == [5]
    assert [is_the_box(rule) for rule in found.rules] == [True, True]


def test_what_cannot_be_compared_is_refused():
    x = places(30, 1)
    with pytest.raises(StudyError, match="neither more nor less"):
        flip(x, answers(x, 1), "utilisation")
    with pytest.raises(StudyError, match="not in the design"):
        flip(x, answers(x, 1), factors=["customer.apetite"])
    with pytest.raises(StudyError, match="no design point has two replications"):
        flip(x, answers(x, 1, replications=1))


# ------------------------------------------------------------------------------------------------------- learners and regions


@pytest.mark.parametrize("learn", [Prim(), SmallTree()])
def test_without_noise_a_learner_finds_the_box_itself(learn):
    x = places(400, 5)
    region = learn(x, in_the_box(x))
    density, coverage = density_and_coverage(region.contains(x), in_the_box(x))
    assert min(density, coverage) > 0.97
    assert {limit.factor for box in region.boxes for limit in box.restrictions} == {0, 1}


@pytest.mark.parametrize("learn", [Prim(), SmallTree()])
@pytest.mark.parametrize("case", [np.zeros(50, dtype=bool), np.ones(50, dtype=bool)])
def test_where_there_is_no_difference_there_is_no_region(learn, case):
    assert learn(places(50, 1), case) == Region()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(10, 80), st.floats(0.1, 0.9))
def test_each_peel_is_inside_the_one_before_and_keeps_enough_points(seed, points, share):
    x = places(points, seed).round(1)  # ties
    case = np.random.default_rng(seed).random(points) < share
    if not case.any():
        return
    boxes = list(Prim().trajectory(x, case))
    for before, after in pairwise(boxes):
        assert (after[:, 0] >= before[:, 0]).all()
        assert (after[:, 1] <= before[:, 1]).all()
        inside = ((x >= after[:, 0]) & (x <= after[:, 1])).all(axis=1)
        assert 5 <= inside.sum() < ((x >= before[:, 0]) & (x <= before[:, 1])).all(axis=1).sum()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_every_limit_of_a_box_is_worth_it(seed):
    rng = np.random.default_rng(seed)
    x = places(120, seed)
    case = in_the_box(x) ^ (rng.random(120) < 0.1)
    region = Prim()(x, case)
    assert all(limit.quasi_p <= 0.05 for box in region.boxes for limit in box.restrictions)
    if region.boxes:
        assert balance(region.contains(x), case) > balance(np.ones(120, dtype=bool), case)


def test_a_tree_that_says_the_same_on_both_sides_asks_nothing():
    x = places(300, 2)
    case = (x[:, 0] < 0.5) | (x[:, 1] < 0.5)
    region = SmallTree()(x, case)
    assert (region.contains(x) == case).mean() > 0.97
    assert len(region.boxes) == 2


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_the_roundest_number_between_two_is_between_them(below, gap):
    above = below + gap
    if below < above:
        assert below <= roundest(below, above) <= above


def test_limits_are_said_as_round_numbers_texts_by_their_levels_and_short_names_only_where_clear():
    frame = pd.DataFrame({
        "point": range(4), "scenario": "s", "evaluation.customer_hours": [0.1, 0.287, 0.312, 0.9],
        "review.customer_hours": [1.0, 2.0, 3.0, 4.0], "adoption.before": ["b", "a", "c", "a"], "team.flat": [1, 1, 1, 1],
    })
    known = Places.of(frame)
    assert known.factors == ("evaluation.customer_hours", "review.customer_hours", "adoption.before")
    region = Region((Box((Restriction(0, high=0.287), Restriction(1, low=2.0, high=3.0))), Box((Restriction(2, high=1.0),))))
    assert region_words(known, region) == (
        "evaluation.customer_hours < 0.3 and 1.5 < review.customer_hours < 3.5, or where before is a or b")
