"""How an assumption is written down: one call carries default, unit, meaning, range, off value and source."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from sim.policies.setting import SMALLEST_INTERVAL
from sim.toml.interval import ZeroOr

Evidence = Literal["measured", "published", "contested", "assumed", "project"]
"""How well a default is known: measured on data we or others can re-analyse, published without data, contested in the
literature, assumed by us (sweep it), or a fact of the particular project that only its owner knows."""


def assumption(
    default: Any,
    meaning: str,
    *,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    off: Any = None,
    mechanism: str = "",
    alone: bool = True,
    equation: str = "",
    left_out: str = "",
    source: str,
    evidence: Evidence = "assumed",
    **limits: Any,
) -> Any:
    """One field of a scenario with everything that a reader may ask about it.

    Parameters
    ----------
    default, meaning, unit
        The value used when a scenario says nothing; what it means; its unit ("1" for a pure number).
    low, high
        The allowed closed range; None where the type itself is the limit.
    off
        The value that switches the mechanism off, where the field belongs to one; None where it does not.
    mechanism
        The mechanism that ``off`` belongs to, where several fields make one; empty where the field is a mechanism of its own
        and gives it its name.
    alone
        False where the value has no effect while another value of its mechanism is off.
    equation
        How the mechanism, or a value that cannot be switched off, acts: in words and symbols, keys in backticks. One of the
        values of a mechanism has it, and names the others.
    left_out
        What of it a project may have and the model has not, as a sentence about the simplification; said where the equation is.
    source, evidence
        Where the default comes from and how far it can be trusted.
    **limits
        What else pydantic is to know of the field, such as ``max_length``.
    """
    told = {"off": off, "mechanism": mechanism, "equation": equation, "left_out": left_out, "alone": None if alone else False}
    told = {name: value for name, value in told.items() if value not in (None, "")}
    extra: dict[str, Any] = {"unit": unit, "source": source, "evidence": evidence, **told}
    return Field(default, description=meaning, ge=low, le=high, json_schema_extra=extra, **limits)


Interval = Annotated[float, ZeroOr(SMALLEST_INTERVAL)]  # days after which something comes back: 0, or not many times a day
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Pair = Annotated[tuple[float, float], Field(strict=False)]  # not strict: TOML has lists, no tuples
Opening = Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=2)]  # the age, and the estimate where known
People = Annotated[tuple[float, int], Field(strict=False)]  # so many on a day
PROJECT = "a fact of the project; the default is only a place to start from"
OURS = "no measurement found; our assumption, to be swept in a study"
NAMED: JsonDict = {"unit": "text", "source": PROJECT, "evidence": "project"}


class Frozen(BaseModel):
    """Base of every group: immutable, no unknown keys, no NaN or infinity, no silent conversion of types.

    `gone` are keys of former versions, each with what to say instead.
    """

    gone: ClassVar[dict[str, str]] = {}

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
