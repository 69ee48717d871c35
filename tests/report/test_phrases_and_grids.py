"""Words and tables that all texts share: nothing is lost, nothing is wider than it may be, and no word contradicts its number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.outcome import METRICS
from sim.report.describe import describe_scenario
from sim.report.grid import GAP, Column, fitting, lines, width_of
from sim.report.measure_names import in_words, label, plainly
from sim.report.phrases import changed, done, filled, listed, signed, some
from sim.report.typical import room
from sim.runs.simulate import simulate
from sim.scenario import Scenario
from sim.stats.means import Interval

WORD = st.text("abc-", min_size=1, max_size=12)
CELL = st.tuples(WORD, st.sampled_from(["", "±3", "±100"]), st.sampled_from(["", "▲"]))


@st.composite
def tables(draw: st.DrawFn) -> list[Column]:
    rows = draw(st.integers(1, 5))
    heads = draw(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=6))
    return [Column(head, draw(st.lists(CELL, min_size=rows, max_size=rows)), "><<") for head in heads]


@given(tables())
def test_every_cell_of_a_table_stands_below_its_heading(columns: list[Column]) -> None:
    made = lines(columns)
    assert max(map(len, made)) <= width_of(columns)
    at = 0
    for column in columns:
        wide = width_of([column])
        texts = [line[at : at + wide].rstrip() for line in made]
        assert texts == [*column.head, *(cell.rstrip() for cell in column.cells())]
        at += wide + len(GAP)


@given(tables(), st.integers(1, 120), st.integers(1, 3))
def test_a_table_has_as_many_columns_as_fit_and_no_more(columns: list[Column], width: int, at_least: int) -> None:
    taken = fitting(columns, width, at_least)
    assert taken == columns[: len(taken)]
    assert len(taken) >= min(at_least, len(columns))
    assert width_of(taken) <= width or len(taken) <= at_least
    more = columns[: len(taken) + 1]
    assert len(taken) == len(columns) or width_of(more) > width


def test_a_part_that_is_empty_everywhere_takes_no_room() -> None:
    assert Column(("a",), [("1", "", "▲"), ("10", "", "")], "><<").cells() == [" 1 ▲", "10  "]


@given(st.lists(WORD, min_size=1, max_size=9, unique=True))
def test_a_list_names_all_or_says_how_many_more_there_are(words: list[str]) -> None:
    assert listed(words).replace(" and ", ", ").split(", ") == words
    told = some(words)
    if told != listed(words):
        first, _, more = told.removesuffix(" more").rpartition(" and ")
        assert len(first.split(", ")) + int(more) == len(words)


@given(st.lists(WORD, min_size=1, max_size=30), st.integers(1, 90))
def test_lines_are_as_wide_as_asked_and_names_stay_whole(words: list[str], width: int) -> None:
    made = filled(" ".join(words), width, "  - ", "    ")
    assert made.split() == ["-", *words]
    assert max(map(len, made.splitlines())) <= max(width, 40)


REAL = st.floats(0.5, 1e4).flatmap(lambda mean: st.tuples(st.just(mean), st.floats(0.01, 0.99), st.sampled_from([-1.0, 1.0])))


@pytest.mark.parametrize("metric", list(METRICS))
@given(real=REAL)
def test_what_is_said_of_a_difference_has_its_direction_and_both_ends(metric: str, real: tuple[float, float, float]) -> None:
    mean, share, sign = real
    low, high = sorted((sign * mean * (1.0 - share), sign * mean * (1.0 + share)))
    gap = Interval(30, sign * mean, low, high)
    base = Interval(30, 0.0, -1.0, 1.0)  # may be nothing: no per cent of it
    said, size = done(metric, gap, base), changed(metric, gap)
    assert " to " in said.rpartition("(")[2]
    assert "-" not in said.rpartition("(")[2]
    mirrored = done(metric, Interval(30, -sign * mean, -high, -low), base)
    assert said != mirrored
    assert said.rpartition("(")[2] == mirrored.rpartition("(")[2]
    assert (" less " in size) == (sign < 0.0)
    assert signed(gap, METRICS[metric].unit)[0].startswith("+" if sign > 0.0 else "-")


@pytest.mark.parametrize(("base", "gap", "said"), [
    (Interval(30, 100.0, 90.0, 110.0), Interval(30, 38.0, 12.0, 64.0), "costs 38% more (12 to 64)"),
    (Interval(30, 100.0, 40.0, 160.0), Interval(30, 38.0, 12.0, 64.0), "costs 38 k€ more (12 to 64)"),
    (Interval(30, 100.0, 90.0, 110.0), Interval(30, -90.0, -150.0, -30.0), "costs 90 k€ less (30 to 150)"),
])
def test_per_cent_are_told_only_of_what_is_surely_something_and_not_of_more_than_the_whole(
    base: Interval, gap: Interval, said: str
) -> None:
    assert done("cost", gap, base) == said


@pytest.mark.parametrize("metric", list(METRICS))
def test_a_difference_is_better_on_exactly_one_side_or_on_none(metric: str) -> None:
    words = {METRICS[metric].word(lower=True), METRICS[metric].word(lower=False)}
    assert words == ({"better", "worse"} if METRICS[metric].better else {"less", "more"})


def test_names_of_a_measure_of_ones_own_are_its_key() -> None:
    assert label("my_own") == in_words("my_own") == plainly("my_own") == "my own"


def test_people_who_join_and_leave_are_told_and_counted_while_they_are_there() -> None:
    """Four people; two join on day 30 and one leaves on day 90 of the 120 until the deadline: 480 + 180 - 30 person-days."""
    scenario = Scenario().with_values({"team.roles.developer.joins": [[30, 2]], "team.roles.developer.leaves": [[90, 1]]})
    assert "480 pd of plan for 630 pd of people" in describe_scenario(scenario)
    assert "4 people (2 more join, 1 leave)" in describe_scenario(scenario)
    assert "4 people;" in describe_scenario(Scenario())
    run = simulate(scenario, "refuse-all")
    assert (room(run, 0.0, 120.0), room(run, 90.0, 120.0)) == (630.0, 150.0)
