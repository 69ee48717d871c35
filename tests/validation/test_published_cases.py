"""What docs/validation.md says about the published cases holds, in a short version of the same runs."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from sim.scenario import Scenario
from validation import acbs, cost_value, directions, xit
from validation.document import document
from validation.table import half_width

ROOT = Path(__file__).parents[2]
FEW = 12


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


@pytest.fixture(scope="module")
def before() -> xit.Quarters:
    return xit.observe(Scenario.load("xit-before"), xit.BEFORE, 30)


@pytest.fixture(scope="module")
def after() -> xit.Quarters:
    return xit.observe(Scenario.load("xit-after"), xit.AFTER, 30)


def test_xit_before_is_calibrated_to_what_was_reported(before: xit.Quarters) -> None:
    assert mean(before.delivered) == pytest.approx(22, abs=3)
    assert mean(before.eaten) == pytest.approx(0.40, abs=0.04)


def test_xit_before_the_backlog_was_not_calibrated_and_comes_out(before: xit.Quarters) -> None:
    assert mean(before.backlog) == pytest.approx(80, abs=15)
    assert mean(before.growth) == pytest.approx(20, abs=6)


def test_xit_after_differs_from_before_only_in_what_the_case_changed() -> None:
    one, other = (Scenario.load(name).model_dump(exclude={"name", "title"}) for name in ("xit-before", "xit-after"))
    assert one["evaluation"].pop("expert_hours") == 4.0
    assert other["evaluation"].pop("expert_hours") == 0.0
    assert {name: role["headcount"] for name, role in one["team"].pop("roles").items()} == {"developer": 3, "tester": 3}
    assert {name: role["headcount"] for name, role in other["team"].pop("roles").items()} == {"developer": 4, "tester": 2}
    assert one == other


def test_xit_after_every_measure_moves_the_reported_way(before: xit.Quarters, after: xit.Quarters) -> None:
    assert mean(after.delivered) > 1.4 * mean(before.delivered)
    assert mean(after.lead_median) < 0.25 * mean(before.lead_median)
    assert mean(after.cost) < 0.7 * mean(before.cost)
    assert mean(after.within_25) > 0.5 > 0.05 > mean(before.within_25)


def test_xit_after_the_prediction_misses_the_reported_throughput(after: xit.Quarters) -> None:
    assert mean(after.delivered) < 50, "the document says that it under-predicts 56"


def test_xit_the_interruptions_carry_the_case(before: xit.Quarters) -> None:
    free = xit.observe(Scenario.load("xit-before").with_values({"team.switch_cost": 0.0}), xit.BEFORE, 30)
    assert mean(free.eaten) < 0.25
    assert mean(free.delivered) > 1.1 * mean(before.delivered)


def test_acbs_ten_requests_do_not_explain_twice_the_time() -> None:
    runs = acbs.weeks(Scenario.load("acbs"), 40)
    finish = mean([run["finish"] / 5 for run in runs])
    assert 34 < finish < 60


@pytest.mark.parametrize(("count", "cost", "reported"), cost_value.CASES)
def test_value_is_as_concentrated_as_reported_at_the_default_spread_and_at_no_far_other(
    count: int, cost: float, reported: float
) -> None:
    def found(spread: float) -> list[float]:
        return cost_value.shares(count, cost, 400, spread, efforts=0.5)

    default = Scenario().customer.value_spread
    assert found(default)[200] == pytest.approx(reported, abs=0.025)
    assert sum(share >= reported for share in found(0.4)) < 0.02 * 400, "too even"
    assert sum(share >= reported for share in found(1.9)) > 0.95 * 400, "too uneven"


@pytest.mark.parametrize(("count", "cost", "reported"), cost_value.CASES)
def test_small_portfolios_concentrate_less_than_the_limit(count: int, cost: float, reported: float) -> None:
    """A spread read off the limit, .84, is too small for both."""
    small, large = (cost_value.shares(many, cost, 200, 0.84, efforts=0.5)[100] for many in (count, 40 * count))
    assert cost_value.limit(0.84, cost) == pytest.approx(reported, abs=0.015)
    assert small < reported - 0.01
    assert large == pytest.approx(cost_value.limit(0.84, cost), abs=0.01)


def test_worst_first_would_be_noticed() -> None:
    found = cost_value.shares(14, 0.51, 50, spread=0.5, efforts=1.4)
    assert all(share >= 0.51 - 1e-9 for share in found), "best first never brings less than its share"


def test_overload_ends_by_refusing_early_or_by_more_people() -> None:
    crowded, choosy, more = directions.overload(FEW)
    assert mean(choosy.values["time_in_system"]) < 0.5 * mean(crowded.values["time_in_system"])
    assert mean(more.values["time_in_system"]) < 0.5 * mean(crowded.values["time_in_system"])


def test_feedback_and_requirements_work_have_an_interior_optimum() -> None:
    for points in (directions.feedback(30), directions.requirements_work(FEW)):
        gains = [mean(point.values["net_benefit"]) for point in points]
        assert max(gains) > gains[0]
        assert max(gains) > gains[-1]


def test_who_joins_late_delays_at_first_who_joins_early_does_not_and_all_of_them_cost() -> None:
    nobody, day20, _, _, day120 = directions.late_staff(30)
    late = [a - b for a, b in zip(day120.values["delay"], nobody.values["delay"], strict=True)]
    early = [a - b for a, b in zip(day20.values["delay"], nobody.values["delay"], strict=True)]
    assert mean(late) - half_width(late) > 0.0
    assert mean(early) + half_width(early) < -5.0
    for joined in (day20, day120):
        dearer = [a - b for a, b in zip(joined.values["cost"], nobody.values["cost"], strict=True)]
        assert mean(dearer) - half_width(dearer) > 0.0


def test_undiscovered_rework_makes_the_last_tenth_long() -> None:
    none, _, half = directions.last_tenth(30)
    assert mean(half.values["last_tenth"]) > 2.0 * mean(none.values["last_tenth"])
    assert mean(half.values["delay"]) > mean(none.values["delay"]) + 30.0
    assert abs(mean(half.values["believed_delay"]) - mean(none.values["believed_delay"])) < 10.0


def test_in_calm_water_the_customer_should_be_king() -> None:
    difference = directions.calm_water(30)[-1].values
    assert mean(difference["net_benefit"]) - half_width(difference["net_benefit"]) > 0
    assert mean(difference["cost"]) + half_width(difference["cost"]) < 0


def test_the_document_is_the_one_that_the_command_prints() -> None:
    """Text and tables are in step up to the numbers, which the long version compares too."""

    def bones(text: str) -> str:
        return re.sub(r"[-\d.±%]+", "0", re.sub(r"[0-9]+%? \([^)]*\)", "0", text))

    assert bones(document(3)) == bones((ROOT / "docs" / "validation.md").read_text(encoding="utf-8"))


@pytest.mark.long
def test_the_document_is_the_one_that_the_command_prints_to_the_last_digit() -> None:
    assert document(60) == (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
