"""The JSON Schema of each kind of file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import IntakeLabError
from sim.toml.shown import nearest

if TYPE_CHECKING:
    from pydantic import BaseModel

KINDS = ("scenario", "experiment", "policy")


def schema_of(kind: str) -> dict[str, Any]:
    """As editors want it.

    Raises
    ------
    IntakeLabError
        For another kind of file.
    """
    from sim.policies.policy_file import PolicyFile
    from sim.scenario import Scenario
    from sim.scenario.editor import editor_schema
    from sim.study.experiment import Experiment

    models: dict[str, type[BaseModel]] = dict(zip(KINDS, (Scenario, Experiment, PolicyFile), strict=True))
    if kind not in models:
        near = nearest(kind, KINDS)
        raise IntakeLabError(f"schema {kind!r}: is not known; {f'did you mean {near}?' if near else ''} "
                             f"there are {', '.join(KINDS)}")  # fmt: skip
    return editor_schema(models[kind])
