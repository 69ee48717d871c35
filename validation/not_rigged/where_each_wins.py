"""Where each policy wins: its best place among many worlds, looked for with one seed and confirmed with another."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.policies.catalogue import ADOPTABLE, make
from sim.report.choice import leader
from sim.report.numbers import with_range
from sim.scenario import Scenario
from sim.stats.responses import Array
from sim.study.compare import compare
from sim.study.comparison import ACCEPT_ALL, REFUSE_ALL, Comparison
from validation.not_rigged.size import Size
from validation.not_rigged.worlds import outcomes, settings
from validation.table import markdown

LOOK, AGAIN, CONFIRM = 2, 3, 4
"""Seeds of the search, of a second look at what it found, and of the confirmation: what is picked for its numbers is drawn anew."""
SHORT_LIST = 3
"""Places of each policy that get the second look."""
NET = "net_benefit"
Changes = dict[str, object]


def _seen(who: str, need: float, fit: float) -> Changes:
    return {f"evaluation.{who}_need_quality": need, f"evaluation.{who}_fit_quality": fit}


LEVELS: tuple[tuple[Changes, ...], ...] = (
    ({"customer.request_rate": 0.08}, {"customer.request_rate": 0.6}),
    ({"customer.value": 0.6}, {"customer.value": 4.0}),
    ({"customer.effort_median": 0.5}, {"customer.effort_median": 4.0}),
    ({"evaluation.expert_hours": 8.0}, {"evaluation.charged": 0.0}),
    (_seen("customer", 0.1, 0.05), _seen("customer", 0.9, 0.8)),
    (_seen("expert", 0.05, 0.1), _seen("expert", 0.8, 0.9)),
    ({"customer.value_spread": 1.4},),
    ({"customer.urgency": 0.04},),
    ({"customer.feasibility": 0.6},),
    ({"customer.drift": 0.006},),
    ({"understanding.sessions": 0.08},),
    ({"team.switch_cost": 1.0},),
)
"""Assumptions that are moved, alone and two at a time, each to one or two levels far from the usual."""


@dataclass(frozen=True)
class Place:
    """A world, by what it changes in a built-in scenario."""

    base: str
    changes: Changes

    def scenario(self) -> Scenario:
        """The world itself."""
        return Scenario.load(self.base).with_values(dict(self.changes))

    def command(self, replications: int) -> str:
        """What to type to see the policy win there."""
        return " ".join(filter(None, ("intakelab compare", self.base, settings(self.changes), f"--seed {CONFIRM}",
                                      f"--replications {replications}")))


def places(size: Size) -> list[Place]:
    """The scenarios, with one level moved, and with two."""
    moved = [(at, level) for at, levels in enumerate(LEVELS) for level in levels][: size.levels]
    singles = [level for _, level in moved]
    pairs = [one | other for (at, one), (beside, other) in combinations(moved, 2) if at != beside]
    return [Place(base, changes) for base in size.bases for changes in ({}, *singles, *pairs)]


def section(size: Size, executor: Executor | None) -> str:
    """One row a policy: where it leads, by how much, and what to type."""
    rows, commands = [], []
    for name, place in found_places(size, executor).items():
        found = compare(place.scenario(), replications=size.confirm, seed=CONFIRM, executor=executor)
        rows.append([name, *confirmed(found, name)])
        commands.append(f"- {name}: `{place.command(size.confirm)}`")
    heads = ["", "confirmed", f"minus {REFUSE_ALL}, k€", f"minus {ACCEPT_ALL}", "minus the best other", "which is"]
    return f"{markdown(heads, rows)}\n\nThe settings:\n\n" + "\n".join(commands)


def found_places(size: Size, executor: Executor | None) -> dict[str, Place]:
    """Where each policy is furthest ahead: a look at all places, and a second one at the few best for each policy."""
    worlds = places(size)
    policies = [make(name) for name in ADOPTABLE]
    scenarios = {at: place.scenario() for at, place in enumerate(worlds)}
    first = outcomes(scenarios, policies, NET, LOOK, size.look, executor)
    listed = {name: best_places(first, name)[:SHORT_LIST] for name in ADOPTABLE}
    again = sorted({at for of in listed.values() for at in of})
    second = outcomes({at: scenarios[at] for at in again}, policies, NET, AGAIN, size.again, executor)
    return {name: worlds[next(again[at] for at in best_places(second, name) if again[at] in listed[name])] for name in ADOPTABLE}


def best_places(values: dict[str, Array], policy: str) -> list[int]:
    """Worlds by how far the policy is ahead of the best of the others, in standard errors; the furthest first."""
    others = [name for name in values if name != policy]
    margins = []
    for at in range(len(values[policy])):
        rival = max(others, key=lambda name: np.nanmean(values[name][at]))
        gap = values[policy][at] - values[rival][at]
        error = float(np.nanstd(gap, ddof=1)) / math.sqrt(len(gap))
        margins.append(float(np.nanmean(gap)) / error if error > 0.0 else 0.0)
    return [int(at) for at in np.argsort(-np.array(margins), kind="stable")]


def confirmed(found: Comparison, policy: str) -> list[str]:
    """What the new replications say of the policy at its place."""
    choice = leader(found, NET)
    if choice.best != policy:
        beaten = found.picked_word(policy, choice.best, NET) == "worse"
        verdict = f"beaten by {choice.best}" if beaten else f"not told from {choice.best}"
    elif choice.strength == "alone":
        verdict = "**wins alone**"
    elif choice.strength == "among":
        verdict = f"**leads**, not told from {len(choice.ties) + len(choice.disputed)}"
    else:
        verdict = "best mean, told from few"
    rival = max((name for name in found.adoptable if name != policy), key=lambda name: found.level(name, NET).mean)
    cells = []
    for other in (REFUSE_ALL, ACCEPT_ALL, rival):
        if other == policy:
            cells.append("–")
            continue
        gap = found.difference(policy, NET, other)
        mean, limits = with_range(gap.mean, gap.low, gap.high, sign=True)
        cells.append(f"{mean} ({limits}){' disputed' if found.word(policy, NET, other) == 'disputed' else ''}")
    return [verdict, *cells, rival]
