"""A factor maps the unit interval to values, and refuses what makes no sense."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.design.factor import Factor
from sim.errors import StudyError

unit = st.floats(0, 1)
ends = st.tuples(st.floats(0.001, 1000), st.floats(0.001, 1000)).filter(lambda pair: pair[0] * 1.001 < pair[1])


@given(unit, unit, ends, st.sampled_from(["linear", "log"]))
def test_values_stay_inside_the_range_and_rise_with_the_place(u, v, ends, scale):
    factor = Factor("a", low=ends[0], high=ends[1], scale=scale)
    low, high = (factor.at(place)[0][1] for place in sorted((u, v)))
    assert ends[0] <= low <= high <= ends[1]


@given(ends, st.sampled_from(["linear", "log"]))
def test_the_ends_of_the_interval_are_the_ends_of_the_range(ends, scale):
    factor = Factor("a", low=ends[0], high=ends[1], scale=scale)
    assert [factor.at(u)[0][1] for u in (0.0, 1.0)] == pytest.approx(ends, rel=1e-11)


@given(ends)
def test_the_middle_is_the_mean_on_a_linear_scale_and_the_geometric_mean_on_a_log_scale(ends):
    low, high = ends
    assert Factor("a", low=low, high=high).at(0.5)[0][1] == pytest.approx((low + high) / 2)
    assert Factor("a", low=low, high=high, scale="log").at(0.5)[0][1] == pytest.approx(math.sqrt(low * high))


@given(st.integers(-5, 5), st.integers(1, 8))
def test_each_whole_number_of_a_range_takes_the_same_part_of_the_interval(low, span):
    factor = Factor("a", low=low, high=low + span, integer=True)
    cells = 100 * (span + 1)
    values = [factor.at((cell + 0.5) / cells)[0][1] for cell in range(cells)]
    assert {value: values.count(value) for value in values} == dict.fromkeys(range(low, low + span + 1), 100)
    assert all(type(value) is int for value in values)


@given(st.integers(1, 7), unit)
def test_each_level_takes_the_same_part_of_the_interval(count, u):
    factor = Factor("a", levels=tuple(f"level {i}" for i in range(count)))
    at = factor.levels.index(factor.at(u)[0][1])
    assert at / count <= u <= (at + 1) / count


def test_keys_that_move_together_have_one_value_or_one_range_each():
    assert Factor(("a", "b"), low=0.0, high=2.0).at(0.5) == (("a", 1.0), ("b", 1.0))
    assert Factor(("a", "b"), low=(0.0, 10.0), high=(2.0, 20.0)).at(0.5) == (("a", 1.0), ("b", 15.0))
    assert Factor(("a", "b"), levels=(1, (2, 3))).steps(0) == ((("a", 1), ("b", 1)), (("a", 2), ("b", 3)))


def test_steps_of_a_range_include_both_ends_and_no_whole_number_twice():
    assert [values[0][1] for values in Factor("a", low=1.0, high=100.0, scale="log").steps(3)] == [1.0, 10.0, 100.0]
    assert [values[0][1] for values in Factor("a", low=1, high=3, integer=True).steps(9)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": "a"}, "either levels or a range"),
        ({"key": "a", "levels": (1,), "low": 0.0, "high": 1.0}, "either levels or a range"),
        ({"key": "a", "low": 0.0}, "needs both low and high"),
        ({"key": "a", "low": 2.0, "high": 1.0}, "must be below"),
        ({"key": "a", "low": 0.0, "high": math.inf}, "must be below"),
        ({"key": "a", "low": 0.0, "high": 1.0, "scale": "log"}, "above 0 on a log scale"),
        ({"key": "a", "low": 0.5, "high": 3.0, "integer": True}, "whole numbers"),
        ({"key": "a", "levels": (1, 2, 1)}, "must differ"),
        ({"key": ()}, "one or more different dotted keys"),
        ({"key": ("a", "a"), "levels": (1,)}, "one or more different dotted keys"),
        ({"key": ("a", "b"), "low": (0.0,), "high": 1.0}, "1 limits for 2 keys"),
    ],
)
def test_a_factor_that_makes_no_sense_is_refused(wrong, said):
    with pytest.raises(StudyError, match=said):
        Factor(**wrong)


def test_a_level_must_have_a_value_for_each_key():
    with pytest.raises(StudyError, match="3 values for 2 keys"):
        Factor(("a", "b"), levels=((1, 2, 3),)).steps(2)
