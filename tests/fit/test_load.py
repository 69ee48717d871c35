"""What binds is named, and nothing that nobody measured binds: a fitted scenario closes what the log closes."""

from __future__ import annotations

import math
from statistics import fmean

import numpy as np
import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.fit.bare import bare, effort_for, freed
from sim.fit.fitted_scenario import loads_of, scenario_of
from sim.fit.load import DESK, heaviest, loads
from sim.report.fit_brief import limit_text
from tests.fit.exports import fitted_to

WEEKS = 80


def stream(**values: float) -> Scenario:
    base = {"customer.request_rate": 10 / 1.3, "customer.effort_median": 0.5 / math.exp(1.4**2 / 2), "customer.mandatory_share": 0.0}
    return bare({"developer": 4}).with_values(base | {key.replace("__", "."): value for key, value in values.items()})


def delivered(scenario: Scenario, policy: str = "as-today", replications: int = 4) -> float:
    """Requests delivered a week after the warm-up."""
    days = scenario.project.horizon - scenario.project.warm_up
    runs = [simulate(scenario, policy, seed=7, replication=at, logged=False) for at in range(replications)]
    return fmean(float(((run.requests["fate"] == "delivered") & (run.requests["left"] >= scenario.project.warm_up)).sum()) / days * 5.0
                 for run in runs)


def weekly_log(weekly: float, seed: int = 5, days: float = 6.0, refused: float = 0.2, **columns: object) -> pd.DataFrame:
    """So many requests a week that are done some days later, and some more that are refused at once."""
    rng = np.random.default_rng(seed)
    asked = rng.poisson(weekly / (1.0 - refused), WEEKS)
    created = np.sort(np.repeat(np.arange(WEEKS) * 7.0, asked) + rng.random(asked.sum()) * 7.0)
    no = rng.random(len(created)) < refused
    resolved = created + np.where(no, 0.5, rng.lognormal(math.log(days), 0.8, len(created)))
    known = resolved < WEEKS * 7.0
    dates = [pd.Timestamp("2023-01-02") + pd.to_timedelta(values, unit="D") for values in (created, resolved)]
    return pd.DataFrame({
        "Issue key": [f"A-{at}" for at in range(len(created))], "Status": np.where(known, "Closed", "Open"),
        "Resolution": np.where(known, np.where(no, "Won't Fix", "Fixed"), ""), "Created": dates[0].strftime("%Y-%m-%d %H:%M"),
        "Resolved": np.where(known, dates[1].strftime("%Y-%m-%d %H:%M"), ""), **columns})


@pytest.mark.parametrize("weekly", [5.0, 25.0, 60.0])
def test_a_fitted_scenario_closes_what_the_log_closes(tmp_path, weekly):
    fit = fitted_to(weekly_log(weekly), tmp_path / "x.csv")
    assert fit.closed.value * 5 == pytest.approx(weekly, rel=0.1)
    assert delivered(scenario_of(fit)) == pytest.approx(fit.closed.value * 5, rel=0.1)


def test_left_at_their_defaults_the_customers_hours_would_bind(tmp_path):
    """The twin: what the fit frees is what throttled."""
    scenario = scenario_of(fitted_to(weekly_log(60.0), tmp_path / "x.csv"))
    assert delivered(scenario.with_values({"customer.representatives": 1})) < 0.6 * delivered(scenario)
    assert heaviest(loads(scenario.with_values({"customer.representatives": 1}), 0.8)).who == DESK


def test_where_the_effort_is_measured_and_too_much_the_output_names_who_binds(tmp_path):
    table = weekly_log(25.0)
    table["Effort"] = 16.0 * np.random.default_rng(1).lognormal(0.0, 0.5, len(table))
    fit = fitted_to(table, tmp_path / "x.csv", "effort_hours=Effort")
    assert delivered(scenario_of(fit)) < 0.7 * 25.0
    assert heaviest(loads_of(fit)).load > 2.0
    assert limit_text(fit).startswith("What limits this project: developer (load ")
    light = fitted_to(table.assign(Effort=table["Effort"] / 8.0), tmp_path / "y.csv", "effort_hours=Effort")
    assert limit_text(light).startswith("Nothing limits this project: the busiest is developer (load 0.")
    assert delivered(scenario_of(light)) == pytest.approx(25.0, rel=0.1)


