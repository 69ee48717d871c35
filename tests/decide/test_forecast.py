"""A forecast from the log's own past: what it may know, what it refuses, and how often it is right."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.forecasts import backtests, brackets, kappas
from sim.decide.backtest import crps, place_of
from sim.decide.demand import demand_paths
from sim.decide.forecast import Forecast, following_of_past, forecast
from sim.decide.lifetimes import lifetimes_of
from sim.decide.outlook import capacity_paths, days_until_closed, outlook_of, percentile, reached
from sim.decide.past import Past, past_of
from sim.decide.pool import demand_share
from sim.errors import FitError
from sim.fit.kept_log import KeptLog
from sim.report.forecast_figures import ages, cumulative_flow, fan
from sim.report.forecast_text import chance_words, forecast_json, forecast_text, headline
from tests.decide.made_logs import MONDAY, kept, world

HADOOP = Path(__file__).parents[2] / "docs/examples/hadoop.csv"
NOW = 7.0 * 100


@cache
def delay() -> Past:
    return world("delay", 3).past(NOW)


def steady(days: float, every: float = 1.0, takes: float = 5.0) -> KeptLog:
    """A request each so many days, closed after so many."""
    created = np.arange(0.5, days, every)
    return kept(Past(created, created + takes, np.inf, MONDAY).cut(days))


def made(log: KeptLog, **asked: object) -> Forecast:
    return forecast(log, **asked)  # type: ignore[arg-type]


# --- what it may know ---


def test_what_is_written_down_after_the_day_changes_no_byte() -> None:
    log, day = kept(delay()), MONDAY + pd.Timedelta(days=400)
    before = forecast_text(made(log, as_of=day, with_backtest=True), 100)
    changed = log.frame.copy()
    later = changed["created"] >= day + pd.Timedelta(days=1)
    changed.loc[later, "created"] += pd.Timedelta(days=9)
    changed.loc[changed["resolved"] >= day + pd.Timedelta(days=1), "resolved"] = pd.NaT
    assert later.any()
    assert forecast_text(made(replace(log, frame=changed), as_of=day, with_backtest=True), 100) == before
    early = log.frame.copy()
    early.loc[0, "resolved"] = pd.NaT
    assert forecast_text(made(replace(log, frame=early), as_of=day, with_backtest=True), 100) != before


def test_the_same_seed_brings_the_same_words_and_another_others() -> None:
    log = kept(delay())
    assert forecast_json(made(log, seed=1)) == forecast_json(made(log, seed=1)) != forecast_json(made(log, seed=2))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["delay", "queue"]), st.floats(30 * 7.0, NOW))
def test_nothing_is_lost_in_a_future(seed: int, kind: str, now: float) -> None:
    past = world(kind, seed % 7).past(now)
    rng = np.random.default_rng(seed)
    flow, (closings, still_open) = demand_paths(past, 8, 50, rng), capacity_paths(past, 8, 50, rng)
    for done, left in ((flow.closings, flow.open), (closings, still_open)):
        assert (done >= 0).all()
        assert (left >= 0).all()
        came = np.diff(left, axis=1, prepend=len(past.ages)) + done
        assert (came >= 0).all()
    assert (flow.leave >= 0.0).all()


def test_a_life_that_always_takes_five_days_ends_after_five_days() -> None:
    past = past_of(steady(300))
    lives = lifetimes_of(past)
    assert lives.oldest == pytest.approx(5.0, abs=0.01)
    assert lives.closes_at(np.array([0.0, 3.0]), np.array([0.5, 0.5])) == pytest.approx([5.0, 5.0], abs=0.01)


def test_the_hazard_of_exponential_lives_is_their_rate_also_with_late_entry() -> None:
    rng = np.random.default_rng(1)
    created = np.sort(rng.random(20_000) * 900)
    past = Past(created, created + rng.exponential(40.0, 20_000), np.inf, MONDAY).cut(880.0)
    assert lifetimes_of(past).cumulative(np.array([40.0, 80.0])) == pytest.approx([1.0, 2.0], rel=0.06)


# --- two questions ---


def test_more_closings_and_these_items_are_two_questions() -> None:
    found = made(kept(delay()), items=30)
    assert found.days_to_more(0.85) < found.days[1], "thirty more of any are sooner closed than 85% of the old ones that are open"
    assert "30 more closings, whichever" in forecast_text(found, 100)
    assert "more closings" not in forecast_text(made(kept(delay())), 100), "nobody asked"


def test_a_share_of_these_is_closed_when_so_many_have_left() -> None:
    outlook = replace(outlook_of(delay(), 4, 1, paths=2), leave=np.array([[3.0, 1.0, 2.0, np.inf], [9.0, 7.0, 8.0, 6.0]]))
    assert days_until_closed(outlook, 0.75).tolist() == [3.0, 8.0]
    assert days_until_closed(outlook, 0.85).tolist() == [np.inf, 9.0]
    assert reached(outlook)[0] == 0.75


@given(st.lists(st.floats(0, 99), min_size=1, max_size=40), st.floats(0.01, 1.0))
def test_a_percentile_is_not_exceeded_by_such_a_share(values: list[float], share: float) -> None:
    at = percentile(np.array(values), share)
    assert np.mean(np.array(values) <= at) >= share - 1e-9
    assert at in values


# --- guards ---


def test_under_thirteen_weeks_it_is_refused() -> None:
    with pytest.raises(FitError, match=r"12 whole weeks .* needs 13"):
        made(steady(90))
    made(steady(7 * 13 + 1))


def test_under_five_active_days_it_is_refused() -> None:
    log = steady(200)
    log.frame["resolved"] = log.frame["resolved"].where(log.frame["resolved"].rank() <= 4)
    with pytest.raises(FitError, match="closings on 4 days; a forecast needs 5"):
        made(log)


def test_from_13_to_26_weeks_only_the_trend_speaks() -> None:
    found = made(steady(150))
    assert found.outlook.leave.shape[1] == 0
    assert found.doubts.short
    assert "too short for a date" in headline(found)
    assert made(steady(200)).outlook.leave.shape[1] > 0


def test_where_nothing_is_open_there_is_no_date_for_these() -> None:
    log = steady(200)
    log.frame["resolved"] = log.frame["resolved"].fillna(log.known_to)
    text = forecast_text(made(log), 100)
    assert "none is open now, so there is no date for these" in " ".join(text.split())
    assert "whichever" not in text


def test_where_nothing_has_come_for_four_weeks_it_asks_as_of_which_day() -> None:
    log = steady(200)
    longer = replace(log, known_to=log.known_to + pd.Timedelta(days=40))
    with pytest.raises(FitError, match=r"no request has come since 2021-07-22.*--as-of 2021-07-22"):
        made(longer)
    made(longer, as_of=pd.Timestamp("2021-07-22"))


def test_a_day_after_the_log_is_refused() -> None:
    with pytest.raises(FitError, match="the log knows nothing after"):
        made(steady(200), as_of=pd.Timestamp("2031-01-01"))


def test_beyond_the_oldest_age_with_ten_at_risk_no_date_is_reached() -> None:
    log = steady(300)
    log.frame.loc[:59, "resolved"] = pd.NaT  # sixty that never close, older than anything that did
    found = made(log)
    assert found.share == 0.0
    assert "no date can be told" in headline(found)


def test_days_on_which_many_were_closed_at_once_are_named() -> None:
    log = steady(300)
    bulk = pd.Timestamp("2021-09-06 12:00")
    late = (log.frame["resolved"] > bulk) & (log.frame["created"] < bulk) | log.frame["resolved"].between(bulk - pd.Timedelta(days=40), bulk)
    log.frame.loc[late, "resolved"] = bulk
    assert f"{late.sum()} on 2021-09-06" in forecast_text(made(log), 100)
    assert "at once" not in forecast_text(made(steady(300)), 100)


def test_a_drift_of_more_than_half_is_warned_of() -> None:
    created = np.concatenate([np.arange(0.5, 250.0, 1.0), np.arange(250.0, 350.0, 0.5)])
    found = made(kept(Past(created, created + 5.0, np.inf, MONDAY).cut(350.0)))
    assert [what for what, _ in found.doubts.drifts] == ["arrivals", "closings"]
    assert "arrivals changed by +" in forecast_text(found, 100)
    assert not made(steady(350)).doubts.drifts


@given(st.floats(0.0, 1.0))
def test_no_chance_is_ever_shown_above_95_per_cent(chance: float) -> None:
    assert chance_words(chance) == ">95%" or float(chance_words(chance).strip("<%")) <= 95


@pytest.mark.parametrize("asked", [{}, {"items": 20, "with_backtest": True, "refused": 0.3}])
def test_it_is_told_in_25_lines(asked: dict[str, object]) -> None:
    lines = forecast_text(made(kept(delay()), **asked), 80).splitlines()
    assert len(lines) <= 24, "and one more says what to do next"
    assert "requests now open are closed by" in lines[0]


# --- pictures ---


def test_the_fan_opens_from_what_is_closed_now_and_the_ages_are_those_of_what_is_open() -> None:
    found = made(kept(delay()))
    ax = fan(found)
    closed = next(line for line in ax.get_lines() if line.get_label() == "closed").get_ydata()
    half = next(line for line in ax.get_lines() if line.get_label() == "half of them").get_ydata()
    assert half[0] == closed[-1] == found.past.closings[-26:].sum()
    assert np.median(found.outlook.closings[:, :13].sum(axis=1)) == half[-1] - half[0]
    shown = ages(found.past).get_lines()[0].get_ydata()
    assert len(shown) == len(found.past.ages)
    came, closed = (line.get_ydata() for line in cumulative_flow(found.past).get_lines())
    assert came[-1] - closed[-1] == len(found.past.ages)


# --- how good it is: small versions of benchmarks/forecasts.py ---


def test_the_score_is_the_known_one() -> None:
    rng = np.random.default_rng(1)
    assert crps(0.0, rng.normal(size=40_000)) == pytest.approx((np.sqrt(2.0) - 1.0) / np.sqrt(np.pi), abs=0.01)
    assert crps(3.0, np.full(9, 5.0)) == pytest.approx(2.0)
    assert place_of(2.0, np.array([1.0, 2.0, 2.0, 9.0])) == pytest.approx(0.5)


def test_the_reading_that_missed_less_gets_the_larger_share_of_the_pool() -> None:
    shares = {kind: [demand_share(world(kind, seed).past(7.0 * 156)) for seed in range(6)] for kind in ("queue", "delay")}
    assert np.mean(shares["queue"]) < 0.4
    assert np.mean(shares["delay"]) > 0.5
    assert demand_share(delay().cut(7.0 * 30)) == 0.5, "nothing is known of what either missed"


def test_where_work_waits_for_others_it_is_better_than_drawing_from_the_last_26_weeks() -> None:
    found = backtests("delay", 4)
    assert found.skill < 0.95
    kept_dates, given_dates = found.kept()
    assert kept_dates >= 0.78 * given_dates > 0
    assert all(found.coverage(share) >= share - 0.1 for share in (0.5, 0.7, 0.85, 0.95))


def test_closings_follow_demand_where_work_waits_for_others_and_not_where_it_waits_for_hands() -> None:
    assert np.mean(kappas("delay", 8)) >= 0.9
    assert np.mean(kappas("queue", 8)) <= 0.6


def test_kappa_needs_six_quarters() -> None:
    assert np.isnan(following_of_past(delay().cut(6.5 * 91.0)).kappa), "the first quarter is left out"
    assert not np.isnan(following_of_past(delay()).kappa)


@pytest.mark.parametrize("kind", ["delay", "queue"])
def test_the_bracket_of_both_readings_holds_what_another_policy_brings(kind: str) -> None:
    closings, still_open = brackets(kind, 5)
    assert closings >= 0.9
    assert still_open >= 0.9
