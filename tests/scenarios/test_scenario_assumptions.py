"""Every assumption says where it comes from, in which unit, within which limits, and how it is switched off."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.scenario import Customer, Scenario
from sim.scenario.acting import acting
from sim.scenario.assumption import Evidence
from sim.scenario.editor import editor_schema
from sim.scenario.mechanisms import off_values
from sim.scenario.register import EVIDENCE, markdown, mechanisms, rows
from sim.scenario.rows import Row
from sim.toml.shipped import builtin_names

ROWS = rows()
ROOT = Path(__file__).parents[2]
NUMBERS = [row for row in ROWS if isinstance(row.default, int | float) and not isinstance(row.default, bool)]
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
each_number = pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row.key)


@each_row
def test_an_assumption_has_unit_meaning_source_and_strength_of_evidence(row: Row):
    assert row.unit
    assert row.source
    assert len(row.meaning) > 5
    assert row.evidence in EVIDENCE


def test_the_register_explains_each_strength_of_evidence():
    assert set(EVIDENCE) == set(Evidence.__args__)


@each_number
def test_a_number_has_a_finite_range_with_the_default_inside(row: Row):
    assert row.low is not None
    assert row.high is not None
    assert -math.inf < row.low <= row.default <= row.high < math.inf


@each_row
def test_the_off_value_is_allowed_and_of_the_kind_of_the_default(row: Row):
    if row.off is None:
        assert row.mechanism == ""
        return
    if row in NUMBERS:
        assert row.low <= row.off <= row.high
        assert type(row.off) is type(row.default)
    assert Scenario().with_values({_in_the_default_team(row.key): row.off}).name == "unnamed"


def _in_the_default_team(key: str) -> str:
    return key.replace("team.roles.NAME", "team.roles.developer")


@each_number
@pytest.mark.parametrize("side", ["low", "high"])
def test_the_range_is_closed_and_enforced(row: Row, side: str):
    limit = getattr(row, side)
    beyond = math.nextafter(limit, math.inf if side == "high" else -math.inf)
    if isinstance(row.default, int):
        limit, beyond = int(limit), int(limit) + (1 if side == "high" else -1)
    *table, field = row.key.split(".")
    model = _model_of(table)
    named = {"name": "a", "role": "b"} if "workflow" in table else {}
    assert getattr(model.model_validate(named | {field: limit}), field) == limit
    with pytest.raises(ValidationError):
        model.model_validate(named | {field: beyond})


def _model_of(table: list[str]) -> Any:
    from sim.toml.walk import follow

    return follow(Scenario, tuple(int(part) if part == "0" else part for part in table))[0]


def test_the_defaults_are_a_valid_scenario():
    assert Scenario.model_validate({}) == Scenario() == Scenario.model_validate(Scenario().model_dump())


@given(st.data())
def test_any_values_within_their_ranges_make_valid_groups(data: st.DataObject):
    drawn = {row.key: data.draw(_within(row), label=row.key) for row in NUMBERS if row.key.startswith(("customer.", "review."))}
    assert Scenario().with_values(drawn).review.cadence == drawn["review.cadence"]


def _within(row: Row) -> st.SearchStrategy[Any]:
    return st.integers(int(row.low), int(row.high)) if isinstance(row.default, int) else st.floats(row.smallest or row.low, row.high)


def test_no_key_is_listed_twice():
    keys = [row.key for row in ROWS]
    assert len(keys) == len(set(keys)) > 100


def test_each_off_value_belongs_to_exactly_one_mechanism():
    switched = [key for overrides in mechanisms().values() for key in overrides]
    assert sorted(switched) == sorted(_in_the_default_team(row.key) for row in ROWS if row.off is not None)


def test_the_mechanisms_that_studies_take_out_are_there():
    named = {"appetite", "overtime", "rework", "drift", "relationship", "switching", "exploration", "ripple", "escalation"}
    assert named <= set(mechanisms())


def test_off_is_off_everywhere_for_every_scenario_there_is():
    for name in builtin_names("scenarios"):
        off = Scenario.load(name).off()
        for row in ROWS:
            if row.off is None:
                continue
            places = list(acting(off, row.key))
            assert places
            expected = tuple(row.off) if isinstance(row.off, list) else row.off
            assert [place.value for place in places] == [expected] * len(places), (name, row.key)


def test_a_group_that_says_a_value_itself_is_switched_off_too():
    scenario = Scenario(groups={"loud": Customer(appetite=2.0), "quiet": Customer()})
    assert mechanisms(scenario)["appetite"] == {"customer.appetite": 0.0, "groups.loud.appetite": 0.0}
    assert off_values(scenario)["groups.loud.appetite"] == 0.0
    assert [group.appetite for _, group in scenario.off().customers] == [0.0, 0.0]


def test_switching_off_one_mechanism_leaves_the_others_alone():
    base = Scenario(groups={"loud": Customer(appetite=2.0, drift=0.5)})
    changed = base.with_values(mechanisms(base)["appetite"])
    assert changed.customers[0][1].appetite == 0.0
    assert changed.customers[0][1].drift == 0.5


def test_the_page_of_assumptions_is_in_step_with_the_schema():
    page = (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8")
    assert page == markdown(), "write it again: python -m sim.scenario.register > docs/assumptions.md"


def test_the_page_names_every_value_and_the_command_that_writes_it():
    page = markdown()
    assert "python -m sim.scenario.register > docs/assumptions.md" in page.splitlines()[0]
    assert all(f"| `{row.key.rpartition('.')[2]}` |" in page for row in ROWS)


def test_every_line_of_a_table_has_as_many_cells_as_its_head():
    lines = [line.replace("\\|", "") for line in markdown().splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {9, 3}


class TestSchemaForEditors:
    SCHEMA = editor_schema(Scenario)

    def complaints(self, value: Any, node: dict[str, Any]) -> list[str]:
        """What a validator of JSON Schema draft 4 would say, for the words that the schema uses."""
        for part in node.get("allOf", []):
            if found := self.complaints(value, part):
                return found
        if "$ref" in node:
            node = self.SCHEMA["definitions"][node["$ref"].rpartition("/")[2]]
        kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float)}
        if "type" in node and (not isinstance(value, kinds[node["type"]]) or (isinstance(value, bool) and node["type"] != "boolean")):
            return [f"{value} is no {node['type']}"]
        if "enum" in node and value not in node["enum"]:
            return [f"{value} is not in the list"]
        if isinstance(value, dict):
            return [said for key, entry in value.items() for said in self.member(key, entry, node)]
        if isinstance(value, list):
            items = node["items"]
            pairs = zip(value, items, strict=True) if isinstance(items, list) else ((entry, items) for entry in value)
            return [said for entry, inner in pairs for said in self.complaints(entry, inner)]
        if not isinstance(value, str) and not node.get("minimum", value) <= value <= node.get("maximum", value):
            return [f"{value} is out of range"]
        return []

    def member(self, key: str, value: Any, node: dict[str, Any]) -> list[str]:
        inner = node.get("properties", {}).get(key, node.get("additionalProperties"))
        return self.complaints(value, inner) if inner else [f"{key} is not known"]

    def test_it_is_json_in_the_draft_that_editors_read(self):
        assert self.SCHEMA["$schema"] == "http://json-schema.org/draft-04/schema#"
        text = json.dumps(self.SCHEMA)
        assert "$defs" not in text
        assert "prefixItems" not in text

    def test_every_value_has_a_description_with_unit_range_and_source(self):
        rate = self.SCHEMA["definitions"]["Customer"]["properties"]["request_rate"]
        assert rate["description"] == (
            "mean arrivals before appetite. Unit: requests/day. From 0 to 50. Default: 0.8. "
            "Source (project): a fact of the project; the default is only a place to start from."
        )
        tables = [self.SCHEMA, *self.SCHEMA["definitions"].values()]
        described = [entry for table in tables for entry in table["properties"].values() if "$ref" not in entry]
        assert all("description" in entry for entry in described)
        assert sum("Source (" in entry["description"] for entry in described) == len(ROWS)

    @pytest.mark.parametrize("name", builtin_names("scenarios"))
    def test_it_accepts_the_scenarios_that_come_along(self, name: str):
        import tomllib

        content = tomllib.loads((ROOT / "scenarios" / f"{name}.toml").read_text(encoding="utf-8"))
        assert self.complaints(content, self.SCHEMA) == []

    @pytest.mark.parametrize(
        "content",
        [
            {"custmer": {}}, {"customer": {"apetite": 1}}, {"customer": {"drift": "a"}}, {"customer": {"request_rate": 51}},
            {"groups": {"web": {"drift": 2}}}, {"adoption": {"before": "placebo"}}, {"customer": {"profile": [[0, "x"]]}},
            {"team": {"roles": {"dev": {"headcount": 0}}}}, {"team": {"visit_spread": "gauss"}},
            {"team": {"workflow": [{"nme": "a"}]}},
        ],
    )
    def test_it_refuses_what_the_scenario_refuses(self, content: dict[str, Any]):
        with pytest.raises(ValidationError):
            Scenario.model_validate(content)
        assert self.complaints(content, self.SCHEMA)
