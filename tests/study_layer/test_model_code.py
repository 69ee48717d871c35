"""The model's version: all code that a replication runs counts, and nothing else does."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.policies import POLICY_NAMES, Policy, make
from sim.policies.policy import PolicyFromFunction
from sim.runs.code_reached import source_of
from sim.runs.model_code import model_names, model_version, policy_names, policy_version
from sim.runs.runner import Work, run_block
from sim.runs.simulate import simulate_all
from sim.runs.span import Span
from tests.conftest import SMALL
from tests.experiment.conftest import TINY
from tests.reproducibility import golden
from tests.strategies import policies, scenarios

ROOT = Path(sim.__file__).parent
MAKES_POLICIES = ("catalogue", "gates", "open_door", "together", "controls")
"""Modules of functions that make a policy: what is made counts, by its settings and its code."""
THE_SAME_FASTER = {"sim.model.variates_numpy.variates"}
"""Digested is what draws without numpy (`sim.model.variates_plain`); numpy's numbers are the same ones, to the bit, or
tests/reproducibility fails."""


# --- all that runs is digested ---


def executed(run: Callable[[], Any]) -> set[str]:
    """Dotted names of all functions of the package that a call runs."""
    codes: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            codes.add(frame.f_code)

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return {f"{module}.{name}" for code in codes if (module := module_of(code)) for name in names_of(code)}


def module_of(code: CodeType) -> str | None:
    path = Path(code.co_filename)
    return ".".join(("sim", *path.relative_to(ROOT).with_suffix("").parts)) if path.is_relative_to(ROOT) else None


def names_of(code: CodeType) -> list[str]:
    """Of the function or method that it stands in; a lambda that stands in none belongs to the constant whose value it is in."""
    name = code.co_qualname.partition(".<")[0]
    if not name.startswith("<"):
        return [name]
    tree = ast.parse(Path(code.co_filename).read_text(encoding="utf-8"))
    [within] = [node for node in tree.body if node.lineno <= code.co_firstlineno <= (node.end_lineno or 0)]
    return [node.id for node in ast.walk(within) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            and node in (within.targets if isinstance(within, ast.Assign) else [within.target])]  # type: ignore[attr-defined]


def outside(run: Callable[[], Any], *used: Policy) -> set[str]:
    listed = set(model_names()).union(*(policy_names(policy) for policy in used))
    made = tuple(f"sim.policies.{module}." for module in MAKES_POLICIES)
    ran = executed(run) - THE_SAME_FASTER
    return {name for name in ran if name not in listed and not (name.startswith(made) and name.islower())}


@pytest.mark.parametrize("policy", POLICY_NAMES)
@pytest.mark.parametrize("world", list(golden.scenarios()))
def test_whatever_a_replication_executes_is_digested(policy: str, world: str) -> None:
    scenario, made = golden.scenarios()[world], make(policy)
    before = make(scenario.adoption.before)
    assert outside(lambda: simulate_all(scenario, [made], seed=3, replication=0), made, before) == set()


@settings(max_examples=10, deadline=None)
@given(scenarios(), policies, st.integers(0, 1000))
def test_for_every_scenario_and_policy_what_runs_is_digested(scenario: Any, policy: Policy, seed: int) -> None:
    before = make(scenario.adoption.before)
    assert outside(lambda: simulate_all(scenario, [policy], seed=seed, replication=0), policy, before) == set()


def test_the_test_above_sees_what_is_not_digested() -> None:
    made = make("co-evaluated")
    assert "sim.policies.admission.Threshold.judge" in outside(lambda: simulate_all(golden.scenarios()["default"], [made], seed=1, replication=0))
    assert "sim.runs.runner.run_block" in outside(
        lambda: run_block(Work(golden.scenarios()["default"], (made,), 1), Span(0, 0, 1)), made)


def test_what_only_people_read_is_not_digested() -> None:
    names = model_names()
    assert "sim.model.effects.speed_under" in names
    assert "sim.model.staff.Role.visit" in names
    assert not [name for name in names if name.startswith(("sim.report", "sim.cli", "sim.toml", "sim.runs.run_frames"))]
    assert not [name for name in names if name.endswith(("__repr__", "Scenario.load", "Scenario.with_values", "off_values"))]


def test_a_policy_does_not_bring_the_others() -> None:
    names = policy_names(make("co-evaluated"))
    assert "sim.policies.admission.Threshold.judge" in names
    assert not [name for name in names if "Ranked" in name or "Placebo" in name or "Budget" in name]
    assert "sim.policies.admission.Threshold.judge" in policy_names(make("placebo:reference=co-evaluated"))


def test_it_is_quick() -> None:
    source_of.cache_clear()
    started = time.process_time()
    code = "import time; from sim.runs.model_code import *; t = time.process_time(); model_version(); print(time.process_time() - t)"
    took = float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT.parent).stdout)
    assert took < 0.3
    assert started


# --- what changes no number changes no version ---


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., tuple[str, str, str]]:
    """Versions (of the model, of co-evaluated, of change-board) that a changed copy of the package says."""
    place = tmp_path / "sim"
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns("__pycache__", "report", "cli", "fit", "stats", "study", "design"))
    code = ("from sim.runs.model_code import *; from sim.policies import make\n"
            "print(model_version(), *(policy_version(make(name)) for name in ('co-evaluated', 'change-board')))")

    def versions(**changes: Any) -> tuple[str, str, str]:
        kept: dict[Path, bytes] = {}
        for name, change in changes.items():
            path = place / (name.replace("__", "/") + ".py")
            kept[path] = path.read_bytes()
            changed = change(kept[path].decode())
            assert changed != kept[path].decode(), "nothing was changed"
            path.write_bytes(changed.encode())
        said = subprocess.run([sys.executable, "-B", "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path, timeout=60)
        for path, content in kept.items():
            path.write_bytes(content)
        one, two, three = said.stdout.split()
        return one, two, three

    return versions


def here() -> tuple[str, str, str]:
    return model_version(), policy_version(make("co-evaluated")), policy_version(make("change-board"))


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


SPEED = "return 1.0 + min(max(pressure - 1.0, 0.0), cap)"


@pytest.mark.parametrize("change", [
    {},
    {"model__effects": lambda text: text.replace("\n", "\r\n")},
    {"model__effects": replaced(SPEED, f"{SPEED}  # people cannot run for ever")},
    {"model__effects": replaced('"""Working speed: overtime', '"""How quickly people work: overtime')},
    {"model__effects": replaced("def speed_under(pressure: float, cap: float) -> float:", "def speed_under(pressure, cap):")},
    {"model__effects": replaced(SPEED, "return (1.0 + min(\n        max(pressure - 1.0, 0.0), cap))")},
    {"model__effects": lambda text: text + "\n\ndef not_used(x):\n    return 2 * x\n"},
    {"model__outcome": replaced("finish of the planned scope minus the deadline", "how late the planned scope is")},
    {"model__outcome": replaced('"days", "lower", "day on which', '"working days", "lower", "day on which')},
    {"model__intake": replaced("a Decision with one of", "one of these decisions is needed:")},
    {"scenario__team": replaced("work lost each time a person is interrupted", "what an interruption costs")},
    {"scenario__team": replaced("switch_cost: float = assumption(\n        0.4,", "switch_cost: float = assumption(\n        0.5,")},
    {"scenario__scenario": replaced("return override(self, overrides)", "return override(self, dict(overrides))")},
    {"runs__runner": replaced("MOST_IN_FLIGHT = 256", "MOST_IN_FLIGHT = 512")},
    {"policies__admission": lambda text: text + "\n\nclass Coin(Admission):\n    pass\n"},
    {"policies__gates": lambda text: text + "\n\ndef coin() -> Policy:\n    return gatekeeper(0.5)\n"},
    {"policies__parts": replaced("return \"at once\" if self.days == 0", "return \"immediately\" if self.days == 0")},
])
def test_a_comment_a_text_or_another_policy_leaves_every_version_as_it_is(
    copy: Callable[..., tuple[str, str, str]], change: dict[str, Any]
) -> None:
    assert copy(**change) == here()


@pytest.mark.parametrize("change", [
    {"model__effects": replaced(SPEED, SPEED.replace("1.0 + min", "1.01 + min"))},
    {"model__effects": replaced("PRESSURE_CEILING = 2.0", "PRESSURE_CEILING = 2.5")},
    {"model__truth": replaced('luck.exponential("urgency")', 'luck.exponential("hurry")')},
    {"model__outcome": replaced('"finish"', '"ending"')},
    {"scenario__scenario": replaced("(self.team.workflow[0].role,)", "(self.team.workflow[-1].role,)")},
    {"runs__simulate": replaced("answered += 1", "answered += 2")},
    {"policies__view": replaced("return self.stated if self.value is None", "return 0.0 if self.value is None")},
])
def test_a_changed_formula_changes_the_models_version(copy: Callable[..., tuple[str, str, str]], change: dict[str, Any]) -> None:
    assert copy(**change)[0] != here()[0]


def test_a_changed_policy_changes_its_own_version_only(copy: Callable[..., tuple[str, str, str]]) -> None:
    now = copy(policies__policy=replaced('if say == "later" and self.defer:', 'if say == "later":'))
    assert now[0] == here()[0]
    assert now[1] != here()[1]
    ranked = copy(policies__admission=replaced("if project.day - estimate.arrived >= self.patience:", "if False:"))
    assert ranked == here()
    board = copy(policies__gates=replaced("def change_board(\n    days: Days = 10.0", "def change_board(\n    days: Days = 15.0"))
    assert (board[0], board[1]) == here()[:2]
    assert board[2] != here()[2]


def test_a_formula_moved_to_another_file_is_the_same_formula(copy: Callable[..., tuple[str, str, str]]) -> None:
    text = (ROOT / "model/truth.py").read_text(encoding="utf-8")
    start = text.index("def largest_rate(")
    function = text[start : text.index("\n\n\n", start)]
    now = copy(model__ledger=lambda text: f"{text}\n\n{function}\n",
               model__truth=lambda text: text.replace(function, "from sim.model.ledger import largest_rate"))
    assert now == here()


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_other_versions_of_python_read_the_same_syntax(version: str) -> None:
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "--version"], capture_output=True).returncode:
        pytest.skip(f"Python {version} is not here")
    code = ("import sys; sys.path.insert(0, '.')\nfrom sim.runs.code_reached import Reached\n"
            "reached = Reached(lambda module: module.startswith('sim.model')).reach([('sim.model.world', 'Project'), "
            "('sim.model.outcome', 'measure'), ('sim.model.truth', 'draw_truth')])\nprint(*reached.texts())")
    here, there = (subprocess.run([one, "-B", "-c", code], capture_output=True, check=True, cwd=ROOT.parent).stdout for one in
                   (sys.executable, python))
    assert here == there != b""


def test_results_stay_valid_until_a_formula_changes(tmp_path: Path) -> None:
    """The same command again, with a copy of the package that is changed in between."""
    shutil.copytree(ROOT, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    effects, admission = tmp_path / "sim/model/effects.py", tmp_path / "sim/policies/admission.py"

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-B", "-m", "sim.cli", "run", "tiny.toml", "--quick", "--workers", "1", "--out", "kept"],
                              cwd=tmp_path, capture_output=True, text=True, timeout=120, env=os.environ | {"PYTHONPATH": str(tmp_path)})

    assert run().returncode == 0
    parts = sorted((tmp_path / "kept/parts").iterdir())
    effects.write_text(effects.read_text(encoding="utf-8").replace(SPEED, f"{SPEED}  # a remark"), encoding="utf-8")
    admission.write_text(admission.read_text(encoding="utf-8") + "\n\nclass Coin(Admission):\n    pass\n", encoding="utf-8")
    assert run().returncode == 0
    assert sorted((tmp_path / "kept/parts").iterdir()) == parts
    effects.write_text(effects.read_text(encoding="utf-8").replace(SPEED, SPEED.replace("1.0 +", "1.01 +")), encoding="utf-8")
    stale = run()
    assert stale.returncode == 2
    assert "the model's source was" in stale.stderr
    assert sorted((tmp_path / "kept/parts").iterdir()) == parts


# --- policies of one's own ---

OWN = """
import sim
from helpers import too_large

