"""One look for each policy, the same in every picture: colours that the colour-blind tell apart, and a line and a marker beside.

The colours are those of Okabe and Ito, without their yellow, which is too pale for a line on white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

from sim.policies.catalogue import POLICY_NAMES

VERMILLION, BLUE, GREEN, ORANGE, PURPLE, SKY, BLACK = (
    "#D55E00", "#0072B2", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000")
GREY, PALE, INK = "#8A8A8A", "#D9D9D9", "#1B1F24"
COLOURS = (VERMILLION, BLUE, GREEN, PURPLE, ORANGE, SKY, BLACK)
LINES = ("-", "--", "-.", ":")
Marker = str | tuple[int, Literal[1], int]
MARKERS: tuple[Marker, ...] = (
    "o", "s", "^", "D", "v", "P", "X", "<", ">", "h", "*", "p", "d", "8", "H", (4, 1, 0), (6, 1, 0), (8, 1, 0))
"""Filled ones: each can be hollow or edged. Matplotlib names fifteen; the others are stars of so many points."""
FIRST = ("always-accept", "co-evaluated", "change-board", "value-ranked", "capacity-limit", "frozen-scope", "gatekeeper")
"""Those that are most often seen side by side have colours of their own."""

FATES = {  # fate: colour, hatch (so that it reads in grey)
    "delivered": (GREEN, ""), "in work": (SKY, "//"), "failed": (VERMILLION, "xx"), "waiting": (BLACK, ".."),
    "withdrawn": (ORANGE, "\\\\"), "declined": ("#C4C4C4", ""),
}


@dataclass(frozen=True)
class Style:
    """How a policy is drawn."""

    colour: str
    line: str
    marker: Marker


def style_at(place: int) -> Style:
    """The style at a place of the order."""
    turn, at = divmod(place, len(COLOURS))
    return Style(COLOURS[at], LINES[(at + turn) % len(LINES)], MARKERS[place % len(MARKERS)])


def styles(names: Sequence[str]) -> dict[str, Style]:
    """The style of each policy: fixed for the built-in ones, whoever stands beside them.

    Examples
    --------
    >>> styles(["co-evaluated"])["co-evaluated"] == styles(["always-accept", "co-evaluated"])["co-evaluated"]
    True
    """
    order = [*FIRST, *(name for name in POLICY_NAMES if name not in FIRST)]
    own = count(len(order))
    return {name: style_at(order.index(name) if name in order else next(own)) for name in names}
