"""A run as pandas frames, for people who look into it. Pandas is loaded only here."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

import pandas as pd

from sim.model.ledger import NEVER, USES, Ask
from sim.model.tally import delivered_benefit, left_system

if TYPE_CHECKING:
    from sim.runs.simulate import Run

TRUTH = ("mandatory", "effort", "worth", "benefit", "feasible", "ambiguity", "novelty", "flexibility", "urgency", "estimate")
SEEN = ("stated", "value", "customer_value", "expert_value", "ai_value", "effort", "feasible", "prototyped")
DECISION = ("day", "request", *(f"estimate.{name}" for name in SEEN), "project.backlog", "project.open_requests",
            "decision.answer", "decision.reason", "outcome")


def requests_frame(run: Run) -> pd.DataFrame:
    """One row a request, by number: truth, answer, fate and days (NaN: has not come)."""
    columns = _request_columns(run)
    asks = sorted(run.ledger.asks, key=lambda ask: ask.request.number)
    frame = pd.DataFrame({name: [value(ask) for ask in asks] for name, value in columns.items()}).set_index("request")
    frame.attrs["units"] = {"arrived": "day", "effort": "pd", "benefit": "k€", "worth": "k€/pd", "realised": "k€"}
    return frame


def _request_columns(run: Run) -> dict[str, Callable[[Ask], object]]:
    names, terms = [name for name, _ in run.scenario.customers], run.scenario.project
    return {
        "request": lambda ask: ask.request.number,
        "group": lambda ask: names[ask.request.group],
        "arrived": lambda ask: ask.request.day,
        **{name: attrgetter(f"request.{name}") for name in TRUTH},
        "fate": lambda ask: ask.fate,
        "form": lambda ask: ask.item.form if ask.item else "",
        "returns": lambda ask: ask.returns,
        "answered": lambda ask: _day(ask.answered),
        "admitted": lambda ask: _day(ask.item.admitted if ask.item else NEVER),
        "promised": lambda ask: _day(ask.item.promised if ask.item else NEVER),
        "delivered": lambda ask: _day(ask.item.delivered if ask.item else NEVER),
        "left": lambda ask: left_system(ask, math.nan),
        "failed_reviews": lambda ask: ask.item.attempts if ask.item else 0,
        "realised": lambda ask: delivered_benefit(ask.item, terms.deadline, terms.benefit_window) if ask.item else 0.0,
    }


def decisions_frame(run: Run) -> pd.DataFrame:
    """One row a decision, in the order in which they were taken."""
    if not run.ledger.logged:
        raise ValueError("this run was not logged: simulate(..., logged=True)")
    return pd.DataFrame(map(attrgetter(*DECISION), run.ledger.decisions), columns=[path.rpartition(".")[2] for path in DECISION])


def timeline_frame(run: Run) -> pd.DataFrame:
    """One row a day: scope and deliveries (pd, cumulative), open requests and person-days by use on that day."""
    ledger = run.ledger
    days = range(math.ceil(ledger.end) + 1)
    use = _use_by_day(run, len(days))
    planned = [item for item in ledger.items if item.kind == "planned"]
    rows = []
    for day in days:
        added = [item for item in ledger.items if item.kind != "planned" and item.admitted <= day]
        rows.append({
            "day": day,
            "planned_scope": math.fsum(item.effort for item in planned),
            "added_scope": math.fsum(item.effort for item in added),
            "planned_delivered": math.fsum(item.effort for item in planned if NEVER < item.delivered <= day),
            "added_delivered": math.fsum(item.effort for item in added if NEVER < item.delivered <= day),
            "requests_arrived": sum(ask.request.day <= day for ask in ledger.asks),
            "requests_waiting": sum(_waits(ask, day) for ask in ledger.asks),
            "requests_open": sum(item.kind == "request" and not NEVER < item.closed <= day for item in added),
            **{name: values[day] for name, values in use.items()},
        })
    return pd.DataFrame(rows).set_index("day")


def _waits(ask: Ask, day: float) -> bool:
    if ask.request.day > day:
        return False
    decided = ask.item.admitted if ask.item is not None else ask.left
    return decided == NEVER or decided > day


def _use_by_day(run: Run, days: int) -> dict[str, list[float]]:
    use = {name: [0.0] * days for name in USES}
    for spell in run.ledger.spells:
        day = int(spell.start)
        while day < spell.end and day < days:
            amount = (min(spell.end, day + 1) - max(spell.start, day)) * spell.speed
            use[spell.use][day] += amount * (1.0 - spell.explored)
            use["exploration"][day] += amount * spell.explored
            day += 1
    return use


def _day(value: float) -> float:
    return math.nan if value == NEVER else value
