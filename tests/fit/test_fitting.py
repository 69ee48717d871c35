"""What is fitted is what a textbook gives, and what cannot be told is not fitted."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.fit.arrivals import draw_counts, fit_counts, weekly_counts
from sim.fit.effort import _gap_to_normal, effort_of
from sim.fit.fit import base_rate
from sim.fit.fitted_scenario import scenario_of
from sim.fit.flow import measure
from sim.fit.load import mean_effort
from sim.fit.outcomes import _censored_normal, _percentiles, survival_percentiles
from sim.report.fit_text import fit_text
from tests.fit.exports import HADOOP, fitted_to, log_of, weekly


def counts(mean: float, dispersion: float, weeks: int = 156, seed: int = 3) -> np.ndarray:
    return draw_counts(np.full(weeks, mean), dispersion, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def hadoop():
    return fitted_to(HADOOP, draws=200)


def test_hadoop_arrivals(hadoop):
    first, seen = weekly_counts(hadoop.log.frame["created"].to_numpy())
    assert (first, len(seen)) == (1, 34)  # whole weeks, Monday to Sunday
    created = pd.to_datetime(pd.read_csv(HADOOP)["Created"], format="%d/%b/%y %H:%M")
    by_hand = created[(created >= "2021-01-04") & (created < "2021-08-30")].dt.isocalendar().week.value_counts()
    assert sorted(seen) == sorted(by_hand)
    assert hadoop.arrivals.rate.value == pytest.approx(by_hand.mean() / 5)
    assert hadoop.arrivals.dispersion_all == pytest.approx(by_hand.var() / by_hand.mean())
    assert hadoop.arrivals.rate.low < hadoop.arrivals.rate.value < hadoop.arrivals.rate.high


def test_hadoop_outcomes(hadoop):
    shares = {name: round(share.value, 3) for name, share in hadoop.outcomes.shares.items()}
    assert shares == {"accepted": 0.821, "rejected": 0.096, "duplicate": 0.079, "deferred": 0.003, "withdrawn": 0.0, "unknown": 0.0}
    assert hadoop.yes == pytest.approx(239 / (239 + 28 + 23))
    assert hadoop.outcomes.open_share.value == pytest.approx(130 / 421)


def test_open_requests_make_times_longer(hadoop):
    """Kaplan-Meier by its definition, and longer than what the closed ones say."""
    frame = hadoop.log.frame
    took = (frame["resolved"].fillna(hadoop.log.end) - frame["created"]).to_numpy()
    closed = frame["resolved"].notna().to_numpy()
    survival, expected = 1.0, math.nan
    for day in np.unique(took[closed]):
        survival *= 1.0 - (closed & (took == day)).sum() / (took >= day).sum()
        if survival <= 0.5:
            expected = day
            break
    assert hadoop.outcomes.lasting[50].value == pytest.approx(expected)
    assert hadoop.outcomes.lasting[50].value > 3 * hadoop.outcomes.closing[50].value
    assert math.isnan(hadoop.outcomes.lasting[90].value)  # a third is still open: nobody knows


def test_without_open_requests_kaplan_meier_is_the_plain_percentile():
    days = np.arange(1.0, 101.0)
    assert survival_percentiles(days, np.ones(100, dtype=bool)) == [50.0, 80.0, 90.0]


def test_an_end_of_an_interval_that_draws_do_not_reach_is_not_reached():
    """Half of 120 are closed: the median is reached in some draws and not in others, 80% in none."""
    rng = np.random.default_rng(3)
    took, closed = np.full(120, 400.0), np.arange(120) < 61
    took[closed] = rng.uniform(1.0, 300.0, 61)
    found = _percentiles(took, closed, 200, rng, "x")
    assert sum(np.isnan(found[50].draws)) > 40
    assert (math.isfinite(found[50].value), found[50].high) == (True, math.inf)
    assert found[50].low < found[50].value
    assert math.isnan(found[80].value)


def test_the_mean_effort_is_that_of_the_distribution_that_fits(tmp_path):
    rng = np.random.default_rng(11)
    days = rng.weibull(0.8, 2000) * 2.0
    found = effort_of(days, "x", 60, 1)
    shape, _, scale = stats.weibull_min.fit(days, floc=0.0)
    assert found.best == "Weibull"
    assert found.mean.value == pytest.approx(scale * math.gamma(1.0 + 1.0 / shape), rel=1e-3)
    assert effort_of(rng.gamma(3.0, 2.0, 2000), "x", 20, 1).mean.value == pytest.approx(6.0, rel=0.05)
    table = weekly(2000).assign(Effort=8.0 * days)
    customer = scenario_of(fitted_to(table, tmp_path / "x.csv", "effort_hours=Effort")).customer
    assert mean_effort(customer) == pytest.approx(found.mean.value, rel=0.01)


def test_what_the_export_does_not_tell_is_not_fitted(hadoop):
    assert hadoop.effort is None
    assert hadoop.estimates is None
    assert hadoop.latency is None
    measured = {setting.key for setting in hadoop.settings if not setting.calibrated}
    assert measured == {"customer.request_rate", "customer.burstiness", "today.share"}
    assert {setting.key for setting in hadoop.settings if setting.calibrated} == {"customer.effort_median", "customer.effort_sigma"}


def test_poisson_and_bunched_streams_are_told_apart():
    even, bunched = (fit_counts(counts(8.0, d), 0, "x", 200, 1) for d in (1.0, 3.0))
    assert even.dispersion.low < 1.0 < even.dispersion.high
    assert bunched.dispersion.low > 1.5
    assert bunched.gap < bunched.gap_poisson
    assert bunched.gap_p > 0.05


def test_bunching_is_half_the_mean_squared_difference_of_successive_weeks_over_the_mean():
    seen = counts(8.0, 2.0)
    quarters = seen.reshape(-1, 13)
    found = fit_counts(seen, 0, "x", 20, 1)
    assert found.dispersion.value == pytest.approx(sum((b - a) ** 2 for a, b in pairwise(seen)) / 2 / (len(seen) - 1) / seen.mean())
    assert found.dispersion_median == pytest.approx(np.median(quarters.var(axis=1, ddof=1) / quarters.mean(axis=1)))


def test_drift_is_not_bunching():
    """Poisson at a rate that falls by two thirds: the overall index sees bunches, the one about 13-week means does not."""
    means = np.linspace(15.0, 5.0, 208)
    found = fit_counts(np.random.default_rng(2).poisson(means).astype(float), 0, "x", 200, 1)
    assert found.dispersion_all > 1.7
    assert found.dispersion.low < 1.05
    assert found.drifts
    assert found.trend.low < 100 * math.expm1(math.log(5 / 15) / 4) < found.trend.high
    assert found.now is found.recent
    assert found.now.value < found.rate.value / 1.4


def test_a_constant_rate_is_not_called_drifting():
    drifting = sum(fit_counts(counts(8.0, 2.0, seed=seed), 0, "x", 20, 1).drifts for seed in range(20))
    assert drifting <= 2


def test_weeks_too_few_for_bunching():
    assert fit_counts(counts(8.0, 2.0, weeks=6), 0, "x", 20, 1).dispersion is None


@pytest.mark.parametrize(("draw", "best"), [
    (lambda rng: rng.lognormal(0.0, 1.3, 800), "lognormal"),
    (lambda rng: rng.gamma(3.0, 2.0, 2000), "gamma"),
    (lambda rng: rng.weibull(0.8, 2000) * 2.0, "Weibull"),
])
def test_the_distribution_that_was_drawn_wins(draw, best):
    found = effort_of(draw(np.random.default_rng(11)), "x", 30, 1)
    assert found.best == best
    assert (found.p > 0.05) == (best == "lognormal")


def test_the_gap_is_that_of_kolmogorov_and_smirnov():
    days = np.random.default_rng(6).lognormal(0.4, 1.1, 60)
    logs = np.log(days)
    expected = stats.kstest((logs - logs.mean()) / logs.std(ddof=1), "norm").statistic
    assert _gap_to_normal(logs) == pytest.approx(expected)
    assert effort_of(days, "x", 20, 1).gaps["lognormal"] == pytest.approx(expected)


def test_lognormal_by_its_own_formulas():
    days = np.random.default_rng(5).lognormal(0.4, 1.1, 300)
    found = effort_of(days, "x", 100, 1)
    assert found.median.value == pytest.approx(stats.gmean(days))
    assert found.sigma.value == pytest.approx(np.log(days).std(ddof=1))
    assert found.sigma.low < 1.1 < found.sigma.high
    assert effort_of(days[:9], "x", 20, 1) is None
    assert effort_of(np.full(50, 2.0), "x", 20, 1) is None  # a constant is no spread


def with_amounts(n: int, seed: int = 4) -> pd.DataFrame:
    rng, table = np.random.default_rng(seed), weekly(n)
    estimate = rng.lognormal(1.5, 1.0, n)
    table["Estimate"] = estimate
    table["Effort"] = np.exp(0.3 + 0.8 * np.log(estimate) + 0.4 * rng.standard_normal(n))
    return table


def test_actual_against_estimate(tmp_path):
    table = with_amounts(300)
    found = fitted_to(table, tmp_path / "x.csv", "effort_hours=Effort", "estimate_hours=Estimate", draws=200).estimates
    line = stats.linregress(np.log(table["Estimate"]), np.log(table["Effort"]))
    assert (found.slope.value, found.intercept.value) == (pytest.approx(line.slope), pytest.approx(line.intercept))
    for value, truth in ((found.intercept, 0.3), (found.slope, 0.8), (found.sigma, 0.4)):
        assert value.low < truth < value.high
    assert found.exact == 0.0


def test_hours_per_day_changes_person_days_only(tmp_path):
    from sim.fit.fit import fit_log

    log = log_of(with_amounts(100), tmp_path / "x.csv", "effort_hours=Effort", "estimate_hours=Estimate")
    eight, six = (fit_log(log, {"dev": 2}, hours_per_day=hours, draws=20) for hours in (8.0, 6.0))
    assert six.effort.median.value == pytest.approx(eight.effort.median.value * 8 / 6)
    assert six.estimates.intercept.value == eight.estimates.intercept.value


def test_decision_latency_in_working_days_with_undecided_ones(tmp_path):
    rng, table = np.random.default_rng(8), weekly(400)
    created = pd.to_datetime(table["Created"])
    waits = rng.lognormal(math.log(7.0), 0.8, 400)  # calendar days: 5 working days
    decided = created + pd.to_timedelta(waits, unit="D")
    end = created.max()
    late = decided > end
    table["Decided"] = decided.dt.strftime("%Y-%m-%d %H:%M:%S").where(~late, "")
    closed = pd.to_datetime(table["Resolved"]).where(~late)
    table["Resolved"] = pd.concat([closed, decided], axis=1).max(axis=1).where(~late & (closed <= end)).dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")
    table.loc[table["Resolved"] == "", ["Status", "Resolution"]] = ["Open", ""]
    found = fitted_to(table, tmp_path / "x.csv", "decided=Decided", draws=100).latency
    assert found.median.low < 5.0 < found.median.high
    assert found.sigma.low < 0.8 < found.sigma.high
    assert found.undecided > 0


def test_censored_waits_are_fitted_as_by_maximum_likelihood():
    rng = np.random.default_rng(9)
    values, limit = rng.normal(1.0, 2.0, 2000), rng.normal(1.5, 1.0, 2000)
    known = values <= limit
    seen = np.minimum(values, limit)
    centre, sigma = _censored_normal(seen, known)
    expected = stats.norm.fit(stats.CensoredData(uncensored=seen[known], right=seen[~known]))
    assert (centre, sigma) == (pytest.approx(expected[0], abs=1e-3), pytest.approx(expected[1], abs=1e-3))
    assert abs(seen[known].mean() - expected[0]) > 0.5  # what leaving them out would have said


def test_unreadable_decisions_are_said(tmp_path):
    table = weekly()
    table["Decided"] = table["Resolved"]
    table.loc[[3], "Decided"] = "last week"
    said = fitted_to(table, tmp_path / "x.csv", "decided=Decided", draws=20).doubts
    assert any('1 with an unreadable date in "Decided" (row 5)' in doubt for doubt in said)


def test_estimates_that_say_nothing_are_not_written(tmp_path):
    table = with_amounts(200)
    table["Effort"] = table["Effort"].sample(frac=1, random_state=1).to_numpy()
    fit = fitted_to(table, tmp_path / "x.csv", "effort_hours=Effort", "estimate_hours=Estimate")
    assert abs(fit.estimates.slope.value) < 0.2
    assert {setting.key for setting in fit.settings if "estimate" in setting.key} == set()
    assert "estimates say next to nothing about effort" in fit_text(fit, 200)


def test_a_share_of_nothing_is_no_proof_of_never(tmp_path):
    share = fitted_to(weekly(), tmp_path / "x.csv").outcomes.open_share
    assert (share.value, share.low) == (0.0, 0.0)
    assert share.high == pytest.approx(1.96**2 / (60 + 1.96**2), rel=1e-3)


def test_days_in_work(tmp_path):
    table = weekly()
    table["Started"] = (pd.to_datetime(table["Resolved"]) - pd.Timedelta(days=1.5)).astype(str)
    assert fitted_to(table, tmp_path / "x.csv", "started=Started").outcomes.working.value == pytest.approx(1.5)
    assert fitted_to(table, tmp_path / "x.csv").outcomes.working is None


def test_the_rate_before_appetite_is_what_the_model_raises_again():
    from sim.scenario import Customer

    assert base_rate(1.0, 0.5) * (1 + Customer().appetite * 0.5) == pytest.approx(1.0)


def test_flow_of_a_textbook_queue():
    """One request a day, each there for three days: L = lambda W."""
    created = np.arange(0.0, 364.0)
    found = measure(created, created + 3.0, np.ones(364, dtype=bool), 364.0)
    assert found.arrivals == pytest.approx(7.0)
    assert found.wip == pytest.approx(3.0, rel=0.02)
    assert (found.p50, found.p90, found.lead) == (3.0, 3.0, 3.0)
    assert found.little_holds


def test_a_log_that_fills_up_is_no_steady_state():
    created = np.arange(0.0, 364.0)
    left = np.where(np.arange(364) % 2 == 0, created + 3.0, np.nan)
    found = measure(created, left, np.ones(364, dtype=bool), 364.0)
    assert not found.little_holds
    assert found.wip_end >= 182


def test_a_measure_does_not_see_what_comes_after_the_span():
    created = np.arange(0.0, 100.0)
    assert measure(created, created + 50.0, np.ones(100, dtype=bool), 100.0).wip_end == 50


def test_the_same_seed_gives_the_same_draws():
    one, again, other = (fitted_to(HADOOP, draws=20, seed=seed).parameter_draws() for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(other)
