"""A design is a file in sim/design; what holds for every one of them, and what is missing where one was added."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.design import DESIGNS, Design, Given
from sim.design.factor import Factor
from sim.policies.catalogue import make
from sim.scenario import Scenario
from sim.study.experiment import Experiment

DOCS = Path(__file__).parents[2] / "docs/studies.md"
FACTORS = tuple(Factor(f"customer.{key}", low=0.0, high=0.5) for key in ("appetite", "drift", "ambiguity"))
SCENARIOS = {name: Scenario(name=name) for name in ("one", "two")}
TEXTS = {"points.csv": "label,drift\ncalm,0.0\n,0.01\n"}
every_design = pytest.mark.parametrize("kind", DESIGNS)


def settings(kind: str) -> dict[str, Any]:
    return {"kind": kind, **DESIGNS[kind].example}


def made(kind: str) -> Design:
    return DESIGNS[kind].model_validate(settings(kind))


def points(kind: str, scenarios: Mapping[str, Scenario] = SCENARIOS) -> list[Any]:
    factors = FACTORS if DESIGNS[kind].needs != "none" else ()
    return list(made(kind).points(Given(factors, scenarios, TEXTS)))


@every_design
def test_it_can_be_tried_as_it_is(kind: str) -> None:
    assert made(kind).lacks == "", f"{inspect.getfile(DESIGNS[kind])}: give {DESIGNS[kind].__name__} an example that makes a design"
    assert points(kind)


@every_design
def test_it_stands_in_the_docs(kind: str) -> None:
    """The line is the class's own: what it needs, and the first line of its docstring."""
    line = f"| `{kind}` | {DESIGNS[kind].needs} | {(DESIGNS[kind].__doc__ or '').strip().splitlines()[0]} |"
    assert line in DOCS.read_text(encoding="utf-8"), f"docs/studies.md: the table of designs lacks the line\n{line}"


def test_the_docs_have_no_design_that_is_not_there() -> None:
    table = DOCS.read_text(encoding="utf-8").partition("| design |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) == set(DESIGNS)


@every_design
def test_its_file_shows_what_comes_out(kind: str) -> None:
    file = Path(inspect.getfile(DESIGNS[kind]))
    assert ">>> " in file.read_text(encoding="utf-8"), f"{file}: has no doctest that shows which points come out"


@every_design
def test_the_same_design_is_the_same_again_and_changes_no_global_random_state(kind: str) -> None:
    state = np.random.get_state()[1].tolist()  # noqa: NPY002 - it is the global state that must stay
    assert points(kind) == points(kind)
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002


@every_design
def test_points_are_numbered_through_and_every_scenario_has_some(kind: str) -> None:
    found = points(kind)
    assert [point.number for point in found] == list(range(len(found)))
    assert {point.scenario for point in found} == set(SCENARIOS)


@every_design
def test_its_points_are_worlds_that_can_be_simulated(kind: str) -> None:
    from sim.design.point import realise

    for point in points(kind):
        scenario, policies = realise(point, SCENARIOS[point.scenario], [make("always-accept")])
        assert scenario.name == point.scenario
        assert policies


@every_design
def test_an_experiment_can_ask_for_it_and_is_another_question_then(kind: str) -> None:
    factors = [{"key": factor.key, "low": factor.low, "high": factor.high} for factor in FACTORS]
    asked = {"name": "x", "question": "?"}
    with_it = {**asked, "design": settings(kind)} | ({"factors": factors} if DESIGNS[kind].needs != "none" else {})
    experiment = Experiment.model_validate(with_it)
    assert isinstance(experiment.design, DESIGNS[kind])
    assert (experiment.digest() == Experiment.model_validate(asked).digest()) == (kind == "none")
    assert DESIGNS[kind].__name__ in Experiment.model_json_schema()["$defs"]


def test_every_kind_is_another_question() -> None:
    factors = [{"key": factor.key, "low": factor.low, "high": factor.high} for factor in FACTORS]
    asked = [{"name": "x", "question": "?", "design": settings(kind)} | ({"factors": factors} if one.needs != "none" else {})
             for kind, one in DESIGNS.items()]
    assert len({Experiment.model_validate(one).digest() for one in asked}) == len(DESIGNS)


def test_a_new_setting_makes_no_old_answer_another_one() -> None:
    """What stands at its default is not part of the question's digest, so that more can be asked tomorrow."""
    short = Experiment.model_validate({"name": "x", "question": "?"})
    long = Experiment.model_validate({"name": "x", "question": "?", "seed": 1, "design": {"kind": "none"}, "analysis": {
        "success": False, "pareto": ["delay", "cost", "innovation"], "weights": []}})
    assert short.digest() == long.digest()
