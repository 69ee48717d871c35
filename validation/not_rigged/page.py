"""docs/not-rigged.md, from numbers that are computed when it is written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from sim.report.phrases import listed
from sim.version import __version__
from validation.not_rigged import against_anchors, vanishing, what_carries, where_each_wins
from validation.not_rigged.size import FULL, Size

TEMPLATE = Path(__file__).with_name("template.md")


def page(size: Size, executor: Executor | None = None, say: Callable[[str], None] = lambda part: None) -> str:
    """The whole document; `say` is told which part is being computed."""
    say("the tables of policies")
    found = against_anchors.comparisons(size, executor)
    say("what is left of each lead")
    left = vanishing.sections(size, executor)
    say("where each policy wins")
    wins = where_each_wins.section(size, executor)
    say("what carries the headlines")
    carries = what_carries.section(found, size, executor)
    removals = "\n".join(f"- *{removal.name}*: {removal.meaning}" for removal in (*vanishing.REMOVALS[1:], vanishing.ALL))
    return TEMPLATE.read_text(encoding="utf-8").format(
        version=__version__, size=size, quick="" if size == FULL else " --quick",
        warning="" if size == FULL else "**A quick look: too few replications to say anything.** ",
        tables="\n\n".join(map(against_anchors.section, found)), removals=removals, vanishing=left, wins=wins, carries=carries,
        board=vanishing.BOARD, worlds=len(where_each_wins.places(size)), bases=listed(size.bases),
        anchors_seed=against_anchors.SEED, look_seed=where_each_wins.LOOK, again_seed=where_each_wins.AGAIN,
        confirm_seed=where_each_wins.CONFIRM, moves_seed=what_carries.LOOK, moves_again=what_carries.AGAIN)
