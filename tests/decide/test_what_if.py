"""What if a value were another: read as typed, moved in every group, paired on the same luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from sim.decide.what_if import WhatIf, moved
from sim.errors import ScenarioError
from sim.report.what_if_text import sentences, what_if_json
from sim.scenario import Scenario
from sim.study.compare import compare


def asked(scenario: Scenario, texts: Sequence[str], replications: int = 10) -> WhatIf:
    world, moves = moved(scenario, texts)
    first, second = (compare(one, ["capacity-limit"], replications=replications) for one in (scenario, world))
    return WhatIf(moves, first, second)


@pytest.mark.parametrize(("sign", "after"), [("*2", 0.48), ("/2", 0.12), ("+1", 1.24), ("-0.04", 0.2), (" * 5e-1", 0.12)])
def test_a_value_is_moved_as_it_says(sign: str, after: float) -> None:
    world, moves = moved(Scenario.load("ai-project"), ["customer.request_rate" + sign])
    assert world.customer.request_rate == moves["customer.request_rate"].after == pytest.approx(after)


def test_a_value_of_the_customers_is_moved_in_every_group_from_its_own_place() -> None:
    project = Scenario.load("product-team")
    world, moves = moved(project, ["customer.request_rate*2"])
    assert len(moves) == len(project.groups) > 1
    assert [one.request_rate for _, one in world.customers] == [2.0 * one.request_rate for _, one in project.customers]


def test_whole_numbers_stay_whole_and_moves_add_up() -> None:
    world, moves = moved(Scenario.load("ai-project"), ["team.roles.engineer.headcount+1", "team.roles.engineer.headcount*2"])
    assert world.team.roles["engineer"].headcount == 8
    assert moves["team.roles.engineer.headcount"] == (3, 8)


@pytest.mark.parametrize(("text", "said"), [
    ("customer.request_rate", "KEY\\*2, KEY/2"), ("customer.request_rate/0", "divided by 0"), ("name*2", "no single number"),
    ("team.roles.enginer.headcount+1", "did you mean team.roles.engineer.headcount"), ("customer.feasibility*2", "0 to 1"),
    ("team.roles.engineer.headcount/2", "headcount"), ("customer.profile*2", "no single number")])
def test_what_cannot_be_asked_is_told_in_the_words_of_the_option(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as error:
        moved(Scenario.load("ai-project"), [text])
    assert str(error.value).startswith(f"--what-if {text}: ")
    assert "--set " not in str(error.value).replace("--set replaces", "")


def test_what_is_moved_by_nothing_changes_nothing() -> None:
    found = asked(Scenario.load("product-team"), ["customer.request_rate*1"], 3)
    assert found.change("capacity-limit", "net_per_month") == (3, 0.0, 0.0, 0.0)


def test_the_change_is_paired_by_replication() -> None:
    found = asked(Scenario.load("product-team"), ["customer.value*1.1"], 5)
    gaps = found.after.values("capacity-limit", "net_per_month") - found.before.values("capacity-limit", "net_per_month")
    change = found.change("capacity-limit", "net_per_month")
    assert change.mean == pytest.approx(float(np.mean(gaps)))
    assert change.half_width < found.before.level("capacity-limit", "net_per_month").half_width


def test_who_binds_is_told_of_a_stream_before_and_after() -> None:
    found = asked(Scenario.load("product-team"), ["team.roles.tester.headcount+9"], 3)
    before, after = found.binds("capacity-limit") or (None, None)
    assert before is not None
    assert after is not None
    assert (before.who, after.who) == ("tester", "developer")
    assert sentences(found)[-1].startswith("What binds first under capacity-limit: tester")
    assert [one["who"] for one in what_if_json(found)["binds"]] == ["tester", "developer"]
    assert asked(Scenario.load("ai-project"), ["customer.value*2"], 2).binds("capacity-limit") is None
