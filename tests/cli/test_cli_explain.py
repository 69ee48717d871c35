"""What explain tells of the end of a project, and what it leaves out of the truth when asked to."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.runs.simulate import simulate

TRUTHS = ("In truth", "ambiguity", "novelty", "worth building", " lost", "rightly", "benefit 1", "net ")


def explained(*more: str) -> str:
    found = CliRunner().invoke(app, ["explain", "classroom", "--replication", "3", *more], env={"COLUMNS": "200"})
    assert found.exit_code == 0, found.exception
    return found.output


def test_the_truth_is_told_unless_it_is_to_be_hidden() -> None:
    told, hidden = explained(), explained("--hide-truth")
    assert [word for word in TRUTHS if word not in told] == []
    assert [word for word in TRUTHS if word in hidden] == []


def test_no_benefit_of_a_request_is_told_when_the_truth_is_hidden() -> None:
    fates = re.findall(r"=> [^|\n]*", explained("--hide-truth"))
    assert len(fates) > 20
    assert not [fate for fate in fates if "€" in fate]


def test_what_was_seen_and_answered_stays() -> None:
    seen = r"day \d+\.\d, seen: stated \S+ k€/pd, nobody judged"
    assert re.findall(seen, explained("--hide-truth")) == re.findall(seen, explained()) != []


def test_the_end_of_the_project_is_that_of_the_run() -> None:
    run = simulate("classroom", "always-accept", replication=3)
    told = explained("--policy", "always-accept")
    assert f"plan finished on day {run.ledger.planned_finish:.1f}, {run.outcome['delay']:.2f} days after the deadline" in told
    assert f"ended on day {run.ledger.end:.1f}" in told
    assert f"cost {run.outcome['cost']:.1f} k€ of 60" in told


@pytest.mark.parametrize("more", [(), ("--policy", "co-evaluated")])
def test_whose_log_is_the_truth_has_no_log_without_it(more: tuple[str, ...]) -> None:
    found = CliRunner().invoke(app, ["explain", "classroom", "--hide-truth", "--policy", "clairvoyant", *more])
    assert "clairvoyant sees the truth" in str(found.exception)


def test_a_project_that_is_cut_off_is_called_so() -> None:
    told = explained("--set", "project.horizon=20", "--set", "project.deadline=10", "--policy", "always-accept")
    assert "cut off on day 20.0, not finished" in told
    assert "plan never finished" in told
