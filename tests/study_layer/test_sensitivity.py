"""Sensitivity: known functions give their known indices, with and without the noise of replications."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol

from sim.design.factor import Factor
from sim.design.latin import latin
from sim.design.morris import morris
from sim.design.point import DesignPoint
from sim.design.saltelli import saltelli
from sim.errors import StudyError
from sim.stats.regions.sensitivity import morris_effects, sobol_indices
from sim.stats.responses import complete, gains, noise, responses
from sim.study.analyses.movers import warnings_of

PI_RANGE = [Factor(name, low=-math.pi, high=math.pi) for name in ("a", "b", "c")]
UNIT = [Factor(name, low=0.0, high=1.0) for name in ("a", "b", "c", "idle")]
WEIGHTS = np.array([4.0, 2.0, -1.0, 0.0])
PROBLEM = {"num_vars": 4, "names": ["a", "b", "c", "idle"], "bounds": [[0.0, 1.0]] * 4}


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def linear(x: np.ndarray) -> np.ndarray:
    return x @ WEIGHTS


def bent(x: np.ndarray) -> np.ndarray:
    return linear(x) + 3 * x[:, 0] * x[:, 1] + np.sin(5 * x[:, 2])


def study(
    points: tuple[DesignPoint, ...], function: Callable[[np.ndarray], np.ndarray], sigma: float = 0.0, replications: int = 1,
    common: float = 0.0, seed: int = 1, policy: str = "p",
) -> pd.DataFrame:
    """A tidy frame as a runner would make it: the function, common luck of each replication, and noise of each run."""
    rng = np.random.default_rng(seed)
    x = np.array([[value for _, value in point.values] for point in points])
    luck = common * rng.standard_normal(replications)
    y = function(x)[:, None] + luck + sigma * rng.standard_normal((len(points), replications))
    return pd.DataFrame([
        {"scenario": "s", "point": point.number, "policy": policy, "seed": 1, "replication": r, "benefit": y[at, r]}
        for at, point in enumerate(points) for r in range(replications)
    ])


def test_sobol_indices_of_the_ishigami_function():
    points = saltelli(PI_RANGE, ["s"], samples=2048)
    found = sobol_indices(study(points, ishigami), points, PI_RANGE, "benefit", "p").table
    assert found["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert found["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)


def test_without_noise_the_numbers_are_those_of_salib():
    points = saltelli(UNIT, ["s"], samples=64)
    found = sobol_indices(study(points, bent), points, UNIT, "benefit", "p").table
    theirs = salib_sobol.analyze(PROBLEM, bent(np.array([p.cube for p in points])), calc_second_order=False, seed=1)
    assert found["first"].to_numpy() == pytest.approx(theirs["S1"])
    assert found["total"].to_numpy() == pytest.approx(theirs["ST"])
    half = ((found["total_high"] - found["total_low"]) / 2).to_numpy()
    assert half == pytest.approx(theirs["ST_conf"], rel=0.35, abs=1e-9)

    walk = morris(UNIT, ["s"], trajectories=30)
    found = morris_effects(study(walk, bent), walk, UNIT, "benefit", "p").table
    x = np.array([p.cube for p in walk])
    theirs = salib_morris.analyze(PROBLEM, x, bent(x), seed=1)
    for mine, name in (("mu", "mu"), ("mu_star", "mu_star"), ("sigma", "sigma")):
        assert found[mine].to_numpy() == pytest.approx(np.asarray(theirs[name], dtype=float), abs=1e-9)


def test_noise_of_known_size_is_taken_out_of_the_indices():
    """With as much noise as effect the raw total indices are far too large and the first ones too small; the others are not."""
    points = saltelli(UNIT, ["s"], samples=1024)
    effect = float(WEIGHTS @ WEIGHTS) / 12  # variance of a sum of uniforms
    frame = study(points, linear, sigma=math.sqrt(4 * effect), replications=4)
    found = sobol_indices(frame, points, UNIT, "benefit", "p")
    true = WEIGHTS**2 / (WEIGHTS @ WEIGHTS)
    assert found.noise.share == pytest.approx(0.5, abs=0.03)
    assert found.table["first"].to_numpy() == pytest.approx(true, abs=0.1)
    assert found.table["total"].to_numpy() == pytest.approx(true, abs=0.1)
    assert found.table["first_raw"].to_numpy() == pytest.approx(true / 2, abs=0.1)
    assert found.table["total_raw"].to_numpy() == pytest.approx(0.5 + true / 2, abs=0.1)


def test_luck_that_all_points_share_is_not_noise():
    points = saltelli(UNIT, ["s"], samples=64)
    calm = sobol_indices(study(points, linear, replications=3), points, UNIT, "benefit", "p")
    lucky = sobol_indices(study(points, linear, replications=3, common=100.0), points, UNIT, "benefit", "p")
    assert lucky.table["total"].to_numpy() == pytest.approx(calm.table["total"].to_numpy())
    assert lucky.noise.share == pytest.approx(0.0, abs=1e-12)


def test_intervals_cover_the_true_indices_in_most_studies():
    true = WEIGHTS**2 / (WEIGHTS @ WEIGHTS)
    hits = []
    for seed in range(25):
        points = saltelli(UNIT, ["s"], samples=128, seed=seed)
        table = sobol_indices(study(points, linear, 1.0, 4, seed=seed), points, UNIT, "benefit", "p").table
        hits += [((table["first_low"] <= true) & (true <= table["first_high"])).mean(),
                 ((table["total_low"] <= true) & (true <= table["total_high"])).mean()]
    assert 0.88 <= np.mean(hits) <= 1.0


def test_elementary_effects_of_a_linear_function_are_its_slopes():
    points = morris(UNIT, ["s"], trajectories=10)
    found = morris_effects(study(points, linear), points, UNIT, "benefit", "p").table
    assert found["mu"].to_numpy() == pytest.approx(WEIGHTS)
    assert found["mu_star"].to_numpy() == pytest.approx(np.abs(WEIGHTS))
    assert found["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-6)


def test_noise_alone_makes_a_mu_star_and_morris_says_how_much():
    points = morris(UNIT, ["s"], trajectories=60)
    found = morris_effects(study(points, linear, sigma=1.0, replications=5), points, UNIT, "benefit", "p").table
    step = 2 / 3  # of a grid of four levels
    expected = math.sqrt(2 / math.pi) * math.sqrt(2 / 5) / step
    idle = found.set_index("factor").loc["idle"]
    assert idle["noise"] == pytest.approx(expected, rel=0.15)
    assert idle["mu_star"] == pytest.approx(expected, rel=0.25)
    assert found["stands_out"].tolist() == [True, True, True, False]
    assert found["sigma"].max() < 0.5 < found["noise"].min() / math.sqrt(2 / math.pi)  # without correction about 0.95


def test_a_difference_between_policies_is_explained_without_what_they_share():
    points = saltelli(UNIT, ["s"], samples=256)
    both = {"p": lambda x: 50 * x[:, 3] + x[:, 0], "q": lambda x: 50 * x[:, 3]}
    frame = pd.concat([study(points, function, policy=name) for name, function in both.items()])
    assert sobol_indices(frame, points, UNIT, "benefit", "p").table["first"].to_numpy() == pytest.approx([0, 0, 0, 1], abs=0.02)
    difference = sobol_indices(frame, points, UNIT, "benefit", "p", against="q").table
    assert difference["first"].to_numpy() == pytest.approx([1, 0, 0, 0], abs=0.02)


def warned(*args: object, **parts: object) -> list[str]:
    return list(warnings_of(sobol_indices(*args, UNIT, "benefit", "p", **parts)))


def test_it_warns_when_noise_dominates_or_cannot_be_told_or_there_is_nothing():
    points = saltelli(UNIT, ["s"], samples=32)
    assert "Noise dominates" in warned(study(points, linear, 5.0, 3), points)[0]
    [warning] = warned(study(points, linear, 5.0, 1), points)
    assert "One replication a point" in warning
    flat = sobol_indices(study(points, lambda x: 0 * x[:, 0], 0.0, 3), points, UNIT, "benefit", "p")
    assert "nothing to explain" in next(warnings_of(flat))
    assert flat.table["total"].isna().all()
    assert warned(study(points, linear, 0.1, 3), points) == []


def test_the_number_of_replications_that_would_do_is_about_right():
    points = saltelli(UNIT, ["s"], samples=256)
    table = responses(study(points, linear, sigma=5.0, replications=4), "benefit", "p")
    needed = math.ceil(noise(table).needed(0.1))
    again = responses(study(points, linear, sigma=5.0, replications=needed), "benefit", "p")
    assert noise(again).share == pytest.approx(0.1, abs=0.03)


def test_the_design_says_which_point_is_which_whatever_their_numbers():
    points = saltelli(UNIT, ["s"], samples=16)
    backwards = tuple(replace(point, number=1000 - point.number) for point in points)
    one, other = (sobol_indices(study(each, bent), each, UNIT, "benefit", "p").table for each in (points, backwards))
    pd.testing.assert_frame_equal(one, other)


def test_rows_in_any_order_give_the_same_numbers():
    points = saltelli(UNIT, ["s"], samples=16)
    frame = study(points, bent, 0.3, 3)
    shuffled = frame.sample(frac=1, random_state=3)
    one, other = (sobol_indices(each, points, UNIT, "benefit", "p").table for each in (frame, shuffled))
    pd.testing.assert_frame_equal(one, other)


def test_only_replications_that_every_point_has_are_used():
    points = saltelli(UNIT, ["s"], samples=16)
    frame = study(points, bent, 0.3, 3)
    frame.loc[(frame["point"] == 5) & (frame["replication"] == 1), "benefit"] = np.nan
    assert sobol_indices(frame, points, UNIT, "benefit", "p").noise.replications == 2
    frame.loc[frame["point"] == 5, "benefit"] = np.nan
    with pytest.raises(StudyError, match="1 of 96 points lack some"):
        complete(responses(frame, "benefit", "p"), "metric benefit")


def test_what_is_no_such_design_is_refused():
    square = latin(UNIT, ["s"], points=30)
    frame = study(square, linear)
    for analyse in (sobol_indices, morris_effects):
        with pytest.raises(StudyError, match=r"no (Saltelli|Morris) design"):
            analyse(frame, square, UNIT, "benefit", "p")
    points = saltelli(UNIT, ["s"], samples=4)
    with pytest.raises(StudyError, match="have no results"):
        sobol_indices(study(points[:-1], linear), points, UNIT, "benefit", "p")
    with pytest.raises(StudyError, match="one scenario at a time"):
        sobol_indices(frame, saltelli(UNIT, ["s", "t"], samples=4), UNIT, "benefit", "p")
    with pytest.raises(StudyError, match="not in the results"):
        responses(frame, "joy", "p")
    with pytest.raises(StudyError, match="policy 'q' is not in the results"):
        responses(frame, "benefit", "q")
    with pytest.raises(StudyError, match="neither more nor less"):
        gains(frame, "point", "p", "p")
    with pytest.raises(StudyError, match="two rows"):
        responses(pd.concat([frame, frame]), "benefit", "p")
