"""How much may be asked for; nothing is imported to know it, for the help of the command line names it."""

from __future__ import annotations

MOST_REPLICATIONS = 1_000_000
