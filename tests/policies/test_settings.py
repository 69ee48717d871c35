"""A setting's unit, range and meaning stand in its annotation, and everybody who asks is told the same."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import PolicyError
from sim.policies import POLICY_NAMES, Cadence, Policy, PolicyOfParts, Setting, make
from sim.policies.admission import RULES, Admission
from sim.policies.catalogue import maker, settings, settings_of, with_settings
from sim.policies.policy_file import AdmissionTable, PolicyFile, load_policy
from sim.policies.setting import ANY, Slot, refused, slots
from sim.runs.conformance import check_policy
from sim.scenario import Scenario
from sim.scenario.editor import editor_schema

TINY = ("1e-06", "0.05", "0.0999")
INTERVALS = [(name, key) for name in POLICY_NAMES for key, slot in settings(name).items() if slot.says.unit == "days"]


def parts_of(policy: Any) -> list[Any]:
    """A policy and all that it is made of."""
    inner = [getattr(policy, field.name) for field in fields(policy)]
    return [policy, *(part for value in inner if is_dataclass(value) for part in parts_of(value))]


def test_every_number_of_a_policy_says_what_it_means_its_unit_and_its_range() -> None:
    made_by = [*map(maker, POLICY_NAMES), *RULES.values(), *{type(part) for name in POLICY_NAMES for part in parts_of(make(name))}]
    silent = [f"{one.__name__}.{key}" for one in made_by for key, slot in slots(one).items()
              if slot.kind in (int, float) and not (slot.says.meaning and slot.says is not ANY)]
    assert not silent, f"no Setting in the annotation of {silent}"


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_a_default_is_in_its_own_range_and_so_is_every_part(name: str) -> None:
    assert all(slot.takes(slot.default) for slot in settings(name).values())
    assert list(refused(make(name))) == []


@pytest.mark.parametrize(("name", "key"), [(name, key) for name in POLICY_NAMES for key in settings(name)])
def test_the_command_line_takes_what_is_in_the_range_and_nothing_else(name: str, key: str) -> None:
    slot = settings(name)[key]
    if slot.kind is str:
        return
    for inside in (slot.says.low, slot.says.high):
        assert settings_of(make(f"{name}:{key}={slot.kind(inside)}"))[key].default == inside
    for outside in (slot.says.low - 1, slot.says.high + 1, "nan", "inf", "many", "true", ""):
        with pytest.raises(PolicyError, match=f"policy {name}: {key} = .* is needed .default"):
            make(f"{name}:{key}={outside}")


def test_there_are_policies_with_intervals() -> None:
    assert ("change-board", "days") in INTERVALS
    assert len(INTERVALS) > 4


@pytest.mark.parametrize(("name", "key"), INTERVALS)
@pytest.mark.parametrize("value", TINY)
def test_an_interval_of_a_named_policy_is_nothing_or_not_tiny(name: str, key: str, value: str) -> None:
    with pytest.raises(PolicyError, match=r"a number of days \(0 or 0.1 to 10000\) is needed"):
        make(f"{name}:{key}={value}")
    assert make(f"{name}:{key}=0").cadence.days == 0.0
    assert make(f"{name}:{key}=0.1").cadence.days == 0.1


@pytest.mark.parametrize("value", TINY)
def test_an_interval_in_a_policy_file_is_nothing_or_not_tiny(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.toml").write_text(f'name = "a"\n[cadence]\ndays = {value}\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=f"line 3: cadence.days = {value} — a number of working days is needed, 0 or 0.1 to 10000"):
        load_policy(tmp_path / "a.toml")


@pytest.mark.parametrize("value", TINY)
def test_an_interval_in_python_is_nothing_or_not_tiny(value: str) -> None:
    with pytest.raises(PolicyError, match=r"0 \(at once\), or at least 0.1 days"):
        Cadence(float(value))


# --- policy files: the same settings, read from the same place ---


def test_a_policy_file_has_a_key_for_everything_that_a_policy_is_made_of_but_the_truth() -> None:
    for field in fields(PolicyOfParts):
        assert field.name in PolicyFile.model_fields
        if is_dataclass(field.default):
            table = PolicyFile.model_fields[field.name].annotation
            keys = {part.name for part in fields(field.default)} - {"truth"}
            assert set(table.model_fields) - {"with_reviews"} == keys


def test_an_admission_table_has_the_settings_of_all_rules() -> None:
    assert set(AdmissionTable.model_fields) == {"rule"} | {key for rule in RULES.values() for key in slots(rule)}
    text = AdmissionTable.model_fields["share"].description
    assert text == "for budget: share of the planned effort; for lots, as-today: chance of a yes"


@pytest.mark.parametrize(("rule", "key", "value"), [
    (rule, key, value) for rule, made_by in RULES.items() for key, slot in slots(made_by).items()
    for value in (slot.says.low - 1, slot.says.high + 1)])
def test_a_rule_in_a_file_keeps_to_the_range_of_that_rule(tmp_path: Path, rule: str, key: str, value: float) -> None:
    written = int(value) if slots(RULES[rule])[key].kind is int else float(value)
    (tmp_path / "a.toml").write_text(f'name = "a"\n[admission]\nrule = "{rule}"\n{key} = {written}\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=key):
        load_policy(tmp_path / "a.toml")


def test_the_schema_of_a_policy_file_says_what_the_annotations_say() -> None:
    tables = editor_schema(PolicyFile)["definitions"]
    days = tables["CadenceTable"]["properties"]["days"]["description"]
    assert days == "days between sessions; 0: each request at once. Unit: days. From 0 or 0.1 to 10000."
    assert tables["AdmissionTable"]["properties"]["rule"]["enum"] == list(RULES)


# --- policies of one's own ---


@dataclass(frozen=True)
class Priced(Policy):
    name: str = "priced"
    price: Annotated[float, Setting("price of a request", "k€", high=9.0)] = 2.0
    strict: bool = False
    free: int = 3

    def decide(self, estimate: Any, project: Any) -> Any:
        raise NotImplementedError


class Plain(Policy):
    name = "plain"
    price = 2.0


OWN = {"priced": Priced(), "plain": Plain()}


def test_the_settings_of_a_policy_of_ones_own_are_the_fields_of_its_dataclass() -> None:
    assert {key: slot.default for key, slot in settings_of(Priced(price=4.0)).items()} == {"price": 4.0, "strict": False, "free": 3}
    assert make("priced:price=3,strict=true", OWN) == Priced(name="priced:price=3,strict=true", price=3.0, strict=True)
    assert make("priced", OWN) is OWN["priced"]
    assert with_settings(Priced(), {"price": 5}) == Priced(price=5.0)


@pytest.mark.parametrize(("text", "said"), [
    ("priced:prize=3", "setting 'prize' is not known; did you mean price?"),
    ("priced:price=10", "price = '10' — a number of k€ from 0 to 9 is needed (default 2.0)"),
    ("priced:strict=yes", "strict = 'yes' — true or false is needed (default False)"),
    ("priced:free=1.5", "free = '1.5' — a whole number is needed (default 3)"),
    ("plain:price=3", "setting 'price' is not known; it has none"),
    ("prised", "did you mean priced?"),
])
def test_a_wrong_setting_of_a_policy_of_ones_own_is_told_like_any_other(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        make(text, OWN)
    assert said in str(caught.value)


def test_the_kit_holds_settings_of_ones_own_to_their_range() -> None:
    with pytest.raises(PolicyError, match=r"price = 10\.0; a number of k€ from 0 to 9 is needed"):
        check_policy(Priced(price=10.0), list[Scenario]())


@pytest.mark.parametrize(("text", "said"), [
    ("always-accept,co-evaluated", "one by one: --policy always-accept --policy co-evaluated"),
    ("change-board:days=5,co-evaluated", "several policies: one --policy each, --policy change-board --policy co-evaluated"),
])
def test_several_policies_in_one_text_are_told_how_to_be_named(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        make(text)
    assert said in str(caught.value)


@given(st.floats() | st.integers() | st.booleans() | st.text() | st.none())
def test_for_every_value_a_slot_says_yes_or_no(value: Any) -> None:
    for slot in (Slot(float, 0.0, Setting()), Slot(int, 0, Setting(smallest=2)), Slot(bool, False, ANY), Slot(str, "", ANY, ("a",))):
        assert slot.takes(value) in (True, False)
        if not isinstance(value, str):
            assert not (slot.takes(value) and type(value) is bool) or slot.kind is bool


def test_a_rule_is_named_by_its_class_and_written_with_its_settings() -> None:
    assert all(issubclass(rule, Admission) for rule in RULES.values())
    assert str(RULES["after-planned"]()) == "after-planned"
    assert str(RULES["ranked"](k=3)) == "ranked(k=3, patience=60)"
