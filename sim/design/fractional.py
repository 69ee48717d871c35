"""Fractional factorial: a regular fraction of all combinations of two levels."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from itertools import product
from string import ascii_uppercase
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from sim.design.design import Design, Given, Names
from sim.design.factor import Factor, Values, check_factors
from sim.design.point import DesignPoint, Draft, check_count, numbered
from sim.errors import StudyError

LETTERS = ascii_uppercase.replace("I", "")  # I is the identity in a defining relation
Word = frozenset[str]


class Fractional(Design):
    """A regular fraction, `generators = ["D=ABC"]`."""

    needs = "two levels"
    example = MappingProxyType({"generators": ["C=AB"]})
    kind: Literal["fractional"]
    generators: Names = Field(default=(), strict=False, description='which factor is a product of which, for example ["D=ABC"]')

    @property
    def lacks(self) -> str:
        return "" if self.generators else 'generators, for example ["D=ABC"]'

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        return fractional(given.factors, list(given.scenarios), self.generators)


def fractional(factors: Sequence[Factor], scenarios: Collection[str], generators: Sequence[str]) -> tuple[DesignPoint, ...]:
    """A fraction 2^(k-p) of the two-level factorial of k factors, by p generators.

    Factors are called A, B, C, ... in their order (without I). A generator says by which product of the basic factors another
    one is set: ``"D = ABC"``, or ``"D = -ABC"`` for the other half.

    Raises
    ------
    StudyError
        Where a factor has not exactly two levels, or a generator is not of that form.

    Examples
    --------
    >>> three = [Factor(key, levels=(0.0, 1.0)) for key in ("customer.appetite", "customer.drift", "customer.ambiguity")]
    >>> [point.label for point in fractional(three, ["classroom"], ["C = AB"])]
    ['A- B- C+', 'A- B+ C-', 'A+ B- C-', 'A+ B+ C+']
    """
    check_factors(factors)
    ends = [_two(factor) for factor in factors]
    rules = _rules(len(factors), generators)
    basic = [letter for letter in LETTERS[: len(factors)] if letter not in rules]
    check_count(2 ** len(basic), scenarios)
    made = []
    for signs in product((-1, 1), repeat=len(basic)):
        sign = dict(zip(basic, signs, strict=True))
        sign |= {letter: side * math.prod(sign[basis] for basis in word) for letter, (side, word) in rules.items()}
        chosen = (high if sign[letter] > 0 else low for letter, (low, high) in zip(LETTERS, ends, strict=False))
        values = [pair for end in chosen for pair in end]
        made.append(Draft(tuple(values), " ".join(f"{letter}{'+' if sign[letter] > 0 else '-'}" for letter in sorted(sign))))
    return numbered(scenarios, made)


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
