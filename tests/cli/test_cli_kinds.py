"""A file of another kind is answered by what it is and by the command that takes it, whichever command it was given to."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.cli.kinds import kind_of
from sim.policies.policy_file import PolicyFile
from sim.scenario import Scenario
from sim.study.experiment import Experiment
from sim.toml.shipped import builtin_names, builtin_path

Type = Callable[..., Any]
TABLE = pd.DataFrame({"Created": ["2024-01-01"], "Resolved": ["2024-01-02"]})
FILES: dict[str, tuple[str, str]] = {
    "small.toml": ("a scenario", "intakelab compare small.toml"),
    "mine.toml": ("a policy", "intakelab compare --policy mine.toml"),
    "question.toml": ("an experiment", "intakelab run question.toml"),
    "jira.csv": ("a table of requests", "intakelab fit jira.csv --team ROLE=PEOPLE"),
    "jira.xlsx": ("a table of requests", "intakelab fit jira.xlsx --team ROLE=PEOPLE"),
    "jira.parquet": ("a table of requests", "intakelab fit jira.parquet --team ROLE=PEOPLE"),
    "mine.draws.csv": ("the bootstrap draws of a fit", "--input-uncertainty"),
    "own.py": ("Python code", "intakelab compare --plugin own.py --policy NAME"),
    "decision.html": ("a page", "open it in a browser"),
    "picture.svg": ("a picture", "open it in a viewer"),
    "picture.png": ("a picture", "open it in a viewer"),
    "notes.md": ("a text", "no command reads it"),
    "kept": ("a results folder", "intakelab results kept"),
    "runs": ("a folder of compared runs", "runs.csv"),
    "questions": ("a folder of experiments", "intakelab ledger questions"),
    "empty": ("a directory", "name a file in it"),
}
COMMANDS: dict[str, tuple[tuple[str, ...], set[str]]] = {  # each with the files that it takes
    "compare": (("compare", "FILE"), {"small.toml"}),
    "explain": (("explain", "FILE"), {"small.toml"}),
    "report": (("report", "FILE", "--out", "page.html"), {"small.toml", "kept"}),
    "assumptions": (("assumptions", "FILE"), {"small.toml"}),
    "check": (("check", "FILE"), {"small.toml", "mine.toml", "question.toml"}),
    "--policy": (("compare", "small.toml", "--policy", "FILE"), {"mine.toml"}),
    "--plugin": (("compare", "small.toml", "--policy", "own", "--plugin", "FILE"), {"own.py"}),
    "run": (("run", "FILE"), {"question.toml"}),
    "explain --experiment": (("explain", "--experiment", "FILE"), {"question.toml"}),
    "fit": (("fit", "FILE", "--team", "a=1"), {"jira.csv", "jira.xlsx", "jira.parquet", "mine.draws.csv"}),
    "results": (("results", "FILE"), {"kept", "empty"}),
    "verify": (("verify", "FILE"), {"kept"}),
    "stress": (("stress", "FILE"), {"kept"}),
    "ledger": (("ledger", "FILE"), {"questions"}),
}


@pytest.fixture
def files(typed: Type, tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text('name = "mine"\nbase = "co-evaluated"\n', encoding="utf-8")
    (tmp_path / "question.toml").write_text('name = "q"\nquestion = "why?"\nscenarios = ["small.toml"]\n', encoding="utf-8")
    (tmp_path / "own.py").write_text("import sim\nclass Own(sim.Policy):\n    name = 'own'\n", encoding="utf-8")
    (tmp_path / "decision.html").write_text("<!doctype html>\n<title>x</title>\n", encoding="utf-8")
    (tmp_path / "picture.svg").write_text('<?xml version="1.0"?>\n<svg/>\n', encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "notes.md").write_text("# Notes\n", encoding="utf-8")
    TABLE.to_csv(tmp_path / "jira.csv", index=False)
    TABLE.to_csv(tmp_path / "mine.draws.csv", index=False)
    TABLE.to_excel(tmp_path / "jira.xlsx", index=False)
    TABLE.to_parquet(tmp_path / "jira.parquet")
    for name in ("kept", "runs", "questions", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "kept/manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "kept/points.parquet").write_bytes(b"PAR1")
    (tmp_path / "runs/manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "runs/runs.csv").write_text("policy\n", encoding="utf-8")
    (tmp_path / "questions/question.toml").write_text('question = "why?"\n', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_does_not_take_is_told_with_the_command_that_does(typed: Type, files: Path, command: str, file: str) -> None:
    words, takes = COMMANDS[command]
    if file in takes:
        return
    said = typed(*(file if word == "FILE" else word for word in words))
    what, after = FILES[file]
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"intakelab: {file}: is {what}")
    assert after in said.err
    assert ", not a" in said.err or ", not Python" in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("kind", ["scenarios", "experiments"])
def test_every_file_that_comes_along_is_of_its_kind(kind: Any) -> None:
    wanted = {"scenarios": "a scenario", "experiments": "an experiment"}[kind]
    for name in builtin_names(kind):
        assert [found.what for found in (kind_of(str(builtin_path(kind, name))), kind_of(name)) if found] == [wanted] * 2


def test_no_key_is_of_two_kinds_of_file_but_the_name() -> None:
    models = (Scenario, PolicyFile, Experiment)
    for model in models:
        for other in models:
            assert model is other or not (model.model_fields.keys() & other.model_fields.keys()) - {"name"}


@pytest.mark.parametrize(("words", "said"), [
    (("run", "classroom"), "classroom: is a scenario, not an experiment; intakelab compare classroom"),
    (("compare", "customer-is-king"), "customer-is-king: is an experiment, not a scenario; intakelab run customer-is-king"),
    (("compare", "change-board:days=5"), "is a policy, not a scenario; intakelab compare --policy change-board:days=5"),
    (("compare", "-p", "classroom"), "classroom: is a scenario, not a policy; intakelab compare classroom"),
])
def test_a_name_of_another_kind_is_told_too(typed: Type, words: tuple[str, ...], said: str) -> None:
    answer = typed(*words)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize("words", [
    ("compare", "small.toml", "-p", "always-accept", "-n", "2", "--workers", "1"), ("explain", "small.toml"), ("check", "small.toml"),
    ("assumptions", "small.toml"), ("report", "small.toml", "-p", "always-accept", "-p", "gatekeeper", "-n", "2", "--workers", "1")],
    ids=lambda words: words[0])
def test_a_scenario_file_is_parsed_once(typed: Type, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    parsed: list[str] = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: (parsed.append(text), loads(text))[1])
    assert typed(*words).code == 0
    assert len(parsed) == 1


def test_a_scenario_file_is_parsed_once_from_python_too(monkeypatch: pytest.MonkeyPatch, typed: Type) -> None:
    parsed: list[str] = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: (parsed.append(text), loads(text))[1])
    sim.compare("small.toml", "always-accept", replications=2)
    sim.simulate("small.toml", "always-accept")
    assert len(parsed) == 2
