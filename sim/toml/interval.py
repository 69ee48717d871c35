"""A number that is 0, or not tiny: what comes back every millionth of a day would fill the calendar and stall a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True)
class ZeroOr:
    """Beside the type of a field: nothing lies between 0 and `smallest`. Messages and the schema say so."""

    smallest: float

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        tiny = {"minimum": 0, "exclusiveMinimum": True, "maximum": self.smallest, "exclusiveMaximum": True}  # as draft 4 says it
        return {**handler(schema), "not": tiny}

    def _checked(self, value: float | None) -> float | None:
        if value is not None and 0.0 < value < self.smallest:
            raise PydanticCustomError("interval", "0 or at least {smallest} is needed", {"smallest": self.smallest})
        return value
