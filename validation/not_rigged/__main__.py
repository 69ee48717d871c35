"""Writes docs/not-rigged.md from numbers computed now.

    python -m validation.not_rigged docs/not-rigged.md            # about six minutes on two cores
    python -m validation.not_rigged --quick look.md               # half a minute, and as much as that is worth
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.runs.processes import executor_for
from validation.not_rigged.page import page
from validation.not_rigged.size import FULL, QUICK


def main() -> None:
    """Compute all tables and write the page."""
    parser = argparse.ArgumentParser(prog="python -m validation.not_rigged", description="Write docs/not-rigged.md, computed now.")
    parser.add_argument("page", type=Path, help="the file to write")
    parser.add_argument("--quick", action="store_true", help="few worlds and replications, to see that it works")
    parser.add_argument("--workers", type=int, help="processes (default: one a core)")
    asked = parser.parse_args()
    with executor_for(asked.workers) as executor:
        asked.page.write_text(page(QUICK if asked.quick else FULL, executor), encoding="utf-8")


if __name__ == "__main__":
    main()
