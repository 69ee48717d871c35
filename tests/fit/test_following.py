"""Kappa tells a team that closes what comes from one that closes what it can; where it cannot tell, it says so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.following import made
from sim.fit.following import expected_closings, following, quasi_poisson


def test_closings_follow_demand_where_nobody_waits_for_the_team():
    found = [made("delay", seed) for seed in range(12)]
    assert np.mean([one.kappa for one in found]) >= 0.9
    assert sum(one.says == "demand" for one in found) >= 10
    assert sum(one.low <= 1.0 <= one.high for one in found) >= 10


def test_closings_do_not_follow_demand_where_the_team_is_always_busy():
    found = [made("queue", seed) for seed in range(12)]
    assert np.mean([one.kappa for one in found]) <= 0.6
    assert not any(one.says == "demand" for one in found)
    assert sum(one.says == "team" for one in found) >= 5


@pytest.mark.parametrize(("weeks", "quarters"), [(13, 0), (52, 3), (90, 5)])
def test_a_log_that_is_too_short_tells_nothing(weeks, quarters):
    found = made("delay", 1, weeks)
    assert (found.quarters, found.says) == (quarters, "untold")
    assert math.isnan(found.kappa)


def test_a_demand_that_does_not_change_tells_nothing():
    rng = np.random.default_rng(3)
    assert following(rng.poisson(8.0, 130).astype(float), np.full(130, 8.0)).says == "untold"


def test_what_is_expected_is_what_came_in_time():
    """Each request is done two weeks after it came: what is expected of each week came two weeks before."""
    created = np.repeat(np.arange(30.0), np.arange(1, 31)) + 0.25
    resolved = created + 2.0
    due = expected_closings(created, resolved, np.ones(len(created), dtype=bool), 40.0, 30)
    assert due[2:] == pytest.approx(np.arange(1, 29))
    assert due[:2] == pytest.approx(0.0)


def test_weeks_before_the_first_request_and_before_the_first_full_week_are_no_matter():
    created = np.array([3.2, 4.1, 6.7])
    due = expected_closings(created, created + 1.0, np.ones(3, dtype=bool), 12.0, 10)
    assert due == pytest.approx([0, 0, 0, 0, 1, 1, 0, 1, 0, 0])
    assert expected_closings(created - 4.0, created - 3.0, np.ones(3, dtype=bool), 8.0, 6) == pytest.approx(due[4:])


def test_who_left_otherwise_is_not_expected_to_be_done():
    created, resolved = np.arange(40.0), np.arange(40.0) + 1.0
    done = np.arange(40) % 4 != 0
    assert expected_closings(created, resolved, done, 50.0, 40)[5:] == pytest.approx(0.75)


def test_the_slope_is_that_of_the_counts():
    x = np.linspace(0.0, 1.0, 400)
    slope, error = quasi_poisson(x, np.random.default_rng(2).poisson(np.exp(3.0 + 0.7 * x)).astype(float))
    assert slope == pytest.approx(0.7, abs=3 * error)
    assert 0.02 < error < 0.1
