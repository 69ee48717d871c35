"""docs/not-rigged.md, from numbers that are computed when it is written."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from sim.report.phrases import listed
from sim.version import __version__
from validation.not_rigged import against_anchors, vanishing, what_carries, where_each_wins
from validation.not_rigged.size import FULL, Size

TEMPLATE = Path(__file__).with_name("template.md")


def page(size: Size, executor: Executor | None = None) -> str:
    """The whole document."""
    found = against_anchors.comparisons(size, executor)
    removals = "\n".join(f"- *{removal.name}*: {removal.meaning}" for removal in (*vanishing.REMOVALS[1:], vanishing.ALL))
    return TEMPLATE.read_text(encoding="utf-8").format(
        version=__version__, size=size, quick="" if size == FULL else " --quick",
        warning="" if size == FULL else "**A quick look: too few replications to say anything.** ",
        tables="\n\n".join(map(against_anchors.section, found)), removals=removals,
        vanishing=vanishing.sections(size, executor), wins=where_each_wins.section(size, executor),
        carries=what_carries.section(found, size, executor), board=vanishing.BOARD, anchors_seed=against_anchors.SEED,
        worlds=len(where_each_wins.places(size)), bases=listed(size.bases),
        look_seed=where_each_wins.LOOK, confirm_seed=where_each_wins.CONFIRM,
        moves_seed=what_carries.SEED)
