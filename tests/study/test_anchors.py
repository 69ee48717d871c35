"""Accept-all and refuse-all stand in every comparison, with the same luck as all others, unless somebody says no to that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.policies import ADOPTABLE, PolicyOfParts, make
from sim.report.export import write_comparison
from sim.scenario import Scenario
from sim.study.compare import compare
from sim.study.comparison import ANCHORS
from tests.not_rigged.worlds import SMALL


def test_the_anchors_are_policies_that_a_project_can_adopt() -> None:
    assert ANCHORS == ("refuse-all", "accept-all")
    assert set(ANCHORS) <= set(ADOPTABLE)
    assert not any(make(name).is_control for name in ANCHORS)


def test_a_comparison_shows_them_last_where_they_are_not_named_and_once_where_they_are() -> None:
    assert compare(SMALL, "change-board", replications=2).names == ("change-board", *ANCHORS)
    assert compare(SMALL, ["refuse-all", "change-board"], replications=2).names == ("refuse-all", "change-board", "accept-all")
    assert compare(SMALL, ["refuse-all", "change-board"], anchors=(), replications=2).names == ("refuse-all", "change-board")


def test_the_anchors_take_no_place_of_the_reference_but_may_be_it() -> None:
    assert compare(SMALL, ["gatekeeper", "change-board"], replications=2).reference == "gatekeeper"
    assert compare(SMALL, ["gatekeeper"], reference="refuse-all", replications=2).reference == "refuse-all"
    with pytest.raises(sim.PolicyError, match="no policy to compare"):
        compare(SMALL, [], replications=2)
    with pytest.raises(sim.PolicyError, match="'refuse-all' is not among the policies compared"):
        compare(SMALL, ["gatekeeper"], reference="refuse-all", anchors=(), replications=2)


def test_somebodys_own_policy_of_that_name_stands_where_the_anchor_would() -> None:
    own = PolicyOfParts(name="refuse-all")
    assert compare(SMALL, [own], replications=2).policies == (own, make("accept-all"))


def test_with_the_anchors_or_without_them_every_other_policy_has_the_same_outcomes() -> None:
    both, alone = (compare(SMALL, ["change-board"], anchors=anchors, replications=3).frame for anchors in (ANCHORS, ()))
    kept = both[both["policy"] == "change-board"].reset_index(drop=True)
    assert kept.equals(alone.reset_index(drop=True))


def test_the_manifest_of_a_comparison_names_the_anchors(tmp_path: Path) -> None:
    found = compare(Scenario.load("classroom"), ["change-board"], replications=2)
    write_comparison(tmp_path, found, command="intakelab compare")
    told = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert [policy["name"] for policy in told["policies"]] == ["change-board", *ANCHORS]
