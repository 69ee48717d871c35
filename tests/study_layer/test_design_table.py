"""A design from a CSV file: what it says is what is run, and what is wrong is named by row and column."""

from __future__ import annotations

import pytest

from sim import Scenario
from sim.design.design_table import table
from sim.design.point import DesignPoint
from sim.errors import StudyError

SCENARIOS = {"one": Scenario(name="one"), "two": Scenario(name="two")}


@pytest.fixture
def read():
    def of(text: str) -> tuple[DesignPoint, ...]:
        return table("my-points.csv", text, SCENARIOS)

    return of


def test_each_row_is_a_point_in_every_scenario(read):
    points = read("request_rate,customer.drift\n0.4,0.01\n0.8,\n")
    assert [(point.number, point.scenario, point.values) for point in points] == [
        (0, "one", (("customer.request_rate", 0.4), ("customer.drift", 0.01))),
        (1, "two", (("customer.request_rate", 0.4), ("customer.drift", 0.01))),
        (2, "one", (("customer.request_rate", 0.8),)),
        (3, "two", (("customer.request_rate", 0.8),)),
    ]


def test_a_row_may_name_its_scenario_its_policies_and_itself(read):
    text = "label,scenario,policies,policy.change-board.days\ncalm,two,change-board; always-accept,20\n\n,one,,\n"
    assert read(text) == (
        DesignPoint(0, "two", (("policy.change-board.days", 20),), ("change-board", "always-accept"), "calm"),
        DesignPoint(1, "one", (), None, "base"),
    )


def test_cells_are_toml_so_that_whole_numbers_texts_and_lists_are_what_they_look_like(read):
    [point, _] = read('planned_items,adoption.before,customer.profile\n7,gatekeeper,"[[20, 2.0]]"\n')
    assert dict(point.values) == {"project.planned_items": 7, "adoption.before": "gatekeeper", "customer.profile": [[20, 2.0]]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("request_rate\n0.4\noften\n", "my-points.csv, row 3, column request_rate: customer.request_rate"),
        ("drift,request_rate\n0.1,0.4\n0.1,51\n", "row 3, column request_rate: "),
        ("request_rate,drift\n0.1,0.4\n0.1,2\n", "row 3, column drift: "),
        ("apetite\n1\n", "my-points.csv, row 1, column apetite: is not known; did you mean appetite?"),
        ("customer.apetite\n1\n", "row 2, column customer.apetite: customer.apetite"),
        ("customer_hours\n1\n", "column customer_hours: could be evaluation.customer_hours or review.customer_hours"),
        ("drift,customer.drift\n1,1\n", "row 1: two columns say customer.drift"),
        ("drift,request_rate\n0.1\n", "row 2: 1 cells, but the header has 2 columns"),
        ("drift,scenario\n0.1,three\n", "row 2, column scenario: three is not one of one, two"),
        ("drift\n", "no row under the header"),
        ("", "row 1 must name the columns"),
        ("drift,,\n1,2,3\n", "row 1, column 2: has no name"),
        ("deadline\n900\n", "row 2, column deadline: "),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(read, text, said):
    with pytest.raises(StudyError) as caught:
        read(text)
    assert said in str(caught.value)


SECRETS = ["root:x:0:0:root:/root:/bin/bash", "127.0.0.1 localhost", "swordfish", "export TOKEN=hunter2", "a.b.c", "%s" * 99]


@pytest.mark.parametrize("line", SECRETS)
def test_a_file_that_is_none_of_ours_is_not_repeated(read, line):
    """Whoever names a file of somebody else in an experiment learns nothing of what stands in it."""
    with pytest.raises(StudyError, match=r"my-points\.csv, row 1, column 1: is not called like a key") as caught:
        read(f"{line}\n{line}\n")
    assert line not in str(caught.value)
