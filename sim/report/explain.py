"""The decision log of a replication in words: each request's hidden truth, what was seen, answered, and what became of it.

With two policies the same request stands side by side. Nothing is computed here that is not in the run's ledger.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from sim.errors import IntakeLabError
from sim.model.ledger import NEVER
from sim.model.tally import delivered_benefit
from sim.report.numbers import three
from sim.report.phrases import times
from sim.toml.shown import listing

if TYPE_CHECKING:
    from sim.model.ledger import Ask, Entry
    from sim.model.truth import Request
    from sim.runs.simulate import Run

NARROWEST = 30  # characters of a column
LEGEND = ("Worth and benefit are before the cost of building. Judged: each side's opinion; together: their opinions pooled, and "
          "spread as widely as one, so that it can lie beyond both.")


def log_text(runs: Sequence[Run], width: int, number: int | None = None, truth: bool = True) -> str:
    """The decision log of a logged run, or of several on the same luck side by side: one request, or all.

    Parameters
    ----------
    runs, width
        Which, and how wide.
    number
        Only this request.
    truth
        Whether what was true of a request, and what it brought, is told too; otherwise only what people could know.

    Raises
    ------
    IntakeLabError
        Where the request was never made under any of the policies.
    """
    asked = [{ask.request.number: ask for ask in run.ledger.asks} for run in runs]
    entries = [_entries(run) for run in runs]
    known = sorted(set().union(*asked))
    if number is not None and number not in known:
        raise IntakeLabError(f"request {number} was not made in replication {runs[0].replication}; made were {_in_ranges(known)}")
    blocks = [_heading(runs, width)]
    if number is None:
        blocks.append("\n".join(_side_by_side([[*_summary(run, truth), *_end(run, truth)] for run in runs], width)))
    for found in known if number is None else [number]:
        ask = next(asks[found] for asks in asked if found in asks)
        told = [_story(run, ask.request, asks.get(found), log.get(found, []), truth)
                for run, asks, log in zip(runs, asked, entries, strict=True)]
        blocks.append("\n".join([*_wrapped(_asked(runs[0], ask.request, truth), width), *_side_by_side(told, width)]))
    return "\n\n".join(blocks)


def _in_ranges(numbers: Sequence[int]) -> str:
    """Rising numbers for a sentence: ``0 to 12, 14``."""
    ends = [at for at in numbers if at - 1 not in numbers], [at for at in numbers if at + 1 not in numbers]
    ranges = [str(first) if first == last else f"{first} to {last}" for first, last in zip(*ends, strict=True)]
    return listing(ranges) or "none"


def _entries(run: Run) -> dict[int, list[Entry]]:
    log: dict[int, list[Entry]] = {}
    for entry in run.ledger.decisions:
        log.setdefault(entry.request, []).append(entry)
    return log


def _heading(runs: Sequence[Run], width: int) -> str:
    first = runs[0]
    lines = _wrapped(f"{first.scenario.name} · seed {first.seed} · replication {first.replication} · the decision log", width)
    lines += _wrapped(LEGEND, width)
    return "\n".join([*lines, "", *_side_by_side([[run.policy.name] for run in runs], width)])


def _asked(run: Run, request: Request, truth: bool) -> str:
    groups = [name for name, _ in run.scenario.customers]
    group = f" from {groups[request.group]}" if len(groups) > 1 else ""
    asked = f"#{request.number}{group}, day {request.day:.1f}"
    if not truth:
        return f"{asked}, mandatory." if request.mandatory else f"{asked}."
    nature = ["mandatory"] * request.mandatory + ["" if request.feasible else "cannot be built as asked"]
    said = ", ".join(filter(None, nature))
    return (
        f"{asked}. In truth {three(request.effort)} pd, worth {three(request.worth)} "
        f"k€/pd ({three(request.benefit)} k€), ambiguity {three(request.ambiguity)}, novelty {three(request.novelty)}"
        + (f", {said}" if said else "") + ".")


def _story(run: Run, request: Request, ask: Ask | None, log: Sequence[Entry], truth: bool) -> list[str]:
    """What one policy saw, answered and got."""
    if ask is None:
        done = run.ledger.planned_finish
        if done != NEVER and request.day >= done:
            return [f"never asked here: the planned scope was done on day {done:.1f}"]
        return ["never asked here: how much is asked for depends on how much is granted"]
    lines = []
    for entry in log:
        answer = entry.decision.answer
        outcome = entry.outcome.removeprefix(f"{answer}: ")
        came = "" if outcome in (f"{answer}d", "admitted as asked") else f" -> {outcome}"
        lines += [f"day {entry.day:.1f}, seen: {_seen(entry)}", f"{answer}: {entry.decision.reason}{came}"]
    return [*lines, _became(run, ask) if truth else _known(ask)]


def _seen(entry: Entry) -> str:
    e = entry.estimate
    sides = [("customer", e.customer_value), ("experts", e.expert_value), ("AI", e.ai_value), ("together", e.value)]
    judged = [f"{who} {three(value)}" for who, value in sides if value is not None]
    worth = f"judged {', '.join(judged)}" if judged else "nobody judged"
    back = f", come back {times(e.returns)}" if e.returns else ""
    flaw = "" if e.feasible else ", cannot be built"
    return f"stated {three(e.stated)} k€/pd, {worth}; about {three(e.effort)} pd{flaw}{back}"


def _known(ask: Ask) -> str:
    """The fate as everybody could see it: what somebody has yet to discover is not told."""
    item = ask.item
    if item is None:
        when = f" on day {ask.left:.1f}" if ask.left != NEVER else ""
        return "=> still waiting at the end" if ask.fate == "waiting" else f"=> {ask.fate}{when}"
    form = "" if item.form == "as asked" else f" as {item.form}"
    if item.delivered != NEVER:
        return f"=> delivered{form} on day {item.delivered:.1f}"
    return f"=> {'given up after rework' if item.given_up else 'still in work at the end'}{form}"


def _became(run: Run, ask: Ask) -> str:
    """The fate, and whether the answer was right in hindsight."""
    request, item, terms = ask.request, ask.item, run.scenario.project
    good = request.feasible and request.worth > run.scenario.bar
    if item is None:
        when = f" on day {ask.left:.1f}" if ask.left != NEVER else ""
        if ask.fate == "waiting":
            return "=> still waiting at the end"
        hindsight = f"{three(request.benefit)} k€ lost" if good else "rightly, it was not worth building"
        return f"=> {ask.fate}{when}: {hindsight}"
    form = "" if item.form == "as asked" else f" as {item.form}"
    if item.delivered != NEVER:
        brought = delivered_benefit(item, terms.deadline, terms.benefit_window)
        mended = f", mended {times(item.attempts)}" if item.attempts else ""
        return f"=> delivered{form} on day {item.delivered:.1f}{mended}: {three(brought)} k€"
    return f"=> {'given up after rework' if item.given_up else 'still in work at the end'}{form}"


def _summary(run: Run, truth: bool) -> list[str]:
    asks = run.ledger.asks
    good = [ask for ask in asks if ask.request.feasible and ask.request.worth > run.scenario.bar]
    taken = [ask for ask in asks if ask.item is not None]
    right = sum(ask.item is not None for ask in good)
    counted = f"{run.policy.name}: {len(asks)} requests, {len(taken)} admitted"
    if not truth:
        return [counted]
    return [
        counted,
        f"worth building: {len(good)}, of them admitted {right}",
        f"not: {len(asks) - len(good)}, of them admitted {len(taken) - right}",
    ]


def _end(run: Run, truth: bool) -> list[str]:
    """How the project ended: when, how late, for how much, and what it brought."""
    ledger, project, outcome = run.ledger, run.scenario.project, run.outcome
    if ledger.walked_away:
        ended = f"the customer walked away on day {ledger.end:.1f}"
    elif not project.planned_items or ledger.finished:
        ended = f"ended on day {ledger.end:.1f}"
    else:
        ended = f"cut off on day {ledger.end:.1f}, not finished"
    plan = []
    if project.planned_items:
        done = ledger.planned_finish
        plan = ["plan never finished" if done == NEVER else f"plan finished on day {done:.1f}" + _lateness(done, project.deadline)]
    paid = f"cost {three(outcome['cost'])} k€" + (f" of {three(project.budget)}" if project.budget else "")
    brought = [f"benefit {three(outcome['benefit'])} k€, net {three(outcome['net_benefit'])} k€"] if truth else []
    return [ended, *plan, paid, *brought]


def _lateness(done: float, deadline: float) -> str:
    if not deadline:
        return ""
    return f", {three(abs(done - deadline))} days {'after' if done > deadline else 'before'} the deadline"


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, max(width, NARROWEST), subsequent_indent=indent, break_on_hyphens=False)


def _side_by_side(told: Sequence[list[str]], width: int) -> list[str]:
    """One column a policy; one policy has the whole width, indented."""
    room = max((width - 3 * (len(told) - 1)) // len(told), NARROWEST) if len(told) > 1 else width - 2
    columns = [[line for text in lines for line in _wrapped(text, room, indent="  ")] for lines in told]
    if len(columns) == 1:
        return [f"  {line}" for line in columns[0]]
    return [" | ".join(f"{cell:<{room}}" for cell in row).rstrip() for row in zip_longest(*columns, fillvalue="")]
