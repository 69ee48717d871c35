"""The words that all texts are made of: lists, counts, lines of a width, and what is said of a difference.

A difference is said with its interval and never without: ``finishes 54 days earlier (47 to 61)``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from sim.report.measure_names import facts, label, of_difference, scale, scale_of
from sim.report.numbers import with_range
from sim.stats.means import Interval
from sim.toml.shown import listing, number

NARROWEST = 40
MOST_NAMES = 4


def listed(words: Sequence[str], last: str = "and") -> str:
    """All of them, for a sentence.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"], "or"), listed(["a", "b", "c"])
    ('a', 'a or b', 'a, b and c')
    """
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def some(words: Sequence[str]) -> str:
    """The first of them, and how many more."""
    return listed(words) if len(words) <= MOST_NAMES + 1 else listing(words, MOST_NAMES)


def plural(count: float, one: str, many: str = "") -> str:
    """A number of things.

    Examples
    --------
    >>> plural(1, "day"), plural(2.5, "day"), plural(0, "policy", "policies")
    ('1 day', '2.5 days', '0 policies')
    """
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def times(count: int) -> str:
    """How often: ``once``, ``3 times``."""
    return "once" if count == 1 else f"{count} times"


def key_in_words(key: str) -> str:
    """A value of a scenario in a sentence: ``expert quality`` for ``evaluation.expert_quality``."""
    return key.rpartition(".")[2].replace("_", " ")


def filled(text: str, width: int, indent: str = "", hanging: str | None = None) -> str:
    """Text in lines of a width, names and long words whole.

    Parameters
    ----------
    text, width
        What, and how wide; at least 40, so that a narrow terminal does not make ladders of it.
    indent, hanging
        What the first line begins with, and the others where that is another.
    """
    return textwrap.fill(
        text, max(width, NARROWEST), initial_indent=indent, subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False, break_on_hyphens=False)


def sized(gap: Interval, factor: float = 1.0) -> tuple[str, str]:
    """How large a difference is, whichever way it goes, and its interval: ``("54", "47 to 61")``."""
    low, high = sorted((abs(gap.low), abs(gap.high)))
    return with_range(abs(gap.mean) * factor, low * factor, high * factor)


def done(metric: str, gap: Interval, base: Interval, level: str = "", bound: str = "") -> str:
    """What a policy does otherwise than another: ``finishes 54 days earlier (47 to 61)``, ``costs 38% more (12 to 64)``.

    Parameters
    ----------
    metric, gap
        The measure and the real difference in it.
    base
        The mean of the policy that is compared with. A share of what may be nothing, or more than the whole less, says nothing;
        then the difference is told in its own unit.
    level, bound
        What stands before the interval ("95%: "), and before the amount ("at least ").
    """
    known = facts(metric)
    relative = known.relative and base.low > base.mean / 2.0 and gap.low > -base.mean
    size, limits = sized(gap, 100.0 / base.mean if relative else scale(metric))
    number = bound + size + "%" * relative
    amount = number if relative else number + of_difference(known.unit)
    less, more = known.less or f"brings {{amount}} less {label(metric)}", known.more or f"brings {{amount}} more {label(metric)}"
    return f"{(less if gap.high < 0.0 else more).format(number=number, amount=amount)} ({level}{limits})"


def changed(metric: str, gap: Interval, level: str = "") -> str:
    """How much less or more of a measure there is: ``11.8 days less (10 to 13.5)``."""
    size, limits = sized(gap, scale(metric))
    return f"{size}{of_difference(facts(metric).unit)} {'less' if gap.high < 0.0 else 'more'} ({level}{limits})"


def signed(gap: Interval, unit: str) -> tuple[str, str]:
    """A difference in a unit with its sign, and its interval: ``("+5 points", "2 to 8")``."""
    factor = scale_of(unit)
    size, limits = with_range(gap.mean * factor, gap.low * factor, gap.high * factor, sign=True)
    return size + of_difference(unit), limits
