"""The game in the terminal: digits in, questions out, and no truth before the end."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner, Result

import sim
from sim.cli import app
from sim.game import Pause, play
from sim.report.numbers import three
from sim.report.play_text import DIGITS

SPOILERS = ("truth", "gain", "worth building", "always-accept", "change-board")


def typed(keys: str, *more: str) -> Result:
    return CliRunner().invoke(app, ["play", "classroom", *more], input=keys)


def number_of_questions() -> int:
    answers: list[str] = []
    while isinstance(play("classroom", decisions=answers), Pause):
        answers.append("no")
    return len(answers)


ALL = number_of_questions()


def test_a_piped_game_is_played_to_its_end() -> None:
    found = typed("7" * ALL)
    assert found.exit_code == 0
    run = play("classroom", decisions=["no"] * ALL)
    assert isinstance(run, sim.Run)
    assert found.output.count("Question ") == ALL
    assert f"Benefit less cost: {three(run.outcome['net_benefit'])} k€" in " ".join(found.output.split())
    assert "Next: intakelab explain classroom --seed 1 --replication 0" in found.output


def test_nothing_of_the_truth_is_said_before_the_end() -> None:
    found = typed("7" * ALL).output
    before, over, after = found.partition("It is over")
    assert over
    assert not [word for word in SPOILERS if word in before.replace("What is true, you", "")]
    assert all(word in after for word in SPOILERS)


def test_what_the_customer_says_is_never_negative() -> None:
    said = re.findall(r"The customer says: it brings (\S+) k€", typed("7" * ALL).output)
    assert len(said) == ALL
    assert min(map(float, said)) >= 0.0


def test_who_stops_can_go_on_where_he_was() -> None:
    stopped = typed("1 7\n3")
    assert stopped.exit_code == 0
    assert "The game waits at question 4." in stopped.output
    assert "Next: intakelab play classroom --seed 1 --replication 0 --answers 173" in stopped.output
    gone_on = typed("q", "--answers", "173").output
    assert "Question 4:" in gone_on
    assert "Question 3:" not in gone_on


def test_an_answer_can_be_taken_back() -> None:
    found = typed("17b1q").output
    assert re.findall(r"Question (\d+):", found) == ["1", "2", "3", "2", "3"]
    assert "--answers 11" in found


def test_a_key_that_means_nothing_is_told_and_changes_nothing() -> None:
    found = typed("x1q").output
    assert "x is no answer here; possible are 1, 2, 3, 4, 5, 6, 7, b, r, q." in found
    assert "--answers 1\n" in found


def test_the_frame_is_there_for_other_programs() -> None:
    found = typed("", "--answers", "17", "--json")
    frame = json.loads(found.output)
    assert frame["need"]["number"] == 3
    assert frame["outcome"] is None


@pytest.mark.parametrize(("more", "words"), [
    (["--answers", "18"], "number 2 is '8'; digits from 1 to 7"), (["--answers", "7" * 60], "no request waits for an answer"),
    (["--like", "clairvoyant"], "is a control"), (["--like", "co-evaluatd"], "did you mean co-evaluated")])
def test_what_cannot_be_played_is_told(more: list[str], words: str) -> None:
    found = typed("", *more)
    assert words in str(found.exception)


def test_each_digit_is_one_answer_and_always_the_same() -> None:
    assert list(DIGITS) == list("1234567")
