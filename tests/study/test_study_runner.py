"""The runner: the same bits however the work is cut, ordered or spread; failures are data; Ctrl-C keeps what is done."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import IntakeLabError
from sim.policies.catalogue import make
from sim.policies.policy import PolicyFromFunction
from sim.policies.view import accept
from sim.runs.outcome_frame import tidy
from sim.runs.runner import Batch, Interrupted, executor_for, run_batch, run_block
from sim.runs.simulate import simulate
from sim.scenario import Scenario

POLICIES = tuple(make(name) for name in ("always-accept", "placebo", "co-evaluated", "clairvoyant"))
SMALL = Scenario(name="small").with_values({"project.planned_items": 6, "project.deadline": 20.0, "project.horizon": 60.0})


def same_bits(a: Batch, b: Batch) -> bool:
    return a.keys == b.keys and a.replications == b.replications and a.outcomes.tobytes() == b.outcomes.tobytes()


class Backwards(Executor):
    """Finishes the work that it got last first, all in this process."""

    def __init__(self) -> None:
        self.work: list[tuple[Future[Any], Any, Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        self.work.append((future, fn, args))
        if len(self.work) == 5:
            for waiting, function, given_to_it in reversed(self.work):
                waiting.set_result(function(*given_to_it))
        return future


@pytest.fixture(scope="module")
def plain() -> Batch:
    return run_batch(SMALL, POLICIES, seed=3, replications=range(5))


def test_processes_give_the_bits_of_this_process(plain: Batch) -> None:
    with executor_for(2) as processes:
        assert same_bits(plain, run_batch(SMALL, POLICIES, seed=3, replications=range(5), executor=processes, block_size=2))


def test_the_order_in_which_blocks_come_back_changes_no_bit(plain: Batch) -> None:
    assert same_bits(plain, run_batch(SMALL, POLICIES, seed=3, replications=range(5), executor=Backwards(), block_size=1))


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(5)), size=st.integers(1, 7))
def test_for_every_block_size_and_order_the_bits_are_the_same(plain: Batch, order: list[int], size: int) -> None:
    assert same_bits(plain, run_batch(SMALL, POLICIES, seed=3, replications=order, block_size=size))


def test_more_blocks_than_may_be_in_flight_all_come_back(plain: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.runner.MOST_IN_FLIGHT", 2)
    with ThreadPoolExecutor(2) as threads:
        assert same_bits(plain, run_batch(SMALL, POLICIES, seed=3, replications=range(5), executor=threads, block_size=1))


def test_a_batch_holds_what_simulate_says(plain: Batch) -> None:
    frame = tidy("small", [policy.name for policy in POLICIES], 3, plain)
    for _, row in frame[frame["replication"] == 4].iterrows():
        outcome = simulate(SMALL, str(row["policy"]), seed=3, replication=4).outcome
        assert all(np.array_equal(row[name], value, equal_nan=True) for name, value in outcome.items())


def test_the_frame_is_tidy_and_knows_its_units(plain: Batch) -> None:
    frame = tidy("small", [policy.name for policy in POLICIES], 3, plain)
    assert list(frame.columns[:4]) == ["scenario", "policy", "seed", "replication"]
    assert len(frame) == 5 * len(POLICIES)
    assert frame.attrs["units"]["delay"] == "days"


def stumbles(estimate: Any, project: Any) -> Any:
    raise ZeroDivisionError("no way to say")


def says_nothing(estimate: Any, project: Any) -> Any:
    return "yes"


def test_a_run_that_fails_is_a_row_of_its_own_and_the_others_go_on(plain: Batch) -> None:
    bad = PolicyFromFunction(name="bad", function=stumbles)
    odd = PolicyFromFunction(name="odd", function=says_nothing)
    batch = run_batch(SMALL, (POLICIES[0], bad, odd, POLICIES[2]), seed=3, replications=range(3))
    assert {(failure.policy, failure.stage) for failure in batch.failures} == {("bad", "run"), ("odd", "run")}
    assert "ZeroDivisionError: no way to say" in {failure.error for failure in batch.failures}
    survivors = batch.outcomes[[at for at, (_, policy) in enumerate(batch.keys) if policy == 3]]
    alone = plain.outcomes[[at for at, (replication, policy) in enumerate(plain.keys) if policy == 2 and replication < 3]]
    assert survivors.tobytes() == alone.tobytes()


def test_luck_that_cannot_be_drawn_fails_in_its_own_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("sim.runs.runner.draw", broken)
    monkeypatch.setattr("sim.runs.runner.simulate_all", broken)
    block = run_block(SMALL, POLICIES[:1], 1, [0])
    assert [failure.stage for failure in block.failures] == ["draw"]
    assert block.outcomes.shape[0] == 0


def test_ctrl_c_keeps_the_blocks_that_are_done(plain: Batch) -> None:
    def stop_after_two(done: int, asked: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        run_batch(SMALL, POLICIES, seed=3, replications=range(5), block_size=1, progress=stop_after_two)
    kept = caught.value.kept
    assert kept.replications == (0, 1)
    assert kept.outcomes.tobytes() == plain.outcomes[: len(kept.keys)].tobytes()


def test_progress_is_told_in_replications() -> None:
    told: list[tuple[int, int]] = []
    run_batch(SMALL, POLICIES[:1], seed=1, replications=range(5), block_size=2, progress=lambda *now: told.append(now))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_policy_that_cannot_travel_is_refused_in_words_before_it_reaches_the_pool() -> None:
    local = PolicyFromFunction(name="local", function=lambda estimate, project: accept("here only"))
    with executor_for(2) as processes, pytest.raises(IntakeLabError, match="'local' cannot travel to another process"):
        run_batch(SMALL, (POLICIES[0], local), seed=1, replications=range(2), executor=processes)


def test_one_worker_is_this_process() -> None:
    with executor_for(1) as executor:
        assert executor is None
