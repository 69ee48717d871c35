"""Whoever brings a file of a former version is told, for each key that is gone, what says it now."""

from __future__ import annotations

import re

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario
from sim.scenario.register import rows

GONE = [
    (table, key, said) for table, field in Scenario.model_fields.items()
    for key, said in getattr(field.annotation, "gone", {}).items()]
KNOWN = {row.key for row in rows()}


def test_the_worth_and_the_judges_of_the_first_world_are_gone() -> None:
    assert {f"{table}.{key}" for table, key, _ in GONE} >= {
        "customer.benefit_mean", "customer.benefit_spread", "evaluation.customer_quality", "evaluation.expert_quality",
        "evaluation.counter_merit"}


@pytest.mark.parametrize(("table", "key", "said"), GONE)
def test_a_key_that_is_gone_is_refused_and_names_keys_that_are_there(table: str, key: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario().with_values({f"{table}.{key}": 0.5})
    assert f"{table}.{key} is gone: {said}" in str(caught.value)
    assert f"{table}.{key}" not in KNOWN
    named = re.findall(r"[a-z_]+\.[a-z_]+", said)
    assert named
    assert set(named) <= KNOWN


def test_so_it_is_in_a_file_with_its_line_and_in_a_customer_group(complaint) -> None:  # type: ignore[no-untyped-def]
    assert complaint("[customer]\nbenefit_mean = 1.0\n").startswith("my-project.toml, line 2: customer.benefit_mean is gone: ")
    assert "groups.sales.benefit_spread is gone: " in complaint("[groups.sales]\nbenefit_spread = 1.0\n")