class SmallOnly(sim.Policy):
    name = "small-only"
    def decide(self, estimate, project):
        return sim.decline("large") if too_large(estimate) else sim.accept("small")

ready = SmallOnly()
"""
HELPERS = """
LIMIT = 2

def too_large(estimate):
    return estimate.effort > LIMIT

def something_else():
    return 1
"""


@pytest.mark.parametrize(("own", "helpers", "same"), [
    (lambda text: text + "\n# a remark\n", None, True),
    (None, lambda text: text.replace("return 1", "return 2"), True),
    (lambda text: text.replace('accept("small")', 'accept("little")'), None, False),
    (None, lambda text: text.replace("LIMIT = 2", "LIMIT = 3"), False),
])
def test_a_policy_of_ones_own_counts_by_its_source_and_by_that_of_the_files_beside_it(
    tmp_path: Path, own: Any, helpers: Any, same: bool
) -> None:
    code = "from sim.runs.model_code import policy_version; from mine import ready; print(policy_version(ready))"
    said = []
    for at, changes in enumerate(((None, None), (own, helpers))):
        place = tmp_path / str(at)
        place.mkdir()
        for name, text, change in (("mine", OWN, changes[0]), ("helpers", HELPERS, changes[1])):
            (place / f"{name}.py").write_text(change(text) if change else text, encoding="utf-8")
        said.append(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=place,
                                   env={"PYTHONPATH": str(ROOT.parent)}).stdout)
    assert (said[0] == said[1]) is same


def test_a_policy_whose_source_cannot_be_read_says_so() -> None:
    namespace: dict[str, Any] = {"__name__": "nowhere"}
    exec("def yes(estimate, project):\n    return None", namespace)
    assert policy_version(PolicyFromFunction(name="x", function=namespace["yes"])).endswith("without the source of nowhere")
