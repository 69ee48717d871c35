"""The STRESS-DES report says what is so of this study, and leaves to the authors what only they can know."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from sim.policies.catalogue import make
from sim.policies.policy import Policy, PolicyFromFunction
from sim.policies.view import accept
from sim.report.stress import stress_report
from sim.report.stress_facts import inputs
from sim.scenario import Scenario
from sim.scenario.acting import switches
from sim.scenario.register import rules
from sim.study.experiment import Experiment
from sim.study.experiment_texts import Text
from sim.study.plan import Plan, make_plan
from sim.toml.shipped import builtin_names, builtin_path

ITEMS = ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5", "3.1", "3.2", "3.3", "3.4",
         "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1")
MARK = re.compile(r"\*\*\[to be filled in by the authors: [^\n]+?\]\*\*")

EXPERIMENT = """
name = "small-study"
question = "Does saying yes | always | make projects late?"
scenarios = ["mine.toml"]
policies = ["always-accept", "co-evaluated", "change-board:days=20", "placebo"]
reference = "always-accept"
metrics = ["delay", "cost"]
seed = 4711
[set]
"team.switch_cost" = 0.0
[[factors]]
key = "team.split_above"
levels = [2.0, 7.5]
[design]
kind = "sweep"
[[hypotheses]]
name = "later"
statement = "Always accepting finishes later."
metric = "finish"
kind = "less"
policy = "co-evaluated"
against = "always-accept"
smallest_effect = 3.25
"""
SCENARIO = """
# A project of our own.
# Where the numbers come from: the ledger of our last project.
name = "mine"
title = "Our project"
[project]
planned_items = 12
[customer]
request_rate = 0.77
escalation = 0.0
effort_sigma = 0.8
[relationship]
trust_start = 0.55
"""


def manifest(plan: Plan) -> dict[str, Any]:
    """As `sim.runs.results_folder` writes it, after one session that ended and one that did not."""
    texts = {role: text.text for role, text in plan.texts.items()}
    session = {
        "started": "2025-01-02T03:04:05+00:00", "ended": "2025-01-02T03:05:05+00:00", "seconds": 61.5, "replications": 60,
        "ending": "finished", "executor": "3 processes", "command": "intakelab run small.toml | tee log", "platform": "Linux-6.1",
        "versions": {"python": "3.12.9", "numpy": "2.1.3", "simpy": "4.1.1", "scipy": None}, "texts": {r: f"sha of {r}" for r in texts}}
    return {
        "format": 1, "origin_digest": "d" * 64, "texts": {f"sha of {role}": text for role, text in texts.items()},
        "origin": {"seed": plan.experiment.seed, "experiment": "e" * 64, "scenarios": {"mine": "5" * 64}, "policies": {},
                   "model": "0" * 64, "engine": {"python": "3.12", "numpy": "2.1.3"}, "points": "b" * 64},
        "sessions": [session, session | {"ended": None, "seconds": None, "replications": None, "ending": None}]}


def planned(experiment: str = EXPERIMENT, scenario: str = SCENARIO) -> Plan:
    return make_plan({"experiment": Text("small.toml", experiment), "scenario mine.toml": Text("mine.toml", scenario)})


def report(plan: Plan, replications: dict[int, int] | None = None, policies: tuple[Policy, ...] | None = None) -> str:
    counts = {point.number: 30 for point in plan.points} if replications is None else replications
    return stress_report(plan.experiment, plan.scenarios, policies or plan.policies, plan.frame, manifest(plan), counts)


@pytest.fixture(scope="module")
def text() -> str:
    return report(planned())


def item(text: str, number: str) -> str:
    """What stands under one item."""
    return text.split(f"\n### {number} ")[1].split("\n## ")[0].split("\n### ")[0]


def cells(line: str) -> list[str]:
    """The cells of a table's line."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def row(text: str, first: str) -> list[str]:
    [line] = [line for line in text.splitlines() if line.startswith(f"| `{first}` |")]
    return cells(line)


def test_every_item_of_the_checklist_is_there_once_in_order_and_not_empty(text: str) -> None:
    assert tuple(re.findall(r"^### ([\d.]+) ", text, re.MULTILINE)) == ITEMS
    assert re.findall(r"^## (\d) ", text, re.MULTILINE) == list("123456")
    assert all(len(item(text, number).splitlines()) > 2 for number in ITEMS)


