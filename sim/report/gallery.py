"""The pictures of README: ``python -m sim.report.gallery docs/pictures`` draws them anew (half a minute)."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.report.gathered import gather
from sim.report.pictures import pictures
from sim.runs.whole_files import write_whole
from sim.scenario import Scenario

SHOWN = ("burn-up",)
"""The scope that creeps, under two policies, in the median replication."""


def draw(folder: Path) -> None:
    """Write the pictures as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {picture.name: picture for picture in pictures(gather(Scenario.load("ai-project"))).values()}
    for name in SHOWN:
        write_whole(folder / f"{name}.png", made[name].bytes("png"))


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
