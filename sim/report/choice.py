"""Which policy to put forward, and how strongly: never more strongly than the paired intervals allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sim.errors import IntakeLabError
from sim.model.outcome import METRICS
from sim.report.comparison_table import shown_metrics

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

PLAIN = "always-accept"
Strength = Literal["alone", "among", "open"]


@dataclass(frozen=True)
class Choice:
    """The policy put forward and the one that it is set beside.

    Attributes
    ----------
    metric
        The measure that decides: net benefit or, where that tells nobody apart, delay (a stream: lead time).
    best, rival
        The policy put forward; the one it is shown against, which is always-accept unless that is itself the best.
    strength
        "alone": really better than every other; "among": nobody is really better and at least half are really worse;
        "open": neither, and then nothing is recommended.
    beaten, ties
        Policies that a project can adopt which are really worse than the best, and those not told apart from it.
    disputed
        Those that what was paid tells apart from the best, but what the work took does not, or the other way round.
    """

    metric: str
    best: str
    rival: str
    strength: Strength
    beaten: tuple[str, ...]
    ties: tuple[str, ...]
    disputed: tuple[str, ...] = ()


def choose(comparison: Comparison) -> Choice:
    """Choose by net benefit; where that tells nobody apart, by delay; where neither does, say so.

    Raises
    ------
    IntakeLabError
        Where there are fewer than two policies that a project can adopt.
    """
    if len(comparison.adoptable) < 2:
        raise IntakeLabError("a report needs at least two policies that a project can adopt (a control is none)")
    by_worth = leader(comparison, comparison.deciding)
    by_time = leader(comparison, shown_metrics(comparison)[0]) if by_worth.strength == "open" else by_worth
    return by_worth if by_time.strength == "open" else by_time


def leader(comparison: Comparison, metric: str) -> Choice:
    """The policy with the best mean of those that none really beats, and how sure that is."""
    best = comparison.best_and_worst(metric)[0]
    names = by_mean(comparison, metric, [name for name in comparison.adoptable if name in best or not best])
    choice = _choice(comparison, metric, names[0])
    return choice if best else replace(choice, strength="open")


def by_mean(comparison: Comparison, metric: str, names: tuple[str, ...] | list[str]) -> list[str]:
    """Policies by the mean of a metric, best first; those without a mean last."""
    sign = 1.0 if METRICS[metric].better == "lower" else -1.0

    def place(name: str) -> tuple[bool, float]:
        mean = comparison.level(name, metric).mean
        return (mean != mean, sign * mean)

    return sorted(names, key=place)


def chosen(comparison: Comparison, best: str, rival: str) -> Choice:
    """The policy that a search has chosen, beside the one that it is held against."""
    return replace(_choice(comparison, comparison.deciding, best), rival=rival)


def _choice(comparison: Comparison, metric: str, best: str) -> Choice:
    others = [name for name in by_mean(comparison, metric, comparison.adoptable) if name != best]
    words = {name: comparison.picked_word(best, name, metric) for name in others}
    beaten, ties, disputed = (tuple(name for name in others if words[name] == word) for word in ("better", "", "disputed"))
    strength: Strength = "alone" if len(beaten) == len(others) else "among"
    rival = next(name for name in (PLAIN, comparison.reference, others[-1]) if name in others)
    return Choice(metric, best, rival, strength, beaten, ties, disputed)
