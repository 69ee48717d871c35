"""The runner: the same bits however the work is cut, ordered or spread; failures are data; Ctrl-C keeps what is done."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import IntakeLabError
from sim.model.outcome import METRICS
from sim.policies.catalogue import make
from sim.policies.policy import Policy, PolicyFromFunction
from sim.policies.view import accept
from sim.runs.outcome_table import KEYS, Done
from sim.runs.processes import Processes, executor_for
from sim.runs.runner import Interrupted, Work, run_all, run_block
from sim.runs.simulate import simulate
from sim.runs.span import Span, cut
from sim.scenario import Scenario

POLICIES = tuple(make(name) for name in ("always-accept", "placebo", "co-evaluated", "clairvoyant"))
SMALL = Scenario(name="small").with_values({"project.planned_items": 6, "project.deadline": 20.0, "project.horizon": 60.0})


def run(replications: int = 5, size: int = 1, executor: Executor | None = None, policies: tuple[Policy, ...] = POLICIES,
        **options: Any) -> Done:
    """So many replications of the small project, in spans of this size."""
    return run_all(cut([Span(0, 0, replications)], size), lambda _: Work(SMALL, policies, 3), executor, **options)


def numbers(done: Done, *policies: str) -> bytes:
    """The metrics of all runs (or of those of some policies), to the last bit."""
    rows = done.outcomes[done.outcomes["policy"].isin(policies)] if policies else done.outcomes
    return rows[list(METRICS)].to_numpy().tobytes()


def same_bits(a: Done, b: Done) -> bool:
    return numbers(a) == numbers(b) and a.outcomes[list(KEYS)].equals(b.outcomes[list(KEYS)])


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
def plain() -> Done:
    return run(size=5)


def test_processes_give_the_bits_of_this_process(plain: Done) -> None:
    processes = Processes(2, head_start=0.0)
    processes.submit(int).result()  # they have come up, and this process does nothing itself
    assert same_bits(plain, run(size=2, executor=processes))
    processes.shutdown()


def test_while_processes_come_up_this_one_works_too(plain: Done) -> None:
    processes = Processes(2, head_start=60.0)  # however slow the machine: five small replications are done before
    assert same_bits(plain, run(size=1, executor=processes))
    processes.shutdown(cancel_futures=True)
    assert not processes.warm


def test_the_order_in_which_spans_come_back_changes_no_bit(plain: Done) -> None:
    assert same_bits(plain, run(executor=Backwards()))


@settings(max_examples=10, deadline=None)
@given(data=st.data(), size=st.integers(1, 7))
def test_for_every_size_of_spans_and_every_order_the_bits_are_the_same(plain: Done, data: st.DataObject, size: int) -> None:
    spans = data.draw(st.permutations(cut([Span(0, 0, 5)], size)))
    assert same_bits(plain, run_all(spans, lambda _: Work(SMALL, POLICIES, 3)))


def test_more_spans_than_may_be_in_flight_all_come_back(plain: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.runner.MOST_IN_FLIGHT", 2)
    with ThreadPoolExecutor(2) as threads:
        assert same_bits(plain, run(executor=threads))


def test_the_table_holds_what_simulate_says(plain: Done) -> None:
    for _, row in plain.outcomes[plain.outcomes["replication"] == 4].iterrows():
        outcome = simulate(SMALL, str(row["policy"]), seed=3, replication=4).outcome
        assert all(np.array_equal(row[name], value, equal_nan=True) for name, value in outcome.items())


def test_the_table_is_tidy_and_knows_its_units(plain: Done) -> None:
    table = plain.outcomes
    assert tuple(table.columns) == (*KEYS, *METRICS)
    assert len(table) == 5 * len(POLICIES)
    assert list(table["policy"][:4]) == [policy.name for policy in POLICIES]
    assert table.attrs["units"]["delay"] == "days"


def stumbles(estimate: Any, project: Any) -> Any:
    raise ZeroDivisionError("no way to say")


def says_nothing(estimate: Any, project: Any) -> Any:
    return "yes"


def test_a_run_that_fails_is_a_row_of_its_own_and_the_others_go_on(plain: Done) -> None:
    bad = PolicyFromFunction(name="bad", function=stumbles)
    odd = PolicyFromFunction(name="odd", function=says_nothing)
    done = run(3, policies=(POLICIES[0], bad, odd, POLICIES[2]), command=lambda *run: " ".join(map(str, run)))
    assert {(failed.policy, failed.stage) for failed in done.failures} == {("bad", "run"), ("odd", "run")}
    assert "ZeroDivisionError: no way to say" in {failed.error for failed in done.failures}
    assert {failed.command for failed in done.failures if failed.policy == "odd"} == {f"0 odd {at}" for at in range(3)}
    first = plain._replace(outcomes=plain.outcomes[plain.outcomes["replication"] < 3])
    assert numbers(done, "co-evaluated") == numbers(first, "co-evaluated")


def test_luck_that_cannot_be_drawn_fails_in_its_own_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("sim.runs.runner.draw", broken)
    monkeypatch.setattr("sim.runs.runner.all_outcomes", broken)
    block = run_block(Work(SMALL, POLICIES[:1], 1), Span(0, 0, 1))
    assert [failed.stage for failed in block.failures] == ["draw"]
    assert block.numbers.shape[0] == 0


def test_ctrl_c_keeps_the_spans_that_are_done(plain: Done) -> None:
    def stop_after_two(done: int, asked: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        run(progress=stop_after_two)
    kept = caught.value.kept
    assert set(kept.outcomes["replication"]) == {0, 1}
    assert numbers(kept) == numbers(plain)[: len(numbers(kept))]


def test_progress_is_told_in_replications() -> None:
    told: list[tuple[int, int]] = []
    run(size=2, policies=POLICIES[:1], progress=lambda *now: told.append(now))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_policy_that_cannot_travel_is_refused_in_words_before_it_reaches_the_pool() -> None:
    local = PolicyFromFunction(name="local", function=lambda estimate, project: accept("here only"))
    with executor_for(2) as processes, pytest.raises(IntakeLabError, match="'local' cannot travel to another process"):
        run(2, policies=(POLICIES[0], local), executor=processes)


def test_one_worker_is_this_process() -> None:
    with executor_for(1) as executor:
        assert executor is None


def test_nothing_to_run_is_an_empty_table() -> None:
    done = run(0)
    assert done.outcomes.empty
    assert tuple(done.outcomes.columns) == (*KEYS, *METRICS)
