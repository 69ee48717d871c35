"""The published cases: what the model says about them, and by how much it misses.

Calibrated is only on what a case says of the time before its change; predicted is what came after. Nothing is tuned to it.
"""