def test_values_changed_in_the_scenario_are_listed_with_default_unit_source_and_evidence(text: str) -> None:
    found = row(item(text, "3.3"), "customer.request_rate")
    assert found[1:5] == ["`0.77`", "`0.8`", "requests/day", "scenario"]
    sigma = row(item(text, "3.3"), "customer.effort_sigma")
    assert sigma[1:3] == ["`0.8`", "`1.4`"]
    assert sigma[6] == "measured"
    assert "CESAW" in sigma[7]


def test_nothing_is_listed_that_does_not_differ(text: str) -> None:
    listed = re.findall(r"^\| `([\w.]+)` \|", item(text, "3.3"), re.MULTILINE)
    said = ["project.planned_items", "team.switch_cost", "customer.request_rate", "customer.effort_sigma", "customer.escalation",
            "relationship.trust_start"]
    assert sorted(listed) == sorted(said)


def test_values_set_by_the_experiment_are_said_to_be_so(text: str) -> None:
    assert row(item(text, "3.3"), "team.switch_cost")[4] == "experiment"


def test_a_group_that_takes_its_value_from_customer_has_it_from_where_customer_has_it() -> None:
    grouped = SCENARIO + "[groups.sales]\nloudness = 0.9\n[groups.help]\n"
    found = report(planned(EXPERIMENT.replace('"team.switch_cost" = 0.0', '"customer.loudness" = 0.7'), grouped))
    assert row(item(found, "3.3"), "groups.sales.loudness")[1::3][:2] == ["`0.9`", "scenario"]
    assert row(item(found, "3.3"), "groups.help.loudness")[1::3][:2] == ["`0.7`", "experiment"]


def test_every_rule_of_the_register_is_told_with_its_equation_and_its_simplification(text: str) -> None:
    for name, rule in rules().items():
        told = item(text, "2.4").replace(" (off in every scenario of this study)", "").splitlines()
        assert f"- `{name}`: {rule.equation}" in told or not rule.equation, name
        assert f"- `{name}`: {rule.left_out}" in item(text, "3.4").splitlines() or not rule.left_out, name


def test_a_rule_that_is_off_in_every_scenario_and_not_varied_is_marked(text: str) -> None:
    marked = re.findall(r"^- `([\w-]+)` \(off in every scenario of this study\): ", item(text, "2.4"), re.MULTILINE)
    assert {"escalation", "switching", "ripple"} <= set(marked)
    assert "split-above" not in marked
    varied = planned(EXPERIMENT.replace('"team.split_above"', '"team.ripple"').replace("[2.0, 7.5]", "[1.0, 3.0]"))
    assert "- `ripple`: effort of a change" in item(report(varied), "2.4")


@pytest.mark.parametrize(("limits", "said"), [
    ("low = 3.0", "at least 3"), ("high = 6.5", "at most 6.5"), ("low = 3.0\nhigh = 6.5", "from 3 to 6.5"), ("low = 4.0\nhigh = 4.0", "at 4"),
])
def test_a_region_is_told_by_the_ends_that_it_has(limits: str, said: str) -> None:
    region = f'{EXPERIMENT}\n[[hypotheses.region]]\nfactor = "team.split_above"\n{limits}\n'
    assert f"`team.split_above` {said} |" in item(report(planned(region)), "1.3")


def test_what_the_design_varies_is_said_with_its_values(text: str) -> None:
    assert "Design: `sweep`, 3 design points over 1 scenario: base, split_above=2, split_above=7.5." in item(text, "1.3")
    assert row(item(text, "1.3"), "team.split_above") == ["`team.split_above`", "pd", "levels", "`5`, `2`, `7.5`"]


def test_a_range_is_told_by_its_ends_and_the_sampling_by_its_seed() -> None:
    latin = EXPERIMENT.replace("levels = [2.0, 7.5]", 'low = 1.0\nhigh = 8.0\nscale = "log"').replace(
        'kind = "sweep"', 'kind = "latin"\nsamples = 40\nseed = 99')
    found = item(report(planned(latin)), "1.3")
    assert "`latin`, 40 design points" in found
    assert "sampled with seed 99" in found
    assert row(found, "team.split_above")[2] == "1 to 8, log"
    assert row(found, "team.split_above")[3].startswith("40 values from 1.")


