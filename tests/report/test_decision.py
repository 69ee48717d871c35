"""The box at the top of the page says what the report of the tuning says, and nothing stronger than its intervals."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sim.decide.spending import LEAST, SIZES, spending_for
from sim.policies.catalogue import ADOPTABLE, make
from sim.report.about_log import about_of, warnings_in
from sim.report.decision_text import box, curve, monday, policy_in_words, traced
from sim.report.gathered import Evidence, gather
from sim.report.page import render
from sim.scenario import Scenario
from sim.stats.means import Interval


@pytest.fixture(scope="module")
def decided() -> Evidence:
    scenario = Scenario.load("ai-project")
    return gather(scenario, [make("co-evaluated"), make("change-board")], replications=20, per_end=4, tuning=LEAST,
                  about=about_of("ai-project", scenario, 1))


def line(evidence: Evidence, head: str) -> str:
    return next((one.text for one in box(evidence) if one.head == head), "")


def test_the_box_answers_five_questions(decided):
    assert [one.head for one in box(decided)] == ["DO", "BRINGS", "SURE", "UNLESS", "FIRST", "NOT"]


def test_money_in_the_box_stands_in_the_table_beside_it(decided):
    cells = " ".join(cell for row in traced(decided).rows for cell in row)
    numbers = re.findall(r"-?\d+(?:\.\d+)? k€", line(decided, "BRINGS"))
    assert len(numbers) >= 3
    assert all(number in cells for number in numbers)


def test_of_a_difference_that_leaves_zero_in_it_is_said_that_none_is_told(decided):
    tuned = decided.tuned
    wide = tuple(replace(gain, interval=Interval(30, 5.0, -10.0, 20.0)) for gain in tuned.gains)
    unsure = replace(decided, tuned=replace(tuned, gains=wide))
    assert "no difference is told" in line(unsure, "BRINGS")
    assert "not told apart from this" in line(unsure, "NOT")


def test_an_anchor_that_is_better_is_said_to_be(decided):
    tuned = decided.tuned
    worse = tuple(replace(gain, interval=Interval(30, -15.0, -20.0, -10.0)) if gain.over == "refuse-all" else gain for gain in tuned.gains)
    said = line(replace(decided, tuned=replace(tuned, gains=worse)), "NOT")
    assert "Refusing everything would bring 15.0 k€ MORE" in said


def test_nothing_better_than_today_is_an_answer(decided):
    tuned = decided.tuned
    same = replace(tuned, policy=make(tuned.reference), gains=tuple(gain for gain in tuned.gains if gain.over != tuned.reference))
    assert line(replace(decided, tuned=same), "DO").startswith("Go on as you do")


@pytest.mark.parametrize("name", ADOPTABLE)
def test_no_policy_is_told_with_a_name_in_place_of_its_value(name):
    told = policy_in_words(make(name))
    assert "`" not in told
    assert told.endswith(".")


def test_settings_that_are_not_as_usual_are_told():
    assert "places" in policy_in_words(make("value-ranked:k=40"))
    assert "40" in policy_in_words(make("value-ranked:k=40"))
    assert "trusted only as far" in policy_in_words(make("co-evaluated:reading=calibrated"))


def test_monday_says_who_meets_and_when_to_look_again(decided):
    lines = monday(decided)
    assert len(lines) == 5
    assert lines[-1].startswith("Look again after 13 weeks")


def test_the_page_of_a_tuned_policy_names_what_was_spent(decided):
    page = render(decided)
    assert "to search, choose and report settings" in page
    assert 'id="monday"' in page
    assert "no date can be told" in page
    assert curve(decided) is None or 'id="curve"' in page


def test_a_smaller_budget_is_a_smaller_search():
    scenario = Scenario.load("classroom")
    sizes = [spending_for(scenario, seconds, 2) for seconds in (0.5, 10_000.0)]
    assert [size.tuning for size in sizes] == ["least", "whole"]
    assert sizes[0].replications < sizes[1].replications
    assert set(SIZES) == {"whole", "quick", "least"}


def test_warnings_of_a_fit_reach_the_page(decided):
    assert warnings_in("# Beware: one\n#  and more\n# Beware: two\nname = 'x'") == ("one  and more", "two")
    warned = replace(decided, about=replace(decided.about, warnings=("the rate <drifts>",)))
    assert "the rate &lt;drifts&gt;" in render(warned)
