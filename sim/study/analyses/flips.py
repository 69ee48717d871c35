"""Where does the answer flip: how much of a region each of two policies wins, and where."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from sim.design import DESIGNS
from sim.design.design import Design, Names
from sim.scenario.assumption import Name
from sim.stats.regions.discovery import FEWEST_POINTS, FEWEST_REPLICATIONS, Flip, NoRule, Rule, where_it_flips
from sim.study.analyses.analysis import Analysis, Question, Search
from sim.study.region_words import region_words


class FlipTable(Question):
    """Where does the answer flip? For designs that cover a region (latin, saltelli)."""

    first: Name = Field(description="a policy")
    second: Name = Field(description="another policy")

    def policies(self) -> Names:
        return (self.first, self.second)


def flips(asked: Sequence[FlipTable], search: Search) -> None:
    """A table of shares and one of rules, those that did not hold among them."""
    import pandas as pd

    shares, rules = [], []
    for one in asked:
        for name in search.plan.scenarios:
            points = search.plan.frame
            flip = where_it_flips(search.frame, points[points["scenario"] == name], one.metric, one.first, one.second)
            search.sentences += [f"{name}, {one.metric}: {sentence}" for sentence in flip_words(flip)]
            key = {"scenario": name, "metric": one.metric, "first": one.first, "second": one.second}
            share = flip.share
            shares.append({**key, "points": share.points, "first_really": share.first, "second_really": share.second,
                           "undecided": share.undecided, "share": share.share, "low": share.low, "high": share.high})
            rules += [{**key, "winner": rule.winner, "method": rule.method, "where": region_words(flip.places, rule.region),
                       "density": rule.density, "coverage": rule.coverage, "p_value": rule.p_value, "holds": holds}
                      for holds, group in ((True, flip.rules), (False, flip.tried)) for rule in group]
    search.tables["flips"] = pd.DataFrame(shares)
    search.tables["flip_rules"] = pd.DataFrame(
        rules, columns=["scenario", "metric", "first", "second", "winner", "method", "where", "density", "coverage",
                        "p_value", "holds"])


def flip_words(flip: Flip) -> list[str]:
    """The finding in sentences: how much each wins, and each rule that holds (or why there is none)."""
    share = flip.share
    how_much = (
        f"{flip.first} has the better mean at {_percent(share.share)} of {share.points} design points (between "
        f"{_percent(share.low)} and {_percent(share.high)} of the region). Really better: {flip.first} at {share.first}, "
        f"{flip.second} at {share.second}; not decided: {share.undecided}.")
    return [how_much, *([_no_rule_words(flip)] if not flip.rules else [_rule_words(flip, rule) for rule in flip.rules])]


def _no_rule_words(flip: Flip) -> str:
    why = {
        NoRule.POINTS: f"{len(flip.differences)} design points are too few to look for a rule (at least {FEWEST_POINTS})",
        NoRule.REPLICATIONS: f"{flip.replications} replications are too few to tell a rule from luck (at least "
                             f"{FEWEST_REPLICATIONS})",
        NoRule.NEVER: "at no design point has the policy that wins less often the better mean",
    }
    if flip.no_rule in why:
        return f"No rule was looked for: {why[flip.no_rule]}."
    return "No rule was found that holds on other design points and in other replications."


def _rule_words(flip: Flip, rule: Rule) -> str:
    return (
        f"{rule.winner} wins where {region_words(flip.places, rule.region)} ({_percent(rule.density)} of cases inside; covers "
        f"{_percent(rule.coverage)}; really better at {rule.won} points inside, worse at {rule.lost}; held-out answers: "
        f"{_percent(rule.held_out_density)} won inside against {_percent(rule.held_out_base)} everywhere; {rule.method}).")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _refuses(design: Design) -> str:
    even = [kind for kind, one in DESIGNS.items() if one.even]
    return "" if design.even else f"where the answer flips is asked of designs {' and '.join(even)}"


FLIPS = Analysis(
    key="flips", meaning="pairs of policies between which it may flip", asks=tuple[FlipTable, ...], find=flips, place=6,
    example=({"metric": "delay", "first": "always-accept", "second": "co-evaluated"},),
    refuses=_refuses)
