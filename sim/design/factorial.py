"""Factorial designs: all combinations of levels, or a regular fraction of those of two levels, with its aliases stated."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product
from string import ascii_uppercase

from sim.design.factor import Factor, StudyError, Values, check_factors, shown_values
from sim.design.point import DesignPoint, Draft, check_size, numbered

LETTERS = ascii_uppercase.replace("I", "")  # I is the identity in a defining relation
Word = frozenset[str]


def factorial(factors: Sequence[Factor], scenarios: Sequence[str], steps: int = 2) -> tuple[DesignPoint, ...]:
    """Every combination of levels; a range in `steps` equal steps (by default its two ends). The last factor moves fastest."""
    check_factors(factors)
    levels = [factor.steps(steps) for factor in factors]
    check_size(math.prod(map(len, levels)), scenarios, "use a fractional factorial or a Latin hypercube")
    combined = (tuple(pair for values in combination for pair in values) for combination in product(*levels))
    return numbered(scenarios, [Draft(values, shown_values(values)) for values in combined])


def fractional(factors: Sequence[Factor], scenarios: Sequence[str], generators: Sequence[str]) -> tuple[DesignPoint, ...]:
    """A fraction 2^(k-p) of the two-level factorial of k factors, by p generators.

    Factors are called A, B, C, ... in their order (without I). A generator says by which product of the basic factors another
    one is set: ``"D = ABC"``, or ``"D = -ABC"`` for the other half. What can then not be told apart says `aliasing`.

    Raises
    ------
    StudyError
        Where a factor has not exactly two levels, or a generator is not of that form.
    """
    check_factors(factors)
    ends = [_two(factor) for factor in factors]
    rules = _rules(len(factors), generators)
    basic = [letter for letter in LETTERS[: len(factors)] if letter not in rules]
    check_size(2 ** len(basic), scenarios, "more generators are needed")
    made = []
    for signs in product((-1, 1), repeat=len(basic)):
        sign = dict(zip(basic, signs, strict=True))
        sign |= {letter: side * math.prod(sign[basis] for basis in word) for letter, (side, word) in rules.items()}
        chosen = (high if sign[letter] > 0 else low for letter, (low, high) in zip(LETTERS, ends, strict=False))
        values = [pair for end in chosen for pair in end]
        made.append(Draft(tuple(values), " ".join(f"{letter}{'+' if sign[letter] > 0 else '-'}" for letter in sorted(sign))))
    return numbered(scenarios, made)


@dataclass(frozen=True)
class Aliasing:
    """What a fraction cannot tell apart.

    Attributes
    ----------
    words
        The defining relation with its signs: each of these products is constant over the design.
    resolution
        Length of the shortest word: III mixes main effects with two-factor interactions, IV two-factor interactions with each
        other, V neither; infinite for a full factorial.
    aliases
        For each main effect and two-factor interaction, the effects of at most two factors that it is mixed with, signed.
    """

    words: tuple[str, ...]
    resolution: float
    aliases: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        mixed = [f"{effect} = {' = '.join(others)}" for effect, others in self.aliases if others]
        said = "; ".join(mixed) or "no effects of up to two factors are mixed"
        return f"resolution {self.resolution:g}: {' = '.join(('I', *self.words))}; {said}"


def aliasing(factors: Sequence[Factor], generators: Sequence[str]) -> Aliasing:
    """Which main effects and two-factor interactions a fraction mixes."""
    rules = _rules(len(factors), generators)
    first = [(sign, word ^ {letter}) for letter, (sign, word) in rules.items()]
    relation = [_times(chosen) for size in range(1, len(first) + 1) for chosen in combinations(first, size)]
    letters = LETTERS[: len(factors)]
    effects = [frozenset(effect) for size in (1, 2) for effect in combinations(letters, size)]
    aliases = []
    for effect in effects:
        mixed = [_times([(1, effect), word]) for word in relation]
        small = tuple(_text(*other) for other in sorted(mixed, key=_order) if 0 < len(other[1]) <= 2)
        aliases.append((_text(1, effect), small))
    resolution = min((len(word) for _, word in relation), default=float("inf"))
    return Aliasing(tuple(_text(*word) for word in sorted(relation, key=_order)), resolution, tuple(aliases))


def _rules(count: int, generators: Sequence[str]) -> dict[str, tuple[int, Word]]:
    """Generated factor -> (sign, product of basic factors)."""
    if count > len(LETTERS):
        raise StudyError(f"at most {len(LETTERS)} factors have a letter, not {count}")
    letters = LETTERS[:count]
    rules: dict[str, tuple[int, Word]] = {}
    for text in generators:
        form = re.fullmatch(r"\s*([A-Z])\s*=\s*([+-]?)\s*([A-Z]+)\s*", text)
        if not form:
            raise StudyError(f"generator {text!r}: something like D = ABC or D = -ABC is needed")
        target, sign, basis = form.groups()
        unknown = [letter for letter in (target, *basis) if letter not in letters]
        if unknown:
            raise StudyError(f"generator {text!r}: {unknown[0]} is no factor; with {count} factors there are {letters}")
        if target in rules or target in basis or len(set(basis)) < len(basis) or len(basis) < 2:
            raise StudyError(f"generator {text!r}: a factor of its own is to be set by a product of two or more others")
        rules[target] = (-1 if sign == "-" else 1, frozenset(basis))
    for target, (_, word) in rules.items():
        generated = sorted(word & rules.keys())
        if generated:
            raise StudyError(f"the generator of {target} must be a product of basic factors, which {generated[0]} is not")
    return rules


def _two(factor: Factor) -> tuple[Values, Values]:
    levels = factor.steps(2)
    if len(levels) != 2:
        raise StudyError(f"factor {factor.name}: a fractional factorial needs two levels, not {len(levels)}")
    return levels[0], levels[1]


def _times(signed: Iterable[tuple[int, Word]]) -> tuple[int, Word]:
    return reduce(lambda a, b: (a[0] * b[0], a[1] ^ b[1]), signed)


def _text(sign: int, word: Word) -> str:
    return ("-" if sign < 0 else "") + "".join(sorted(word))


def _order(signed: tuple[int, Word]) -> tuple[int, str]:
    return len(signed[1]), "".join(sorted(signed[1]))
