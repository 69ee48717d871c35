"""Designs: the points they promise, numbered the same way every time, and worlds that can be simulated."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import Scenario
from sim.design.factor import Factor
from sim.design.factorial import factorial
from sim.design.fractional import fractional
from sim.design.latin import latin
from sim.design.morris import morris
from sim.design.point import DesignPoint, points_frame, realise
from sim.design.saltelli import saltelli
from sim.design.sweep import sweep
from sim.errors import StudyError
from sim.policies import make
from sim.scenario import Customer

RATE = Factor("customer.request_rate", low=0.1, high=1.6, scale="log")
DRIFT = Factor("customer.drift", low=0.0, high=0.01)
DAYS = Factor("policy.change-board.days", levels=(5.0, 20.0))
ONE = ["one"]


def two_levels(count: int) -> list[Factor]:
    return [Factor(f"f{i}", levels=(-1, 1)) for i in range(count)]


def matrix(points: tuple[DesignPoint, ...]) -> np.ndarray:
    return np.array([[value for _, value in point.values] for point in points])


DESIGNS = {
    "sweep": lambda scenarios: sweep([RATE, DRIFT], scenarios),
    "factorial": lambda scenarios: factorial([RATE, DRIFT, DAYS], scenarios, steps=3),
    "latin": lambda scenarios: latin([RATE, DRIFT, DAYS], scenarios, points=9, seed=4),
    "saltelli": lambda scenarios: saltelli([RATE, DRIFT, DAYS], scenarios, samples=4, seed=4),
    "morris": lambda scenarios: morris([RATE, DRIFT, DAYS], scenarios, trajectories=4, seed=4),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_the_same_design_is_the_same_again_and_changes_no_global_random_state(name):
    state = np.random.get_state()[1].tolist()  # noqa: NPY002 - it is the global state that must stay
    assert DESIGNS[name](ONE) == DESIGNS[name](ONE)
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002


@pytest.mark.parametrize("name", DESIGNS)
def test_points_are_numbered_through_and_every_scenario_has_the_same_ones(name):
    points = DESIGNS[name](["one", "two"])
    assert [point.number for point in points] == list(range(len(points)))
    half = len(points) // 2
    assert {point.scenario for point in points[:half]} == {"one"}
    assert [point.values for point in points[:half]] == [point.values for point in points[half:]]


@pytest.mark.parametrize("name", ["latin", "saltelli", "morris"])
def test_another_seed_is_another_design(name):
    draw = {"latin": latin, "saltelli": saltelli, "morris": morris}[name]
    size = {"latin": 8, "saltelli": 8, "morris": 8}[name]
    assert draw([RATE, DRIFT], ONE, size, seed=1) != draw([RATE, DRIFT], ONE, size, seed=2)


@pytest.mark.parametrize("name", ["latin", "saltelli", "morris"])
def test_the_place_in_the_cube_says_what_the_values_are(name):
    for point in DESIGNS[name](ONE):
        assert point.values == tuple(
            pair for factor, u in zip([RATE, DRIFT, DAYS], point.cube, strict=True) for pair in factor.at(u))


PINNED = [
    1.4961043278, 0.00706416119657, 0.511552201523, 0.0016994940335,
    0.246393714362, 0.00796855427824, 0.180125252537, 0.00288910945692,
]


def test_a_latin_hypercube_is_pinned_so_that_an_old_file_gives_its_old_points():
    points = latin([RATE, DRIFT], ONE, points=4, seed=1)
    assert [value for point in points for _, value in point.values] == pytest.approx(PINNED, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.integers(1, 5), st.integers(0, 10**6))
def test_a_latin_hypercube_has_one_point_in_each_layer_of_each_factor(points, count, seed):
    factors = [Factor(f"f{i}", low=0.0, high=1.0) for i in range(count)]
    cube = np.array([point.cube for point in latin(factors, ONE, points, seed)])
    assert (np.sort(np.floor(cube * points).astype(int), axis=0) == np.arange(points)[:, None]).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 5), st.integers(2, 6), st.sampled_from([2, 4, 6]), st.integers(0, 10**6))
def test_each_step_of_a_trajectory_moves_one_factor_by_the_same_jump_and_each_factor_once(count, trajectories, grid, seed):
    points = morris([Factor(f"f{i}", low=0.0, high=1.0) for i in range(count)], ONE, trajectories, grid, seed)
    steps = np.diff(np.array([point.cube for point in points]).reshape(trajectories, count + 1, count), axis=1)
    assert np.sort(np.abs(steps), axis=None)[-count * trajectories:] == pytest.approx(grid / (2 * (grid - 1)))
    assert (np.count_nonzero(np.abs(steps) > 1e-9, axis=2) == 1).all()
    assert (np.count_nonzero(np.abs(steps) > 1e-9, axis=1) == 1).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 5), st.sampled_from([2, 4, 8]), st.integers(0, 10**6))
def test_a_saltelli_sample_mixes_each_base_sample_with_its_twin_one_factor_at_a_time(count, samples, seed):
    points = saltelli([Factor(f"f{i}", low=0.0, high=1.0) for i in range(count)], ONE, samples, seed)
    blocks = np.array([point.cube for point in points]).reshape(samples, count + 2, count)
    for i in range(count):
        mixed = blocks[:, 0].copy()
        mixed[:, i] = blocks[:, -1, i]
        assert (blocks[:, i + 1] == mixed).all()


def test_a_sweep_moves_one_factor_at_a_time_from_the_scenario_as_it_is():
    points = sweep([RATE, DRIFT], ONE, steps=4)
    assert points[0].values == ()
    moved = [key for point in points[1:] for key, _ in point.values]
    assert moved == ["customer.request_rate"] * 4 + ["customer.drift"] * 4


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_full_factorial_has_every_combination_once(sizes):
    factors = [Factor(f"f{i}", levels=tuple(range(size))) for i, size in enumerate(sizes)]
    found = Counter(tuple(value for _, value in point.values) for point in factorial(factors, ONE))
    assert found == Counter(product(*(range(size) for size in sizes)))


FRACTIONS = [(3, ["C=AB"]), (4, ["D=ABC"]), (4, ["D=-ABC"]), (5, ["D=AB", "E=-AC"]), (7, ["D=AB", "E=AC", "F=BC", "G=ABC"])]


@pytest.mark.parametrize(("count", "generators"), FRACTIONS)
def test_a_fraction_is_balanced_and_its_main_effects_are_orthogonal(count, generators):
    x = matrix(fractional(two_levels(count), ONE, generators))
    assert x.shape == (2 ** (count - len(generators)), count)
    assert (x.T @ x == np.diag([len(x)] * count)).all()


@pytest.mark.parametrize(
    "generators", [["D"], ["D=A"], ["D=AA"], ["D=ABD"], ["D=AZ"], ["Z=AB"], ["C=AB", "D=AC"], ["D=AB", "D=BC"]])
def test_a_generator_that_makes_no_sense_is_refused(generators):
    with pytest.raises(StudyError, match="generator"):
        fractional(two_levels(4), ONE, generators)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: latin([RATE], ONE, points=1), lambda: latin([], ONE, points=5), lambda: saltelli([RATE, DRIFT], ONE, samples=6),
        lambda: saltelli([RATE], ONE, samples=8), lambda: morris([RATE, DRIFT], ONE, trajectories=1),
        lambda: morris([RATE, DRIFT], ONE, grid=3), lambda: sweep([RATE, RATE], ONE), lambda: sweep([RATE], ONE, steps=1),
        lambda: fractional([Factor("a", levels=(1, 2, 3)), DRIFT, RATE], ONE, ["C=AB"]),
        lambda: factorial([Factor(f"f{i}", levels=tuple(range(10))) for i in range(6)], ONE),
    ],
)
def test_a_design_that_cannot_be_made_is_refused(wrong):
    with pytest.raises(StudyError):
        wrong()


# ------------------------------------------------------------------------------------------------------- worlds from points

SCENARIO = Scenario(name="one", groups={"own": Customer(drift=0.5), "rest": Customer()})
POLICIES = [make("always-accept"), make("change-board"), make("placebo:reference=change-board"), make("placebo")]


def world(*values, policies=None):
    return realise(DesignPoint(7, "one", values, policies, "here"), SCENARIO, POLICIES)


def test_a_point_without_values_is_the_world_as_it_is():
    assert world() == (SCENARIO, tuple(POLICIES))


def test_a_point_changes_what_it_names_and_nothing_else():
    scenario, policies = world(("customer.request_rate", 0.4), ("policy.change-board.days", 20.0))
    assert scenario == SCENARIO.with_values({"customer.request_rate": 0.4})
    assert policies[1] == make("change-board:days=20").with_parts(name="change-board")
    assert (policies[0], policies[3]) == (POLICIES[0], POLICIES[3])


def test_a_placebo_follows_the_policy_that_it_imitates():
    _, policies = world(("policy.change-board.days", 20.0))
    assert policies[2].reference == policies[1]
    assert policies[2].cadence == policies[1].cadence != POLICIES[2].cadence


def test_a_part_of_a_policy_can_be_a_factor_and_settings_that_were_chosen_before_stay():
    board = make("value-ranked:k=5")
    key = "policy.value-ranked:k=5"
    point = DesignPoint(0, "one", ((f"{key}.days", 30.0), (f"{key}.queue.preempt", True)))
    _, [changed] = realise(point, SCENARIO, [board])
    assert changed.name == board.name
    assert (changed.cadence.days, changed.admission.k, changed.queue.preempt) == (30.0, 5, True)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("policy.chage-board.days", 5.0, "no policy of this experiment is called so; there are always-accept"),
        ("policy.change-board.dayz", 5.0, "'dayz' is not known; there are days, at_least"),
        ("policy.always-accept.queue", 5.0, "queue has parts: order, preempt"),
        ("policy.always-accept.queue.preempt", 1, "must be like True"),
        ("policy.change-board.queue.preempt", True, "its queue is the house's; team.queue is the factor that changes it"),
        ("policy.change-board.promise", 1.0, "its promise is the house's; team.promise is the factor that changes it"),
        ("policy.change-board.days", -5.0, "a number of days (0 or 0.1 to 10000) is needed"),
        ("policy.change-board.days", 1e-6, "a number of days (0 or 0.1 to 10000) is needed"),
        ("policy.change-board.cadence.days", 1e-6, "a number of days (0 or 0.1 to 10000) is needed"),
        ("customer.apetite", 5.0, "did you mean customer.appetite"),
    ],
)
def test_a_key_that_nothing_has_is_refused_with_the_point_and_what_there_is(key, value, said):
    with pytest.raises(StudyError, match=r"design point 7 \(here\): .*") as caught:
        world((key, value))
    assert said in str(caught.value)


def test_a_point_may_run_only_some_policies():
    assert [policy.name for policy in world(policies=("change-board",))[1]] == ["change-board"]
    with pytest.raises(StudyError, match="'gatekeeper' is not one of"):
        world(policies=("gatekeeper",))


def test_the_frame_of_points_fills_in_what_a_point_leaves_as_it_is():
    points = [
        DesignPoint(0, "one"),
        DesignPoint(1, "one", (("customer.request_rate", 0.4), ("groups.rest.drift", 0.2))),
        DesignPoint(2, "one", (("policy.change-board.days", 20.0), ("policy.always-accept.explanation", 0.5)), label="x"),
    ]
    frame = points_frame(points, {"one": SCENARIO}, POLICIES)
    assert frame.to_dict("list") == {
        "point": [0, 1, 2], "scenario": ["one"] * 3, "label": ["", "", "x"], "customer.request_rate": [0.8, 0.4, 0.8],
        "groups.rest.drift": [0.001, 0.2, 0.001], "policy.change-board.days": [10.0, 10.0, 20.0],
        "policy.always-accept.explanation": [0.0, 0.0, 0.5],
    }
    with pytest.raises(StudyError, match=r"customer\.apetite is not known"):
        points_frame([DesignPoint(0, "one", (("customer.apetite", 1),))], {"one": SCENARIO})
