"""What a comparison says first, in three sentences: who leads, by how much, and where it flips.

What was paid and what the work took are two accounts, and a difference that only one of them tells is called no finding. Where it
flips is said from the runs at hand: so much less (or more) worth of what requests bring would level the two, every decision
staying as it was. What other assumptions would do takes other runs: ``intakelab report`` moves them one at a time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.calendar import MONTH
from sim.model.outcome import METRICS
from sim.report.choice import Choice, by_mean, leader
from sim.report.comparison_table import anchor_of
from sim.report.measure_names import plainly
from sim.report.numbers import decimals_worth, fixed, with_range
from sim.report.phrases import listed, plural, signed, some
from sim.stats.break_even import break_even
from sim.stats.means import Interval, gaps, mean_interval
from sim.stats.responses import Array
from sim.study.comparison import ACCEPT_ALL, ACCOUNTS, REFUSE_ALL

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

LEVEL = "95%: "
NEARLY_ALL = 0.95
"""Share of what requests bring from which a loss of it is called a loss of all."""
OVERLOADED = 1.0
"""Requests a month by which a backlog grows that is called overloaded; less may be the last of the warm-up."""


def headline(comparison: Comparison) -> tuple[str, ...]:
    """The three sentences, and which policies overload a stream."""
    if comparison.replications < 2:
        return ("One replication shows one course that things may take, and no more; more of them are needed to say anything.",)
    if len(comparison.adoptable) < 2:
        return overloaded(comparison)
    choice = leader(comparison, comparison.deciding)
    return who_leads(choice), by_how_much(comparison, choice.best), where_it_flips(comparison, choice.best), *overloaded(comparison)


def who_leads(choice: Choice) -> str:
    """Which policy, as far as the paired intervals tell policies apart, in both accounts."""
    count, metric = len(choice.beaten) + len(choice.ties) + len(choice.disputed), plainly(choice.metric)
    name = called(choice.best)
    than_all = "the other policy" if count == 1 else f"each of the {count} other policies"
    than_some = f"{len(choice.beaten)} of the {plural(count, 'other policy', 'other policies')} that a project can adopt"
    but = ""
    if choice.ties:
        but += f"; no real difference was found between it and {some([called(tie) for tie in choice.ties])}"
    if choice.disputed:
        others = some([called(other) for other in choice.disputed])
        but += f"; ahead of {others} it is in what was paid, while by what the work took that is not shown"
    if choice.strength == "open":
        some_or_none = than_some if choice.beaten else "no other"
        return f"Nobody leads in {metric}: {name} has the best mean, but is really better than {some_or_none}{but}."
    if choice.strength == "alone":
        return f"{_capital(name)} leads: in {metric} it is really better than {than_all} that a project can adopt."
    if REFUSE_ALL in (*choice.ties, *choice.disputed):
        return (f"{_capital(name)} has the best {metric}, but is not really better than {called(REFUSE_ALL)}; it is really better "
                f"than {than_some}{but}.")
    return f"{_capital(name)} leads: in {metric} none is really better, and it is really better than {than_some}{but}."


def by_how_much(comparison: Comparison, best: str) -> str:
    """How far it is from refusing, and from accepting, everything, paid and by effort."""
    to = [name for name in (REFUSE_ALL, ACCEPT_ALL) if name in comparison.names and name != best] or [_rival(comparison, best)]
    if best == REFUSE_ALL:
        to.insert(0, _rival(comparison, best))
    told = [in_both_accounts(comparison, best, name, LEVEL * (at == 0)) for at, name in enumerate(dict.fromkeys(to))]
    return f"Its net benefit is {listed(told)}."


def in_both_accounts(comparison: Comparison, policy: str, other: str, level: str = "") -> str:
    """The difference as it was paid and by effort, and whether the two agree."""
    accounts = (comparison.deciding, ACCOUNTS[comparison.deciding])
    paid, effort = (comparison.difference(policy, account, other) for account in accounts)
    (amount, limits), (by_effort, its_limits) = (signed(gap, METRICS[comparison.deciding].unit) for gap in (paid, effort))
    told = f"{amount} against {called(other)} ({level}{limits}; by effort {by_effort}, {its_limits}"
    if paid.excludes_zero and effort.excludes_zero and (paid.mean > 0.0) == (effort.mean > 0.0):
        return f"{told})"
    real = paid.excludes_zero or effort.excludes_zero
    return f"{told}: {'the two accounts disagree, and this is no finding' if real else 'no real difference'})"


def where_it_flips(comparison: Comparison, best: str) -> str:
    """How much less, or more, what requests bring would have to be worth for the two to be level."""
    rival = _rival(comparison, best) if best == anchor_of(comparison) else anchor_of(comparison)
    lead = gaps(comparison.values(best, comparison.deciding), comparison.values(rival, comparison.deciding))
    gain = brought(comparison, best) - brought(comparison, rival)
    share = break_even(lead, gain)
    if not gain.any():
        return f"Where it flips cannot be told: in every replication requests bring the same under {called(rival)}."
    if not (math.isfinite(share.low) and math.isfinite(share.high)):
        amount, limits = signed(mean_interval(gain), METRICS[comparison.deciding].unit)
        return (f"Where it flips cannot be told: what requests bring, {amount} against {called(rival)} ({limits}), may differ "
                "by luck alone.")
    if share.low > 1.0:
        return f"Even if requests brought nothing, {called(rival)} would not be level: the lead is not in what they bring."
    amount, limits = _less_or_more(share)
    if share.low > NEARLY_ALL:
        amount, limits = "next to nothing", f"at least {math.floor(1000.0 * share.low) / 10.0:g}% less"
    else:
        amount += " than here"
    return f"It flips where requests bring {amount} ({limits}): {called(rival)} is then level, with every decision as it was."


def _less_or_more(share: Interval) -> tuple[str, str]:
    """``("38% less", "20 to 55% less")``, ``("8% less", "5% more to 20% less")``: the smaller number first."""
    low, high = sorted((share.low, share.high), key=abs) if share.excludes_zero else (share.low, share.high)
    decimals = decimals_worth([100.0 * low, 100.0 * high], [50.0 * abs(high - low)], digits=1)
    amounts = [fixed(abs(100.0 * value), decimals, never_zero=True) for value in (share.mean, low, high)]
    ways = ["less" if value > 0.0 else "more" for value in (share.mean, low, high)]
    first = "" if share.excludes_zero else f"% {ways[1]}"
    return f"{amounts[0]}% {ways[0]}", f"{amounts[1]}{first} to {amounts[2]}% {ways[2]}"


def brought(comparison: Comparison, policy: str) -> Array:
    """What requests and ideas brought, in the unit of the measure that decides, replication by replication."""
    total = comparison.values(policy, "benefit_asked").to_numpy() + comparison.values(policy, "benefit_unasked").to_numpy()
    terms = comparison.scenario.project
    return total if terms.planned_items else total * MONTH / (terms.horizon - terms.warm_up)


def overloaded(comparison: Comparison) -> tuple[str, ...]:
    """Under which policies the backlog of a stream grows without end."""
    if comparison.scenario.project.planned_items:
        return ()
    growth = {name: comparison.level(name, "backlog_growth") for name in comparison.names}
    over = sorted((name for name, level in growth.items() if level.low > 0.0 and level.mean >= OVERLOADED),
                  key=lambda name: -growth[name].mean)
    if not over:
        return ()
    amount, limits = with_range(*growth[over[0]][1:])
    rest = f" (and up to that under {some(over[1:])})" if len(over) > 1 else ""
    return (f"Overloaded: under {over[0]} the backlog grows by {amount} requests a month ({limits}){rest}, so that all sums "
            "depend on when one stops counting; money is told a month.",)


def called(policy: str) -> str:
    """A policy in a sentence."""
    return {REFUSE_ALL: "refusing everything", ACCEPT_ALL: "accepting everything"}.get(policy, policy)


def _rival(comparison: Comparison, best: str) -> str:
    """The best of the others that a project can adopt."""
    return next(name for name in by_mean(comparison, comparison.deciding, comparison.adoptable) if name != best)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith(("refusing", "accepting")) else text
