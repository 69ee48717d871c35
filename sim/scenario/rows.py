"""An assumption as a row: what a reader may ask about one value of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.toml.messages import extra, limit
from sim.toml.walk import leaves


@dataclass(frozen=True)
class Row:
    """One assumption. ``NAME`` in a key stands for a name of your choice, ``0`` for any entry of a list.

    Attributes
    ----------
    key, unit, meaning
        The dotted key as for ``--set``; the unit ("1" for a pure number); what the value means.
    default, low, high, smallest
        The value when a scenario says nothing (None where it must say something), the allowed closed range, and the smallest value
        above 0 where nothing lies between (None where that is no matter).
    off, mechanism, alone
        The value that switches a mechanism off, and the name of the mechanism (None and "" where there is none); whether the
        value acts while the others of its mechanism are off.
    equation, left_out
        How the mechanism (or the value, where it is in none) acts, and what of it the model has not; "" where another value says.
    evidence, source
        How far the default can be trusted, and where it comes from.
    """

    key: str
    unit: str
    default: Any
    low: float | None
    high: float | None
    smallest: float | None
    off: Any
    mechanism: str
    alone: bool
    equation: str
    left_out: str
    evidence: str
    source: str
    meaning: str


def rows_of(model: type[BaseModel]) -> list[Row]:
    """All assumptions of a model, in the order of its schema."""
    return [_row(key, field) for key, field in leaves(model)]


def _row(key: str, field: FieldInfo) -> Row:
    said = extra(field)
    own_name = key.rsplit(".", 1)[-1].replace("_", "-")
    return Row(
        key=key,
        unit=said.get("unit", ""),
        default=None if field.is_required() else field.get_default(),
        low=limit(field, "ge"),
        high=limit(field, "le"),
        smallest=limit(field, "smallest"),
        off=said.get("off"),
        mechanism=said.get("mechanism", own_name) if "off" in said else "",
        alone=said.get("alone", True),
        equation=said.get("equation", ""),
        left_out=said.get("left_out", ""),
        evidence=said.get("evidence", ""),
        source=said.get("source", ""),
        meaning=field.description or "",
    )
