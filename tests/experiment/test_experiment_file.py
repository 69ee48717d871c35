"""An experiment file is refused with file, line, key, value and what is allowed; what it asks has one digest."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.study.experiment import Experiment
from sim.study.experiment_texts import gather
from sim.study.plan import plan_from

Type = Callable[..., Any]
Writes = Callable[..., Path]
REFUSED = [
    (("seed = 7", "sede = 7"), "line 8: sede is not known; did you mean seed?"),
    (("seed = 7", "seed = -1"), "line 8: seed = -1"),
    (("seed = 7", 'seed = "x"'), "a whole number is needed, 0 to 4294967295"),
    (('question = "Does', 'question = "" #'), "question"),
    (('metrics = ["delay"', 'metrics = ["dellay"'), 'no such measure; did you mean "delay"?'),
    (('metrics = ["delay"', 'metrics = ["decision_latency"'), "is gone: say answer_time"),
    (('kind = "sweep"', 'kind = "swep"'), ' or "sweep"'),
    (('kind = "sweep"', 'kind = "none"'), "a design of kind none has no factors"),
    (('kind = "sweep"', 'kind = "table"'), 'needs table = "FILE.csv"'),
    (("levels = [0.2, 1.2]", "levels = [0.2, 0.2]"), "levels must differ"),
    (("levels = [0.2, 1.2]", "low = 2.0\nhigh = 1.0"), "low = 2 must be below high = 1"),
    (("levels = [0.2, 1.2]", "levels = [0.2, 99.0]"), "request_rate"),
    (('key = "customer.request_rate"', 'key = "customer.request_rat"'), "did you mean customer.request_rate"),
    (('reference = "co-evaluated"', 'reference = "co-evaluate"'), "did you mean 'co-evaluated'"),
    (('"hurried", "co-ev', '"huried", "co-ev'), "hurried"),
    (('against = "co-evaluated"', ""), "another policy (against) or a factor is needed"),
    (('against = "co-evaluated"', 'against = "always-accept"'), "compared with itself"),
    (('kind = "greater"', 'kind = "equivalent"'), "margin"),
    (('factor = "customer.request_rate"\nsmallest', 'factor = "customer.drift"\nsmallest'), "customer.drift"),
    (('base = "co-evaluated"', 'base = "clairvoyant"'), "a control, which nobody can adopt"),
    (('scenarios = ["small.toml"]', 'scenarios = ["smal.toml"]'), "neither built in nor a file beside the experiment"),
    (('name = "never"', 'name = "later"'), "is named twice"),
    (("replications = 12", "replications = 12\nhalf_width = { delay = 0.0 }"), "a number above 0 is needed"),
    (("replications = 12", "replications = 5\nhalf_width = { delay = 1.0 }"), "with half-widths, from 10"),
    (("replications = 12", "replications = inf"), "whole number"),
    (("[design]", "[analysis]\nregret = ['delay']\n[design]"), "'clairvoyant' is not in this experiment"),
    (("[design]", "[[analysis.flips]]\nmetric = 'delay'\nfirst = 'always-accept'\nsecond = 'hurried'\n[design]"), "latin and saltelli"),
    (('name = "tiny"', 'name = "../tiny"'), "letters, digits"),
    (('name = "tiny"', 'name = '), "line 2, column"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=[change[1][:25] for change, _ in REFUSED])
def test_what_is_wrong_is_said_in_one_clear_message(typed: Type, write: Writes, change: tuple[str, str], said: str) -> None:
    write(change)
    answer = typed("run", "tiny.toml", "--workers", "1")
    assert answer.code == 2
    assert said in answer.err
    assert "tiny.toml" in answer.err
    assert "Traceback" not in answer.err
    assert not Path("results").exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"\xff\xfea", b"x" * 1_100_000])
def test_a_file_that_is_no_experiment_is_refused(typed: Type, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.toml").write_bytes(content)
    answer = typed("run", "odd.toml")
    assert (answer.code, "Traceback" in answer.err) == (2, False)
    assert "odd.toml" in answer.err


def test_a_misspelt_name_gets_the_nearest_experiment(typed: Type) -> None:
    answer = typed("run", "customer-is-kin")
    assert answer.code == 2
    assert "did you mean customer-is-king?" in answer.err


def test_check_says_what_a_file_will_run(typed: Type, write: Writes) -> None:
    write()
    said = typed("check", "tiny.toml").out
    assert "3 policies at 3 design points (sweep), 12 replications each: 108 runs; 2 hypotheses" in said


def test_more_replications_are_the_same_question_anything_else_is_another(typed: Type, write: Writes) -> None:
    def digest(*changes: tuple[str, str]) -> str:
        return gather(write(*changes))[0].digest()

    assert digest() == digest(("replications = 12", "replications = 400")) == digest(("quick = 10", "quick = 11"))
    others = [("seed = 7", "seed = 8"), ("1.2]", "1.3]"), ("later", "sooner"), ('basis = "wish"', 'basis = "none"'),
              ("smallest_effect = 1000.0", "smallest_effect = 999.0")]
    assert len({digest(change) for change in others} | {digest()}) == len(others) + 1


def test_the_schema_knows_every_key(typed: Type) -> None:
    schema = json.loads(typed("schema", "experiment").out)
    assert set(schema["properties"]) == set(Experiment.model_fields)
    assert "did you mean experiment?" in typed("schema", "experimnt").err


def test_an_experiment_never_runs_code(typed: Type, write: Writes, tmp_path: Path) -> None:
    """A policy of a module is unknown until whoever runs the experiment names the module himself."""
    (tmp_path / "trap.py").write_text("raise SystemExit('ran')", encoding="utf-8")
    write(('"hurried", "co-ev', '"hurried", "trap", "co-ev'))
    answer = typed("run", "tiny.toml")
    assert answer.code == 2
    assert "needs --plugin MODULE" in answer.err


@pytest.mark.parametrize("name", ["adoption", "where-it-flips", "anatomy", "knock-out", "customer-is-king"])
def test_built_in_experiments_can_be_planned(name: str) -> None:
    plan = plan_from(name)
    assert plan.experiment.name == name
    assert len(plan.frame) == len(plan.points)
