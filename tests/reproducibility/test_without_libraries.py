"""A replication needs the standard library and SimPy; where there is no numpy and no pydantic, it has the same bits."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.game import Game, run_game
from sim.model import variates_numpy, variates_plain
from sim.model.scenario_values import scenario_of, values_of
from sim.policies import all_policies
from sim.runs.simulate import all_outcomes
from sim.scenario import Scenario
from tests.conftest import REPOSITORY
from tests.reproducibility import golden

KINDS = ("uniform", "normal", "exponential")
ABSENT = ("numpy", "pydantic", "pydantic_core", "pandas", "scipy", "pyarrow")
words = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=12).map(tuple)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_thousand_numbers_are_those_of_numpy(kind: str) -> None:
    """So many that layers, wedges and tails of the ziggurats are all met."""
    begin = (2026, 7, 1, 2, 3, 4)
    assert variates_plain.variates(kind, begin, 100_000) == variates_numpy.variates(kind, begin, 100_000)


@given(words, st.sampled_from(KINDS), st.integers(0, 60))
def test_every_stream_is_that_of_numpy(begin: tuple[int, ...], kind: str, count: int) -> None:
    assert variates_plain.variates(kind, begin, count) == variates_numpy.variates(kind, begin, count)


def everything() -> dict[str, Scenario]:
    return {**golden.scenarios(), "ai-project": Scenario.load("ai-project"), "classroom": Scenario.load("classroom")}


@pytest.mark.parametrize("name", list(everything()))
def test_a_scenario_that_went_through_json_gives_the_same_runs(name: str) -> None:
    scenario = everything()[name]
    back = scenario_of(json.loads(json.dumps(values_of(scenario))))
    told = [repr(all_outcomes(one, all_policies(), seed=3, replication=1)) for one in (scenario, back)]
    assert told[0] == told[1]


BARE = f"""
import json, sys
sys.modules.update(dict.fromkeys({ABSENT!r}))  # None there: importing it fails as if it were not installed
from sim.model import tape
from sim.model.scenario_values import scenario_of
from sim.policies import all_policies
from sim.runs.simulate import all_outcomes
scenario = scenario_of(json.load(sys.stdin))
outcomes = all_outcomes(scenario, all_policies(), seed={golden.SEED}, replication={golden.REPLICATION})
print(json.dumps([tape.variates.__module__, repr(outcomes)]))
"""


@pytest.mark.parametrize("name", list(golden.scenarios()))
def test_a_replication_without_numpy_pydantic_and_pandas_has_the_same_bits(name: str) -> None:
    scenario = golden.scenarios()[name]
    bare = subprocess.run(
        [sys.executable, "-c", BARE], input=json.dumps(values_of(scenario)), check=True, capture_output=True, text=True, timeout=120,
        cwd=REPOSITORY)
    here = all_outcomes(scenario, all_policies(), seed=golden.SEED, replication=golden.REPLICATION)
    assert json.loads(bare.stdout) == ["sim.model.variates_plain", repr(here)]


PLAYED = f"""
import json, sys
sys.modules.update(dict.fromkeys({ABSENT!r}))
from sim.game import Game, Seat, run_game
from sim.model.scenario_values import scenario_of
scenario = scenario_of(json.load(sys.stdin))
seat = Seat(scenario)
seat.reset(replication=3)
seat.step("yes")
print(run_game(Game(replication=3, decisions=("yes", "no")), scenario).to_json())
print(seat.frame.to_json())
"""


def test_a_game_without_them_shows_the_same_frames() -> None:
    scenario = Scenario.load("classroom")
    bare = subprocess.run(
        [sys.executable, "-c", PLAYED], input=json.dumps(values_of(scenario)), check=True, capture_output=True, text=True, timeout=120,
        cwd=REPOSITORY, encoding="utf-8")
    here = [run_game(Game(replication=3, decisions=answers)).to_json() for answers in (("yes", "no"), ("yes",))]
    assert bare.stdout.splitlines() == here
