"""The formulas give the numbers that the model's page prints."""

from __future__ import annotations

import pytest

from tests.exact import formulas


def test_the_formulas_give_the_published_numbers() -> None:
    assert formulas.wait_mmc(1, 0.8, 1.0) == pytest.approx(4.0)
    assert formulas.wait_mg1(0.8, 1.0, 2.0) == pytest.approx(4.0)
    assert formulas.erlang_c(3, 2.4) == pytest.approx(0.64719, abs=5e-6)
    assert formulas.wait_mmc(3, 2.4, 1.0) == pytest.approx(1.07865, abs=5e-6)
    assert formulas.erlang_c(6, 5.1) == pytest.approx(0.62405, abs=5e-6)
    assert formulas.wait_mmc(6, 5.1, 1.0) == pytest.approx(0.69339, abs=5e-6)
    assert formulas.finite_queue(3, 8, 3.6) == pytest.approx((0.21914, 5.45314, 1.93987), abs=5e-6)
    assert formulas.erlang_b(3, 2.4) == pytest.approx(0.268406, abs=5e-7)
    assert formulas.cobham([0.3, 0.5]) == pytest.approx([1.142857, 5.714286], abs=5e-7)
    assert formulas.cobham([0.3, 0.5], preemptive=True) == pytest.approx([1.428571, 7.142857], abs=5e-7)
    assert formulas.bulk_decision_wait(1.0, 5.0, 6) == pytest.approx(4.0270, abs=5e-5)
    assert formulas.bulk_decision_wait(1.0, 5.0, 8) == pytest.approx(2.66162, abs=5e-6)
    assert [formulas.board_wait(0.8, days) for days in (10.0, 20.0)] == pytest.approx([11.45, 19.86], abs=0.02)
