"""The command play: the game as text. Parses, reads answers, prints; decides nothing."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import JsonFlag, ScenarioName, Seed, Settings, policies_of, repeated, scenario_of
from sim.cli.output import show, show_json, width
from sim.errors import IntakeLabError
from sim.runs.limits import MOST_REPLICATIONS

if TYPE_CHECKING:
    from sim.game import Seat

RIVALS = ("always-accept", "change-board", "co-evaluated")
EXAMPLES = """\b
Examples
  intakelab play classroom
  intakelab play classroom --replication 3 --answers 1771
  intakelab play classroom --answers 17 --json        the frame after two answers, for other programs
"""
commands = typer.Typer()


@commands.command(epilog=EXAMPLES)
def play(
    scenario: ScenarioName = "classroom",
    like: Annotated[str, typer.Option(metavar="POLICY", help="Who is asked and when is as under this policy.")] = "co-evaluated",
    replication: Annotated[int, typer.Option("--replication", "-r", min=0, max=MOST_REPLICATIONS, help="Which life.")] = 0,
    answers: Annotated[str, typer.Option(metavar="DIGITS", help="Answers that are given already.")] = "",
    seed: Seed = 1,
    set_: Settings = None,
    details: Annotated[bool, typer.Option("--details", help="At the end: the truth about every request.")] = False,
    json_: JsonFlag = False,
) -> None:
    """Answer the requests yourself, one by one, and see at the end what was true.

    Each answer is a digit. Answers may also be piped in.
    """
    from sim.game import Seat
    from sim.report.play_text import DIGITS

    project = scenario_of(scenario, set_)
    policy = (policies_of([like]) or [])[0]
    seat = Seat(project, policy)
    seat.reset(seed, replication)
    for at, digit in enumerate(answers, start=1):
        if digit not in DIGITS:
            raise IntakeLabError(f"--answers: number {at} is {digit!r}; digits from 1 to {len(DIGITS)} are needed")
        seat.step(DIGITS[digit])
    if json_:
        show_json(json.loads(seat.frame.to_json()))
        return
    typed = ["intakelab", "play", scenario, *(["--like", like] if like != "co-evaluated" else []), *repeated("--set", set_),
             "--seed", str(seed), "--replication", str(replication)]
    finished = _play(seat)
    again = shlex.join([*typed, "--answers", _digits(seat)]) if seat.answers else shlex.join(typed)
    if finished:
        _show_end(seat, details)
        given = [scenario, *repeated("--set", set_), "--seed", str(seed), "--replication", str(replication)]
        told = shlex.join(["intakelab", "explain", *given, "--policy", "always-accept", "--policy", "co-evaluated"])
        show(f"\nThe same game again: {again}\nNext: {told}")
    else:
        show(f"\nThe game waits at question {len(seat.answers) + 1}.\nNext: {again}")


def _play(seat: Seat) -> bool:
    """Ask until the project has ended, or nobody answers any more; whether it has ended."""
    from sim.game import Pause
    from sim.report.play_text import BACK, DIGITS, LABELS, LIST, QUIT, opening, question, table

    show(opening(seat.scenario, width()))
    said = _said()
    before = seat.frame.requests
    while isinstance(pause := seat.now, Pause):
        frame = seat.frame
        show("\n" + question(pause, frame, before, width()))
        while True:
            word = next(said, QUIT)
            if word == QUIT:
                return False
            if word == BACK:
                seat.back()
                before = seat.frame.requests
                break
            if word == LIST:
                show(table(frame.requests, width()))
            elif (answer := DIGITS.get(word)) in pause.legal:
                show(f"> {LABELS[str(answer)]}")
                before = frame.requests
                seat.step(str(answer))
                break
            else:
                possible = [digit for digit, name in DIGITS.items() if name in pause.legal]
                show(f"{word} is no answer here; possible are {', '.join([*possible, BACK, LIST, QUIT])}.")
    return True


def _said() -> Iterator[str]:
    """What is typed, letter by letter; a prompt where somebody sits there."""
    while True:
        if sys.stdin.isatty():
            print("> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield from line.replace(" ", "").strip().lower()


def _digits(seat: Seat) -> str:
    from sim.report.play_text import DIGITS

    by_name = {name: digit for digit, name in DIGITS.items()}
    return "".join(by_name[str(answer)] for answer in seat.answers)


def _show_end(seat: Seat, details: bool) -> None:
    from sim.report.play_text import ending
    from sim.runs.simulate import simulate

    rivals = [simulate(seat.scenario, rival, seed=seat.seed, replication=seat.replication) for rival in RIVALS]
    if len(seat.answers) == seat.most:
        show(f"\n{seat.most} answers are all that are asked for; the rest was answered as {seat.finished.policy.name} does.")
    show("\n" + ending([seat.finished, *rivals], ["you", *RIVALS], width(), details))
