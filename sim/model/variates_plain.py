"""The same variates as numpy's, bit for bit, in plain Python: for where there is no numpy, as in a browser.

What numpy does is SeedSequence (O'Neill's seed_seq), PCG64 (XSL-RR 128/64, O'Neill 2014) and the ziggurats of Marsaglia and Tsang
(2000) in Doornik's form, with tables of 256 layers. A number takes about 2 µs. `exp` and `log1p` are the platform's, as in numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from sim.model.ziggurat_tables import EXPONENTIAL_F, EXPONENTIAL_K, EXPONENTIAL_W, NORMAL_F, NORMAL_K, NORMAL_W

_32, _64, _128 = 2**32 - 1, 2**64 - 1, 2**128 - 1
_POOL = 4
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
_NORMAL_TAIL = 3.6541528853610087963519472518
_NORMAL_TAIL_INVERSE = 0.27366123732975827203338247596
_EXPONENTIAL_TAIL = 7.6971174701310497140446280481

Bits = Callable[[], int]


def variates(kind: str, words: tuple[int, ...], count: int) -> list[float]:
    """So many numbers of a kind ("uniform", "normal" or "exponential") from the stream that `words` of 32 bits begin."""
    bits = _pcg64(_seeds(words)).__next__
    draw = {"uniform": _uniform, "normal": _normal, "exponential": _exponential}[kind]
    return [draw(bits) for _ in range(count)]


# --- SeedSequence ---


def _seeds(words: tuple[int, ...]) -> tuple[int, int]:
    """Where a generator starts, and its increment: what ``SeedSequence(words).generate_state(4, uint64)`` says."""
    hashed = _hashing(0x43B0D7E5, 0x931E8875)
    pool = [hashed(word) for word in (*words, *(0,) * _POOL)[:_POOL]]
    for source in range(_POOL):
        for at in range(_POOL):
            if at != source:
                pool[at] = _mixed(pool[at], hashed(pool[source]))
    for word in words[_POOL:]:
        for at in range(_POOL):
            pool[at] = _mixed(pool[at], hashed(word))
    hashed = _hashing(0x8B51F9DD, 0x58F38DED)
    low_high = [hashed(pool[at % _POOL]) for at in range(8)]
    first, second, third, fourth = (low_high[at] | low_high[at + 1] << 32 for at in range(0, 8, 2))
    return first << 64 | second, third << 64 | fourth


def _hashing(constant: int, multiplier: int) -> Callable[[int], int]:
    """A hash whose constant changes from call to call."""

    def hashed(word: int) -> int:
        nonlocal constant
        word ^= constant
        constant = constant * multiplier & _32
        word = word * constant & _32
        return word ^ word >> 16

    return hashed


def _mixed(one: int, other: int) -> int:
    mixed = 0xCA01F9DD * one - 0x4973F715 * other & _32
    return mixed ^ mixed >> 16


# --- PCG64 ---


def _pcg64(seeds: tuple[int, int]) -> Iterator[int]:
    """Words of 64 bits without end."""
    start, sequence = seeds
    increment = (sequence << 1 | 1) & _128
    state = ((increment + start) * _MULTIPLIER + increment) & _128
    while True:
        state = (state * _MULTIPLIER + increment) & _128
        word, turn = (state >> 64 ^ state) & _64, state >> 122
        yield (word >> turn | word << (64 - turn)) & _64


# --- distributions ---


def _uniform(bits: Bits) -> float:
    return (bits() >> 11) * 2.0**-53


def _normal(bits: Bits) -> float:
    while True:
        word = bits()
        layer, negative, distance = word & 0xFF, word >> 8 & 1, word >> 9 & 0xFFFFFFFFFFFFF
        x = distance * NORMAL_W[layer]
        if negative:
            x = -x
        if distance < NORMAL_K[layer]:
            return x
        if layer == 0:
            return _normal_tail(bits, -1.0 if distance >> 8 & 1 else 1.0)
        if (NORMAL_F[layer - 1] - NORMAL_F[layer]) * _uniform(bits) + NORMAL_F[layer] < math.exp(-0.5 * x * x):
            return x


def _normal_tail(bits: Bits, sign: float) -> float:
    while True:
        beyond = -_NORMAL_TAIL_INVERSE * math.log1p(-_uniform(bits))
        height = -math.log1p(-_uniform(bits))
        if height + height > beyond * beyond:
            return sign * (_NORMAL_TAIL + beyond)


def _exponential(bits: Bits) -> float:
    while True:
        word = bits()
        layer, distance = word >> 3 & 0xFF, word >> 11
        x = distance * EXPONENTIAL_W[layer]
        if distance < EXPONENTIAL_K[layer]:
            return x
        if layer == 0:
            return _EXPONENTIAL_TAIL - math.log1p(-_uniform(bits))
        if (EXPONENTIAL_F[layer - 1] - EXPONENTIAL_F[layer]) * _uniform(bits) + EXPONENTIAL_F[layer] < math.exp(-x):
            return x
