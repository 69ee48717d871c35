"""What a tuning found, in words: what to do, what that brings, who is as good, and what it rests on."""

from __future__ import annotations

from typing import Any

from sim.decide.candidates import values_of
from sim.decide.tuned import Gain, Tuned
from sim.report.grid import plain_table
from sim.report.measure_names import in_words, label, of_difference, plainly, scale, unit
from sim.report.numbers import plain, three
from sim.report.phrases import done, filled, listed, signed, some
from sim.stats.means import Interval

OF_ROLE = {"reference": "reference", "anchor": "", "untuned": "untuned", "rival": "finalist"}
STATES = {
    "kept": "{need} is kept: with 95% the mean is on the right side of it.",
    "open": "{need} is open: {n} replications cannot tell whether it is kept.",
    "not kept": "{need} is not kept."}


def tuned_text(found: Tuned, width: int = 100, details: bool = False) -> str:
    """The answer first; with `details` the other finalists too, the whole curve, and the runs of each stage."""
    said = [filled(sentence, width) for sentence in sentences(found)]
    parts = [*said, "", *_report_table(found, details)]
    if found.curve:
        parts += ["", *_curve(found, details)]
    if details:
        parts += ["", "runs by stage: " + ", ".join(f"{stage} {count}" for stage, count in found.runs.items())]
    return "\n".join(parts)


def sentences(found: Tuned) -> list[str]:
    """What was found, sentence by sentence, what matters first."""
    best = f"Best of what was tried: {found.policy.name}."
    if found.policy.name == found.reference:
        best = f"Nothing that was tried was selected over {found.reference}, which gains are told over."
    gain = next((one for one in found.gains if one.role == "reference"), None)
    said = [best + ("" if gain is None else " " + _gain(found, gain))]
    said += [f"But {one.over} is better on average in the report: "
             f"{_size(found, -one.interval)}{'' if one.interval.excludes_zero else '; that may be luck'}."
             for one in found.better_anchors]
    said += _needs(found)
    if found.account is not None and gain is not None and _sides(gain.interval) != _sides(found.account):
        said.append(f"Disputed: by what the work took rather than what was paid it is {_size(found, found.account)}.")
    if found.ties:
        said.append(f"Not told apart from it: {some(found.ties)}. Another seed may name another of them; against any of "
                    f"them it loses at most {three(_most_lost(found))}{of_difference(unit(found.goal))} (95%).")
    if found.policy.name not in {one.over for one in found.gains} and (edge := _edges(found)):
        said.append(edge)
    return said


def tuned_json(found: Tuned) -> dict[str, Any]:
    """The same for programs."""
    return plain({  # type: ignore[no-any-return]
        "scenario": found.scenario.name, "goal": found.goal, "policy": found.policy.name, "settings": values_of(found.policy),
        "reference": found.reference, "decided": found.decided, "indifference": found.indifference,
        "attainable": found.attainable, "requirements": found.states, "edges": found.edges, "ties": found.ties,
        "better_anchors": [one.over for one in found.better_anchors], "loses_at_most": _most_lost(found),
        "gains": [{"over": one.over, "role": one.role, **one.interval._asdict()} for one in found.gains],
        "levels": {name: {"goal": one.goal._asdict(), one.time_measure: one.time._asdict(), "refused": one.refused}
                   for name, one in found.levels.items()},
        "curve": {"setting": found.setting, "points": [
            {"value": one.value, "policy": one.policy, "goal": one.level.goal.mean, one.level.time_measure: one.level.time.mean,
             "refused": one.level.refused, "difference": None if one.difference is None else one.difference._asdict()}
            for one in found.curve]},
        "runs": found.runs, "search_runs": found.search_runs})


def _gain(found: Tuned, gain: Gain) -> str:
    if not gain.interval.excludes_zero:
        return f"Against {gain.over} no difference is told: {_size(found, gain.interval)}."
    base = found.levels[gain.over].goal
    return f"Against {gain.over} it {done(found.goal, gain.interval, base, '95%: ')}."


def _needs(found: Tuned) -> list[str]:
    said = []
    if found.attainable == "not kept":
        said.append(f"Not attainable: none of the finalists keeps {listed([str(one) for one in found.tuning.require])}; this one "
                    "comes closest.")
    elif found.attainable == "open" and "open" not in found.states.values():
        said.append("Open: of no finalist it could be told that it keeps what is required.")
    return said + [STATES[state].format(need=need, n=found.tuning.report) for need, state in found.states.items()]


def _edges(found: Tuned) -> str:
    if not found.edges:
        return ""
    told = [f"{key} = {values_of(found.policy)[key]:g} is the {end} that was tried" for key, end in found.edges.items()]
    return f"At the edge: {listed(told)}; beyond it may be better still."


def _report_table(found: Tuned, finalists: bool) -> list[str]:
    gains = {one.over: one for one in found.gains}
    time = found.levels[found.policy.name].time_measure
    rows = [("", f"{label(found.goal)}, {unit(found.goal)}", f"{label(time)}, {unit(time)}", "refused", "best minus it (95%)", "")]
    for name, level in found.levels.items():
        gain = gains.get(name)
        if gain is not None and gain.role == "rival" and not finalists:
            continue
        rows.append((
            name, three(level.goal.mean * scale(found.goal)), three(level.time.mean * scale(time)), f"{100 * level.refused:.0f}%",
            "" if gain is None else _short(found, gain.interval), "" if gain is None else OF_ROLE[gain.role]))
    return plain_table(rows)


def _curve(found: Tuned, whole: bool) -> list[str]:
    own = next(at for at, one in enumerate(found.curve) if one.difference is None)
    shown = [one for at, one in enumerate(found.curve) if whole or abs(at - own) <= 1 or at in (0, len(found.curve) - 1)]
    time = found.curve[0].level.time_measure
    rows = [("refused", found.setting, f"{label(found.goal)}, {unit(found.goal)}", "against the best (95%)",
             f"{label(time)}, {unit(time)}")]
    stricter = found.curve[-1].level.refused > found.curve[0].level.refused
    rows += [(f"{100 * one.level.refused:.0f}%", f"{one.value:g}", three(one.level.goal.mean * scale(found.goal)),
              "the best" if one.difference is None else _short(found, one.difference), three(one.level.time.mean * scale(time)))
             for one in (reversed(shown) if stricter else shown)]
    return [f"From strict to generous ({found.setting}, all else as it is; {in_words(found.goal)} and {plainly(time)}):",
            *plain_table(rows)]


def _short(found: Tuned, gap: Interval) -> str:
    size, limits = signed(gap, unit(found.goal))
    return f"{size.split()[0]} ({limits})"


def _size(found: Tuned, gap: Interval) -> str:
    size, limits = signed(gap, unit(found.goal))
    return f"{size} {in_words(found.goal)} (95%: {limits})"


def _sides(gap: Interval) -> int:
    return (gap.low > 0.0) - (gap.high < 0.0)


def _most_lost(found: Tuned) -> float:
    worst = (-(one.interval.low if found.sign > 0.0 else -one.interval.high) for one in found.gains)
    return max(0.0, max(worst, default=0.0)) * scale(found.goal)
