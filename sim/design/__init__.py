"""Designs: from factors to design points, one design a file. The same call always gives the same points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args

from pydantic import BeforeValidator, Field

from sim.design.design import Design, Given
from sim.folder import modules_in

__all__ = ["DESIGNS", "AnyDesign", "Design", "Given"]

DESIGNS: Mapping[str, type[Design]] = dict(sorted(
    (get_args(found.model_fields["kind"].annotation)[0], found)
    for module in modules_in(__name__) for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Design) and found.__module__ == module.__name__ and found is not Design
))
"""Every design by what experiment files call it: the files of this folder."""


def _none_unless_said(table: Any) -> Any:
    return {"kind": "none", **table} if isinstance(table, dict) else table


if TYPE_CHECKING:
    AnyDesign = Design
else:
    _DESIGN = Union[tuple(DESIGNS.values())]  # noqa: UP007
    AnyDesign = Annotated[Annotated[_DESIGN, Field(discriminator="kind")], BeforeValidator(_none_unless_said)]
