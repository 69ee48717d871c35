"""What is printed about a fit at first: what limits the project, and a line for everything else. The rest is `--details`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from sim.fit.bare import FREED
from sim.fit.bootstrap import Fitted
from sim.fit.clean import DAYS_A_WEEK
from sim.fit.fit import Fit
from sim.fit.fitted_scenario import loads_of
from sim.fit.load import BINDS, heaviest
from sim.fit.replay import MEASURES, Replay
from sim.report.fit_text import followed, stretch_text, unmeasured
from sim.report.phrases import filled, listed
from sim.toml.shown import escaped

LABEL, SHOWN_WARNINGS = 10, 2
CALLED = {"accepted": "done", "rejected": "refused", "duplicate": "duplicate", "deferred": "put off", "withdrawn": "withdrawn",
          "unknown": "closed otherwise", "open": "open"}


def brief_text(fit: Fit, found: Replay | None, width: int) -> str:
    """The sentence that matters, and the lines under it, for a terminal of this width."""
    lines = [filled(limit_text(fit), width), ""]
    lines += [filled(f"{label:<{LABEL}}{text}", width, "  ", "  " + " " * LABEL) for label, text in _lines(fit, found)]
    return "\n".join([*lines, *_warnings(fit, width)])


def limit_text(fit: Fit) -> str:
    """What limits the project, with its load."""
    binds = heaviest(loads_of(fit))
    at = f"load {binds.load:.2f}"
    if fit.effort is not None:
        if binds.load > BINDS:
            return f"What limits this project: {binds.who} ({at})." + (" The backlog grows." if binds.load > 1.0 else "")
        return f"Nothing limits this project: the busiest is {binds.who} ({at})."
    if fit.closed is None:
        return ("What limits this project cannot be told: no effort is in the log, and too few requests were done. A load of "
                f"{binds.load:.1f} is assumed.")
    if not fit.queues:
        return (f"The team does not limit this project: closings follow demand (kappa {fit.following.kappa:.2f}). How busy it is "
                f"cannot be told; a load of {binds.load:.1f} is assumed.")
    done, asked = _weekly(fit.closed), f"{fit.arrivals.now.value * fit.yes * DAYS_A_WEEK:.3g}"
    if fit.following.says == "team" or fit.falls_behind:
        return f"The team limits this project: {done} requests a week are done, and about {asked} get a yes ({at})."
    return (f"What limits this project cannot be told from its log: {done} requests a week are done, about {asked} get a yes. The "
            f"team is taken to have no time to spare ({at}).")


def _lines(fit: Fit, found: Replay | None) -> Iterator[tuple[str, str]]:
    log, counts = fit.log, fit.log.frame["outcome"].value_counts()
    told = ", ".join(f"{counts[name]} {said}" for name, said in CALLED.items() if name in counts)
    yield "read", f"{len(log.frame)} of {log.rows} rows ({log.columns.tracker.name}): {told}"
    yield "from", f"{stretch_text(fit)}; known up to {log.date(log.end)}"
    rate, dispersion = fit.arrivals.now, fit.arrivals.dispersion
    bunches = "" if dispersion is None else f", bunching {dispersion.value:.2g} ({_range(dispersion)})"
    yield "come", f"{_weekly(rate)} requests a week{bunches}"
    yield "yes", ("not told by the log: all, until you set today.share" if fit.answered is None else
                  f"{fit.answered.value:.0%} of the answers ({_range(fit.answered, 100.0)}%)")
    if fit.closed is not None:
        yield "done", f"{_weekly(fit.closed)} requests a week"
    half, most = fit.outcomes.lasting[50], fit.outcomes.lasting[90]
    yield "time", f"half are closed after {_days(half)}; 90%: {_days(most)}"
    yield "effort", _effort(fit)
    yield "follows", followed(fit)
    yield "set", "not measured, so set not to bind: " + ", ".join(key.rpartition(".")[2] for key in FREED)
    yield "assumed", ", ".join(said.partition(" (")[0] for said in unmeasured(fit)) + "; merit, trust"
    if found is not None:
        missed = [re.sub(r" p\d+$", "", MEASURES[row.key][0]) for row in found.rows if not row.reproduced]
        yield "model", (f"{'reproduces' if found.reproduced else 'does not reproduce'} the log: {len(found.rows) - len(missed)} of "
                        f"{len(found.rows)} measures{'; not ' + listed(list(dict.fromkeys(missed))) if missed else ''}")


def _warnings(fit: Fit, width: int) -> Iterator[str]:
    """The beginnings of the first ones, a line each."""
    for doubt in fit.doubts[:SHOWN_WARNINGS]:
        yield f"  {'warning':<{LABEL}}{escaped(doubt, width - LABEL - 3)}"
    if len(fit.doubts) > SHOWN_WARNINGS:
        yield f"  {'':<{LABEL}}and {len(fit.doubts) - SHOWN_WARNINGS} more; --details has them whole"


def _effort(fit: Fit) -> str:
    if fit.effort is not None:
        mean, median = fit.effort.mean, fit.effort.median
        return f"{mean.value:.2g} person-days on average ({_range(mean)}), median {median.value:.2g}"
    if fit.room is None:
        return "not measured"
    return f"not measured; {fit.room:.2g} person-days at most, if these {fit.people} did nothing else"


def _weekly(value: Fitted) -> str:
    return f"{value.value * DAYS_A_WEEK:.3g} ({_range(value, DAYS_A_WEEK)})"


def _days(value: Fitted) -> str:
    if math.isnan(value.value):
        return "not reached"
    return f"{value.value:.0f} days ({_range(value)})"


def _range(value: Fitted, factor: float = 1.0) -> str:
    low, high = (f"{end * factor:.3g}" if math.isfinite(end) else "not reached" for end in (value.low, value.high))
    return f"{low} to {high}"
