"""The tape: a number belongs to (seed, replication, purpose, position) and to nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.tape import Tape

KINDS: dict[str, Callable[[Tape, str, int], list[float]]] = {
    "uniform": Tape.uniforms, "normal": Tape.normals, "exponential": Tape.exponentials}
kinds = st.sampled_from(sorted(KINDS))
seeds = st.integers(0, 2**63)
purposes = st.text(max_size=30)
asked = st.tuples(kinds, purposes, st.integers(0, 200))


def ask(tape: Tape, kind: str, purpose: str, count: int) -> list[float]:
    return KINDS[kind](tape, purpose, count)[:count]


@given(seeds, seeds, kinds, purposes, st.integers(0, 300), st.integers(0, 300))
def test_a_longer_stream_starts_with_the_shorter_one(
    seed: int, replication: int, kind: str, purpose: str, short: int, long: int
) -> None:
    whole = ask(Tape(seed, replication), kind, purpose, short + long)
    tape = Tape(seed, replication)
    assert ask(tape, kind, purpose, short) == whole[:short]
    assert ask(tape, kind, purpose, short + long) == whole
    assert ask(tape, kind, purpose, short) == whole[:short]


@given(seeds, st.lists(asked, max_size=6), asked)
def test_what_else_is_asked_and_when_changes_no_number(
    seed: int, others: list[tuple[str, str, int]], wanted: tuple[str, str, int]
) -> None:
    alone = ask(Tape(seed, 0), *wanted)
    busy = Tape(seed, 0)
    for other in others:
        ask(busy, *other)
    assert ask(busy, *wanted) == alone


@given(st.lists(asked, min_size=2, max_size=6))
def test_the_order_of_asking_changes_no_number(wanted: list[tuple[str, str, int]]) -> None:
    forwards, backwards = Tape(3, 1), Tape(3, 1)
    there = [ask(forwards, *one) for one in wanted]
    back = [ask(backwards, *one) for one in reversed(wanted)]
    assert there == back[::-1]


@given(seeds, seeds, purposes, purposes, kinds)
def test_another_purpose_replication_or_seed_has_other_numbers(
    seed: int, replication: int, purpose: str, other: str, kind: str
) -> None:
    here = ask(Tape(seed, replication), kind, purpose, 4)
    assert here != ask(Tape(seed + 1, replication), kind, purpose, 4)
    assert here != ask(Tape(seed, replication + 1), kind, purpose, 4)
    if other != purpose:
        assert here != ask(Tape(seed, replication), kind, other, 4)


@given(seeds, purposes)
def test_numbers_are_plain_floats_on_their_ranges(seed: int, purpose: str) -> None:
    tape = Tape(seed, 0)
    drawn = {kind: ask(tape, kind, purpose, 50) for kind in KINDS}
    assert all(type(number) is float and math.isfinite(number) for numbers in drawn.values() for number in numbers)
    assert all(0.0 <= u < 1.0 for u in drawn["uniform"])
    assert all(x >= 0.0 for x in drawn["exponential"])


STANDARD = [("uniform", 0.5, 1 / 12), ("normal", 0.0, 1.0), ("exponential", 1.0, 1.0)]


@pytest.mark.parametrize(("kind", "mean", "variance"), STANDARD)
def test_numbers_are_standard_across_replications_as_well_as_along_a_stream(kind: str, mean: float, variance: float) -> None:
    along = ask(Tape(1, 0), kind, "x", 20_000)
    across = [number for replication in range(4000) for number in ask(Tape(1, replication), kind, "x", 5)]
    for numbers in (along, across):
        found = math.fsum(numbers) / len(numbers)
        assert abs(found - mean) < 4.5 * math.sqrt(variance / len(numbers))
        spread = math.fsum((x - mean) ** 2 for x in numbers) / len(numbers)
        assert spread == pytest.approx(variance, rel=0.08)


def test_two_purposes_are_not_correlated() -> None:
    one, other = ask(Tape(1, 0), "normal", "a", 20_000), ask(Tape(1, 0), "normal", "b", 20_000)
    correlation = math.fsum(a * b for a, b in zip(one, other, strict=True)) / len(one)
    assert abs(correlation) < 4.5 / math.sqrt(len(one))
