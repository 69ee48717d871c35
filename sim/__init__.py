"""IntakeLab: what does each way of answering customer requests do to delay, cost and innovation?

The public names; nothing else is promised. Each is loaded when it is first used, so that ``import sim`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.errors import ExperimentError, IntakeLabError, PolicyError, ResultsError, ScenarioError
    from sim.game import Pause, Seat, play
    from sim.model.outcome import METRICS
    from sim.policies import POLICY_NAMES, Decision, Estimate, Policy, PolicyOfParts, ProjectView, Setting, accept, decline, defer
    from sim.runs.simulate import Run, simulate
    from sim.scenario import Scenario
    from sim.study.api import run
    from sim.study.compare import compare
    from sim.study.comparison import Comparison
    from sim.study.study import Study

from sim.version import __version__ as __version__

_OF = {
    "sim.errors": ("ExperimentError", "IntakeLabError", "PolicyError", "ResultsError", "ScenarioError"),
    "sim.game": ("Pause", "Seat", "play"),
    "sim.model.outcome": ("METRICS",),
    "sim.policies": (
        "POLICY_NAMES", "Decision", "Estimate", "Policy", "PolicyOfParts", "ProjectView", "Setting", "accept", "decline", "defer"),
    "sim.runs.simulate": ("Run", "simulate"),
    "sim.scenario": ("Scenario",),
    "sim.study.api": ("run",),
    "sim.study.compare": ("compare",),
    "sim.study.comparison": ("Comparison",),
    "sim.study.study": ("Study",),
}
_HOME = {name: module for module, names in _OF.items() for name in names}

__all__ = [
    "METRICS", "POLICY_NAMES", "Comparison", "Decision", "Estimate", "ExperimentError", "IntakeLabError", "Pause", "Policy",
    "PolicyError", "PolicyOfParts", "ProjectView", "ResultsError", "Run", "Scenario", "ScenarioError", "Seat", "Setting",
    "Study", "accept", "compare", "decline", "defer", "play", "run", "simulate",
]


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
