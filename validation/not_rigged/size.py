"""How much is run: the page as it is published, or a quick look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Replications and worlds of each part.

    Attributes
    ----------
    scenarios
        Names of the ordinary scenarios that are looked at.
    tables, stream
        Replications of the tables of policies; of a stream, whose replications take ten times as long.
    vanishing, knocked
        Replications of the vanishing tables; how many projects have one.
    bases, levels, look, confirm
        Scenarios around which each policy's best place is searched, how many levels are moved there, and replications in each
        world and of the confirmation.
    moves
        Replications at each moved assumption.
    """

    scenarios: tuple[str, ...]
    tables: int
    stream: int
    vanishing: int
    knocked: int
    bases: tuple[str, ...]
    levels: int
    look: int
    confirm: int
    moves: int


ORDINARY = ("ai-project", "agency-website", "calm-water", "regulated-device", "classroom", "product-team")
FULL = Size(ORDINARY, tables=150, stream=40, vanishing=80, knocked=4, bases=("ai-project", "calm-water"), levels=99, look=6,
            confirm=80, moves=20)
QUICK = Size(("classroom",), tables=20, stream=20, vanishing=4, knocked=1, bases=("classroom",), levels=2, look=2, confirm=4,
             moves=2)
