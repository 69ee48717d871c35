"""The game in words: what is known, what is asked, and in the end the truth beside what policies did on the same luck."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.game.legal import ANSWERS
from sim.game.reveal import Truth, reveal
from sim.report.numbers import three
from sim.report.phrases import filled, listed, plural, times

if TYPE_CHECKING:
    from sim.game.game import Frame, Pause
    from sim.game.room import Row
    from sim.runs.simulate import Run
    from sim.scenario import Scenario

LABELS = {
    "yes": "yes", "core": "the core only", "another-way": "another way", "prototype": "prototype first",
    "next-session": "next session", "after-plan": "after the plan", "no": "no"}
DIGITS = {str(digit): answer for digit, answer in enumerate(ANSWERS, start=1)}
BACK, LIST, QUIT = "b", "r", "q"
MOST_ROWS = 10
MEASURES = (  # of the end: name for a layperson, measure, factor
    ("days late", "delay", 1.0), ("cost, k€", "cost", 1.0), ("benefit, k€", "benefit", 1.0),
    ("benefit less cost, k€", "net_benefit", 1.0), ("satisfaction, of 100", "satisfaction_end", 100.0))


def opening(scenario: Scenario, width: int) -> str:
    """Where the player sits, before the first question."""
    project = scenario.project
    plan = f" {project.planned_items} planned items" if project.planned_items else " No plan: requests are the work"
    due = f" for day {three(project.deadline)}" if project.planned_items and project.deadline else ""
    money = f", {three(project.budget)} k€" if project.budget else ""
    return filled(
        f"{scenario.title or scenario.name}.{plan}{due}{money}. You answer what customers ask for; people are asked, and work is "
        "done, as in a project that judges requests together. What is true, you will see at the end.", width)


def question(pause: Pause, frame: Frame, before: Sequence[Row], width: int) -> str:
    """What is known, what happened since the last question, and what is asked."""
    lines = [filled(line, width) for line in (_today(pause, frame), *_news(before, frame.requests)) if line]
    lines += ["", *(filled(line, width, hanging="  ") for line in _request(pause, frame)), "", _choices(pause, width)]
    return "\n".join(lines)


def table(rows: Sequence[Row], width: int) -> str:
    """The requests so far, one a line."""
    return "\n".join(filled(f"#{row.number}: {_story(row)}", width, hanging="    ") for row in rows) or "No request so far."


def ending(runs: Sequence[Run], names: Sequence[str], width: int, details: bool) -> str:
    """How it ended, beside policies on the same luck, and the truth about the requests."""
    truths = reveal(runs)
    good = [truth for truth in truths if truth.worthy and truth.answers[0]]
    bad = [truth for truth in truths if not truth.worthy and truth.answers[0]]
    verdict = (f"In truth {len(good)} of your {len(good) + len(bad)} requests were worth building; of these you took "
               f"{_taken(good)}, of the others {_taken(bad)}.")
    caution = "The same customers and the same luck for all; this is one life of the project, and another may end otherwise."
    return "\n".join([
        filled(_how_it_ended(runs, names), width), "", *_compared(runs, names), "", filled(verdict, width), "",
        *_truths(truths, names, width, None if details else MOST_ROWS), "", filled(caution, width)])


# --- before the end ---


def _today(pause: Pause, frame: Frame) -> str:
    of = f" of {three(frame.deadline)}" if frame.deadline else ""
    done = f", {100.0 * pause.project.planned_done:.0f}% of the plan done" if pause.project.planned_effort else ""
    paid = frame.lines.cost[-1][1]
    money = f"{three(paid)} of {three(frame.budget)} k€ paid" if frame.budget else f"{three(paid)} k€ paid"
    return f"Day {pause.day:.0f}{of}{done}, {money}; all open work would be done by day {pause.project.forecast(0.0):.0f}."


def _news(before: Sequence[Row], now: Sequence[Row]) -> list[str]:
    """What has changed since the last question."""
    known = {row.number: (row.state, len(row.answers)) for row in before}
    new = ("waiting", 0)
    told = [f"#{row.number} {_short(row)}" for row in now if known.get(row.number, new) != (row.state, len(row.answers))]
    return [f"Since then: {'; '.join(told)}."] if told else []


def _short(row: Row) -> str:
    outcome = row.answers[-1].outcome.partition(": ")[2] or row.answers[-1].outcome if row.answers else ""
    if row.state in ("delivered", "given up"):
        return row.state
    return "gone, the customer gave up" if row.state == "gone" else outcome or row.state


def _request(pause: Pause, frame: Frame) -> list[str]:
    seen, effort = pause.estimate, pause.estimate.effort
    back = f", back {times(seen.returns)}" if seen.returns else ""
    who = f" by {seen.group}" if len({row.group for row in frame.requests}) > 1 else ""
    lines = [f"Question {pause.asked + 1}: request #{pause.number}, asked{who} on day {seen.arrived:.0f}{back}. "
             f"{_others(pause.project.waiting_requests - 1)}.",
             f"The customer says: it brings {_money(max(seen.stated, 0.0) * effort)}."]
    sides = [("experts", seen.expert_value), ("the AI aid", seen.ai_value)]
    judged = [f"{side} alone: {_money(value * effort)}" for side, value in sides if value is not None]
    if seen.value is not None:
        lines.append(f"As it is judged: {_money(seen.value * effort)}" + (f" ({', '.join(judged)})." if judged else "."))
    if not seen.feasible:
        lines.append("It cannot be built as asked, the experts say.")
    finish = f"; with it, open work would be done by day {pause.project.forecast(effort):.0f}"
    price = _money(effort * pause.project.bar)
    lines.append(f"Effort about {three(effort)} person-days, {price} with all that comes with it{finish}.")
    return lines


def _others(waiting: int) -> str:
    return plural(waiting, "other waits", "others wait") if waiting > 0 else "No other waits"


def _money(amount: float) -> str:
    return f"{round(amount, 1) + 0.0:.1f} k€"  # no "-0.0"


def _choices(pause: Pause, width: int) -> str:
    shown = [f"{digit} {LABELS[answer]}" for digit, answer in DIGITS.items() if answer in pause.legal]
    words = [*shown, f"{BACK} take back", f"{LIST} requests", f"{QUIT} quit"]
    return filled("   ".join(word.replace(" ", "\N{NO-BREAK SPACE}") for word in words), width).replace("\N{NO-BREAK SPACE}", " ")


def _story(row: Row) -> str:
    said = [f"day {said.day:.0f} {said.outcome}" for said in row.answers]
    end = f"delivered on day {row.delivered:.0f}" if row.delivered is not None else row.state
    return f"asked on day {row.arrived:.0f}; " + "; ".join([*said, end])


# --- the end ---


def _how_it_ended(runs: Sequence[Run], names: Sequence[str]) -> str:
    mine, *others = (run.outcome["net_benefit"] for run in runs)
    rivals = list(zip(names[1:], others, strict=True))
    sides = {
        "more than": [name for name, net in rivals if net < mine], "as much as": [name for name, net in rivals if net == mine],
        "less than": [name for name, net in rivals if net > mine]}
    place = ", ".join(f"{side} {listed(ones)}" for side, ones in sides.items() if ones)
    return f"It is over{_late(runs[0].outcome['delay'])}. Benefit less cost: {three(mine)} k€, {place}."


def _late(delay: float) -> str:
    if math.isnan(delay):
        return ""
    days = round(abs(delay))
    return f", {plural(days, 'day')} {'late' if delay > 0.0 else 'early'}" if days else ", on the day"


def _compared(runs: Sequence[Run], names: Sequence[str]) -> list[str]:
    columns = [max(len(name), 6) for name in names]
    lines = [_line("", names, columns)]
    for title, measure, factor in MEASURES:
        values = [run.outcome[measure] * factor for run in runs]
        if not any(math.isnan(value) for value in values):
            lines.append(_line(title, [three(value) for value in values], columns))
    return [*lines, _line("requests asked", [str(len(run.ledger.asks)) for run in runs], columns)]


def _line(title: str, cells: Sequence[str], columns: Sequence[int]) -> str:
    return f"{title:<22}" + "".join(f"  {cell:>{room}}" for cell, room in zip(cells, columns, strict=True))


def _taken(truths: Sequence[Truth]) -> int:
    return sum(truth.answers[0] in ("yes", "core", "other") for truth in truths)


def _truths(truths: Sequence[Truth], names: Sequence[str], width: int, most: int | None) -> list[str]:
    shown = truths
    if most is not None and len(truths) > most:
        weighty = sorted(truths, key=lambda truth: -abs(truth.gain))[:most]
        shown = [truth for truth in truths if truth in weighty]
    columns = [max(len(name), 6) for name in names]
    lines = ["  #  effort, pd   gain, k€  " + "".join(f"  {name:>{room}}" for name, room in zip(names, columns, strict=True))]
    for truth in shown:
        gain = three(truth.gain) + ("" if truth.feasible else "*")
        told = "".join(f"  {answer or '–':>{room}}" for answer, room in zip(truth.answers, columns, strict=True))
        lines.append(f"{truth.number:>3}  {three(truth.effort):>10}  {gain:>9}  {told}")
    notes = ["gain: what it brings as asked, in time, once it is built"]
    notes += ["–: never asked"] * any("" in truth.answers for truth in shown)
    notes += ["*: cannot be built as asked"] * any(not truth.feasible for truth in shown)
    notes += [f"{len(truths) - len(shown)} smaller ones: --details"] * (len(shown) < len(truths))
    return [*lines, filled("; ".join(notes) + ".", width)]
