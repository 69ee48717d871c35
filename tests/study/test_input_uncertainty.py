"""Fitted inputs are not sure: an interval with both kinds of not knowing, and how much of it is which."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario
from sim.study.inputs import doubt, read_draws

Type = Callable[..., Any]


def made(draws: int, n: int, inputs: float, luck: float, rest: float, seed: int, truth: float = 3.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (truth + inputs * rng.normal(size=(draws, 1)) + luck * rng.normal(size=(1, n)) + rest * rng.normal(size=(draws, n)))


def test_luck_alone_leaves_nothing_to_the_inputs() -> None:
    shares = [doubt("p", "delay", made(40, 10, 0.0, 2.0, 1.0, seed)).share for seed in range(30)]
    assert np.mean(shares) < 0.1


def test_inputs_alone_are_all_of_it_and_more_replications_do_not_help() -> None:
    few, many = (doubt("p", "delay", made(40, n, 2.0, 0.5, 0.5, seed=1)) for n in (10, 500))
    assert few.share > 0.9
    assert many.share > 0.99
    assert many.by_inputs == pytest.approx(few.by_inputs, rel=0.2)


def test_the_parts_come_back_that_were_put_in() -> None:
    found = [doubt("p", "delay", made(60, 12, 2.0, 1.5, 1.0, seed)) for seed in range(60)]
    assert np.mean([(one.by_inputs / 1.96) ** 2 for one in found]) == pytest.approx(4.0, rel=0.15)
    luck = np.mean([(one.by_luck / 2.201) ** 2 for one in found])  # t with 11 degrees of freedom
    assert luck == pytest.approx(1.5**2 / 12, rel=0.25)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 20), st.integers(2, 8), st.integers(0, 10_000))
def test_the_interval_is_never_narrower_than_either_kind_alone(draws: int, n: int, seed: int) -> None:
    one = doubt("p", "delay", made(draws, n, 1.0, 1.0, 0.5, seed))
    half = (one.high - one.low) / 2
    assert half >= max(one.by_luck, one.by_inputs) - 1e-9
    assert half == pytest.approx(math.hypot(one.by_luck, one.by_inputs))
    assert 0.0 <= one.share <= 1.0


def test_replications_with_a_hole_are_left_out() -> None:
    gaps = made(10, 6, 1.0, 1.0, 0.5, seed=2)
    holed = gaps.copy()
    holed[3, 4] = math.nan
    assert doubt("p", "delay", holed) == doubt("p", "delay", np.delete(gaps, 4, axis=1))


def test_draws_are_read_to_the_last_bit(tmp_path: Path) -> None:
    rates = [float(rate) for rate in np.random.default_rng(1).lognormal(-1.0, 0.3, size=100)]
    (tmp_path / "draws.csv").write_text("customer.request_rate\n" + "\n".join(map(repr, rates)), encoding="utf-8")
    assert [draw["customer.request_rate"] for draw in read_draws(tmp_path / "draws.csv", Scenario())] == rates


class TestOnTheCommandLine:
    WORDS = ("compare", "small.toml", "-p", "always-accept", "-p", "co-evaluated", "-n", "4", "--workers", "1", "--input-uncertainty")

    def write(self, tmp_path: Path, column: str = "customer.request_rate", rates: tuple[float, ...] = (0.2, 0.8, 1.4)) -> None:
        (tmp_path / "small.draws.csv").write_text("\n".join([column, *map(str, rates)]) + "\n", encoding="utf-8")

    def test_it_says_how_much_is_luck_and_how_much_the_inputs(self, typed: Type, tmp_path: Path) -> None:
        self.write(tmp_path)
        said = " ".join(typed(*self.WORDS).out.split())
        assert "Input uncertainty: the fitted inputs might as well be others. 3 bootstrap draws of them, 10 replications each" in said
        assert "delay, days difference luck inputs with both" in said

    def test_draws_that_are_all_alike_leave_it_to_luck(self, typed: Type, tmp_path: Path) -> None:
        self.write(tmp_path, rates=(0.8, 0.8, 0.8))
        rows = json.loads(typed(*self.WORDS, "--json").out)["input_uncertainty"]
        assert max(row["share"] for row in rows if row["by_luck"] > 0) < 1e-9

    @pytest.mark.parametrize(("column", "rates", "said"), [
        ("customer.request_rat", (0.2, 0.8), "did you mean customer.request_rate"),
        ("customer.request_rate", (0.2, 999.0), "row 3"), ("customer.request_rate", (0.2,), "at least 2 are needed")])
    def test_draws_that_are_none_are_refused(
        self, typed: Type, tmp_path: Path, column: str, rates: tuple[float, ...], said: str
    ) -> None:
        self.write(tmp_path, column, rates)
        answer = typed(*self.WORDS)
        assert answer.code == 2
        assert said in answer.err

    def test_without_draws_it_says_where_they_come_from(self, typed: Type) -> None:
        answer = typed(*self.WORDS)
        assert answer.code == 2
        assert "intakelab fit writes them" in answer.err
