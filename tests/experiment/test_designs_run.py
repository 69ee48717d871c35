"""Every design of an experiment file runs, and its own analysis comes out as a table and in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

Type = Callable[..., Any]
HEAD = """
name = "design"
question = "Does every design run?"
scenarios = ["small.toml"]
policies = ["always-accept", "co-evaluated"]
reference = "always-accept"
metrics = ["net_benefit", "delay"]

[precision]
replications = {n}

[design]
kind = "{kind}"
{design}
"""
RANGES = """
[[factors]]
key = "customer.request_rate"
low = 0.05
high = 1.0
scale = "log"

[[factors]]
key = "customer.value"
low = 0.2
high = 6.0
"""
LEVELS = """
[[factors]]
key = "customer.request_rate"
levels = [0.1, 0.8]

[[factors]]
key = "customer.value"
levels = [0.6, 2.5]

[[factors]]
key = "policy.co-evaluated.days"
levels = [2.0, 10.0]
"""


def run(typed: Type, tmp_path: Path, kind: str, design: str = "", n: int = 10, head: str = HEAD) -> tuple[dict[str, Any], Path]:
    (tmp_path / "design.toml").write_text(head.format(kind=kind, design=design, n=n), encoding="utf-8")
    said = typed("run", "design.toml", "--workers", "1", "--out", "kept", "--json")
    assert said.code == 0, said.err
    return json.loads(said.out), tmp_path / "kept"


@pytest.mark.parametrize(("kind", "design", "points"), [
    ("none", "", 1), ("sweep", LEVELS, 7), ("factorial", LEVELS, 8), ("fractional", 'generators = ["C=AB"]' + LEVELS, 4),
    ("latin", "samples = 6" + RANGES, 6), ("saltelli", "samples = 2" + RANGES, 8), ("morris", "samples = 2" + RANGES, 6),
    ("anatomy", "", 1), ("knock-out", 'mechanisms = ["appetite", "switching"]', 4), ("sweep", "steps = 3" + RANGES, 7),
])
def test_each_design_has_the_points_it_should(typed: Type, tmp_path: Path, kind: str, design: str, points: int) -> None:
    found, _ = run(typed, tmp_path, kind, design)
    assert found["points"] == points
    policies = 2 if kind != "anatomy" else len(found["policies"])
    assert found["runs"] == points * 10 * policies
    assert found["failures"] == 0


def test_a_table_of_points_is_read_beside_the_experiment(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("label,customer.request_rate\nquiet,0.1\nbusy,1.5\n", encoding="utf-8")
    _, kept = run(typed, tmp_path, "table", 'table = "points.csv"')
    levels = pd.read_csv(kept / "levels.csv")
    assert list(dict.fromkeys(levels["label"])) == ["quiet", "busy"]
    (tmp_path / "points.csv").write_text("label,customer.request_rat\nquiet,0.1\n", encoding="utf-8")
    said = typed("run", "design.toml", "--workers", "1", "--out", "kept")
    assert said.code == 2
    assert "request_rat" in said.err


@pytest.mark.parametrize(("content", "said"), [
    (None, "points.csv: no such file"), (b"\xff\xfe\x00", "saved as UTF-16"), (b"drift\n\xff", "is not UTF-8 text"),
    (b"root:x:0:0:root\nbin:x:1:1\n", "points.csv, row 1, column 1: is not called like a key"),
    (b"drift\n" + b"0.1\n" * 60_000, "60,000 design points are too many: at most 50,000 are possible"),
])
def test_a_table_that_is_none_is_refused_without_repeating_it(
    typed: Type, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "points.csv").write_bytes(content)
    (tmp_path / "design.toml").write_text(HEAD.format(kind="table", design='table = "points.csv"', n=10), encoding="utf-8")
    answer = typed("run", "design.toml", "--workers", "1")
    assert answer.code == 2
    assert said in answer.err
    assert "root" not in answer.err
    assert "Traceback" not in answer.err


def test_anatomy_names_what_was_taken_out_and_put_in(typed: Type, tmp_path: Path) -> None:
    found, kept = run(typed, tmp_path, "anatomy")
    assert "co-evaluated - promise" in found["policies"]
    assert "always-accept + evaluators + admission" in found["policies"]
    assert set(pd.read_csv(kept / "differences.csv")["policy"]) == set(found["policies"]) - {"always-accept"}


def test_knock_out_switches_each_mechanism_off_and_then_all(typed: Type, tmp_path: Path) -> None:
    _, kept = run(typed, tmp_path, "knock-out", 'mechanisms = ["appetite"]')
    assert list(dict.fromkeys(pd.read_csv(kept / "levels.csv")["label"])) == ["as it is", "without appetite", "without any mechanism"]


def test_knock_out_of_scenarios_with_and_without_customer_groups(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "grouped.toml").write_text(
        'name = "grouped"\n[project]\nplanned_items = 6\ndeadline = 20.0\nhorizon = 60.0\n[groups.a]\neffort_sigma = 1.0\n[groups.b]\n',
        encoding="utf-8")
    head = HEAD.replace('["small.toml"]', '["small.toml", "grouped.toml"]')
    found, _ = run(typed, tmp_path, "knock-out", 'mechanisms = ["effort-spread"]', head=head)
    assert found["points"] == 6


def test_where_the_answer_flips_is_said_in_words(typed: Type, tmp_path: Path) -> None:
    flips = '\n[[analysis.flips]]\nmetric = "net_benefit"\nfirst = "always-accept"\nsecond = "co-evaluated"\n'
    found, kept = run(typed, tmp_path, "latin", "samples = 40" + RANGES + flips, n=8)
    assert any("small, net_benefit: always-accept has the better mean at" in line for line in found["exploratory"])
    share = pd.read_csv(kept / "flips.csv").iloc[0]
    assert share["first_really"] + share["second_really"] + share["undecided"] == 40
    rules = pd.read_csv(kept / "flip_rules.csv")
    assert any("value" in str(where) for where in rules["where"])


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_sensitivity_of_a_difference_names_the_factor_that_matters(typed: Type, tmp_path: Path, kind: str) -> None:
    asked = '\n[[analysis.sensitivity]]\nmetric = "benefit"\npolicy = "co-evaluated"\nagainst = "always-accept"\n'
    found, kept = run(typed, tmp_path, kind, "samples = 16" + RANGES + asked, n=6)
    table = pd.read_csv(kept / "sensitivity.csv")
    assert set(table["factor"]) == {"customer.request_rate", "customer.value"}
    assert any(line.startswith(f"small, {kind.capitalize() if kind == 'morris' else 'Sobol'}") for line in found["exploratory"])


def test_many_policies_get_front_ranking_regret_and_selection(typed: Type, tmp_path: Path) -> None:
    head = HEAD.replace('["always-accept", "co-evaluated"]', '["always-accept", "co-evaluated", "change-board", "clairvoyant"]')
    asked = ('\n[analysis]\nsuccess = true\nweights = ["delay", "cost"]\nregret = ["net_benefit"]\n'
             '[[analysis.select]]\nmetric = "delay"\nindifference = 2.0\n')
    found, kept = run(typed, tmp_path, "none", asked, n=40, head=head)
    for name in ("pareto", "weights", "success", "regret", "selection", "differences"):
        assert len(pd.read_csv(kept / f"{name}.csv")), name
    assert set(pd.read_csv(kept / "pareto.csv")["policy"]) == {"always-accept", "co-evaluated", "change-board"}
    assert any(line.startswith("Best in delay:") for line in found["exploratory"])


def test_same_policies_under_two_names_support_no_claim(typed: Type, tmp_path: Path) -> None:
    """The null result: nothing differs, so nothing is supported but equivalence."""
    head = HEAD.replace('["always-accept", "co-evaluated"]', '["always-accept", "twin"]')
    twin = """
[policy.twin]
base = "always-accept"
[[hypotheses]]
name = "less"
statement = "the twin finishes earlier"
metric = "delay"
kind = "less"
policy = "twin"
against = "always-accept"
[[hypotheses]]
name = "same"
statement = "the twin is the same"
metric = "delay"
kind = "equivalent"
policy = "twin"
against = "always-accept"
margin = 0.1
"""
    found, _ = run(typed, tmp_path, "none", twin, head=head)
    assert [row["verdict"] for row in found["verdicts"]] == ["contradicted", "supported"]
