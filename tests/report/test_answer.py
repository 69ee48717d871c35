"""The three sentences: never stronger than the intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.errors import IntakeLabError
from sim.model.outcome import METRICS
from sim.policies.catalogue import make
from sim.report.answer import answer, how_much, how_sure, which
from sim.report.choice import choose
from sim.report.gathered import Evidence
from sim.report.levers import End, Lever
from sim.stats.means import Interval
from sim.study.comparison import Comparison


def comparison(like: Comparison, values: Mapping[str, Mapping[str, Sequence[float]]]) -> Comparison:
    """A comparison with these numbers (metric, policy, replications); 1 in all other metrics."""
    names = list(next(iter(values.values())))
    n = len(next(iter(next(iter(values.values())).values())))
    rows = [
        {"policy": name, "replication": at, **{metric: float(values[metric][name][at]) if metric in values else 1.0
                                               for metric in METRICS}} for name in names for at in range(n)]
    return replace(like, policies=tuple(make(name) for name in names), reference=names[0], frame=pd.DataFrame(rows), asked=n)


def noise(seed: int, mean: float = 0.0) -> list[float]:
    return list(np.random.default_rng(seed).normal(mean, 1.0, 40))


def with_numbers(evidence: Evidence, values: Mapping[str, Mapping[str, Sequence[float]]]) -> Evidence:
    if "net_benefit" in values:
        values = {**values, "net_of_effort": values["net_benefit"]}
    found = comparison(evidence.comparison, values)
    choice = choose(found)
    return replace(evidence, comparison=found, choice=choice, levers=(),
                   base=found.pairwise(choice.rival, choice.best, choice.metric))


def test_without_a_real_difference_nothing_is_recommended(evidence: Evidence) -> None:
    same = with_numbers(evidence, {"net_benefit": {"always-accept": noise(1), "co-evaluated": noise(2), "change-board": noise(3)}})
    assert same.choice.strength == "open"
    assert which(same).startswith("Nobody leads in net benefit")
    assert "Nor does anybody lead in delay" in which(same)
    assert "does not matter much as far as 40 simulated lives of this project can tell" in which(same)
    assert "no real difference was found" in how_much(same)
    assert "no real difference in net benefit" in how_sure(same)


def test_the_best_alone_is_said_to_be_better_than_each(evidence: Evidence) -> None:
    clear = with_numbers(evidence, {"net_benefit": {
        "always-accept": noise(1), "co-evaluated": noise(2, 9.0), "change-board": noise(3, 5.0)}})
    assert (clear.choice.best, clear.choice.strength) == ("co-evaluated", "alone")
    assert which(clear) == ("co-evaluated leads: in net benefit it is really better than each of the 2 other policies "
                            "that a project can adopt.")


def test_always_accept_can_win(evidence: Evidence) -> None:
    clear = with_numbers(evidence, {"net_benefit": {
        "co-evaluated": noise(2), "always-accept": noise(1, 9.0), "change-board": noise(3)}})
    assert (clear.choice.best, clear.choice.rival) == ("always-accept", "co-evaluated")


def test_ties_are_named(evidence: Evidence) -> None:
    tied = with_numbers(evidence, {"net_benefit": {
        "always-accept": noise(1), "co-evaluated": noise(2, 9.0), "change-board": noise(3, 9.0)}})
    assert tied.choice.strength == "among"
    assert "no real difference was found between it and " + tied.choice.ties[0] in which(tied)


def test_where_net_benefit_is_silent_delay_decides_and_it_is_said(evidence: Evidence) -> None:
    late = with_numbers(evidence, {
        "net_benefit": {"always-accept": noise(1), "co-evaluated": noise(2), "change-board": noise(3)},
        "delay": {"always-accept": noise(4, 9.0), "co-evaluated": noise(5), "change-board": noise(6, 5.0)}})
    assert (late.choice.metric, late.choice.best) == ("delay", "co-evaluated")
    assert "In net benefit the policies cannot be told apart" in which(late)


def test_what_the_customer_pays_is_said(evidence: Evidence) -> None:
    dear = with_numbers(evidence, {
        "net_benefit": {"always-accept": noise(1), "co-evaluated": noise(2, 9.0)},
        "lead_time_delivered": {"always-accept": noise(4, 9.0), "co-evaluated": noise(5, 20.0)},
        "satisfaction": {"always-accept": noise(4, 9.0), "co-evaluated": noise(5, 2.0)}})
    assert "longer for a delivered request" in how_much(dear)
    assert "less satisfied" in how_much(dear)


@pytest.mark.parametrize(("state", "mean", "words"), [
    ("flips", 4.0, "would put always-accept ahead"), ("unsure", -0.5, "would leave the difference open"),
    ("holds", -4.0, "stays better than always-accept"),
])
def test_the_third_sentence_says_what_the_ends_say(evidence: Evidence, state: str, mean: float, words: str) -> None:
    clear = with_numbers(evidence, {"net_benefit": {"always-accept": noise(1), "co-evaluated": noise(2, 9.0)}})
    [lever, *_] = evidence.levers
    end = End(2.0, Interval(9, mean, mean - 1.0, mean + 1.0), state)  # type: ignore[arg-type]
    other = End(0.5, Interval(9, -9.0, -10.0, -8.0), "holds")
    said = how_sure(replace(clear, levers=(Lever(lever.row, 1.0, other, end),)))
    assert words in said


def test_the_flip_point_lies_where_the_line_crosses_zero(evidence: Evidence) -> None:
    lever = Lever(evidence.levers[0].row, 1.0, End(0.5, Interval(9, -9.0, -10.0, -8.0), "holds"),
                  End(2.0, Interval(9, 3.0, 2.0, 4.0), "flips"))
    assert lever.flip_point(Interval(9, -9.0, -10.0, -8.0)) == pytest.approx(1.75)


def test_one_policy_is_no_choice(evidence: Evidence) -> None:
    with pytest.raises(IntakeLabError, match="at least two policies"):
        choose(replace(evidence.comparison, policies=(make("always-accept"), make("clairvoyant"))))


def test_three_sentences(evidence: Evidence) -> None:
    said = answer(evidence)
    assert len(said) == 3
    assert all(text.endswith(".") and "nan" not in text for text in said)
