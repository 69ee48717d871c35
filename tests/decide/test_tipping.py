"""Where the answer tips: the set holds the true value, and no tipping, several and open ones are told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.decide.tipping import evenly, tipping, tipping_of
from sim.errors import StudyError
from sim.policies.catalogue import make
from sim.scenario import Scenario

X = np.linspace(0.0, 1.0, 9)


def gaps(truth: Callable[[np.ndarray], np.ndarray], replications: int = 60, seed: int = 1, noise: float = 1.0) -> np.ndarray:
    """Luck that is shared by all points, with a slope of its own, and luck of each point that grows along the range."""
    rng = np.random.default_rng(seed)
    shared, slope = rng.normal(size=(2, 1, replications))
    own = rng.normal(size=(len(X), replications)) * (0.5 + X[:, None])
    return truth(X)[:, None] + noise * (shared + slope * X[:, None] + own)


@pytest.mark.parametrize(("truth", "root"), [
    (lambda x: 2.0 * (x - 0.37), 0.37), (lambda x: 3.0 * (x**3 - 0.2), 0.2 ** (1 / 3)), (lambda x: np.exp(2.0 * x) - 3.0, np.log(3) / 2),
    (lambda x: 2.0 * (np.abs(x - 0.5) - 0.2) * (x < 0.5) - 0.4 * (x >= 0.5), 0.3)],
    ids=["line", "cubic", "no cubic, nearly", "a kink"])
@pytest.mark.parametrize("replications", [40, 200])
def test_the_set_covers_a_known_tipping_value(truth: Callable[[np.ndarray], np.ndarray], root: float, replications: int) -> None:
    runs = 600
    held = 0
    for seed in range(runs):
        found = tipping_of(X, gaps(truth, replications, seed))
        held += found.side_at(root) == 0
    assert held / runs >= 0.93


def test_where_luck_is_small_the_value_is_told_closely() -> None:
    [tip] = tipping_of(X, gaps(lambda x: 2.0 * (x - 0.37), noise=0.02)).tips
    assert tip.low < 0.37 < tip.high
    assert tip.high - tip.low < 0.02
    assert tip.roots == pytest.approx([0.37], abs=0.01)


def test_several_tipping_values_are_all_told() -> None:
    found = tipping_of(X, gaps(lambda x: 8.0 * (x - 0.25) * (x - 0.75), noise=0.1))
    assert [one.side for one in found.stretches] == [1, 0, -1, 0, 1]
    assert [tip.roots[0] for tip in found.tips] == pytest.approx([0.25, 0.75], abs=0.05)


def test_there_may_be_no_tipping_in_the_range() -> None:
    found = tipping_of(X, gaps(lambda x: 5.0 + x))
    assert found.steady
    assert found.tips == found.open == ()
    assert not tipping_of(X, gaps(lambda x: 0.0 * x)).steady


def test_a_set_that_reaches_an_end_of_the_range_is_open() -> None:
    found = tipping_of(X, gaps(lambda x: 6.0 * (x - 0.97)))
    assert found.tips == ()
    [left] = found.open
    assert left.high == 1.0
    assert left.low < 0.97


def test_what_is_no_cubic_is_followed_from_point_to_point() -> None:
    bent = tipping_of(X, gaps(lambda x: 24.0 * np.maximum(x - 0.75, 0.0) - 1.0, noise=0.1))
    assert bent.shape == "lines"
    assert [tip.roots[0] for tip in bent.tips] == pytest.approx([0.75 + 1.0 / 24.0], abs=0.01)
    assert tipping_of(X, gaps(lambda x: x**3 - 0.2, noise=0.1)).shape == "cubic"


def test_the_range_is_told_from_end_to_end_without_a_hole() -> None:
    found = tipping_of(X, gaps(lambda x: np.sin(9.0 * x), 40))
    assert (found.stretches[0].low, found.stretches[-1].high) == (0.0, 1.0)
    assert all(one.high == two.low for one, two in zip(found.stretches, found.stretches[1:], strict=False))


def test_replications_with_a_hole_are_left_out() -> None:
    whole = gaps(lambda x: x - 0.5)
    torn = np.column_stack([whole, np.where(X == 0.5, np.nan, 1e9)])
    assert tipping_of(X, torn).stretches == tipping_of(X, whole).stretches


def test_too_little_is_refused_in_words() -> None:
    with pytest.raises(StudyError, match="6 ascending ones and 10 are needed"):
        tipping_of(X[:5], gaps(lambda x: x)[:5])
    with pytest.raises(StudyError, match="outside the range"):
        tipping_of(X, gaps(lambda x: x)).side_at(2.0)


def test_accepting_everything_tips_where_requests_become_worth_their_cost() -> None:
    project = Scenario.load("classroom")
    worlds = {value: project.with_values({"customer.value": value}) for value in evenly(0.0, 6.0)}
    found = tipping(worlds, make("always-accept"), [make("refuse-all")], "net_benefit", replications=20)["refuse-all"]
    [tip] = found.tips
    assert 0.0 < tip.low < tip.roots[0] < tip.high < 6.0
    assert found.side_at(0.0) == -1
    assert found.side_at(6.0) == 1
