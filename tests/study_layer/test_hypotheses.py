"""A hypothesis is judged by where the interval of the paired difference lies, and a file of them is rarely wrong anywhere."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.errors import StudyError
from sim.report.verdict_words import in_plain_words
from sim.stats.holm import Bounded, Limits, adjusted_p, holm, simultaneous
from sim.stats.paired_effects import Effect, ratio, weighted_mean
from sim.study.claim import Hypothesis
from sim.study.hypotheses import judge, ruling
from sim.study.verdict import Verdict
from tests.study_layer.made_up import design, normal, pair_with, results


def claim(kind: str = "less", **parts: object) -> Hypothesis:
    values = {"name": "h", "statement": "new beats old", "metric": "delay", "kind": kind, "policy": "new", "against": "old"}
    return Hypothesis(**(values | parts))


def verdict_on(difference: np.ndarray, base: np.ndarray | float = 0.0, **parts: object) -> Verdict:
    frame = results("delay", pair_with(difference, base))
    return judge([claim(**parts)], frame, design(np.atleast_2d(difference).shape[0]))[0]


def around(mean: float, error: float = 0.5, n: int = 40) -> np.ndarray:
    return normal(np.random.default_rng(1), n, mean, error)


@pytest.mark.parametrize(
    ("kind", "mean", "bar", "wanted"),
    [
        ("less", -5.0, 2.0, "supported"),  # about [-6, -4]
        ("less", -2.5, 2.0, "inconclusive"),
        ("less", 0.2, 2.0, "equivalent"),
        ("less", -1.5, 2.0, "inconclusive"),
        ("less", 5.0, 2.0, "contradicted"),
        ("less", 2.0, 2.0, "contradicted"),  # not less by 2, and perhaps not too small to matter either
        ("greater", 5.0, 2.0, "supported"),
        ("greater", -5.0, 0.0, "contradicted"),
        ("greater", 0.0, 0.0, "inconclusive"),
        ("greater", 5.0, 0.0, "supported"),
    ],
)
def test_the_verdict_is_where_the_interval_lies(kind: str, mean: float, bar: float, wanted: str):
    assert verdict_on(around(mean), kind=kind, smallest_effect=bar).ruling == wanted


@pytest.mark.parametrize(
    ("mean", "wanted"), [(0.3, "supported"), (1.5, "inconclusive"), (4.0, "contradicted"), (-4.0, "contradicted")]
)
def test_equivalence_needs_both_one_sided_tests(mean: float, wanted: str):
    assert verdict_on(around(mean), kind="equivalent", margin=2.0).ruling == wanted


def test_a_single_hypothesis_has_the_t_test_s_interval_and_p_value():
    d = around(-3.0, 0.7)
    found = verdict_on(d, smallest_effect=1.0)
    expected = stats.ttest_1samp(d, -1.0)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.effect[2:] == pytest.approx(tuple(stats.ttest_1samp(d, 0.0).confidence_interval(0.95)))


def test_equivalence_agrees_with_the_tost_of_statsmodels():
    from statsmodels.stats.weightstats import ttost_paired

    d = around(0.8)
    found = verdict_on(d, kind="equivalent", margin=2.0)
    assert found.p_value == pytest.approx(2 * ttost_paired(d, np.zeros(len(d)), -2.0, 2.0)[0])  # half of alpha on each side


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=20, deadline=None)  # statsmodels collects garbage at each call
def test_for_every_list_of_p_values_holm_is_that_of_statsmodels(p_values: list[float]):
    from statsmodels.stats.multitest import multipletests

    np.testing.assert_allclose(holm(p_values), multipletests(p_values, method="holm")[1])


def test_wilson_s_interval_of_superiority_is_that_of_statsmodels():
    from statsmodels.stats.proportion import proportion_confint

    found = verdict_on(np.array([-1.0] * 17 + [1.0] * 3)).superiority
    assert found[2:] == pytest.approx(proportion_confint(17, 20, method="wilson"))


@st.composite
def families(draw: st.DrawFn) -> list[Bounded]:
    number = st.floats(-4, 4)
    effect = st.builds(Effect, number, st.floats(0.1, 3), st.integers(10, 60))
    return draw(st.lists(st.builds(Bounded, st.none() | effect, st.sampled_from([0.0, 0.5, 2.0])), min_size=1, max_size=8))


@given(families(), st.sampled_from([0.01, 0.05, 0.2]))
def test_for_every_file_verdict_interval_and_adjusted_p_value_say_the_same(family: list[Bounded], alpha: float):
    for at, limits in enumerate(simultaneous(family, alpha)):
        assert limits.low <= limits.high
        p_value = adjusted_p(family, at, equivalence=False)
        if not math.isclose(p_value, alpha, rel_tol=1e-9):
            assert (ruling("greater", family[at].bar, limits) == "supported") == (p_value <= alpha)
        if family[at].bar:
            p_value = adjusted_p(family, at, equivalence=True)
            assert (ruling("equivalent", family[at].bar, limits) == "supported") == (p_value <= alpha)


@given(families())
def test_for_every_file_holm_claims_all_that_bonferroni_claims(family: list[Bounded]):
    alone = [(0.05 / len(family), simultaneous([one], 0.05 / len(family))[0]) for one in family]
    for one, limits, (_, cautious) in zip(family, simultaneous(family, 0.05), alone, strict=True):
        if ruling("greater", one.bar, cautious) == "supported":
            assert ruling("greater", one.bar, limits) == "supported"


def test_holm_claims_what_bonferroni_leaves_open():
    def reached(p: float) -> Bounded:
        return Bounded(Effect(float(stats.t.isf(p, 29)), 1.0, 30), 0.0)

    family = [reached(0.001), reached(0.009)]  # Bonferroni would ask the second for 0.00625... of its side at 0.0125
    limits = simultaneous(family, 0.03)
    assert [ruling("greater", 0.0, at) for at in limits] == ["supported", "supported"]
    assert simultaneous([family[1]], 0.015)[0].low < 0.0  # so Bonferroni would not


def test_limits_are_those_of_strassburger_and_bretz():
    def at(mean: float) -> Bounded:
        return Bounded(Effect(mean, 1.0, 30), 1.0)

    def limit(mean: float, share: float) -> float:
        return mean - float(stats.t.isf(0.025 / share, 29))

    some = simultaneous([at(9.0), at(2.0), at(0.0)], 0.05)  # the first is above its bar, the others are left open
    assert [one.low for one in some] == pytest.approx([1.0, limit(2.0, 2), limit(0.0, 2)])
    every = simultaneous([at(9.0), at(3.2)], 0.05)  # the second only because the first made room for it
    assert [one.low for one in every] == pytest.approx([limit(9.0, 2), 1.0])
    assert limit(3.2, 2) < 1.0 < limit(3.2, 1)


@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_in_a_file_of_eight_any_verdict_is_wrong_in_at_most_five_of_a_hundred_studies(correlation: float):
    rng = np.random.default_rng(12)
    truth = np.array([0.0, 0.0, 1.0, 1.0, -1.0, 3.0, 0.999, -3.0])  # many on the edge of their smallest effect of 1
    studies, n, wrong, missed = 2000, 20, 0, 0
    for _ in range(studies):
        common = rng.standard_normal((n, 1))
        x = 4 * truth + 4 * (np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.standard_normal((n, len(truth))))
        family = [Bounded(Effect(m, s / np.sqrt(n), n), 4.0) for m, s in zip(x.mean(0), x.std(0, ddof=1), strict=True)]
        limits = simultaneous(family, 0.05)
        said = [ruling("greater", 4.0, at) for at in limits]
        allowed = [{"contradicted", "equivalent"} if t < 1 else {"contradicted"} if t == 1 else {"supported"} for t in truth]
        allowed[2] = allowed[3] = set()  # exactly on the edge nothing may be said
        allowed[4] = allowed[7] = {"contradicted"}
        wrong += any(word != "inconclusive" and word not in fine for word, fine in zip(said, allowed, strict=True))
        missed += any(not at.low <= 4 * t <= at.high for at, t in zip(limits, truth, strict=True))
    edge = stats.binom.isf(1e-3, studies, 0.05)  # what a true rate of 5% would almost never exceed
    assert 0 < wrong <= edge
    assert 0 < missed <= edge


def test_design_points_are_averaged_within_a_replication_because_they_share_its_luck():
    rng = np.random.default_rng(3)
    luck = rng.standard_normal(50)
    difference = np.array([luck + 1.0, luck - 3.0])  # one and the same luck: two points are no more evidence than one
    found = verdict_on(difference)
    expected = stats.ttest_1samp(difference.mean(axis=0), 0.0)
    assert found.effect.mean == pytest.approx(luck.mean() - 1.0)
    assert found.effect[2:] == pytest.approx(tuple(expected.confidence_interval(0.95)))
    assert tuple(found.spread) == pytest.approx((luck.mean() - 3.0, luck.mean() + 1.0))
    assert (found.replications, found.points, found.pairs) == (50, 2, 100)


def test_points_with_more_replications_than_others_keep_them_all():
    rng = np.random.default_rng(4)
    difference = np.array([rng.normal(2.0, 1.0, 400), rng.normal(0.0, 1.0, 400)])
    difference[1, 20:] = np.nan
    found = verdict_on(difference)
    assert found.effect.mean == pytest.approx((difference[0].mean() + difference[1, :20].mean()) / 2)
    assert (found.replications, found.pairs) == (20, 420)


def test_intervals_cover_where_points_have_different_numbers_of_replications():
    rng, covered, studies = np.random.default_rng(5), 0, 1500
    for _ in range(studies):
        luck = rng.standard_normal(60)
        d = np.array([luck + rng.standard_normal(60), luck + 2 * rng.standard_normal(60)])
        d[1, 25:] = np.nan
        found = weighted_mean(pd.DataFrame(d), np.full(2, 0.5)).interval(0.95)
        covered += found.low <= 0.0 <= found.high
    assert covered / studies == pytest.approx(0.95, abs=0.02)


def test_only_the_scenarios_and_the_region_claimed_count():
    d = np.array([around(-5.0), around(5.0), around(5.0), around(9.0)])
    frame = results("delay", pair_with(d))
    points = design(4, customer__request_rate=[0.2, 0.2, 0.6, 0.9]).assign(scenario=["a", "b", "a", "a"])
    here = claim(scenarios=("a",), region=(("customer.request_rate", 0.0, 0.5),))
    everywhere = claim(name="all")
    found = judge([here, everywhere], frame, points)
    assert [at.ruling for at in found] == ["supported", "contradicted"]
    assert [at.points for at in found] == [1, 4]


def test_a_policy_against_a_factor_is_the_change_from_its_low_end_to_its_high_end():
    luck = around(0.0)
    y = np.array([luck + 10, luck + 50, luck + 4 + 0.1 * np.arange(40)])
    points = design(3, review__cadence=[2, 10, 60])
    change = claim(against=None, factor="review.cadence", smallest_effect=1.0)
    found = judge([change], results("delay", {"new": y}), points)[0]
    assert found.ruling == "supported"
    assert found.effect.mean == pytest.approx((y[2] - y[0]).mean())  # common luck is gone, the middle does not count
    assert found.effect[2:] == pytest.approx(tuple(stats.ttest_rel(y[2], y[0]).confidence_interval(0.95)))
    assert found.compared == "new, review.cadence from 2 to 60"


def test_a_factor_of_a_space_filling_design_counts_by_its_least_squares_slope():
    rng = np.random.default_rng(6)
    a, b = rng.random((2, 30))
    y = (5 * a - 9 * b)[:, None] + rng.standard_normal((30, 20))
    found = judge([claim("greater", against=None, factor="a")], results("delay", {"new": y}), design(30, a=a, b=b))[0]
    slope = np.polyfit(a, y.mean(axis=1), 1)[0]
    assert found.effect.mean == pytest.approx(slope * (a.max() - a.min()))
    assert "least-squares" in found.compared


def test_with_factor_and_other_policy_the_claim_is_about_their_difference():
    luck = 10 * around(0.0)
    new = np.array([luck + 1, luck + 9 + around(0.0)])
    old = np.array([luck + 1, luck + 2])
    change = claim("greater", factor="team.size")
    found = judge([change], results("delay", {"new": new, "old": old}), design(2, team__size=[3, 6]))[0]
    assert found.effect.mean == pytest.approx(7.0)
    assert found.ruling == "supported"


def test_a_relative_effect_counts_the_luck_in_the_reference_too():
    rng, n, studies, covered = np.random.default_rng(8), 60, 1500, 0
    for _ in range(studies):
        old = 100 + 30 * rng.standard_normal(n)
        new = 250 + 20 * rng.standard_normal(n)
        found = ratio(pd.DataFrame([new - old]), np.ones(1), pd.DataFrame([old]), np.ones(1)).interval(0.95)
        covered += found.low <= 1.5 <= found.high
    assert covered / studies == pytest.approx(0.95, abs=0.02)
    whole = judge([claim(metric="cost", relative=True)], results("cost", {"new": new, "old": old}), design())[0]
    assert whole.effect == pytest.approx(found)


def test_a_run_left_out_of_the_difference_is_left_out_of_the_reference_too():
    base = np.r_[np.full(30, 100.0), np.full(10, 900.0)]
    difference = np.r_[-20 + around(0.0, n=30), np.full(10, np.nan)]
    assert verdict_on(difference, base, relative=True).effect.mean == pytest.approx(-0.2)


def test_a_relative_claim_about_a_mean_near_zero_is_not_judged():
    found = verdict_on(around(-5.0), base=around(0.0, 1.0), relative=True, smallest_effect=0.1)
    assert found.ruling == "inconclusive"
    assert "cannot be told from zero" in found.reason


@pytest.mark.parametrize(
    ("difference", "reason"),
    [
        (around(-5.0, n=9), "too few replications: 9"),
        (np.full(30, -5.0), "the same in every replication"),
        (np.full(30, np.nan), "has no number in some runs: 0"),
        (np.where(np.arange(30) < 8, -5.0 - np.arange(30), np.nan), "has no number in some runs: 8"),
    ],
)
def test_what_cannot_be_judged_is_inconclusive_and_says_why(difference: np.ndarray, reason: str):
    found = verdict_on(difference)
    assert found.ruling == "inconclusive"
    assert reason in found.reason
    assert reason in in_plain_words(found)


def test_an_empty_region_is_inconclusive_and_an_unknown_name_an_error():
    frame, points = results("delay", pair_with(around(-5.0))), design(1, a=[0.5])
    assert "no design point" in judge([claim(region=(("a", 0.8, 0.9),))], frame, points)[0].reason
    for wrong in ({"policy": "nobody"}, {"metric": "nothing"}, {"scenarios": ("nowhere",)}, {"region": (("b", 0, 1),)}):
        with pytest.raises(StudyError, match="not"):
            judge([claim(**wrong)], frame, points)


def test_a_hypothesis_that_cannot_be_judged_still_costs_the_others_its_share():
    frame = results("delay", pair_with(around(-5.0))).assign(cost=1.0)
    alone = judge([claim()], frame, design())[0]
    with_other = judge([claim(), claim(name="void", metric="cost")], frame, design())[0]
    assert with_other.p_value == pytest.approx(2 * alone.p_value)


def test_superiority_counts_single_runs_with_ties_half_in_the_metric_s_own_direction():
    d = np.array([-1.0] * 12 + [0.0] * 6 + [2.0] * 2)
    for kind in ("less", "greater"):  # a shorter delay is better, whatever is claimed
        chance = verdict_on(d, kind=kind).superiority
        assert chance.mean == pytest.approx(0.75)
        assert chance.low < 0.75 < chance.high
    assert verdict_on(-np.ones(20) - np.arange(20) / 100).superiority.low < 0.9  # 20 of 20 runs are no proof of always


def test_numbers_that_differ_by_rounding_are_ties():
    base = np.linspace(100, 200, 20)
    frame = results("delay", {"new": base * (1 + 1e-15), "old": base})
    found = judge([claim()], frame, design())[0]
    assert found.superiority.mean == 0.5
    assert (found.ruling, found.effect.mean) == ("contradicted", 0.0)


def test_what_is_the_same_in_every_replication_is_equivalent():
    """Not an estimate but what the model does: zero in each of 20 replications, as where a mechanism does not reach a policy."""
    base = np.linspace(100, 200, 20)
    frame = results("delay", {"new": base, "old": base})
    found = judge([claim(kind="equivalent", margin=0.1), claim(smallest_effect=2.0)], frame, design())
    assert [one.ruling for one in found] == ["supported", "equivalent"]
    assert found[0].together.high < 1e-6


def test_what_no_level_of_a_factor_changes_is_equivalent():
    """The weights of a contrast leave rounding behind, which is no difference."""
    base = np.random.default_rng(1).uniform(0.1, 0.9, 20)
    frame = results("precision", {"new": np.stack([base, base, base])})
    points = design(3).assign(**{"a.b": [0.0, 0.5, 1.0]})
    one = Hypothesis("h", "s", "precision", "equivalent", "new", factor="a.b", margin=0.01)
    assert judge([one], frame, points)[0].ruling == "supported"


def test_censored_runs_and_pairs_left_out_are_counted_and_said():
    d = around(-5.0)
    d[3:6] = np.nan
    unfinished = {"new": np.zeros(40), "old": np.r_[np.ones(7), np.zeros(33)]}
    frame = results("delay", pair_with(d), censored=unfinished)
    found = judge([claim()], frame, design())[0]
    assert (found.censored, found.left_out, found.pairs, found.ruling) == (7, 3, 37, "supported")
    assert "3 of 40 pairs are left out" in in_plain_words(found)
    assert "7 runs behind it were not done" in in_plain_words(found)


def test_the_words_say_whether_the_opposite_is_shown_or_only_the_claim_ruled_out():
    assert "opposite" in in_plain_words(verdict_on(around(5.0), smallest_effect=2.0))
    ruled_out = verdict_on(around(1.0, 0.6), smallest_effect=2.0)
    assert ruled_out.ruling == "contradicted"
    assert "It is not less by more than 2 days" in in_plain_words(ruled_out)
    assert "Too small to matter" in in_plain_words(verdict_on(around(0.0), smallest_effect=2.0))


def test_the_table_has_one_row_a_hypothesis_with_what_a_reviewer_asks_for():
    frame = results("delay", pair_with(np.array([around(-5.0), around(3.0)])))
    table = judge([claim(), claim(name="no", kind="greater")], frame, design(2)).table
    assert list(table["hypothesis"]) == ["h", "no"]
    assert {"verdict", "effect", "low", "high", "together_low", "p_value", "superiority", "replications", "left_out"} <= set(table)
    assert (table["smallest_at_a_point"] < 0).all()
    assert (table["largest_at_a_point"] > 0).all()


@given(st.integers(0, 10_000), st.floats(-3, 3), st.floats(0.1, 2.0), st.sampled_from([0.0, 1.0]))
@settings(max_examples=60)
def test_for_every_result_turning_all_signs_turns_the_claim(seed: int, mean: float, error: float, bar: float):
    d = normal(np.random.default_rng(seed), 20, mean, error)
    less, greater = verdict_on(d, kind="less", smallest_effect=bar), verdict_on(-d, kind="greater", smallest_effect=bar)
    assert less.ruling == greater.ruling
    assert less.p_value == pytest.approx(greater.p_value)
    assert tuple(less.together) == pytest.approx((-greater.together.high, -greater.together.low))


@given(st.integers(0, 10_000), st.integers(10, 40))
@settings(max_examples=40)
def test_for_every_result_the_order_of_the_rows_is_of_no_consequence(seed: int, n: int):
    rng = np.random.default_rng(seed)
    frame = results("delay", pair_with(rng.standard_normal((3, n)), rng.standard_normal((3, n))))
    shuffled = frame.sample(frac=1.0, random_state=seed)
    pd.testing.assert_frame_equal(*(judge([claim()], at, design(3)).table for at in (frame, shuffled)))


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "more"}, {"against": None}, {"against": "new"}, {"smallest_effect": -1.0}, {"smallest_effect": math.nan},
     {"kind": "equivalent"}, {"margin": 1.0}, {"kind": "equivalent", "margin": 0.0}, {"relative": True, "factor": "a"}],
)
def test_a_claim_that_is_none_is_refused(wrong: dict[str, object]):
    with pytest.raises(StudyError, match="hypothesis h"):
        claim(**wrong)


def test_limits_of_nothing_claim_nothing():
    assert simultaneous([Bounded(None, 1.0)], 0.05) == [Limits(-math.inf, math.inf)]
