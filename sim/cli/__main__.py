"""``python -m sim.cli`` is ``intakelab``."""

from sim.cli import main

main()
