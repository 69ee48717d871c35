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
        Replications of the vanishing tables; how many projects have one, and headlines that are screened.
    bases, levels, look, again, confirm
        Scenarios around which each policy's best place is searched, how many levels are moved there, and replications in each
        world at the first look, at the second one, and of the confirmation.
    moves, moved
        Replications at each moved assumption, to see which changes a headline most, and of these.
    """

    scenarios: tuple[str, ...]
    tables: int
    stream: int
    vanishing: int
    knocked: int
    bases: tuple[str, ...]
    levels: int
    look: int
    again: int
    confirm: int
    moves: int
    moved: int


ORDINARY = ("ai-project", "agency-website", "calm-water", "regulated-device", "classroom", "product-team")
FULL = Size(ORDINARY, tables=120, stream=30, vanishing=90, knocked=4, bases=("ai-project", "calm-water"), levels=99, look=5,
            again=20, confirm=60, moves=14, moved=150)
QUICK = Size(("classroom",), tables=20, stream=20, vanishing=4, knocked=1, bases=("classroom",), levels=2, look=2, again=3,
             confirm=4, moves=2, moved=3)
