"""docs/not-rigged.md: its command works, its removals remove what they say, and a place is not confirmed by what it was picked for."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sim.policies.catalogue import ADOPTABLE, make
from sim.runs.simulate import simulate
from sim.scenario import Scenario
from validation.not_rigged import against_anchors, vanishing, what_carries, where_each_wins
from validation.not_rigged.__main__ import main
from validation.not_rigged.size import FULL, ORDINARY
from validation.not_rigged.worlds import settings

PAGE = Path(__file__).parents[2] / "docs" / "not-rigged.md"


def test_one_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "look.md"
    monkeypatch.setattr("sys.argv", ["not_rigged", "--quick", "--workers", "1", str(out)])
    main()
    text = out.read_text(encoding="utf-8")
    assert "python -m validation.not_rigged --quick docs/not-rigged.md" in text, "it says how it was made"
    assert "A quick look" in text
    assert "nan" not in text
    assert "{" not in text
    for name in (*ADOPTABLE, "placebo", "clairvoyant"):
        assert re.search(rf"^\| {name} ", text, re.MULTILINE), name
    for removal in vanishing.REMOVALS:
        assert removal.name in text
    assert len(re.findall(r"^- [a-z-]+: `intakelab compare classroom", text, re.MULTILINE)) == len(ADOPTABLE)


def test_the_page_that_is_published_was_made_at_full_size_of_every_ordinary_scenario() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "A quick look" not in text
    assert f"{FULL.tables} replications of a project" in text
    assert [name for name in ORDINARY if f"### {name}\n" not in text] == []


def removed(name: str) -> Scenario:
    """ai-project without that reason."""
    scenario = Scenario.load("ai-project")
    [removal] = [one for one in (*vanishing.REMOVALS, vanishing.ALL) if one.name == name]
    return scenario.with_values(removal.changes(scenario))


def test_where_nobody_learns_understanding_stays_what_it_was_at_the_start() -> None:
    before, after = Scenario.load("ai-project").understanding, removed("nobody learns").understanding
    assert after.start == before.start
    assert not any(value for name, value in after if name != "start")


def test_where_judges_are_alike_they_see_as_well_as_each_other() -> None:
    of = removed("judges alike").evaluation
    assert of.customer_need_quality == of.expert_need_quality
    assert of.customer_fit_quality == of.expert_fit_quality


def test_where_judging_is_free_it_takes_nobodys_time() -> None:
    paid, free = (simulate(scenario, "co-evaluated").outcome for scenario in (Scenario.load("ai-project"), removed("judging free")))
    assert free["evaluation_cost"] == 0.0 < paid["evaluation_cost"]


@pytest.mark.parametrize("name", vanishing.POLICIES)
def test_where_there_is_one_queue_every_policy_has_the_houses(name: str) -> None:
    made = vanishing.ALL.policy(make(name))
    assert (made.queue, made.promise, made.name) == (None, None, name)


def test_the_best_place_is_where_it_is_furthest_ahead_of_the_best_of_the_others() -> None:
    values = {"mine": np.array([[1.0, 2.0, 3.0], [5.0, 6.0, 7.0], [9.0, 9.5, 9.0]]),
              "poor": np.array([[0.0, 0.1, 0.2], [0.3, 0.1, 0.2], [0.0, 0.3, 0.2]]),
              "good": np.array([[0.0, 1.3, 2.1], [1.0, 2.2, 3.0], [9.1, 9.9, 9.3]])}
    assert where_each_wins.best_places(values, "mine")[0] == 1, "in the third world it is furthest ahead of the poor one only"


def test_a_place_is_picked_with_other_luck_than_it_is_confirmed_with() -> None:
    assert len({against_anchors.SEED, where_each_wins.LOOK, where_each_wins.AGAIN, where_each_wins.CONFIRM}) == 4
    assert what_carries.LOOK != what_carries.AGAIN


def test_every_place_can_be_typed_and_no_place_is_searched_twice() -> None:
    places = where_each_wins.places(FULL)
    assert len({place.command(9) for place in places}) == len(places)
    for place in places:
        place.scenario()
    assert settings({"evaluation.charged": 0.0, "customer.value": 1.25}) == "--set evaluation.charged=0 --set customer.value=1.25"


def test_the_first_move_is_none_and_every_other_one_is_one() -> None:
    scenario = Scenario.load("classroom")
    base, *moved = what_carries.moves(scenario)
    assert base.world == scenario
    assert all(move.world != scenario for move in moved)
    assert len({move.world.digest() for move in moved}) == len(moved), "no world is tried twice"


def test_a_small_but_certain_move_is_looked_at_again_beside_the_large_ones() -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(0.0, 1.0, 10)
    large = [base + rng.normal(20.0 + at, 40.0, 10) for at in range(12)]
    sure = base + 2.0 + rng.normal(0.0, 0.01, 10)
    found = what_carries.widest(np.array([base, *large, sure]))
    assert len(found) == what_carries.SHORT_LIST
    assert 13 in found
