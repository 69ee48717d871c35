"""A level that moves: trust, satisfaction, voice."""

from __future__ import annotations


class Level:
    """A quantity on [0, 1] with its mean over time."""

    __slots__ = ("_since", "_sum", "value")

    def __init__(self, value: float) -> None:
        self.value = value
        self._since = 0.0
        self._sum = 0.0

    def set(self, value: float, now: float) -> None:
        """Change the level at time `now`."""
        self._sum += self.value * (now - self._since)
        self._since = now
        self.value = value

    def mean(self, end: float) -> float:
        """Time average from 0 to `end`."""
        return (self._sum + self.value * (end - self._since)) / end if end > 0.0 else self.value
