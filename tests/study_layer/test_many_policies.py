"""Many policies at once: intervals that hold together, the best with a stated probability, the front, regret, rankings."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sim.errors import StudyError
from sim.stats.choosing.allocation import ocba_shares
from sim.stats.choosing.averages import averages
from sim.stats.choosing.many import against_reference, simultaneous_means
from sim.stats.choosing.pareto import dominates, on_front, pareto_front
from sim.stats.choosing.ranking import first_under_weights, standardised, success_measures
from sim.stats.choosing.regret import regret
from sim.stats.choosing.selection import Selected, Selection, eta, h_squared, margin
from tests.study_layer.made_up import results


def correlated(rng: np.random.Generator, n: int, k: int, correlation: float) -> np.ndarray:
    return math.sqrt(correlation) * rng.standard_normal((n, 1)) + math.sqrt(1 - correlation) * rng.standard_normal((n, k))


def table(values: np.ndarray, metric: str = "delay") -> pd.DataFrame:
    """Replications by policies as a tidy frame."""
    return results(metric, {f"p{i}": values[:, i] for i in range(values.shape[1])})


# Intervals that hold together


@pytest.mark.parametrize("skewed", [False, True])
def test_max_t_intervals_hold_together_in_95_of_100_studies(skewed: bool):
    rng, studies, held = np.random.default_rng(1), 300, 0
    for i in range(studies):
        x = correlated(rng, 40, 8, 0.7)
        found = simultaneous_means(np.exp(0.5 * x) - math.exp(0.125) if skewed else x, seed=i)
        held += bool(((found["low"] <= 0.0) & (found["high"] >= 0.0)).all())
    assert held / studies >= 0.92  # 95% less two and a half standard errors of 300 studies
    assert held < studies


def test_max_t_is_as_sharp_as_dunnett_where_differences_share_a_reference():
    x = correlated(np.random.default_rng(2), 2000, 10, 0.0)
    found = simultaneous_means(x[:, 1:] - x[:, :1])
    width = ((found["high"] - found["low"]) / 2).to_numpy() / ((x[:, 1:] - x[:, :1]).std(axis=0, ddof=1) / math.sqrt(2000))
    many_t = stats.multivariate_normal(np.zeros(9), 0.5 * np.eye(9) + 0.5)
    dunnett = 2.70  # two-sided 5% point of nine comparisons with a control, many degrees of freedom (Dunnett 1964)
    assert width == pytest.approx(dunnett, abs=0.06)
    assert width.max() < stats.norm.isf(0.025 / 9)  # narrower than Bonferroni
    draws = np.abs(many_t.rvs(200_000, random_state=3)).max(axis=1)
    assert np.quantile(draws, 0.95) == pytest.approx(dunnett, abs=0.02)


def test_bonferroni_is_the_paired_t_test_times_the_number_of_comparisons():
    x = correlated(np.random.default_rng(3), 12, 4, 0.5) + np.arange(4)
    found = against_reference(table(x), "delay", "p0", method="Bonferroni").set_index("policy")
    expected = stats.ttest_rel(x[:, 2], x[:, 0])
    assert found.loc["p2", "p_value"] == pytest.approx(min(3 * expected.pvalue, 1))
    limits = tuple(expected.confidence_interval(1 - 0.05 / 3))
    assert (found.loc["p2", "low"], found.loc["p2", "high"]) == pytest.approx(limits)


def test_few_replications_are_refused():
    x = correlated(np.random.default_rng(4), 25, 4, 0.5)
    assert len(against_reference(table(x), "delay", "p0")) == 3
    with pytest.raises(StudyError, match="max-t needs 20"):
        against_reference(table(x[:19]), "delay", "p0")


@given(st.integers(0, 10_000), st.sampled_from([0.8, 0.95, 0.99]), st.sampled_from(["max-t", "Bonferroni"]))
@settings(max_examples=30, deadline=None)
def test_for_every_table_p_value_and_interval_say_the_same(seed: int, confidence: float, method: str):
    rng = np.random.default_rng(seed)
    found = simultaneous_means(rng.standard_normal((25, 5)) + rng.uniform(0, 1, 5), confidence, method, seed)
    assert (found["real"] == (found["p_value"] <= 1 - confidence + 1e-12)).all()


def test_numbers_that_are_missing_or_do_not_differ_are_left_alone():
    x = np.random.default_rng(5).standard_normal((30, 3))
    x[:, 1] = x[:, 0] + 2.0
    x[:5, 2] = np.nan
    found = against_reference(table(x), "delay", "p0").set_index("policy")
    assert found.loc["p1", ["low", "high"]].tolist() == pytest.approx([2.0, 2.0])
    assert math.isnan(found.loc["p1", "p_value"])
    assert found.loc["p2", "n"] == 25
    assert found.loc["p2", "difference"] == pytest.approx((x[5:, 2] - x[5:, 0]).mean())


# Selection of the best


class World:
    """Normal replications with known means; keeps count of what was asked."""

    def __init__(self, means: list[float], deviations: list[float], correlation: float, seed: int) -> None:
        self.rng, self.correlation = np.random.default_rng(seed), correlation
        self.means = {f"p{i}": mean for i, mean in enumerate(means)}
        self.deviations = {f"p{i}": deviation for i, deviation in enumerate(deviations)}

    def more(self, names: tuple[str, ...], n: int) -> pd.DataFrame:
        z = correlated(self.rng, n, len(names), self.correlation)
        return pd.DataFrame({name: self.means[name] + self.deviations[name] * z[:, i] for i, name in enumerate(names)})


def select(means: list[float], deviations: list[float], correlation: float, seed: int, **settings: object) -> Selected:
    procedure = Selection(**({"better": "higher", "indifference": 1.0, "first": 10, "batch": 1} | settings))
    return procedure.run([f"p{i}" for i in range(len(means))], World(means, deviations, correlation, seed).more)


def test_the_constants_are_those_of_kim_and_nelson():
    # c = 1: (1 + 2 eta)^(-(n0 - 1) / 2) / 2 = alpha / (k - 1), their equation for g(eta)
    for k, n0, alpha in ((2, 10, 0.05), (10, 24, 0.05), (100, 24, 0.1)):
        found = eta(1 - alpha, k, n0)
        assert (1 + 2 * found) ** (-(n0 - 1) / 2) / 2 == pytest.approx(alpha / (k - 1))
        assert h_squared(1 - alpha, k, n0) == pytest.approx(2 * found * (n0 - 1))
    assert eta(0.95, 2, 10) == pytest.approx((0.1 ** (-2 / 9) - 1) / 2)  # 0.334
    assert eta(0.95, 2, 10) == pytest.approx(0.33405, abs=1e-5)


def test_the_margin_shrinks_to_nothing_at_the_last_replication():
    assert margin(10, 1.0, 30.0) == pytest.approx(1 / 20 * 20)
    assert margin(30, 1.0, 30.0) == margin(31, 1.0, 30.0) == 0.0


@pytest.mark.parametrize(
    ("deviations", "correlation", "better"),
    [([3.0] * 5, 0.0, "higher"), ([3.0] * 5, 0.8, "higher"), ([5.0, 1.0, 2.0, 3.0, 5.0], 0.0, "lower")],
)
def test_the_best_is_selected_at_least_as_often_as_stated(deviations: list[float], correlation: float, better: str):
    sign = 1.0 if better == "higher" else -1.0
    means = [sign * 1.0, 0.0, 0.0, 0.0, 0.0]  # the hardest case: all others exactly the indifference zone behind
    studies = 300
    found = [select(means, deviations, correlation, seed, better=better, confidence=0.9) for seed in range(studies)]
    right = sum(one.policy == "p0" for one in found)
    assert right >= stats.binom.ppf(0.001, studies, 0.9)
    assert all(one.guaranteed for one in found)
    assert right / studies > 0.9 - 0.03


def test_common_luck_makes_selection_cheap():
    apart, together = (
        np.mean([sum(select([1, 0, 0, 0], [3] * 4, rho, seed).replications.values()) for seed in range(30)]) for rho in (0.0, 0.9))
    assert together < apart / 3


def test_survivors_are_named_at_every_look_and_the_losers_are_asked_no_more():
    found = select([9.0, 0.0, 8.5], [1.0] * 3, 0.0, 1, indifference=0.4, batch=5)
    assert found.policy == "p0"
    assert found.stages[0].survivors == ("p0", "p2")
    assert found.replications["p1"] == 10 < found.replications["p0"]
    assert found.stages[-1].survivors == ("p0",)
    assert all(set(b.survivors) <= set(a.survivors) for a, b in zip(found.stages, found.stages[1:], strict=False))


def test_where_the_budget_runs_out_nothing_is_guaranteed():
    found = select([0.0, 0.0, 0.0], [10.0] * 3, 0.0, 1, indifference=0.1, budget=50, batch=7)
    assert not found.guaranteed
    assert max(found.replications.values()) == 50


@pytest.mark.parametrize("wrong", [{"indifference": 0.0}, {"confidence": 1.0}, {"better": ""}, {"first": 1}, {"budget": 5}])
def test_settings_that_guarantee_nothing_are_refused(wrong: dict[str, object]):
    with pytest.raises(StudyError, match="selection"):
        Selection(**({"better": "higher", "indifference": 1.0} | wrong))


def test_a_replication_without_a_number_is_refused():
    def broken(names: tuple[str, ...], n: int) -> pd.DataFrame:
        return pd.DataFrame({name: [math.nan] * n for name in names})

    with pytest.raises(StudyError, match="without a number"):
        Selection("higher", 1.0).run(["a", "b"], broken)


def test_ocba_shares_are_those_of_chen():
    # means 1, 2, 3 and equal deviations: N2 : N3 = 1 / 1^2 : 1 / 2^2 and N1 = sqrt(N2^2 + N3^2)
    shares = ocba_shares(np.array([1.0, 2.0, 3.0]), np.ones(3), "lower")
    assert shares / shares[2] == pytest.approx([math.sqrt(17), 4.0, 1.0])
    # deviations count squared, and those of the best once
    shares = ocba_shares(np.array([3.0, 2.0, 1.0]), np.array([2.0, 1.0, 4.0]), "higher")
    assert shares[1] / shares[2] == pytest.approx((1 / 1) ** 2 / (4 / 2) ** 2)
    assert shares[0] == pytest.approx(2 * math.hypot(shares[1] / 1, shares[2] / 4))


policy_moments = st.lists(st.tuples(st.floats(-50, 50), st.floats(1e-3, 1e3)), min_size=2, max_size=8)


@given(policy_moments, st.sampled_from(["lower", "higher"]))
def test_for_every_state_ocba_shares_out_the_whole_budget(moments: list[tuple[float, float]], better: str):
    shares = ocba_shares(*np.array(moments).T, better)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0.0).all()


# The front


def test_the_front_of_a_known_world_and_how_sure_it_is():
    rng = np.random.default_rng(6)
    luck, a, b = rng.standard_normal((3, 200))
    a, b = a - a.mean(), b - b.mean()
    delay = {"fast": 5 + luck, "cheap": 20 + luck, "bad": 25 + luck, "near": 20.02 + luck + a}
    cost = {"fast": 400 + luck, "cheap": 300 + luck, "bad": 500 + luck, "near": 300.02 + luck + b}
    found = pareto_front(results("delay", delay, cost=cost), ["delay", "cost"]).set_index("policy")
    assert found["on_front"].to_dict() == {"fast": True, "cheap": True, "bad": False, "near": False}
    assert found.loc[["fast", "bad"], "probability"].tolist() == [1.0, 0.0]
    assert 0.1 < found.loc["near", "probability"] < 0.95
    assert found.loc["bad", "dominated"] == 1.0


small_scores = arrays(float, st.tuples(st.integers(1, 7), st.integers(1, 4)), elements=st.integers(-3, 3).map(float))


@given(small_scores)
def test_for_every_set_of_scores_the_front_is_what_its_definition_says(scores: np.ndarray):
    expected = [not any((b >= a).all() and (b > a).any() for b in scores) for a in scores]
    assert on_front(scores).tolist() == expected
    assert any(expected)
    assert not (dominates(scores) & dominates(scores).T).any()


@given(small_scores)
def test_for_every_dominated_policy_somebody_on_the_front_dominates_it(scores: np.ndarray):
    assert (on_front(scores) | dominates(scores)[on_front(scores)].any(axis=0)).all()


def test_equal_policies_are_on_the_front_together_in_every_resample():
    x = np.random.default_rng(7).standard_normal(30) * 1e6
    found = pareto_front(results("delay", {"a": x, "b": x.copy(), "c": x + 1.0}, cost={"a": x, "b": x, "c": x}), ["delay", "cost"])
    assert found["probability"].tolist() == [1.0, 1.0, 0.0]


# Regret


def test_regret_is_what_is_lost_against_the_clairvoyant_in_either_direction():
    rng = np.random.default_rng(8)
    luck = 10 * rng.standard_normal(60)
    delay = {"king": luck + 9 + rng.standard_normal(60), "clairvoyant": luck}
    benefit = {"king": luck + 90 + rng.standard_normal(60), "clairvoyant": luck + 100}
    found = regret(results("delay", delay, benefit=benefit), ["delay", "benefit"]).set_index("metric")
    assert found["regret"].tolist() == pytest.approx([9.0, 10.0], abs=0.6)
    assert (found["low"] < found["regret"]).all()
    assert (found["regret"] < found["high"]).all()
    assert found["real"].all()
    assert (found["high"] - found["low"] < 1.0).all()  # paired: the common luck of 10 is gone


def test_regret_needs_a_direction():
    frame = results("wip", {"a": np.arange(30.0), "clairvoyant": np.ones(30)})
    with pytest.raises(StudyError, match="neither more nor less"):
        regret(frame, ["wip"])


# Rankings


def two_measures(a: list[float], b: list[float], noise: float = 0.1, n: int = 50) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    names = ["x", "y", "z"][: len(a)]
    cost = {name: value + noise * rng.standard_normal(n) for name, value in zip(names, a, strict=True)}
    trust = {name: value + noise * rng.standard_normal(n) for name, value in zip(names, b, strict=True)}
    return results("cost", cost, trust=trust)


def test_first_shares_are_the_areas_of_the_simplex():
    # Two policies, two metrics, each best in one: standardised they tie at equal weights, so each is first in half.
    found = first_under_weights(two_measures([1.0, 2.0], [0.0, 5.0]), ["cost", "trust"]).set_index("policy")
    assert found["first"].to_dict() == pytest.approx({"x": 0.5, "y": 0.5}, abs=0.03)
    # One that is best in both is always first.
    found = first_under_weights(two_measures([1.0, 2.0, 3.0], [9.0, 5.0, 1.0]), ["cost", "trust"])
    assert found["policy"].tolist() == ["x", "y", "z"]
    assert found["first"].tolist() == [1.0, 0.0, 0.0]
    assert found["first_low"].tolist()[0] == 1.0


def test_a_third_policy_in_the_middle_takes_its_known_share():
    # cost (less is better) 0, 1, 2 and trust 0, 1.5, 2 : y is first while its weighted sum beats both corners.
    frame = two_measures([0.0, 1.0, 2.0], [0.0, 1.5, 2.0], noise=1e-9)
    found = first_under_weights(frame, ["cost", "trust"], weights=20_000).set_index("policy")["first"]
    s_cost, s_trust = np.std([0, 1, 2]), np.std([0, 1.5, 2])
    corner_z = (1 / s_cost) / (1 / s_cost + 0.5 / s_trust)  # weight on trust above which z beats y
    corner_x = (1 / s_cost) / (1 / s_cost + 1.5 / s_trust)  # below which x beats y
    assert found.to_dict() == pytest.approx({"x": corner_x, "y": corner_z - corner_x, "z": 1 - corner_z}, abs=0.015)


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_for_every_world_first_shares_sum_to_one(seed: int, policies: int, metrics: int):
    rng = np.random.default_rng(seed)
    names = ["cost", "trust", "benefit", "innovation"][:metrics]
    values = [{f"p{i}": rng.standard_normal(12) for i in range(policies)} for _ in names]
    frame = results(names[0], values[0], **dict(zip(names[1:], values[1:], strict=True)))
    found = first_under_weights(frame, names, weights=100, resamples=10)
    assert found["first"].sum() == pytest.approx(1.0)
    assert found["mean_rank"].sum() == pytest.approx(policies * (policies + 1) / 2)
    assert ((found["first_low"] >= 0) & (found["first_high"] <= 1)).all()


def test_a_metric_that_is_the_same_everywhere_counts_nothing():
    scores = standardised(np.array([[1.0, 0.1 + 0.2], [2.0, 0.3]]), np.array([1.0, 1.0]))
    assert scores.tolist() == [[-1.0, 0.0], [1.0, 0.0]]


def test_two_ideas_of_success_that_turn_the_ranking_round_are_found_out():
    found = success_measures(two_measures([1, 2, 3], [0, 1, 2]), traditional=["cost"], wide=["trust"])
    assert (found.tau, found.tau_high, found.differ) == (-1.0, -1.0, 1.0)
    assert found.winners == ("x", "z")
    assert len(found.pairs) == 3
    assert found.pairs["probability"].min() == 1.0
    agreed = success_measures(two_measures([1, 2, 3], [2, 1, 0]), traditional=["cost"], wide=["trust"])
    assert (agreed.tau, agreed.differ, len(agreed.pairs)) == (1.0, 0.0, 0)


def test_between_policies_that_are_alike_the_disagreement_is_luck_and_shown_as_such():
    found = success_measures(two_measures([1, 1, 1], [1, 1, 1], noise=1.0), traditional=["cost"], wide=["trust"])
    assert found.tau_low < 0.0 < found.tau_high
    assert found.table["traditional_first"].max() < 0.95
    assert found.table["traditional_first"].sum() == pytest.approx(1.0)


def test_resampled_means_have_the_spread_and_the_common_luck_of_the_replications():
    x = 1000 + correlated(np.random.default_rng(10), 100, 2, 0.9) * 5
    found = averages(table(x), ["delay"])
    other = found.resampled(4000)[:, :, 0]
    assert other.mean(axis=0) == pytest.approx(x.mean(axis=0), abs=0.05)
    assert other.std(axis=0) == pytest.approx(x.std(axis=0) / 10, rel=0.05)
    assert (other[:, 0] - other[:, 1]).std() == pytest.approx((x[:, 0] - x[:, 1]).std() / 10, rel=0.05)


def test_means_are_those_of_replications_that_everybody_has():
    frame = two_measures([1, 2], [0, 1])
    frame.loc[frame["replication"] == 3, "trust"] = np.where(frame.loc[frame["replication"] == 3, "policy"] == "x", np.nan, 1.0)
    found = averages(frame, ["cost", "trust"])
    assert found.left_out == 1
    assert found.values.shape == (49, 2, 2)
    expected = frame[(frame["policy"] == "y") & (frame["replication"] != 3)]["cost"].mean()
    assert found.means[1, 0] == pytest.approx(expected)


def test_many_replications_draw_the_same_critical_value_from_the_normal(monkeypatch):
    from sim.stats.choosing import many

    rng = np.random.default_rng(3)
    common = rng.normal(size=(1500, 1))
    values = common + rng.normal(size=(1500, 4))
    drawn = np.quantile(many._max_t(values, 1, resamples=4000), 0.95)
    monkeypatch.setattr(many, "LARGE", 10_000)
    resampled = np.quantile(many._max_t(values, 1, resamples=2000), 0.95)
    assert drawn == pytest.approx(resampled, rel=0.03)
