"""Every rule of the model says how it acts and what it leaves out, and the page for readers says the same."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from sim.errors import IntakeLabError
from sim.scenario.assumption import assumption
from sim.scenario.mechanisms import Rule, rules_of
from sim.scenario.model_page import COMMAND, filled, names_in
from sim.scenario.register import rows, rules
from sim.scenario.rows import Row

PAGE = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")
FIELDS = {row.key.rpartition(".")[2] for row in rows()}
MECHANISMS = [rule for rule in rules().values() if rule.offs]


def untold(rule: Rule) -> list[str]:
    """What a mechanism does not say of itself."""
    named = re.findall(r"`(\w+)`", rule.equation)
    silent = [row.key for row in rule.rows if row.key.rpartition(".")[2] not in named]
    return [
        *(["an equation"] if not rule.equation else [f"{key} in its equation" for key in silent]),
        *(["what is left out"] if not rule.left_out else []),
        *(f"a source of {row.key}" for row in rule.rows if not row.source)]


@pytest.mark.parametrize("rule", MECHANISMS, ids=lambda rule: rule.name)
def test_a_mechanism_has_an_equation_that_names_its_values_a_source_and_what_it_leaves_out(rule: Rule) -> None:
    assert not untold(rule), f"{rule.name} in sim/scenario/ lacks {', '.join(untold(rule))}"


def made(key: str, **said: str) -> Row:
    whole: dict[str, str] = {"mechanism": "thing", "source": "us", "equation": "", "left_out": ""}
    return Row(key=key, unit="1", default=1.0, low=0, high=1, smallest=None, off=0.0, alone=True, evidence="assumed", meaning="?", **whole | said)


@pytest.mark.parametrize(("rows", "lacks"), [
    ([made("team.a")], ["an equation", "what is left out"]),
    ([made("team.a", equation="x `a`", left_out="y"), made("team.b")], ["team.b in its equation"]),
    ([made("team.a", equation="x `a`"), made("team.b", source="")],
     ["team.b in its equation", "what is left out", "a source of team.b"]),
    ([made("team.a", equation="x `a` `b`"), made("team.b", left_out="y")], []),
])
def test_a_mechanism_that_says_too_little_is_found(rows: list[Row], lacks: list[str]) -> None:
    assert untold(rules_of(rows)["thing"]) == lacks


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_an_equation_names_only_keys_that_there_are(rule: Rule) -> None:
    assert set(re.findall(r"`(\w+)`", rule.equation)) <= FIELDS
    assert rule.equation.count("`") % 2 == 0
    assert "`" not in rule.left_out


@pytest.mark.parametrize("rule", MECHANISMS, ids=lambda rule: rule.name)
def test_at_least_one_value_of_a_mechanism_acts_alone(rule: Rule) -> None:
    assert rule.decisive


def test_the_page_of_the_model_tells_every_rule_once() -> None:
    told = Counter(names_in(PAGE))
    assert not [name for name in rules() if told[name] != 1], "each is to be in one line <!-- rules: ... --> of docs/model.md"
    assert set(told) == set(rules())


def test_the_page_of_the_model_says_what_the_register_says() -> None:
    assert filled(PAGE) == PAGE, f"write it again: {COMMAND}"


def test_the_page_keeps_what_is_written_by_hand_and_a_wrong_name_is_refused() -> None:
    page = "before\n<!-- rules: ripple,\n     drift -->\nold\n<!-- end of rules -->\nafter\n"
    assert names_in(page) == ["ripple", "drift"]
    new = filled(page)
    assert new.startswith("before\n<!-- rules: ripple,\n     drift -->\n")
    assert new.endswith("<!-- end of rules -->\nafter\n")
    assert "old" not in new
    assert "- **ripple**: " + rules()["ripple"].equation in new
    with pytest.raises(IntakeLabError, match="no rule 'drfit'; the nearest is drift"):
        filled(page.replace("drift", "drfit"))


def test_what_a_field_does_not_say_is_not_there() -> None:
    assert assumption(1.0, "x", unit="1", source="s").json_schema_extra == {"unit": "1", "source": "s", "evidence": "assumed"}
