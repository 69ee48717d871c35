"""What ``import sim`` offers: the names that are promised, as names, and objects taken by name wherever they are."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import IntakeLabError, PolicyError, ScenarioError

SMALL = 'name = "small"\n[project]\nplanned_items = 3\ndeadline = 10.0\nhorizon = 30.0\n'
POLICY = 'name = "mine"\nbase = "change-board:days=3"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def test_dir_shows_the_public_names_and_nothing_else() -> None:
    assert dir(sim) == sorted([*sim.__all__, "__version__"])
    assert all(hasattr(sim, name) for name in dir(sim))


def test_a_type_checker_and_python_see_the_same_names() -> None:
    tree = ast.parse(Path(sim.__file__).read_text(encoding="utf-8"))
    checked = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in checked.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == sim._HOME
    assert sorted(seen) == sorted(sim.__all__)


def test_every_public_name_says_what_it_is() -> None:
    silent = [name for name in sim.__all__ if callable(getattr(sim, name)) and not (getattr(sim, name).__doc__ or "").strip()]
    assert not silent, silent


def test_names_serve_where_objects_do(folder: Path) -> None:
    project = sim.Scenario.load("small.toml")
    wanted = sim.simulate(project, "always-accept", seed=2).outcome
    for scenario in ("small.toml", folder / "small.toml", project):
        assert repr(sim.simulate(scenario, "always-accept", seed=2).outcome) == repr(wanted)
    assert sim.simulate("classroom", "always-accept").scenario == sim.Scenario.load("classroom")


def small_only(estimate: Any, project: Any) -> Any:
    return sim.accept("small") if estimate.effort < 2 else sim.decline("too large")


@pytest.mark.parametrize(("policy", "name", "days"), [
    ("change-board", "change-board", 10.0), ("change-board:days=3", "change-board:days=3", 3.0), ("mine.toml", "mine", 3.0),
    (Path("mine.toml"), "mine", 3.0), (small_only, "small-only", 0.0), (sim.Policy(name="x"), "x", 0.0)])
def test_whatever_means_a_policy_is_one(folder: Path, policy: Any, name: str, days: float) -> None:
    project = sim.Scenario.load("small.toml", {"customer.request_rate": 0.0})
    assert sim.simulate(project, policy).policy.name == name
    found = sim.compare(project, policy, anchors=(), replications=2)
    assert (found.names, found.reference) == ((name,), name)
    assert found.policies[0].cadence.days == days
    assert name in str(found)


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: sim.simulate("clasroom", "always-accept"), ScenarioError, "did you mean classroom?"),
    (lambda: sim.simulate("classroom", "alway-accept"), PolicyError, "did you mean always-accept?"),
    (lambda: sim.simulate("classroom", sim.Policy), PolicyError, "write an instance"),
    (lambda: sim.compare("classroom", "always-accept,co-evaluated"), PolicyError, "one by one"),
    (lambda: sim.compare("classroom", ["always-accept", 3]), PolicyError, "3 is no policy"),
    (lambda: sim.compare("classroom", []), PolicyError, "no policy to compare"),
])
def test_what_cannot_be_meant_is_told(call: Any, error: type[IntakeLabError], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def says_true(estimate: Any, project: Any) -> Any:
    return True


def test_a_policy_that_answers_true_is_told_so_with_its_runs(folder: Path) -> None:
    found = sim.compare("small.toml", ["always-accept", says_true], replications=2)
    flat = " ".join(str(found).split())
    assert "2 runs failed and left out" in flat
    assert "the first, says-true in replication 0: PolicyError: policy 'says-true' answered True; a Decision" in flat
    with pytest.raises(IntakeLabError, match=r"every run failed.*answered True; a Decision"):
        sim.compare("small.toml", says_true, anchors=(), replications=2)


def test_a_measure_that_is_missing_is_not_listed_as_nothing(folder: Path) -> None:
    for policies in (["always-accept", says_true], ["always-accept", "gatekeeper"]):
        found = sim.compare("small.toml", policies, replications=2, reference="always-accept")
        assert "nor in ," not in found.text(details=True)


def test_a_scenario_and_a_run_show_themselves_in_a_notebook() -> None:
    project = sim.Scenario.load("classroom", {"title": "<b>one</b> & two"})
    html = project._repr_html_()
    assert "&lt;b&gt;one&lt;/b&gt; &amp; two" in html
    assert "<th style=\"text-align:left\">project.planned_items</th><td>20</td><td>60</td><td>items</td>" in html
    assert "customer.learning_days" not in html, "what is as by default is not shown"
    run = sim.simulate(project, "always-accept", replication=3)
    shown = run._repr_html_()
    assert "classroom · always-accept · seed 1 · replication 3" in shown
    assert all(f">{name}</th>" in shown for name in sim.METRICS)
