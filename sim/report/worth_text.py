"""What is worth to be known, in words: what to find out first, what to choose meanwhile, and what both rest on."""

from __future__ import annotations

from typing import Any

from sim.decide.information import Value
from sim.decide.worth import Option, Unknown, Worth
from sim.report.grid import plain_table
from sim.report.measure_names import in_words, of_difference, scale, unit
from sim.report.numbers import plain, three, with_range
from sim.report.phrases import filled, key_in_words
from sim.stats.means import Interval

NUMBERS, CHOICES = 3, 4
"""What is not known, and policies, that are listed without details."""
MOST_OF_IT = 0.8
"""A log is long enough that gets so much of what the longest one gets."""


def worth_text(found: Worth, width: int = 100, details: bool = False) -> str:
    """The answer first; with `details` everything that is not known, all policies, and what each log would get."""
    parts = [*(filled(sentence, width) for sentence in sentences(found)), "",
             *_options(found, found.options if details else found.options[:CHOICES]), "",
             *_unknowns(found, found.unknowns if details else found.unknowns[:NUMBERS], details)]
    if details and found.logging:
        parts += ["", filled("Worth of a log of so many requests, " + unit(found.goal) + ": " + ", ".join(
            f"{size}: {_about(found, value)}" for size, value in found.logging), width)]
    return "\n".join(parts)


def sentences(found: Worth) -> list[str]:
    """What to find out, and what to choose meanwhile."""
    return [_first(found), _meanwhile(found), _at_base(found)]


def worth_json(found: Worth) -> dict[str, Any]:
    """The same for programs."""
    return plain({  # type: ignore[no-any-return]
        "scenario": found.scenario.name, "goal": found.goal, "rows": found.rows, "failed": found.failed,
        "robust": found.robust, "at_base": found.at_base, "everything": _value(found.everything),
        "behind_log": None if found.behind_log is None else _value(found.behind_log), "logged": found.logged,
        "logging": [{"requests": size, **_value(value)} for size, value in found.logging],
        "options": [{"policy": one.policy, "mean": one.mean._asdict(), "base": one.base._asdict(), "probability": one.probability,
                     "regret": one.regret, "regret_95": one.unlucky} for one in found.options],
        "unknowns": [{"key": one.key, "fitted": one.fitted, "evidence": one.row.evidence, "value": one.value, "low": one.low,
                      "high": one.high, **_value(one.worth, len(found.unknowns))} for one in found.unknowns]})


def _first(found: Worth) -> str:
    """One sentence: what to find out, and how far a log would get."""
    top, everything = found.unknowns[0], _range(found, found.everything.interval())
    log = _log(found)
    if top.worth.interval(len(found.unknowns)).low > 0.0:
        size, limits = with_range(*_scaled(found, top.worth.interval(len(found.unknowns))))
        said = f"Knowing the true {key_in_words(top.key)} first would be worth about {size}{_unit(found)} (95%: {limits})"
        return f"{said}; {log}." if log else f"{said}, of {everything} that knowing everything is worth."
    if found.everything.interval().low > 0.0:
        said = ("Of no single assumption it can be told that knowing it first is worth anything; knowing everything is worth "
                f"{everything}")
        return f"{said}; {log}." if log else f"{said}."
    return ("Nothing need be found out first: that knowing everything is worth anything for this choice cannot be told "
            f"({everything}).")


def _log(found: Worth) -> str:
    """"logging 20 requests would get you 16 of the 24 k€ ..."; nothing where a log cannot be told to get anything."""
    told = [(size, value) for size, value in found.logging if value.interval(len(found.logging)).low > 0.0]
    if not told:
        return ""
    enough = [one for one in told if one[1].mean >= MOST_OF_IT * told[-1][1].mean]
    size, value = enough[0]
    return (f"logging {size} requests would get you {_about(found, value)} of the {_about(found, found.everything)}{_unit(found)} "
            "that knowing everything is worth")


def _meanwhile(found: Worth) -> str:
    robust = _option(found, found.robust)
    said = (f"Without finding anything out, choose {robust.policy}: over all that is not known it has the best mean of "
            f"{in_words(found.goal)}, and seems the best in {100 * robust.probability:.0f}% of the worlds that are possible.")
    if found.everything.interval().low > 0.0:
        said += (f" In one world of twenty it loses more than {three(robust.unlucky * scale(found.goal))}{_unit(found)} against "
                 "the best there.")
    ties = [one.policy for one in found.options if one.policy != found.robust and not one.mean.excludes_zero]
    return said + (f" Not told apart from it: {', '.join(ties)}." if ties else "")


def _at_base(found: Worth) -> str:
    if found.at_base == found.robust:
        return "At the scenario's own values it is the best as well."
    gap = _option(found, found.robust).base
    _, limits = with_range(*_scaled(found, gap), sign=True)
    if gap.excludes_zero:
        return (f"At the scenario's own values {found.at_base} would be better, by {three(-gap.mean * scale(found.goal))}"
                f"{_unit(found)} (95% of the difference: {limits}).")
    return f"At the scenario's own values {found.at_base} has the better mean, but the two are not told apart (95%: {limits})."


def _options(found: Worth, shown: tuple[Option, ...]) -> list[str]:
    rows = [("", f"mean, {unit(found.goal)}", "best in", "loses", "1 in 20 loses", "at own values")]
    rows += [(one.policy, _gap(found, one.mean), f"{100 * one.probability:.0f}%", _rounded(found, one.regret),
              _rounded(found, one.unlucky), _gap(found, one.base)) for one in shown]
    left = len(found.options) - len(shown)
    return [*plain_table(rows), *([f"and {left} more, each worse on average"] if left else [])]


def _gap(found: Worth, gap: Interval) -> str:
    if gap.mean == gap.low == gap.high == 0.0:
        return "the best"
    size, limits = with_range(*_scaled(found, gap), sign=True)
    return f"{size} ({limits})"


def _unknowns(found: Worth, shown: tuple[Unknown, ...], details: bool) -> list[str]:
    head = ("worth knowing", f"{unit(found.goal)} (95%)", "value", "may be", "so far")
    rows = [(*head, "as fitted") if details else head]
    for one in shown:
        told = (one.key, _range(found, one.worth.interval(len(found.unknowns)), bare=True), three(one.value),
                f"{three(one.low)} to {three(one.high)}", "fitted" if one.fitted else one.row.evidence)
        rows.append((*told, three(one.worth.plug_in * scale(found.goal))) if details else told)
    left = len(found.unknowns) - len(shown)
    return [*plain_table(rows), *([f"and {left} more, each worth less"] if left else [])]


def _range(found: Worth, value: Interval, bare: bool = False) -> str:
    size, limits = with_range(*_scaled(found, value))
    return f"{size} ({limits})" if bare else f"about {size}{_unit(found)} (95%: {limits})"


def _about(found: Worth, value: Value) -> str:
    return _rounded(found, value.mean)


def _rounded(found: Worth, value: float) -> str:
    return three(float(f"{value * scale(found.goal):.2g}"))


def _scaled(found: Worth, gap: Interval) -> tuple[float, float, float]:
    factor = scale(found.goal)
    return gap.mean * factor, gap.low * factor, gap.high * factor


def _unit(found: Worth) -> str:
    return of_difference(unit(found.goal))


def _option(found: Worth, policy: str) -> Option:
    return next(one for one in found.options if one.policy == policy)


def _value(value: Value, among: int = 1) -> dict[str, float]:
    limits = value.interval(among)
    return {"worth": value.mean, "worth_low": limits.low, "worth_high": limits.high, "error": value.error, "plug_in": value.plug_in}
