"""The tape: every random number of a replication, keyed by entity and purpose.

A number belongs to (seed, replication, purpose, position), never to the clock or the order of calls: asking for another
purpose, asking twice, or asking in another order changes no number. The tape holds *standard* variates only; truths are
monotone transformations of them (see ``truth.py``), so that common random numbers pair policies and design points alike.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

try:
    from sim.model.variates_numpy import variates
except ModuleNotFoundError:  # the same numbers, more slowly
    from sim.model.variates_plain import variates


class Tape:
    """The random numbers of one replication, drawn vectorised when first asked for.

    Parameters
    ----------
    seed, replication
        Non-negative whole numbers.

    Examples
    --------
    >>> tape = Tape(seed=1, replication=7)
    >>> tape.uniforms("request/customer/feasible", 3) == tape.uniforms("request/customer/feasible", 5)[:3]
    True
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._words = (*_words(seed), *_words(replication))
        self._drawn: dict[tuple[str, str], list[float]] = {}

    def uniforms(self, purpose: str, count: int) -> list[float]:
        """At least `count` numbers on [0, 1), the same ones at each call."""
        return self._stream("uniform", purpose, count)

    def normals(self, purpose: str, count: int) -> list[float]:
        """At least `count` standard normal numbers."""
        return self._stream("normal", purpose, count)

    def exponentials(self, purpose: str, count: int) -> list[float]:
        """At least `count` exponential numbers of mean 1."""
        return self._stream("exponential", purpose, count)

    def _stream(self, kind: str, purpose: str, count: int) -> list[float]:
        drawn = self._drawn.get((kind, purpose))
        if drawn is None or len(drawn) < count:
            # A longer stream starts with the shorter one, so growing it changes no number.
            drawn = variates(kind, self._words + _key(kind, purpose), count)
            self._drawn[kind, purpose] = drawn
        return drawn


@lru_cache(maxsize=4096)
def _key(kind: str, purpose: str) -> tuple[int, ...]:
    digest = hashlib.blake2b(f"{kind}:{purpose}".encode(), digest_size=16).digest()
    return tuple(int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4))


def _words(number: int) -> tuple[int, ...]:
    """A whole number in words of 32 bits, the lowest first."""
    return tuple(number >> at & 0xFFFFFFFF for at in range(0, max(number.bit_length(), 1), 32))
