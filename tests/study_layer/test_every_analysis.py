"""An analysis is a file in sim/study/analyses; what holds for every one of them, and what is missing where one was added."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sim
from sim.design import DESIGNS
from sim.study.analyses import ANALYSES, Analysis
from sim.study.experiment import Experiment

DOCS = Path(__file__).parents[2] / "docs/studies.md"
SMALL = """
name = "mine"
[project]
planned_items = 12
deadline = 30.0
horizon = 120.0
"""
ASKED = """
name = "look"
question = "Is there anything to see?"
scenarios = ["small.toml"]
policies = ["always-accept", "co-evaluated", "change-board", "clairvoyant"]
reference = "always-accept"
metrics = ["delay"]
design = {design}
{factors}
[precision]
replications = 10
[analysis]
{values}
"""
FACTORS = "".join(f'[[factors]]\nkey = "customer.{key}"\nlow = 0.1\nhigh = 0.9\n' for key in ("request_rate", "appetite", "ambiguity"))
every_analysis = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.key)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {toml(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value)


def asked_for(analysis: Analysis, change: tuple[str, str] = ("", "")) -> str:
    """An experiment that asks for it and for no other."""
    design, factors = design_for(analysis)
    values = {one.key: () for one in ANALYSES if one.default} | {analysis.key: analysis.example}
    said = "\n".join(f"{key} = {toml(value)}" for key, value in values.items())
    return ASKED.format(design=design, factors=factors, values=said.replace(*change) if change[0] else said)


def design_for(analysis: Analysis) -> tuple[str, str]:
    """A design that serves it, and the factors that this needs."""
    kinds = [kind for kind, design in DESIGNS.items()
             if not analysis.refuses(design.model_construct(kind=kind)) and not design.example]
    assert kinds, f"[analysis] {analysis.key} refuses every design"
    kind = "none" if "none" in kinds else kinds[0]
    samples = {"samples": 8} if "samples" in DESIGNS[kind].model_fields else {}
    return toml({"kind": kind, **samples}), FACTORS if DESIGNS[kind].needs != "none" else ""


@every_analysis
def test_it_finds_something_to_show(analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "look.toml").write_text(asked_for(analysis), encoding="utf-8")
    study = sim.run(tmp_path / "look.toml", out=tmp_path / "kept", replications=10)
    shown = {path.stem for path in study.folder.path.glob("*.csv")} - {"levels", "differences", "by_point", "failures"}
    assert shown, f"[analysis] {analysis.key} came to no table: " + (study.folder.path / "report.txt").read_text(encoding="utf-8")


@every_analysis
def test_it_stands_in_the_docs(analysis: Analysis) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"| `{analysis.key}` |" in text or f"| `[[analysis.{analysis.key}]]` |" in text, (
        f"docs/studies.md: the table of [analysis] lacks a line that begins with | `{analysis.key}` |")


def test_the_docs_have_no_analysis_that_is_not_there() -> None:
    table = DOCS.read_text(encoding="utf-8").partition("| key |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(?:\[\[analysis\.)?(\w+)(?:\]\])?` \|", table, re.MULTILINE)) == {one.key for one in ANALYSES}


def test_none_takes_the_name_or_the_place_of_another() -> None:
    assert len({one.key for one in ANALYSES}) == len({one.place for one in ANALYSES}) == len(ANALYSES)


@every_analysis
def test_the_schema_says_what_it_means(analysis: Analysis) -> None:
    [field] = [schema["properties"][analysis.key] for name, schema in Experiment.model_json_schema()["$defs"].items()
               if name == "AnalysisTable"]
    assert field["description"] == analysis.meaning
    assert field["examples"]


@every_analysis
def test_measures_and_policies_that_it_names_are_checked(analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    for right in ("delay", "net_benefit", "co-evaluated"):
        if right not in toml(analysis.example):
            continue
        (tmp_path / "look.toml").write_text(asked_for(analysis, (right, f"{right}-x")), encoding="utf-8")
        with pytest.raises(sim.ExperimentError, match=f"{right}-x"):
            sim.run(tmp_path / "look.toml", out=tmp_path / "kept")
