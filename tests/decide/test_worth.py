"""What it is worth to know something: right where that is known in closed form, nothing where nothing is to be known."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, spearmanr

from sim.decide.information import Value, at_least, decide_by, differences
from sim.decide.looking import LOGGED, SIZES, data_sets
from sim.decide.priors import Priors, priors_of
from sim.decide.worth import Inquiry, Worth, origin_of, points_of, worth
from sim.errors import StudyError
from sim.policies.catalogue import make
from sim.report.worth_text import sentences, worth_json, worth_text
from sim.runs.into_folder import Stopped
from sim.runs.processes import Processes
from sim.runs.results_folder import ResultsFolder
from sim.scenario import Scenario
from sim.scenario.register import rows
from sim.stats.responses import Array

WORLD = Scenario(name="small").with_values({"project.planned_items": 4, "project.deadline": 12.0, "project.horizon": 40.0})
SMALL = Inquiry(policies=(make("co-evaluated"),), rows=120, base=20)
FEW = ("customer.request_rate", "customer.value", "customer.feasibility", "team.switch_cost")
PRIORS = replace(priors_of(WORLD), assumed=tuple(one for one in priors_of(WORLD).assumed if one.key in FEW))
SLOPES = (20.0, 10.0)
MEAN = -5.0


def toy(seed: int, size: int, luck: float = 10.0) -> tuple[Array, Array]:
    """Two policies whose difference is linear in two of four normal parameters; most luck is common."""
    rng = np.random.default_rng(seed)
    known, common = rng.normal(size=(size, 4)), rng.normal(0.0, 50.0, size)
    return known, np.column_stack([common, common + MEAN + known[:, :2] @ SLOPES + rng.normal(0.0, luck, size)])


def closed_form(deviation: float) -> float:
    """What it is worth to know a normal difference with mean MEAN before one decides by its sign."""
    return float(deviation * norm.pdf(MEAN / deviation) + MEAN * norm.cdf(MEAN / deviation))


def values(seed: int, size: int, *sets: list[int]) -> list[Value]:
    known, outcomes = toy(seed, size)
    gaps = differences(outcomes)[1]
    return [decide_by(known[:, columns], gaps).value for columns in sets]


def test_a_linear_normal_decision_is_worth_what_its_closed_form_says() -> None:
    found = np.array([[one.raw for one in values(seed, 4000, [0], [1], [0, 1], [0, 1, 2, 3])] for seed in range(6)]).mean(axis=0)
    truth = [closed_form(20.0), closed_form(10.0), *[closed_form(math.hypot(*SLOPES))] * 2]
    assert found == pytest.approx(truth, rel=0.05)


def test_a_parameter_that_says_nothing_is_worth_nothing() -> None:
    for seed in range(10):
        [nothing] = values(seed, 2000, [2])
        assert nothing.mean <= 1.0
        assert nothing.mean <= 2.0 * nothing.error


def test_among_many_that_say_nothing_nothing_is_found() -> None:
    rng = np.random.default_rng(1)
    gaps = differences(rng.normal(0.0, 30.0, size=(2000, 5)) + rng.normal(0.0, 100.0, size=(2000, 1)))[1]
    found = decide_by(rng.normal(size=(2000, 60)), gaps).value
    assert found.raw <= 2.0 * found.error
    assert found.raw >= -4.0 * max(found.error, 0.5), "and noise costs next to nothing"


def test_a_larger_set_is_worth_no_less_and_all_of_it_is_everything() -> None:
    one, two, both, everything = values(3, 3000, [0], [1], [0, 1], [0, 1, 2, 3])
    assert 0.0 < two.mean < one.mean < both.mean
    assert abs(everything.mean - both.mean) <= 2.0 * math.hypot(everything.error, both.error)
    assert at_least(two, [one]).mean == one.mean


def test_what_matters_only_together_is_seen_by_the_trees() -> None:
    rng = np.random.default_rng(2)
    known = rng.uniform(0.2, 1.0, size=(3000, 2))
    gap = 40.0 * np.where((known[:, 0] > 0.6) == (known[:, 1] > 0.6), 1.0, -1.0) + 4.0 * known.sum(axis=1) + rng.normal(0.0, 20.0, 3000)
    gaps = differences(np.column_stack([np.zeros(3000), gap]))[1]
    assert decide_by(known, gaps).value.mean > 10.0 > decide_by(known[:, [0]], gaps).value.mean


def test_the_best_of_each_row_would_count_luck_as_knowledge() -> None:
    known, outcomes = toy(1, 2000, luck=100.0)
    best, gaps = differences(outcomes)
    assert gaps.max(axis=1).mean() > 3.0 * decide_by(known, gaps).value.mean
    assert best == int(outcomes.mean(axis=0).argmax())


def test_a_longer_log_is_worth_more_until_it_is_worth_as_much_as_what_is_behind_it() -> None:
    rng = np.random.default_rng(4)
    rate, other = rng.gamma(4.0, 0.25, 6000), rng.normal(size=6000)
    gaps = differences(np.column_stack([np.zeros(6000), 30.0 * (rate - 1.1) + other * 5.0]))[1]
    known = decide_by(rate[:, None], gaps).value
    logs = [decide_by(data_sets({"customer.request_rate": rate}, {}, size), gaps).value.mean for size in (2, 10, 50, 1000)]
    assert logs == sorted(logs)
    assert logs[0] < 0.8 * known.mean
    assert logs[-1] == pytest.approx(known.mean, rel=0.05)


@given(st.sampled_from(LOGGED), st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_the_totals_of_a_long_log_are_ordered_as_the_truth_is(key: str, seed: int) -> None:
    truth = np.random.default_rng(seed).uniform(0.1, 0.9, 300)
    short, long = (data_sets({key: truth}, {"customer.value_spread": 1.0, "customer.effort_sigma": 1.0}, size, seed)[:, -1]
                   for size in (SIZES[0], 100_000))
    assert spearmanr(truth, long).statistic > 0.99
    assert np.isfinite(short).all()


# --- what is not known ---


@pytest.mark.parametrize("name", ["ai-project", "classroom", "calm-water", "product-team"])
def test_priors_keep_to_the_register_and_have_the_scenarios_values_as_means(name: str) -> None:
    priors = priors_of(Scenario.load(name))
    for prior in priors.assumed:
        drawn = np.array([prior.at((at + 0.5) / 200)[prior.places[0]] for at in range(200)])
        low, high = prior.ends
        assert drawn.min() >= (-math.inf if prior.row.low is None else prior.row.low)
        assert drawn.max() <= (math.inf if prior.row.high is None else prior.row.high)
        assert low <= drawn.min()
        assert drawn[100] >= drawn[50]
        if prior.row.high is None or (high < prior.row.high and prior.centres[0] > 0.02):
            assert drawn.mean() == pytest.approx(prior.centres[0], rel=0.03, abs=1e-3)


def test_what_can_be_of_both_signs_goes_through_zero() -> None:
    [benefit] = [prior for prior in priors_of(WORLD).assumed if prior.key == "project.planned_benefit"]
    assert benefit.ends[0] < 0.0 < benefit.ends[1]
    assert benefit.at(0.05)["project.planned_benefit"] < 0.0


def test_what_is_off_stays_off_and_what_the_plan_says_is_known() -> None:
    keys = priors_of(WORLD).keys
    assert not {"customer.early_infeasible", "review.escape", "team.newcomer_speed"} & set(keys)
    assert not {"project.deadline", "team.roles.NAME.headcount", "project.planned_effort", "today.share"} & set(keys)
    assert {"customer.request_rate", "customer.value"} <= set(keys)


def test_a_row_is_the_scenario_with_the_values_that_were_drawn() -> None:
    priors = priors_of(WORLD)
    world, drawn = priors.world(1, 7)
    assert world.digest() == WORLD.with_values(dict(zip(priors.keys, drawn, strict=True))).digest()
    assert priors.world(1, 7)[1] == drawn != priors.world(1, 8)[1] != priors.world(2, 8)[1]


def test_fitted_inputs_are_drawn_together_as_the_log_had_them() -> None:
    fitted = [{"customer.request_rate": 0.5, "customer.effort_median": 3.0}, {"customer.request_rate": 1.0, "customer.effort_median": 1.5}]
    priors = priors_of(WORLD, fitted)
    assert priors.keys[:2] == ("customer.request_rate", "customer.effort_median")
    assert {priors.world(1, row)[1][:2] for row in range(20)} == {(0.5, 3.0), (1.0, 1.5)}


def test_rules_between_values_are_kept_by_drawing_again() -> None:
    roles = Scenario(name="tight").with_values({"project.planned_items": 0, "project.deadline": 0.0})
    priors = Priors(roles, (), ({"project.warm_up": 500.0}, {"project.warm_up": 10.0}))  # the horizon is 400
    assert {priors.world(1, row)[1] for row in range(10)} == {(10.0,)}
    with pytest.raises(StudyError, match="none of 1000 draws"):
        replace(priors, fitted=({"project.warm_up": 500.0},)).world(1, 0)


# --- the whole of it ---


def numbers(found: Worth) -> str:
    return repr((found.everything, found.unknowns, found.options, found.logging, found.behind_log, found.rows))


def test_the_answer_is_the_same_for_any_number_of_workers_and_on_a_cluster() -> None:
    distributed = pytest.importorskip("distributed")
    alone = numbers(worth(WORLD, SMALL, PRIORS))
    with Processes(2, head_start=0.0) as two:
        assert numbers(worth(WORLD, SMALL, PRIORS, executor=two)) == alone
    with distributed.Client(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as client:
        assert numbers(worth(WORLD, SMALL, PRIORS, executor=client.get_executor())) == alone


def test_an_inquiry_that_was_stopped_goes_on_where_it_was_and_more_rows_extend_it(tmp_path: Path) -> None:
    def asked(inquiry: Inquiry, progress: object) -> Worth:
        with ResultsFolder.writing(tmp_path / "a", origin_of(WORLD, inquiry, PRIORS), points_of(WORLD), executor="here",
                                   command="a test", texts={}) as folder:
            return worth(WORLD, inquiry, PRIORS, folder=folder, progress=progress)  # type: ignore[arg-type]

    calls: list[int] = []

    def stop(done: int, asked: int) -> None:
        calls.append(done)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(Stopped, match="kept in"):
        asked(SMALL, stop)
    again: list[int] = []
    found = asked(SMALL, lambda done, _: again.append(done))
    assert again[0] > calls[-1]
    assert again[-1] == SMALL.rows + SMALL.base
    assert numbers(found) == numbers(worth(WORLD, SMALL, PRIORS))
    asked(SMALL, lambda *_: pytest.fail("nothing is left to run"))
    more: list[int] = []
    asked(replace(SMALL, rows=140), lambda done, _: more.append(done))
    assert more == [160]


def test_who_gets_through_the_screening_was_not_lucky_in_the_rows_of_the_answer() -> None:
    many = tuple(map(make, ("always-accept", "gatekeeper", "change-board", "co-evaluated", "value-ranked")))
    found = worth(WORLD, replace(SMALL, policies=many, keep=2, screened=10, rows=100), PRIORS)
    assert {"accept-all", "refuse-all"} < {one.policy for one in found.options}
    assert len(found.options) == 4


def test_the_worst_choice_loses_what_it_is_behind_and_what_knowing_is_worth() -> None:
    found = worth(WORLD, SMALL, PRIORS)
    assert sum(one.probability for one in found.options) == pytest.approx(1.0)
    for one in found.options:
        assert one.regret == pytest.approx(found.everything.mean - one.mean.mean)
        assert one.unlucky >= 0.0
    assert found.options[0].policy == found.robust
    assert found.options[0].regret == pytest.approx(found.everything.mean)
    assert all(found.everything.raw >= one.worth.raw for one in found.unknowns)
    assert [value.raw for _, value in found.logging] == sorted(value.raw for _, value in found.logging)
    assert found.behind_log is not None
    assert found.everything.raw >= found.behind_log.raw >= found.logging[-1][1].raw


def test_a_goal_without_a_number_is_told() -> None:
    stream = WORLD.with_values({"project.deadline": 0.0})
    with pytest.raises(StudyError, match="delay has a number under all policies in 0 of 120 rows"):
        worth(stream, replace(SMALL, goal="delay"))
    with pytest.raises(StudyError, match="a measure of which more, or less, is better"):
        Inquiry(goal="requests")


# --- its words ---


@pytest.fixture(scope="module")
def small() -> Worth:
    return worth(WORLD, SMALL, PRIORS)


def told(found: Worth, **values: object) -> str:
    return " ".join(sentences(replace(found, **values)))  # type: ignore[arg-type]


def test_the_first_sentence_is_no_stronger_than_its_interval(small: Worth) -> None:
    sure, unsure = Value(24.0, 1.0, 25.0, 5000), Value(24.0, 20.0, 25.0, 5000)
    top = replace(small.unknowns[0], key="customer.request_rate", worth=Value(17.0, 1.0, 18.0, 5000))
    log = tuple((size, Value(worth_, 1.0, 0.0, 5000)) for size, worth_ in zip(SIZES, (9.0, 12.0, 16.0, 17.0, 18.0, 18.5), strict=True))
    everything = told(small, everything=sure, unknowns=(top, *small.unknowns[1:]), logging=log)
    assert everything.startswith("Knowing the true request rate first would be worth about 17.0 k€ (95%: 14.5 to 19.5); logging 20 "
                                 "requests would get you 16 of the 24 k€ that knowing everything is worth.")
    doubtful = tuple(replace(one, worth=Value(3.0, 4.0, 3.0, 5000)) for one in small.unknowns)
    assert "Of no single assumption it can be told" in told(small, everything=sure, unknowns=doubtful)
    assert told(small, everything=unsure, unknowns=doubtful).startswith("Nothing need be found out first")


def test_a_choice_that_would_be_another_at_the_scenarios_own_values_is_told(small: Worth) -> None:
    names = [one.policy for one in small.options]
    assert "it is the best as well" in told(small, at_base=small.robust)
    other = next(name for name in names if name != small.robust)
    base = next(one for one in small.options if one.policy == small.robust).base
    clear = replace(small.options[0], base=base._replace(mean=-9.0, low=-12.0, high=-6.0))
    assert f"{other} would be better, by 9 k€" in told(small, at_base=other, options=(clear, *small.options[1:]))
    open_ = replace(small.options[0], base=base._replace(mean=-9.0, low=-22.0, high=6.0))
    assert "not told apart" in told(small, at_base=other, options=(open_, *small.options[1:]))


def test_what_is_printed_takes_25_lines_and_details_all_that_is_not_known(small: Worth) -> None:
    assert len(worth_text(small, 80).splitlines()) <= 21  # the command adds four
    assert str(small) == worth_text(small, 100)
    detailed = worth_text(small, 100, details=True)
    assert all(one.key in detailed for one in small.unknowns)
    assert {row.key for row in rows()} >= {one["key"] for one in worth_json(small)["unknowns"]}
