"""(scenario, policy, seed, replication) fixes every bit of a run: alone or not, in any order and process, logged or not."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.policies import POLICY_NAMES, Policy, all_policies
from sim.runs.runner import Block, Work, run_block
from sim.runs.simulate import Run, simulate, simulate_all
from sim.runs.span import Span
from sim.scenario import Scenario
from tests.strategies import policies, scenarios

SMALL = Scenario().with_values({"project.planned_items": 15, "project.horizon": 80.0, "project.deadline": 40.0})


def bits(run: Run) -> object:
    """All that a run came to, in a form in which NaN equals NaN."""
    ledger = run.ledger
    fates = [(ask.request.number, ask.fate, ask.answered, ask.left, ask.returns) for ask in ledger.asks]
    return repr((run.outcome, ledger.spells, ledger.customer_spells, fates))


def block(seed: int, first: int, size: int) -> Block:
    return run_block(Work(SMALL, all_policies(), seed), Span(0, first, size))


def outcomes(runs: Sequence[Run]) -> dict[tuple[str, int], str]:
    return {(run.policy.name, run.replication): repr(run.outcome) for run in runs}


@settings(max_examples=60, deadline=None)
@given(scenarios(), policies, st.integers(0, 2**40), st.integers(0, 1000))
def test_a_run_can_be_repeated(scenario: Scenario, policy: Policy, seed: int, replication: int) -> None:
    one, other = (simulate(scenario, policy, seed=seed, replication=replication) for _ in range(2))
    assert bits(one) == bits(other)


@settings(max_examples=60, deadline=None)
@given(scenarios(), policies, st.integers(0, 1000))
def test_logging_changes_no_bit(scenario: Scenario, policy: Policy, seed: int) -> None:
    logged, silent = (simulate(scenario, policy, seed=seed, logged=logged) for logged in (True, False))
    assert bits(logged) == bits(silent)
    assert not silent.ledger.decisions


def test_replication_7_alone_is_replication_7_of_ten() -> None:
    ten = block(5, 0, 10)
    assert not ten.failures
    rows = [at for at, replication in enumerate(ten.replications) if replication == 7]
    assert ten.numbers[rows].tobytes() == block(5, 7, 1).numbers.tobytes()
    assert ten.numbers.tobytes() != block(6, 0, 10).numbers.tobytes()


def test_the_order_of_policies_and_of_replications_does_not_matter() -> None:
    forwards = [run for r in range(3) for run in simulate_all(SMALL, all_policies(), seed=1, replication=r)]
    backwards = [run for r in (2, 1, 0) for run in simulate_all(SMALL, all_policies()[::-1], seed=1, replication=r)]
    assert outcomes(forwards) == outcomes(backwards)


def test_each_policy_alone_comes_to_what_it_comes_to_among_the_others() -> None:
    together = simulate_all(SMALL, all_policies(), seed=1, replication=0)
    assert [bits(run) for run in together] == [bits(simulate(SMALL, name, seed=1)) for name in POLICY_NAMES]


def test_another_process_comes_to_the_same_bits() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        there = executor.submit(run_block, Work(SMALL, all_policies(), 1), Span(0, 0, 2)).result(timeout=120)
    assert there.numbers.tobytes() == block(1, 0, 2).numbers.tobytes()


def test_the_hash_seed_of_the_process_does_not_matter() -> None:
    code = (
        "from sim import Scenario; from sim.policies import all_policies; from sim.runs.runner import Work, run_block;"
        "from sim.runs.span import Span;"
        "small = Scenario().with_values({'project.planned_items': 15, 'project.horizon': 80.0, 'project.deadline': 40.0});"
        "print(run_block(Work(small, all_policies(), 1), Span(0, 0, 1)).numbers.tobytes().hex())"
    )
    root = str(Path(sim.__file__).parents[1])
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
        ).stdout.strip()
        for seed in ("0", "4711")
    }
    assert printed == {block(1, 0, 1).numbers.tobytes().hex()}
