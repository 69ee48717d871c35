"""Which policy to put forward, and how strongly: never more strongly than the paired intervals allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sim.errors import IntakeLabError
from sim.model.outcome import METRICS
from sim.report.comparison_table import shown_metrics
from sim.study.comparison import word_for

if TYPE_CHECKING:
    from sim.study.comparison import Comparison

PLAIN = "always-accept"
DECIDING = "net_benefit"
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
    """

    metric: str
    best: str
    rival: str
    strength: Strength
    beaten: tuple[str, ...]
    ties: tuple[str, ...]


def choose(comparison: Comparison) -> Choice:
    """Choose by net benefit; where that tells nobody apart, by delay; where neither does, say so.

    Raises
    ------
    IntakeLabError
        Where there are fewer than two policies that a project can adopt.
    """
    names = comparison.adoptable
    if len(names) < 2:
        raise IntakeLabError("a report needs at least two policies that a project can adopt (a control is none)")
    for metric in (DECIDING, shown_metrics(comparison)[0]):
        best = comparison.best_and_worst(metric)[0]
        if best:
            return _choice(comparison, metric, by_mean(comparison, metric, [name for name in names if name in best])[0])
    return replace(_choice(comparison, DECIDING, by_mean(comparison, DECIDING, names)[0]), strength="open")


def by_mean(comparison: Comparison, metric: str, names: tuple[str, ...] | list[str]) -> list[str]:
    """Policies by the mean of a metric, best first; those without a mean last."""
    sign = 1.0 if METRICS[metric].better == "lower" else -1.0

    def place(name: str) -> tuple[bool, float]:
        mean = comparison.level(name, metric).mean
        return (mean != mean, sign * mean)

    return sorted(names, key=place)


def _choice(comparison: Comparison, metric: str, best: str) -> Choice:
    others = [name for name in by_mean(comparison, metric, comparison.adoptable) if name != best]
    words = {name: word_for(comparison.pairwise(best, name, metric), metric) for name in others}
    beaten = tuple(name for name in others if words[name] == "better")
    ties = tuple(name for name in others if words[name] == "")
    strength: Strength = "alone" if len(beaten) == len(others) else "among"
    rival = next(name for name in (PLAIN, comparison.reference, others[-1]) if name in others)
    return Choice(metric, best, rival, strength, beaten, ties)
