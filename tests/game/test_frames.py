"""A frame says what everybody in the room can see, and nothing of the truth."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import IntakeLabError
from sim.game import ANSWERS, MOST, Frame, Game, Human, NeedDecision, Pause, Seat, play, playing, run_game
from sim.model.draw import Draw
from sim.runs.simulate import draw
from sim.scenario import Scenario

CLASSROOM = Scenario.load("classroom")
BLIND = CLASSROOM.with_values({f"evaluation.{who}_{what}_quality": 0.0 for who in ("customer", "expert") for what in ("need", "fit")}
                              | {"evaluation.ai_gain": 0.0})
"""Nobody sees anything of the truth in what he judges."""
SIGNALS = ("estimate", "glance", "stated_urgency", "lot", "number", "group", "position", "day", "mandatory")
share = st.floats(0.0, 1.0)
hidden = st.fixed_dictionaries({
    "worth": st.floats(-5.0, 5.0), "novelty": share, "ambiguity": share, "flexibility": share, "core_share": share,
    "urgency": st.floats(0.0, 0.1), "effort": st.floats(0.1, 20.0)})
unseen = st.fixed_dictionaries({"need": st.floats(-3.0, 3.0), "fit": st.floats(-3.0, 3.0), "merit": st.floats(-3.0, 3.0)})
later = st.lists(st.just("next-session"), max_size=8)


def with_truth(luck: Draw, truth: dict[str, Any]) -> Draw:
    """The same luck, with another truth of all requests and the same signals."""
    assert not set(truth) & set(SIGNALS)
    occasions = tuple(
        tuple(occasion._replace(requests=tuple(request._replace(**truth) for request in occasion.requests)) for occasion in group)
        for group in luck.truth.occasions)
    return luck._replace(truth=luck.truth._replace(occasions=occasions))


def frame(scenario: Scenario, replication: int, answers: list[str], truth: dict[str, Any] | None = None) -> str:
    game = Game(replication=replication, decisions=tuple(answers))

    def other(project: Scenario, seed: int, at: int) -> Draw:
        return with_truth(draw(project, seed, at), truth or {})

    with patch.object(playing, "draw", other):
        return run_game(game, scenario).to_json()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20), later, hidden)
def test_no_byte_of_a_frame_hangs_on_hidden_truth(replication: int, answers: list[str], truth: dict[str, Any]) -> None:
    assert frame(CLASSROOM, replication, answers, truth) == frame(CLASSROOM, replication, answers)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20), later, hidden, unseen)
def test_where_judges_see_nothing_no_byte_hangs_on_need_and_fit(
    replication: int, answers: list[str], truth: dict[str, Any], more: dict[str, Any]
) -> None:
    assert frame(BLIND, replication, answers, {**truth, **more}) == frame(BLIND, replication, answers)


def test_where_they_see_something_the_frame_hangs_on_it() -> None:
    """Otherwise the tests above could not fail."""
    assert frame(CLASSROOM, 0, [], {"need": 2.0}) != frame(CLASSROOM, 0, [])
    assert frame(CLASSROOM, 0, [], {"fit": 1.0}) != frame(CLASSROOM, 0, [])


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, list) else [value]


def test_no_truth_of_a_request_is_a_number_of_any_frame_of_a_game() -> None:
    luck = draw(CLASSROOM, 1, 3)
    truths = {getattr(request, name) for group in luck.truth.occasions for occasion in group for request in occasion.requests
              for name in ("effort", "need", "fit", "merit", "worth", "benefit", "ambiguity", "novelty", "flexibility", "core_share")}
    answers: list[str] = []
    while (now := run_game(Game(replication=3, decisions=tuple(answers)), CLASSROOM)).need is not None:
        shown = {leaf for leaf in leaves(json.loads(now.to_json())) if isinstance(leaf, float)}
        assert not (shown & truths) - {0.0, 1.0}
        answers.append("yes")
    assert len(answers) > 5


def test_requests_are_numbered_as_they_appear() -> None:
    seen = play(CLASSROOM, seed=1, replication=0, decisions=["no"] * 6)
    assert isinstance(seen, Pause)
    assert [row.number for row in seen.room.requests] == list(range(1, len(seen.room.requests) + 1))
    days = [row.arrived for row in seen.room.requests]
    assert days == sorted(days)
    need = playing.frame_of(seen, CLASSROOM).need
    assert need is not None
    asked = seen.room.requests[need["number"] - 1]
    assert (asked.arrived, asked.state) == (need["arrived"], "waiting")
    assert seen.estimate.number != need["number"], "the ledger counts otherwise"


@given(st.integers(0, 2**40), st.integers(0, 1000), st.lists(st.sampled_from(sorted(ANSWERS)) | st.sampled_from(list(ANSWERS.values()))))
def test_a_game_survives_json(seed: int, replication: int, decisions: list[Any]) -> None:
    game = Game("classroom", seed, replication, {"team.switch_cost": 0.0}, "change-board", tuple(decisions))
    assert Game.from_json(game.to_json()) == game


@pytest.mark.parametrize("text", ["", "[]", "3", '{"seed": "x"}', '{"seed": true}', '{"who": 1}', '{"decisions": [3]}', '{"decisions": 3}',
                                  '{"decisions": [{"answer": "accept"}]}', '{"overrides": []}', "[" * 100_000])
def test_what_is_no_game_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(IntakeLabError, match="no game"):
        Game.from_json(text)


def test_the_last_frame_has_all_measures_and_no_number_that_json_has_not() -> None:
    found = _ended_by("no")
    told = json.loads(found.to_json())
    assert set(told["outcome"]) == set(sim.METRICS)
    assert told["need"] is None
    assert found.outcome is not None
    assert told["lines"]["cost"][-1][1] == pytest.approx(found.outcome["cost"], abs=1e-9), "nobody pays for an AI aid here"
    assert {row["state"] for row in told["requests"]} <= {"delivered", "given up", "in work", "refused", "gone", "waiting"}


def _ended_by(answer: str) -> Frame:
    answers: list[str] = []
    while (now := run_game(Game(decisions=tuple(answers)), CLASSROOM)).need is not None:
        answers.append(answer)
    return now


def test_scope_is_the_plan_and_what_was_agreed_to_as_it_was_estimated() -> None:
    seen = play(CLASSROOM, replication=3, decisions=["yes", "no", "yes", "yes"])
    assert isinstance(seen, Pause)
    agreed = [row.effort for row in seen.room.requests if row.effort and row.answers[-1].answer == "accept"]
    planned = CLASSROOM.project.planned_items * CLASSROOM.project.planned_effort
    assert len(agreed) == 3
    assert seen.room.lines.scope[0] == (0.0, planned)
    assert seen.room.lines.scope[-1] == (seen.day, pytest.approx(planned + sum(agreed)))
    assert seen.room.lines.done[-1][1] / planned == pytest.approx(seen.project.planned_done, abs=sum(agreed) / planned)


def test_a_game_ends_after_forty_answers_whatever_is_said() -> None:
    answers: list[str] = []
    while (now := run_game(Game(decisions=tuple(answers)), CLASSROOM)).need is not None:
        answers.append(now.need["legal"][-1] if "next-session" not in now.need["legal"] else "next-session")
    assert len(answers) <= MOST


def test_once_the_plan_is_done_there_is_yes_and_no_only() -> None:
    seat = Seat(CLASSROOM)
    seen = seat.reset()
    while isinstance(seen, Pause) and seen.project.planned_done < 1.0:
        seen = seat.step("after-plan")
    assert seat.legal == ("yes", "no")
    with pytest.raises(IntakeLabError, match="possible here: yes, no"):
        seat.step("after-plan")


def test_an_answer_that_was_taken_back_was_never_given() -> None:
    seat = Seat(CLASSROOM)
    first = seat.reset(seed=2, replication=1)
    second = seat.step("yes")
    assert seat.back() == first
    assert seat.back() == first
    seat.step("no")
    seat.back()
    assert seat.step("yes") == second


@pytest.mark.parametrize(("answers", "words"), [
    (["yess"], "answer 1, 'yess', cannot be given; did you mean yes?"), (["yes", "zzz"], "answer 2, 'zzz'"),
    ([3], "'int', cannot be given"), (["no"] * 41, "41 answers were given, and only")])
def test_what_cannot_be_answered_is_told(answers: list[Any], words: str) -> None:
    with pytest.raises(IntakeLabError, match=words):
        play(CLASSROOM, decisions=answers, most=MOST)


@pytest.mark.parametrize("control", ["clairvoyant", "placebo"])
def test_nobody_sits_in_the_seat_of_a_control(control: str) -> None:
    with pytest.raises(IntakeLabError, match="is a control"):
        play(CLASSROOM, control)


def test_what_else_happens_at_that_moment_waits_for_the_answer() -> None:
    """SimPy lets other events of the same moment happen before a process's exception comes out."""
    first, other = play(CLASSROOM), play(CLASSROOM, decisions=["no"])
    assert isinstance(first, Pause)
    assert isinstance(other, Pause)
    human = Human()
    for seen in (first, other):
        with pytest.raises(NeedDecision) as need:
            human.decide(seen.estimate, seen.project)
        assert need.value.args[0] == first.estimate
        assert type(need.value)(*need.value.args).args == need.value.args, "SimPy makes it anew from its args"
