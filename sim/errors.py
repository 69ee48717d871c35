"""The errors that IntakeLab raises on purpose, each with a message for the person who can mend it."""

from __future__ import annotations


class IntakeLabError(Exception):
    """Base of all errors that are somebody's to mend; the command line prints them without a traceback."""


class ScenarioError(IntakeLabError):
    """A scenario (or an override of one) cannot be used; the message names file, key, value and what is allowed."""


class PolicyError(IntakeLabError):
    """A policy is unknown, badly made, or broke the rules of the game (see ``sim.runs.conformance``)."""


class ExperimentError(IntakeLabError):
    """An experiment file cannot be used; the message names file, key, value and what is allowed."""


class StudyError(IntakeLabError):
    """A design or an analysis cannot be made as asked; the message says which part and what is needed."""


class FitError(IntakeLabError):
    """An export cannot be read or fitted; the message names file, row, column and what is needed."""


class LimitError(IntakeLabError):
    """A replication would be, or has become, larger than IntakeLab lets one be; the message says which limit, and why."""


class ResultsError(IntakeLabError):
    """A results folder cannot be used: it holds other results, somebody else writes to it, it is damaged, or the disk is full."""


class DamageError(ResultsError):
    """What is in a results folder does not fit its hash, or is not there."""
