"""Prints docs/validation.md from numbers computed now.

    python -m validation > docs/validation.md      # about two minutes
    python -m validation --replications 5          # a quick look
"""

from __future__ import annotations

import argparse
import sys

from validation.document import document


def main() -> None:
    """Compute all tables and print the document."""
    parser = argparse.ArgumentParser(prog="python -m validation", description="Print docs/validation.md, computed now.")
    parser.add_argument("--replications", type=int, default=60, help="replications of each simulated case (default 60)")
    sys.stdout.write(document(parser.parse_args().replications))


if __name__ == "__main__":
    main()