def test_seed_policies_and_reference_are_named(text: str) -> None:
    assert "Seed: 4711." in item(text, "5.2")
    for policy in ("always-accept", "co-evaluated", "change-board:days=20", "placebo"):
        assert row(item(text, "2.3"), policy)
    assert "reference: `always-accept`" in item(text, "1.3")


def test_a_policy_is_told_by_its_parts(text: str) -> None:
    found = row(item(text, "2.3"), "change-board:days=20")
    assert found[2:4] == ["every 20 days", "experts"]
    assert found[5] == "face-value"
    assert "Threshold(at_least=0.0)" in found[6]
    assert found[7] == "accept, decline"
    assert "as often as `co-evaluated`" in row(item(text, "2.3"), "placebo")[6]


def test_a_policy_in_python_is_left_to_the_authors() -> None:
    plan = planned()
    own = PolicyFromFunction(name="ours", function=lambda estimate, project: accept("why not"))
    assert not MARK.search(item(report(plan), "2.3"))
    assert "ours" in MARK.findall(item(report(plan, policies=(*plan.policies, own)), "2.3"))[0]


def test_hypotheses_and_all_their_measures_are_told(text: str) -> None:
    assert "Always accepting finishes later." in item(text, "1.3")
    assert "3.25" in item(text, "1.3")
    assert row(item(text, "1.2"), "finish")[1:3] == ["days", "lower"]
    assert row(item(text, "1.2"), "cost")[1] == "k€"


def test_replications_that_were_run_are_counted_not_those_that_were_asked() -> None:
    found = report(planned(), {0: 30, 1: 45})
    assert "fixed number of 100 replications" in item(found, "4.3")
    assert "Run at each design point: 30 to 45 replications" in item(found, "4.3")
    assert "75 replications in all" in item(found, "4.2")
    assert "up to 300 runs" in item(found, "4.2")


def test_sequential_precision_is_told_with_its_half_widths() -> None:
    found = report(planned(EXPERIMENT + "[precision]\nreplications = 12\nbudget = 340\nhalf_width = { delay = 1.75 }\n"))
    assert "sequential precision" in item(found, "4.3")
    for said in ("12 replications", "340", "`delay` 1.75 days"):
        assert said in item(found, "4.3")
    assert "fixed number" not in item(found, "4.3")


def test_a_mechanism_that_is_off_is_said_to_be_off(text: str) -> None:
    [name, on, partly, off] = row(item(text, "3.4").split("How well")[0], "mine")
    assert name == "`mine`"
    assert {"escalation", "switching"} <= set(off.split(", "))
    assert "withdrawal" in on.split(", ")
    assert "effort-spread (`team.visit_spread` off)" in partly
    assert "comes back louder" not in item(text, "2.1")
    assert "comes back louder" in item(report(planned(scenario=SCENARIO.replace("escalation = 0.0", ""))), "2.1")


def test_off_means_that_nothing_of_the_mechanism_can_act() -> None:
    plain = Scenario()
    assert {state for state, _ in switches(plain.off()).values()} == {"off"}
    assert switches(plain)["adoption"][0] == "off"  # learning_cost has a default, but nothing is ever adopted
    assert switches(plain.with_values({"innovation.exploration_share": 0.0}))["exploration"][0] == "off"
    assert switches(plain.with_values({"customer.drift": 0.0}))["drift"][0] == "off"


def test_a_mechanism_that_is_off_for_one_of_two_groups_is_on_in_part() -> None:
    groups = {"groups.one.drift": 0.0, "groups.two.drift": 0.1}
    grouped = Scenario.model_validate({"groups": {"one": {}, "two": {}}}).with_values(groups)
    assert switches(grouped)["drift"] == ("in part", ("groups.one.drift",))
    assert switches(grouped.with_values({"groups.two.drift": 0.0}))["drift"][0] == "off"


def test_inputs_are_counted_by_how_well_they_are_known(text: str) -> None:
    known = [int(cell) for cell in row(item(text, "3.4").split("How well")[1], "mine")[1:]]
    assert sum(known[:-1]) == known[-1]
    assert known[-2] == 6