def test_where_nothing_tells_of_effort_it_is_set_not_to_bind(tmp_path):
    """What was closed was closed with a word that nobody knows: the default effort would have been too much for one."""
    table = weekly_log(25.0).replace({"Fixed": "Whatever", "Won't Fix": "Whatever"})
    fit = fitted_to(table, tmp_path / "x.csv")
    assert (fit.effort, fit.closed) == (None, None)
    assert heaviest(loads_of(fit)).load == pytest.approx(0.7, abs=0.05)
    assert delivered(scenario_of(fit)) == pytest.approx(fit.arrivals.now.value * 5.0, rel=0.1)
    assert limit_text(fit).startswith("What limits this project cannot be told: no effort is in the log")


def test_where_closings_follow_demand_the_team_does_not_bind(tmp_path):
    """Three years in which the rate is another one each quarter, and whatever comes is done some days later."""
    rng = np.random.default_rng(4)
    created = np.sort(np.concatenate([91.0 * quarter + rng.random(rng.poisson(13 * weekly)) * 91.0
                                      for quarter, weekly in enumerate([8, 14, 6, 12, 18, 8, 15, 6, 11, 17, 9, 13])]))
    dates = [pd.Timestamp("2021-01-04") + pd.to_timedelta(days, unit="D")
             for days in (created, created + rng.lognormal(1.5, 0.8, len(created)))]
    table = pd.DataFrame({"Created": dates[0].astype(str), "Resolved": dates[1].astype(str)})
    fit = fitted_to(table, tmp_path / "x.csv")
    assert fit.following.says == "demand"
    assert (fit.queues, fit.stretch.weeks) == (False, 52)
    scenario = scenario_of(fit)
    assert heaviest(loads_of(fit)).load == pytest.approx(0.7, abs=0.08)
    assert delivered(scenario) == pytest.approx(fit.arrivals.now.value * 5.0, rel=0.1)
    assert limit_text(fit).startswith("The team does not limit this project: closings follow demand")


@pytest.mark.parametrize(("values", "binds"), [
    ({}, DESK), ({"customer__representatives": 9}, "developer"), ({"customer__hours_per_week": 40.0}, "developer")])
def test_what_is_delivered_under_overload_is_what_the_largest_load_leaves(values, binds):
    scenario = stream(**values)
    found = heaviest(loads(scenario, 1.0))
    assert found.who == binds
    assert found.load > 1.3
    asked = 5.0 * scenario.customer.request_rate * (1.0 + scenario.customer.appetite)
    assert delivered(scenario, "accept-all") == pytest.approx(asked / found.load, rel=0.12)


def test_judging_is_counted_where_it_is_asked_for():
    quiet, judged = (loads(stream(), 1.0, judged) for judged in (False, True))
    assert all(more.load > less.load for less, more in zip(quiet, judged, strict=True))


def test_effort_that_gives_a_load_gives_it():
    scenario = bare({"developer": 4, "tester": 2})
    mean = effort_for(scenario, 3.0, 0.8)
    median = mean / math.exp(scenario.customer.effort_sigma**2 / 2.0)
    again = scenario.with_values({"customer.request_rate": 3.0 / 1.3, "customer.effort_median": median})
    roles = [load for load in loads(again, 1.0) if load.who != DESK]
    assert heaviest(tuple(roles)).load == pytest.approx(0.8)


@pytest.mark.parametrize("rate", [0.1, 2.0, 20.0, 50.0])
def test_what_is_freed_binds_under_no_policy(rate):
    scenario = stream(customer__request_rate=rate)
    desk = loads(scenario.with_values(freed(scenario, 1.0)), 1.0, judged=True)[-1]
    assert desk.who == DESK
    assert desk.load <= 0.5
