"""The working calendar of the model: time is in working days."""

from __future__ import annotations

HOURS = 8.0
"""Hours in a day."""
WEEK = 5.0
"""Days in a week."""
MONTH = 21.0
"""Days in a month."""
QUARTER = 65.0
"""Days in a quarter."""
