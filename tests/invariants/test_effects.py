"""The arithmetic of the model stays in its bounds for every argument that a scenario allows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import effects

share = st.floats(0, 1)
experience = st.floats(-2, 2)


@given(share, experience, share, st.floats(1, 3))
def test_no_experience_moves_trust_out_of_0_to_1_or_the_wrong_way(
    level: float, felt: float, rate: float, aversion: float
) -> None:
    after = effects.moved(level, felt, rate, aversion)
    assert 0.0 <= after <= 1.0
    assert after >= level if felt >= 0.0 else after <= level


@given(share, share, share, share, share, st.floats(1, 3))
def test_satisfaction_stays_in_0_to_1(
    level: float, expected: float, met: float, weight: float, rate: float, aversion: float
) -> None:
    assert -1e-12 <= effects.satisfied(level, expected, met, weight, rate, aversion) <= 1.0 + 1e-12


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 0.99))
def test_a_beta_share_lies_in_0_to_1_and_rises_with_its_mean(u: float, mean: float) -> None:
    low, high = (effects.betas_from_uniforms([u], m)[0] for m in (mean, min(mean + 0.005, 0.99)))
    assert 0.0 <= low <= high + 1e-12 <= 1.0 + 1e-12


@given(st.floats(1, 20), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_bunches_have_at_least_one_request_and_grow_with_their_uniform(dispersion: float, u: float, v: float) -> None:
    low, high = sorted((u, v))
    assert 1 <= effects.batch_size(low, dispersion) <= effects.batch_size(high, dispersion)


@pytest.mark.parametrize("dispersion", [1.0, 2.0, 6.0])
def test_bunches_have_the_mean_and_the_index_of_dispersion_that_they_promise(dispersion: float) -> None:
    grid = [effects.batch_size((i + 0.5) / 50_000, dispersion) for i in range(50_000)]
    assert math.fsum(grid) / len(grid) == pytest.approx(effects.mean_batch_size(dispersion), rel=1e-3)
    assert math.fsum(b * b for b in grid) / math.fsum(grid) == pytest.approx(dispersion, rel=5e-3)


@given(st.lists(st.tuples(share, st.floats(0.1, 3)), min_size=1, max_size=5), share, share)
def test_a_pooled_signal_has_unit_variance(judges: list[tuple[float, float]], correlation: float, facilitation: float) -> None:
    qualities, weights = [quality for quality, _ in judges], [weight for _, weight in judges]
    c = effects.pooling_coefficients(qualities, weights, correlation, facilitation)
    blur = [math.sqrt(1.0 - r * r) for r in qualities]
    variance = sum(
        c[i] * c[j] * (1.0 if i == j else qualities[i] * qualities[j] + blur[i] * blur[j] * correlation)
        for i in range(len(c)) for j in range(len(c)))
    assert variance == pytest.approx(1.0)


@given(share, share, st.integers(1, 8))
def test_k_equal_judges_are_as_good_as_theory_says(quality: float, correlation: float, k: int) -> None:
    c = effects.pooling_coefficients([quality] * k, [1.0] * k, correlation, 1.0)
    rho = quality**2 + (1.0 - quality**2) * correlation
    assert sum(c) * quality == pytest.approx(quality * math.sqrt(k) / math.sqrt(1.0 + (k - 1) * rho))


@given(st.floats(0, 500), st.floats(0, 400), st.floats(0, 300), st.floats(0, 300), share)
def test_late_benefit_fades_and_never_grows(
    wait: float, arrived: float, deadline: float, window: float, urgency: float
) -> None:
    now, later = (effects.benefit_left(arrived + days, arrived, deadline, window, urgency) for days in (wait, wait + 1.0))
    assert 0.0 <= later <= now <= 1.0


@given(share, st.floats(0, 100), st.floats(1, 300))
def test_after_the_benefit_window_nothing_is_left(urgency: float, arrived: float, window: float) -> None:
    for deadline in (0.0, 120.0):
        closed = max(deadline, arrived) + window
        assert effects.benefit_left(closed + 1e-6, arrived, deadline, window, urgency) == 0.0


@given(st.floats(0, 5), share, share, st.floats(0, 10))
def test_pressure_only_makes_people_faster_within_the_cap_and_exploration_scarcer(
    pressure: float, cap: float, explore: float, crowding: float
) -> None:
    assert 1.0 <= effects.speed_under(pressure, cap) <= 1.0 + cap
    assert 0.0 <= effects.exploration_under(pressure, explore, crowding) <= explore
    assert 0.0 <= effects.defect_chance(explore, pressure, crowding) <= 1.0