def test_starting_state_warm_up_and_horizon_are_those_of_the_scenario(text: str) -> None:
    assert row(item(text, "4.1"), "mine") == ["`mine`", "12", "0.55", "0.7", "0.7", "none"]
    assert "day 400" in item(text, "4.2")
    assert not MARK.search(item(text, "4.1"))
    warm = report(planned(scenario=SCENARIO.replace("planned_items = 12", "planned_items = 0\ndeadline = 0.0\nwarm_up = 33.0")))
    assert row(item(warm, "4.1"), "mine")[-1] == "33 days"
    assert "a stream" in item(warm, "4.2")
    assert MARK.search(item(warm, "4.1"))


def test_sessions_versions_and_hashes_are_from_the_manifest(text: str) -> None:
    assert "numpy 2.1.3" in item(text, "5.1")
    assert "scipy" not in item(text, "5.1")
    assert "3 processes" in item(text, "5.3")
    assert "61.5 seconds" in item(text, "5.4")
    assert "not ended" in item(text, "5.4")
    assert "0" * 64 in item(text, "6.1")


def test_only_marked_places_are_blank_and_the_last_line_counts_them(text: str) -> None:
    marked = MARK.findall(text)
    [counted] = re.findall(r"^To be filled in by the authors: (\d+) places", text.splitlines()[-1])
    assert int(counted) == len(marked) == text.count("to be filled in by")
    assert not re.search(r"\b(None|nan|TODO)\b", text)
    assert not re.search(r"<\w+ object|0x[0-9a-f]{6}", text)


def test_what_only_the_authors_know_is_marked_where_it_belongs(text: str) -> None:
    for number in ("1.1", "3.1", "3.2", "5.4", "6.1"):
        assert MARK.search(item(text, number)), number
    for number in ("2.2", "2.4", "2.5.1", "2.5.3", "5.2", "5.3"):
        assert not MARK.search(item(text, number)), number


def test_a_scenario_of_the_authors_own_says_what_its_file_says_and_asks_for_more(text: str) -> None:
    assert "the ledger of our last project" in item(text, "3.1")
    assert "where the values of scenario mine come from" in item(text, "3.1")


def test_texts_of_the_authors_cannot_break_tables_or_forge_marks() -> None:
    forged = EXPERIMENT.replace("Always accepting finishes later.", "A | B **[to be filled in by the authors: x]** \\n## 9 C")
    found = report(planned(forged))
    assert len(MARK.findall(found)) == len(MARK.findall(report(planned())))
    assert "## 9" not in re.findall(r"^## \d", found, re.MULTILINE)


def test_all_lines_of_a_table_have_the_same_number_of_cells(text: str) -> None:
    width = 0
    for line in text.splitlines():
        width = 0 if not line.startswith("|") else width or len(cells(line))
        assert not width or len(cells(line)) == width, line


@pytest.mark.parametrize("name", builtin_names("scenarios"))
def test_it_works_for_every_built_in_scenario(name: str) -> None:
    source = builtin_path("scenarios", name).read_text(encoding="utf-8")
    asked = f'name = "x"\nquestion = "?"\nscenarios = ["{name}"]'
    plan = make_plan({"experiment": Text("x.toml", asked), f"scenario {name}": Text(name, source)})
    found = report(plan)
    assert tuple(re.findall(r"^### ([\d.]+) ", found, re.MULTILINE)) == ITEMS
    assert "Where the numbers come from" in item(found, "3.1")
    assert not MARK.search(item(found, "3.1"))
    assert not MARK.search(item(found, "3.2"))
    for one in inputs(plan.scenarios[name]):
        assert (f"| `{one.key}` |" in item(found, "3.3")) == one.changed, one.key


def test_without_texts_in_the_manifest_it_says_where_to_look() -> None:
    asked = Experiment(name="x", question="?", scenarios=("classroom",))
    scenarios, frame = {"classroom": Scenario.load("classroom")}, pd.DataFrame({"point": [0], "scenario": ["classroom"], "label": [""]})
    found = stress_report(asked, scenarios, [make("always-accept")], frame, {}, {0: 5})
    assert "scenarios/classroom.toml" in item(found, "3.1")
    assert "D -- defer" not in item(found, "2.1")
