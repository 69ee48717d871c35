"""The version of the package, on its own so that any room can say it."""

__version__ = "0.3.0"
