"""Tuning: who is best where that is known, nothing where there is nothing, and the same answer however the work was done."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.decide.bench import Bench
from sim.decide.candidates import edges, grid, mutants, pruned, strictness, tried, values_of, variant
from sim.decide.requirement import Requirement, requirement
from sim.decide.tuned import Tuned
from sim.decide.tuning import QUICK, Tuning, origin_of, points_of, tune, tune_on
from sim.errors import StudyError
from sim.policies.catalogue import ADOPTABLE, make
from sim.policies.catalogue import settings as settings_of_family
from sim.policies.policy import Policy
from sim.policies.policy_file import load_policy
from sim.report.tuned_text import tuned_text
from sim.runs.into_folder import Stopped
from sim.runs.processes import Processes
from sim.runs.results_folder import ResultsFolder
from sim.scenario import Scenario
from sim.stats.responses import Array
from tests.conftest import Type

WORLD = Scenario(name="small").with_values({"project.planned_items": 4, "project.deadline": 12.0, "project.horizon": 40.0})
SMALL = replace(QUICK, families=("change-board",), most=20, report=20)
BOARD = Tuning(families=("change-board",), report=60)


class Toy(Bench):
    """A world that costs nothing: what a policy is worth is given, and luck, some of it common, comes on top."""

    def __init__(self, seed: int, shares: dict[str, float] | None = None, peak: float = 0.0, spread: float = 10.0) -> None:
        super().__init__(WORLD, seed)
        self.shares, self.peak, self.spread = shares or {}, peak, spread

    def run(self, stage: str, point: int, policies: object, replications: range) -> None:
        self.asked[stage] |= {(one.name, at) for one in policies for at in replications}  # type: ignore[attr-defined]

    def truth(self, policy: Policy | str) -> float:
        made = make(policy) if isinstance(policy, str) else policy
        if not made.cadence.days:
            return 2.0 * self.peak if made.name == "refuse-all" and "refuse" in self.shares else 0.0
        return self.peak * (1.0 - abs(math.log(made.cadence.days / 7.0)))

    def values(self, policy: Policy | str, metric: str, replications: range) -> Array:
        name = policy if isinstance(policy, str) else policy.name
        key = [self.seed, replications.start, *name.encode()]
        if metric == "on_time":
            return (np.random.default_rng(key).random(len(replications)) < self.shares.get(name.partition(":")[0], 0.5)) * 1.0
        common = np.random.default_rng([self.seed, replications.start]).normal(0.0, 30.0, len(replications))
        return self.truth(policy) + common + np.random.default_rng(key).normal(0.0, self.spread, len(replications))


def test_the_best_is_found_where_it_is_known() -> None:
    losses = []
    for seed in range(8):
        toy = Toy(seed, peak=50.0)
        losses.append(50.0 - toy.truth(tune_on(toy, BOARD).policy))
    assert np.mean(losses) <= 3.0
    assert max(losses) <= 10.0


def test_where_all_are_alike_the_reported_gain_is_nothing_on_average_and_the_intervals_cover() -> None:
    gains, covered = [], []
    for seed in range(25):
        found = tune_on(Toy(seed), replace(BOARD, rounds=1, report=40))
        gains += [one.interval.mean for one in found.gains if one.role in ("reference", "untuned")][:1]
        covered.append(all(one.interval.low <= 0.0 <= one.interval.high for one in found.gains))
    error = np.std(gains, ddof=1) / math.sqrt(len(gains))
    assert abs(np.mean(gains)) <= 3.0 * error
    assert error < 1.0
    assert np.mean(covered) >= 0.86  # 0.95 less two standard errors of 25


def test_an_anchor_that_wins_is_the_answer_and_one_that_is_better_is_named() -> None:
    found = tune_on(Toy(1, {"refuse": 1.0}, peak=50.0), BOARD)
    assert found.policy.name == "refuse-all"
    assert "Best of what was tried: refuse-all." in tuned_text(found)
    worse = tune_on(Toy(1, peak=50.0), BOARD)
    assert "But refuse-all" not in tuned_text(worse)
    turned = replace(worse, gains=tuple(replace(one, interval=-one.interval) for one in worse.gains))
    assert "But refuse-all is better on average" in " ".join(tuned_text(turned).split())


def test_what_is_required_is_kept_by_the_lower_bound_or_the_answer_says_that_it_is_not_attainable_or_open() -> None:
    on_time = (Requirement("on_time", True, 0.8),)
    kept = tune_on(Toy(1, {"change-board": 0.5, "refuse-all": 0.97}, peak=50.0), replace(BOARD, require=on_time))
    assert (kept.policy.name, kept.attainable, kept.states) == ("refuse-all", "kept", {"on_time>=0.8": "kept"})
    never = tune_on(Toy(1, {"change-board": 0.5}, peak=50.0), replace(BOARD, require=on_time))
    assert (never.attainable, never.states) == ("not kept", {"on_time>=0.8": "not kept"})
    assert "Not attainable" in tuned_text(never)
    border = tune_on(Toy(1, {"change-board": 0.8}, peak=50.0), replace(BOARD, require=on_time, most=20, report=20))
    assert border.states == {"on_time>=0.8": "open"}
    assert "cannot tell" in tuned_text(border)


def test_search_selection_and_report_have_no_luck_in_common() -> None:
    seen = tune_on(Toy(1, peak=50.0), BOARD).seen
    search = frozenset().union(*(seen[stage] for stage in BOARD.stages[:-3]))
    assert not search & seen["selection"]
    assert not seen["report"] & (search | seen["selection"])
    assert seen["curve"] == seen["report"]


def numbers(found: Tuned) -> str:
    return repr((found.policy, found.gains, found.levels, found.curve, found.runs))


def test_the_answer_is_the_same_for_any_number_of_workers_and_on_a_cluster() -> None:
    distributed = pytest.importorskip("distributed")
    alone = numbers(tune(WORLD, SMALL))
    with Processes(2, head_start=0.0) as two:
        assert numbers(tune(WORLD, SMALL, executor=two)) == alone
    with distributed.Client(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as client:
        assert numbers(tune(WORLD, SMALL, executor=client.get_executor())) == alone


def test_a_tuning_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    def writing(name: str) -> object:
        return ResultsFolder.writing(tmp_path / name, origin_of(WORLD, SMALL), points_of(WORLD, SMALL), executor="here",
                                     command="a test", texts={})

    calls = []

    def stop(done: int, asked: int) -> None:
        calls.append(done)
        if len(calls) == 7:
            raise KeyboardInterrupt

    with pytest.raises(Stopped, match="kept in"), writing("a") as folder:  # type: ignore[attr-defined]
        tune(WORLD, SMALL, folder=folder, progress=stop)
    again: list[int] = []
    with writing("a") as folder:  # type: ignore[attr-defined]
        found = tune(WORLD, SMALL, folder=folder, progress=lambda done, asked: again.append(done))
        frame = folder.frame()
    assert again[0] > calls[-1]
    assert numbers(found) == numbers(tune(WORLD, SMALL))
    assert not frame.duplicated(["policy", "replication"]).any()
    with writing("a") as folder:  # type: ignore[attr-defined]
        tune(WORLD, SMALL, folder=folder, progress=lambda *_: pytest.fail("nothing is left to run"))


def test_all_families_together_take_at_most_three_thousand_runs_to_search() -> None:
    found = tune_on(Toy(3, peak=50.0), Tuning())
    assert found.search_runs <= 3000
    assert len(found.curve) <= 7


@pytest.mark.parametrize("family", ADOPTABLE)
def test_every_candidate_is_made_by_its_name_and_every_setting_is_tried_at_its_default(family: str) -> None:
    candidates = grid([family], WORLD)
    assert candidates[0] == make(family)
    assert len({one.name for one in candidates}) == len(candidates)
    assert all(make(one.name) == one for one in candidates)
    for slot in settings_of_family(family).values():
        among = tried(slot, WORLD)
        assert all(slot.takes(value) for value in among)
        assert slot.default is None or slot.default in among


@given(st.sampled_from(ADOPTABLE), st.integers(0, 1000))
@settings(max_examples=40)
def test_mutants_differ_in_one_setting_and_pruning_puts_one_back(family: str, seed: int) -> None:
    start = grid([family], WORLD)[-1]
    for one in mutants(start, 5, WORLD, np.random.default_rng(seed)):
        assert sum(values_of(one)[key] != value for key, value in values_of(start).items()) <= 1
        assert make(one.name) == one
    default = values_of(make(family))
    changed = [key for key, value in values_of(start).items() if value != default[key]]
    assert len(list(pruned(start))) == len(changed)


def test_the_setting_that_refuses_more_or_less_is_that_of_the_rule_of_admission() -> None:
    assert {name: strictness(make(name)) for name in ("value-ranked", "co-evaluated", "change-budget", "accept-all")} == {
        "value-ranked": "k", "co-evaluated": "at_least", "change-budget": "share", "accept-all": ""}


def test_settings_at_an_end_of_what_was_tried_are_flagged_where_more_is_allowed() -> None:
    assert edges(variant("change-board", {"days": 40.0}), WORLD) == {"days": "most"}
    assert edges(variant("change-board", {"days": 5.0}), WORLD) == {}
    assert edges(variant("co-evaluated", {"expert_share": 1.0}), WORLD) == {}, "more than 1 is not allowed"


def test_the_policy_file_is_the_policy(tmp_path: Path) -> None:
    found = tune_on(Toy(2, peak=50.0), BOARD)
    (tmp_path / "best.toml").write_text(found.policy_text(), encoding="utf-8")
    assert load_policy(tmp_path / "best.toml").with_parts(name=found.policy.name) == found.policy


def test_the_command_says_what_is_best_in_a_page_of_the_terminal_and_writes_the_policy(typed: Type, tmp_path: Path) -> None:
    asked = ("tune", "classroom", "--quick", "--policy", "value-ranked", "-n", "20", "--workers", "1", "--require", "on_time>=0.5")
    said = typed(*asked, "--results", str(tmp_path / "r"), "--out", str(tmp_path / "best.toml"))
    assert said.code == 0
    assert said.out.startswith(("Best of what was tried: ", "Nothing that was tried"))
    assert "refuse-all" in said.out
    assert len(said.out.splitlines()) <= 25
    assert load_policy(tmp_path / "best.toml")
    assert typed(*asked, "--json", "--results", str(tmp_path / "r")).out.startswith("{")
    assert "exists already" in typed(*asked, "--out", str(tmp_path / "best.toml")).err
    assert "did you mean delay?" in typed("tune", "classroom", "--goal", "dely").err


@pytest.mark.parametrize(("text", "words"), [
    ("on_tme>=0.8", "on_tme is no measure; did you mean on_time"), ("on_time=0.8", "MEASURE>=NUMBER"), ("on_time>=.e", "is no number")])
def test_a_requirement_that_cannot_be_read_is_told(text: str, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        requirement(text)


def test_a_goal_without_a_number_is_told() -> None:
    stream = WORLD.with_values({"project.deadline": 0.0})
    with pytest.raises(StudyError, match="delay has no number under any policy of scenario small; choose another goal"):
        tune(stream, replace(SMALL, goal="delay"))
    with pytest.raises(StudyError, match="a measure of which more, or less, is better"):
        Tuning(goal="requests")
