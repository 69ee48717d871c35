"""A policy is a function in its family's file, its paragraph in the docs, its test and its golden outcome: what is forgotten is named.

(CONTRIBUTING, "Add a policy".)
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from sim.policies import POLICY_NAMES
from sim.policies.admission import RULES
from sim.policies.catalogue import maker, settings
from sim.report.listing import settings_table

ROOT = Path(__file__).resolve().parents[2]
PARAGRAPH = re.compile(r"^\*\*([\w-]+)\*\*(?: \(`([^`]*)`\))? — ", re.MULTILINE)




def content(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def written(name: str) -> str:
    """The settings of a policy as its paragraph gives them."""
    return ", ".join(f"{key}={slot.told(slot.default)}" for key, slot in settings(name).items())


def test_every_policy_has_its_paragraph_with_its_settings() -> None:
    said = dict(PARAGRAPH.findall(content("docs/policies.md")))
    wanted = {name: written(name) for name in POLICY_NAMES}
    wrong = [f"docs/policies.md: a paragraph **{name}** (`{given}`) is needed, not {said.get(name)!r}"
             for name, given in wanted.items() if said.get(name) != given]
    assert not wrong, wrong
    assert list(said) == list(wanted), "docs/policies.md: the paragraphs stand in the order of the catalogue, and there are no others"


def test_the_table_of_settings_is_in_step_with_the_annotations() -> None:
    table = content("docs/policies.md").partition("<!-- settings -->\n")[2].partition("\n<!-- end of settings -->")[0]
    assert table == settings_table(), f"docs/policies.md, between the marks of the settings:\n{settings_table()}"


def test_every_admission_rule_is_in_the_table_of_parts() -> None:
    row = next(line for line in content("docs/policies.md").splitlines() if line.startswith("| admission |"))
    absent = [f"docs/policies.md: the table of parts lacks the rule `{rule}`" for rule in RULES if f"`{rule}`" not in row]
    assert not absent, absent


def test_every_policy_has_a_test_of_what_it_does() -> None:
    file = "tests/policies/test_each_policy_does_what_it_says.py"
    tests = [node.name for node in ast.parse(content(file)).body if isinstance(node, ast.FunctionDef)]
    absent = [f"{file}: no test called test_{name.replace('-', '_')}_..." for name in POLICY_NAMES
              if not any(test.startswith(f"test_{name.replace('-', '_')}_") for test in tests)]
    assert not absent, absent


def test_every_admission_rule_is_used_by_a_policy_or_has_a_test_of_its_own() -> None:
    file = "tests/policies/test_each_policy_does_what_it_says.py"
    used = {type(getattr(maker(name)(), "admission", None)) for name in POLICY_NAMES}
    absent = [f"{file}: the rule {rule} is in no policy, and no test there uses {made_by.__name__}"
              for rule, made_by in RULES.items() if made_by not in used and f"{made_by.__name__}(" not in content(file)]
    assert not absent, absent


def test_every_policy_has_a_sentence() -> None:
    absent = [f"{maker(name).__module__}: {name} has no docstring" for name in POLICY_NAMES if not (maker(name).__doc__ or "").strip()]
    assert not absent, absent


def test_every_policy_has_golden_outcomes() -> None:
    file = "tests/reproducibility/golden.json"
    golden = json.loads(content(file))["outcomes"]
    absent = [f"{file}: {name!r} lacks {policy}; write it: python -m tests.reproducibility.golden --write"
              for name, policies in golden.items() for policy in POLICY_NAMES if policy not in policies]
    assert not absent, absent
