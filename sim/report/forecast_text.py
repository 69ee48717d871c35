"""A forecast in words: the sentence that matters, a small table, how often it was right, and where it does not hold."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import Any

from sim.decide.backtest import CENTRAL, Backtest
from sim.decide.forecast import MOST_CERTAIN, Forecast
from sim.decide.outlook import date_in
from sim.fit.following import Following
from sim.report.numbers import plain

COLUMNS = (0.5, 0.85, 0.95)
LATER = "over a year"


def forecast_text(found: Forecast, width: int) -> str:
    """What is printed, at most 25 lines of such a width."""
    lines = [*_wrapped(headline(found), width), "", *_table(found)]
    if found.another is not None:
        lines += _another(found)
    lines += ["", *_wrapped(tested_words(found.tested), width), *_wrapped(limits(found), width)]
    return "\n".join(lines)


def headline(found: Forecast) -> str:
    """The sentence that matters first."""
    count = len(found.past.ages)
    if not count:
        return (f"At least {found.closings(0.85):.0f} requests are closed in the next {found.weeks} weeks in 85 of 100 futures; "
                "none is open now, so there is no date for these.")
    if found.doubts.short:
        return (f"At least {found.closings(0.85):.0f} requests are closed in the next {found.weeks} weeks in 85 of 100 futures; "
                f"the log of {found.past.weeks} weeks is too short for a date for the {count} that are open.")
    if not found.share:
        return (f"At least {found.of_these(0.85):.0f} of the {count} requests now open are closed in the next {found.weeks} weeks "
                "in 85 of 100 futures; no date can be told for a tenth of them or more: too few requests that old have closed.")
    half, likely = (date_in(found.outlook, days) for days in found.days)
    said = (f"{found.share:.0%} of the {count} requests now open are closed by {likely} in 85 of 100 futures"
            + (f", and by {half} in 50." if half != likely else "."))
    if found.share < COLUMNS[1]:
        said += " For 85% of them no date can be told: too few requests that old have closed."
    return said


def chance_words(chance: float) -> str:
    """A chance in words; nothing is claimed above 95%.

    Examples
    --------
    >>> chance_words(0.998), chance_words(0.42), chance_words(0.001)
    ('>95%', '42%', '<5%')
    """
    if chance > MOST_CERTAIN:
        return f">{MOST_CERTAIN:.0%}"
    return f"{chance:.0%}" if chance >= 1.0 - MOST_CERTAIN else f"<{1.0 - MOST_CERTAIN:.0%}"


def _table(found: Forecast) -> list[str]:
    past, count = found.past, len(found.past.ages)
    until = date_in(found.outlook, 7.0 * found.weeks)
    items = found.items
    rows = [
        (f"{found.weeks} weeks, {past.date(past.now).date()} to {until}", [f"{share * 100:.0f} of 100" for share in COLUMNS]),
        (f"  closed, at least (a week now: {_rate(past.closings)})", [f"{found.closings(share):.0f}" for share in COLUMNS]),
        (f"  open then, at most (now: {count})", [f"{found.open_at_end(share):.0f}" for share in COLUMNS])]
    if found.outlook.leave.shape[1]:
        rows += [(f"  of the {count} open now closed, at least", [f"{found.of_these(share):.0f}" for share in COLUMNS])]
    if items:
        rows += [(f"  {items} more closings, whichever, by",
                  [date_in(found.outlook, found.days_to_more(share)) or LATER for share in COLUMNS])]
        rows += [(f"  chance of {items} more closings by {until}", [chance_words(found.chance_in_time), "", ""])]
    wide = max(len(label) for label, _ in rows)
    return [f"{label:{wide}}" + "".join(f"  {cell:>11}" for cell in cells).rstrip() for label, cells in rows]


def _rate(counts: Any) -> str:
    return f"{float(counts[-13:].mean()):.1f}"


def _another(found: Forecast) -> list[str]:
    """Both readings of another policy, side by side."""
    readings = found.another
    assert readings is not None
    lines = [f"Refusing {readings.refused:.0%} of what arrives, in {found.weeks} weeks (90 of 100 futures), read both ways:"]
    for what, closings, still_open in (
            ("as if requests wait for others (a delay)", readings.demand_closings, readings.demand_open),
            ("as if requests wait for hands (a queue)", readings.capacity_closings, readings.capacity_open)):
        done, left = closings.sum(axis=1), still_open[:, -1]
        lines.append(f"  {what:41} closed {_between(done)}, open then {_between(left)}")
    return ["", *lines, f"  {follow_words(found.follow)}"]


def _between(values: Any) -> str:
    ordered = sorted(values)
    return f"{ordered[int(0.05 * len(ordered))]:.0f} to {ordered[int(0.95 * (len(ordered) - 1))]:.0f}"


def follow_words(follow: Following) -> str:
    """Which reading the log leans to."""
    if math.isnan(follow.kappa):
        return "Which of both holds, the log cannot tell: that takes six quarters and a demand that changes."
    said = f"closings follow {follow.kappa:.0%} of a change in demand (95% interval {follow.low:.0%} to {follow.high:.0%})"
    leans = {"demand": "leans to the delay", "team": "leans to the queue", "untold": "does not tell which"}[follow.says]
    return f"The log {leans}: {said}."


def tested_words(tested: Backtest | None) -> str:
    """How often this was right on the log itself."""
    if tested is None:
        return "How often this was right on your own log: not looked at; --backtest does."
    if not tested.tried:
        return "How often this was right on your own log: it is too short to look (26 weeks, and as many as are asked for)."
    count = len(tested.tried)
    inside = sum(abs(one.place - 0.5) <= 0.425 for one in tested.tried)
    kept, given = tested.kept()
    said = (f"How often this was right on your own log: at {count} earlier moments the closings lay {inside} times in the interval "
            f"meant for 85 of 100; its error is {tested.skill:.2f} times that of drawing from the last 26 weeks.")
    if given:
        said += f" The date for what was open was kept {kept} of {given} times."
    else:
        said += " No date for what was open has come due."
    return said + (" That is too few moments to lean on." if count < 8 else "")


def limits(found: Forecast) -> str:
    """Where the numbers do not hold."""
    doubts, said = found.doubts, []
    if doubts.short:
        said.append(f"{found.past.weeks} weeks of log: only the trend speaks, and nothing is known of how old requests close")
    said += [f"{what} changed by {change:+.0%} in the last quarter against the year before: a pace that moves so may move on"
             for what, change in doubts.drifts]
    if doubts.bulks:
        days = ", ".join(f"{count} on {day.date()}" for day, count in doubts.bulks)
        said.append(f"many were closed at once ({days}), which is clearing up and no pace")
    said.append("they are of the present way of answering, team and tracker")
    return "Where these numbers do not hold: " + "; ".join(said) + "."


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, min(width, 120))


def forecast_json(found: Forecast) -> dict[str, Any]:
    """The same as values; null for not reached."""
    tested, follow, doubts = found.tested, found.follow, found.doubts
    half, likely = found.days
    return dict(plain({
        "from": str(found.past.date(found.past.now).date()), "weeks": found.weeks, "open_now": len(found.past.ages),
        "now_open": {"share": found.share, "p50": _date(found, half), "p85": _date(found, likely)},
        "closed_at_least": {f"p{share * 100:.0f}": found.closings(share) for share in COLUMNS},
        "open_at_most": {f"p{share * 100:.0f}": found.open_at_end(share) for share in COLUMNS},
        "of_these_closed_at_least": {f"p{share * 100:.0f}": found.of_these(share) for share in COLUMNS},
        "more_closings": None if found.items is None else {
            "items": found.items, "chance": chance_words(found.chance_in_time),
            **{f"p{share * 100:.0f}": _date(found, found.days_to_more(share)) for share in COLUMNS}},
        "following": {"kappa": follow.kappa, "standard_error": follow.error, "interval": [follow.low, follow.high],
                      "quarters": follow.quarters, "says": follow.says},
        "doubts": {"short": doubts.short, "bulk_days": {str(day.date()): count for day, count in doubts.bulks},
                   "change_of_arrivals": doubts.arrivals, "change_of_closings": doubts.closings},
        "backtest": None if tested is None or not tested.tried else {
            "moments": len(tested.tried), "coverage": {f"{share:.0%}": tested.coverage(share) for share in CENTRAL},
            "crps_relative": tested.skill, "dates_kept": tested.kept()[0], "dates_given": tested.kept()[1]},
        "another": None if found.another is None else {
            "refused": found.another.refused, "closings": found.another.bracket("closings"), "open": found.another.bracket("open")},
    }))


def _date(found: Forecast, days: float) -> str | None:
    return date_in(found.outlook, days) or None if math.isfinite(days) else None
