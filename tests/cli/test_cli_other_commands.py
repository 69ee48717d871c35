"""explain, check, new, scenarios, policies, schema, assumptions, --version, --help."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.runs.simulate import simulate
from sim.scenario import Scenario

Type = Callable[..., Any]
BUSY = ("small.toml", "--set", "customer.request_rate=0.6", "--replication", "1")


# --- explain ---


def test_every_request_is_told_with_truth_answer_rule_and_fate(typed: Type) -> None:
    said = typed("explain", *BUSY, "--policy", "change-board")
    run = simulate(Scenario.load("small.toml", {"customer.request_rate": 0.6}), "change-board", seed=1, replication=1)
    assert said.code == 0
    told = [int(number) for number in re.findall(r"^#(\d+)", said.out, re.MULTILINE)]
    assert told == sorted(run.requests.index)
    flat = " ".join(said.out.split())
    for _, decision in run.decisions.iterrows():
        assert f"{decision['answer']}: {decision['reason']}" in flat
    assert f"{len(run.requests)} requests, {(run.requests['form'] != '').sum()} admitted" in flat


def test_two_policies_stand_side_by_side_on_the_same_request(typed: Type) -> None:
    requests = simulate(
        Scenario.load("small.toml", {"customer.request_rate": 0.6}), "always-accept", seed=1, replication=1).requests
    number = int(requests.index[0])
    said = typed("explain", *BUSY, "-p", "always-accept", "-p", "change-board", "--request", str(number))
    assert said.code == 0
    assert said.out.count("In truth") == 1
    both = [line for line in said.out.splitlines() if " | " in line]
    assert any("everything is accepted" in line for line in both)
    assert re.match(r"always-accept\s+\| change-board", both[0])
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_request_that_was_never_made_is_told_with_those_that_were(typed: Type) -> None:
    said = typed("explain", *BUSY, "--request", "99999")
    assert said.code == 2
    assert re.match(r"intakelab: request 99999 was not made in replication 1; made were \d+ to \d+", said.err)


def test_more_than_two_policies_cannot_stand_side_by_side(typed: Type) -> None:
    said = typed("explain", *BUSY, *(word for name in sim.POLICY_NAMES[:3] for word in ("-p", name)))
    assert (said.code, said.out) == (2, "")
    assert "one policy or two" in said.err


# --- check and new ---


def test_a_new_scenario_is_fine_as_it_stands_and_is_never_overwritten(typed: Type, tmp_path: Path) -> None:
    assert typed("new", "mine.toml").code == 0
    assert typed("check", "mine.toml").out.startswith("mine.toml: fine. mine: 50 planned items")
    (tmp_path / "mine.toml").write_text("precious", encoding="utf-8")
    said = typed("new", "mine.toml")
    assert (said.code, said.err) == (2, "intakelab: mine.toml: exists already; intakelab new overwrites nothing\n")
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "precious"


def test_a_new_file_where_none_can_be_is_told(typed: Type) -> None:
    assert "intakelab: no/such/mine.toml: cannot be written" in typed("new", "no/such/mine.toml").err


def test_check_reads_policies_too(typed: Type, tmp_path: Path) -> None:
    example = Path(__file__).resolve().parents[2] / "docs" / "examples" / "my-board.toml"
    assert "fine. my-board: every 5 days, judged by customer + experts" in typed("check", str(example)).out
    (tmp_path / "odd.toml").write_text('name = "odd"\n[evaluators]\ntruth = true\n', encoding="utf-8")
    said = typed("check", "odd.toml")
    assert said.code == 2
    assert said.err.startswith("intakelab: odd.toml, line 3: evaluators.truth is not known")


# --- lists ---


def test_every_policy_is_listed_with_a_sentence_and_its_parts(typed: Type) -> None:
    listed = json.loads(typed("policies", "--json").out)
    assert [policy["name"] for policy in listed] == list(sim.POLICY_NAMES)
    assert all(policy["sentence"].endswith((".", "?")) for policy in listed)
    assert [policy["name"] for policy in listed if policy["control"]] == ["placebo", "clairvoyant"]
    board = next(policy for policy in listed if policy["name"] == "change-board")
    assert board["parts"]["cadence"] == "every 10 days"
    assert board["parts"]["admission"] == "threshold(at_least=0)"
    text = typed("policies").out
    assert all(name in text for name in sim.POLICY_NAMES)


def test_every_scenario_is_listed(typed: Type) -> None:
    from sim.toml.shipped import builtin_names

    out = typed("scenarios").out
    assert all(re.search(rf"^{name} ", out, re.MULTILINE) for name in builtin_names("scenarios"))


def test_the_schema_is_json_and_goes_to_a_file_when_asked(typed: Type, tmp_path: Path) -> None:
    printed = json.loads(typed("schema").out)
    assert "customer" in printed["properties"]
    assert typed("schema", "--out", "schema.json").code == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == printed


def test_assumptions_are_listed_with_the_values_of_a_scenario(typed: Type) -> None:
    plain = {row["key"] for row in json.loads(typed("assumptions", "--json").out)}
    assert "customer.request_rate" in plain
    mine = {row["key"]: row["value"] for row in json.loads(typed(
        "assumptions", "small.toml", "--set", "customer.request_rate=0.25", "--json").out)}
    assert mine["customer.request_rate"] == 0.25
    assert mine["project.planned_items"] == 10
    assert mine["team.roles.developer.headcount"] == 4
    text = typed("assumptions", "small.toml").out
    assert "project.deadline = 30.0 days  (0 to 20000, default 120.0)" in text


def test_settings_without_a_scenario_have_nothing_to_change(typed: Type) -> None:
    assert typed("assumptions", "--set", "a=1").code == 2


# --- help, version, start ---


def test_the_version_is_the_package_s(typed: Type) -> None:
    assert typed("--version").out == f"intakelab {sim.__version__}\n"


@pytest.mark.parametrize("command", [(), ("compare",), ("explain",)])
def test_help_shows_examples_that_can_be_typed(typed: Type, command: tuple[str, ...]) -> None:
    said = typed(*command, "--help")
    assert said.code == 0
    assert re.search(r"Examples\s+intakelab compare|Examples\s+intakelab explain", said.out)


def test_no_command_shows_the_help(typed: Type) -> None:
    said = typed()
    assert (said.code, said.err) == (0, "")
    assert "Commands:" in said.out


def test_the_command_line_starts_without_anything_heavy() -> None:
    heavy = {"pandas", "numpy", "scipy", "rich", "pydantic", "simpy", "pyarrow", "concurrent.futures", "multiprocessing"}
    found = subprocess.run(
        [sys.executable, "-c", "import sys, sim.cli; print(' '.join(sys.modules))"], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[2])
    assert heavy & set(found.stdout.split()) == set()
