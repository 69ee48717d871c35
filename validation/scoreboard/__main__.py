"""Writes docs/scoreboard.md, and runs what has not been run.

    python -m validation.scoreboard                 # the page, from what is there
    python -m validation.scoreboard --run           # about ten minutes
    python -m validation.scoreboard --run small-wip
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from validation.scoreboard.page import page, read_remarks, read_scores, write_scores
from validation.scoreboard.prediction import noted_hashes, predictions
from validation.scoreboard.score import score, world_of

PAGE = Path("docs/scoreboard.md")


def main() -> None:
    """Run what is asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m validation.scoreboard", description="Write docs/scoreboard.md.")
    parser.add_argument(
        "--run", nargs="*", metavar="NAME", help="run these first; without names all that was not run in the world as it is")
    asked, hashes, scores = predictions(), noted_hashes(), read_scores()
    chosen = parser.parse_args().run
    if chosen is not None:
        for name in chosen or [name for name in asked if name not in scores or scores[name].world != world_of(asked[name])]:
            scores[name] = score(asked[name], hashes[f"{name}.toml"], scores.get(name))
            write_scores(scores)  # after each one, so that nothing is lost
            print(f"{name}: {scores[name].verdict}", file=sys.stderr)
    PAGE.write_text(page(asked, scores, hashes, read_remarks()), encoding="utf-8")


if __name__ == "__main__":
    main()
