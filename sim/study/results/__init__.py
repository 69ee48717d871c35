"""A study's results on disk: written whole, checked, gone on with, and verified; over any executor."""
