"""A run as pandas frames, for people who look into it. Pandas is loaded only here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from sim.model.ledger import NEVER, Ask
from sim.model.outcome import delivered_benefit, left_system

if TYPE_CHECKING:
    from sim.runs.simulate import Run


def requests_frame(run: Run) -> pd.DataFrame:
    """One row a request, by number: truth, answer, fate and days (NaN: has not come)."""
    names = [name for name, _ in run.scenario.customers]
    rows = [_request_row(run, names, ask) for ask in sorted(run.ledger.asks, key=lambda ask: ask.request.number)]
    columns = list(_request_row(run, names, None))
    frame = pd.DataFrame(rows, columns=columns).set_index("request")
    frame.attrs["units"] = {"arrived": "day", "effort": "pd", "benefit": "k€", "worth": "k€/pd", "realised": "k€"}
    return frame


def _request_row(run: Run, names: list[str], ask: Ask | None) -> dict[str, object]:
    if ask is None:  # the columns of an empty frame
        ask = _nobody()
    request, item, terms = ask.request, ask.item, run.scenario.project
    return {
        "request": request.number,
        "group": names[request.group],
        "arrived": request.day,
        "mandatory": request.mandatory,
        "effort": request.effort,
        "worth": request.worth,
        "benefit": request.benefit,
        "feasible": request.feasible,
        "ambiguity": request.ambiguity,
        "novelty": request.novelty,
        "flexibility": request.flexibility,
        "urgency": request.urgency,
        "estimate": request.estimate,
        "fate": ask.fate,
        "form": item.form if item is not None else "",
        "returns": ask.returns,
        "answered": _day(ask.answered),
        "admitted": _day(item.admitted if item is not None else NEVER),
        "promised": _day(item.promised if item is not None else NEVER),
        "delivered": _day(item.delivered if item is not None else NEVER),
        "left": _day(_left(ask)),
        "failed_reviews": item.attempts if item is not None else 0,
        "realised": delivered_benefit(item, terms.deadline, terms.benefit_window) if item is not None else 0.0,
    }


def _left(ask: Ask) -> float:
    left = left_system(ask, math.inf)
    return NEVER if left == math.inf else left


def _nobody() -> Ask:
    from sim.model.truth import Request

    return Ask(Request(0, 0, 0, 0, 0, 0, 0, True, 0, 0, 0, 1, 0, False, 0, 0, 0, 0), 0.0)


def decisions_frame(run: Run) -> pd.DataFrame:
    """One row a decision, in the order in which they were taken."""
    if not run.ledger.logged:
        raise ValueError("this run was not logged: simulate(..., logged=True)")
    columns = ["day", "request", "stated", "value", "customer_value", "expert_value", "ai_value", "effort", "feasible",
               "prototyped", "backlog", "open_requests", "answer", "reason", "outcome"]  # fmt: skip
    rows = [
        (e.day, e.request, e.estimate.stated, e.estimate.value, e.estimate.customer_value, e.estimate.expert_value,
         e.estimate.ai_value, e.estimate.effort, e.estimate.feasible, e.estimate.prototyped, e.project.backlog,
         e.project.open_requests, e.decision.answer, e.decision.reason, e.outcome)
        for e in run.ledger.decisions
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def timeline_frame(run: Run) -> pd.DataFrame:
    """One row a day: scope and deliveries (pd, cumulative), open requests and person-days by use on that day."""
    ledger = run.ledger
    days = range(math.ceil(ledger.end) + 1)
    rows = []
    use = _use_by_day(run, len(days))
    for day in days:
        planned = [i for i in ledger.items if i.kind == "planned"]
        added = [i for i in ledger.items if i.kind != "planned" and i.admitted <= day]
        rows.append({
            "day": day,
            "planned_scope": math.fsum(i.effort for i in planned),
            "added_scope": math.fsum(i.effort for i in added),
            "planned_delivered": math.fsum(i.effort for i in planned if NEVER < i.delivered <= day),
            "added_delivered": math.fsum(i.effort for i in added if NEVER < i.delivered <= day),
            "requests_arrived": sum(a.request.day <= day for a in ledger.asks),
            "requests_waiting": sum(_waits(a, day) for a in ledger.asks),
            "requests_open": sum(i.kind == "request" and (i.closed == NEVER or i.closed > day) for i in added),
            **{name: values[day] for name, values in use.items()},
        })  # fmt: skip
    return pd.DataFrame(rows).set_index("day")


def _waits(ask: Ask, day: float) -> bool:
    if ask.request.day > day:
        return False
    decided = ask.item.admitted if ask.item is not None else ask.left
    return decided == NEVER or decided > day


def _use_by_day(run: Run, days: int) -> dict[str, list[float]]:
    from sim.model.ledger import USES

    use = {name: [0.0] * days for name in USES}
    for _, start, end, name, _, speed, explored in run.ledger.spells:
        day = int(start)
        while day < end and day < days:
            amount = (min(end, day + 1) - max(start, day)) * speed
            use[name][day] += amount * (1.0 - explored)
            use["exploration"][day] += amount * explored
            day += 1
    return use


def _day(value: float) -> float:
    return math.nan if value == NEVER else value
