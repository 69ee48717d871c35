"""From pydantic's errors to sentences: where, which key, which value, and what is allowed."""

from __future__ import annotations

from typing import Any, Literal, Protocol, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sim.toml.shown import dotted, listing, nearest, number, shown, span
from sim.toml.walk import Loc, bare, element, follow, in_file, leaves, model_in

MOST_ERRORS = 10
UNIT_WORDS = {
    **dict.fromkeys(("", "1", "0..1", "-", "text", "policy"), ""),
    "requests/day": " of requests per working day",
    "days": " of working days",
    "1/day": " per working day",
    "pd": " of person-days",
    "1/pd": " per person-day",
    "k€/pd": " of k€ per person-day",
    "hours/week": " of hours per week",
    "SD of merit": " of standard deviations of merit",
    "SD of fit": " of standard deviations of fit",
    "1/100 pd": " per 100 person-days",
    "[days, 1]": " of [day, factor] pairs",
    "[days, people]": " of [day, people] pairs",
    "[days, pd]": " of [age] or [age, estimate] entries",
}


class Places(Protocol):
    """Where a value stands, for the person who wrote it."""

    def order(self, loc: Loc) -> float:
        """Sorts places as they stand in the file."""
        ...

    def prefix(self, loc: Loc) -> str:
        """What comes before the key in a message: ``my-project.toml, line 14: ``."""
        ...


def explain(error: ValidationError, model: type[BaseModel], places: Places) -> str:
    """All errors of a file as text, one a line, in the order of the file, at most ten."""
    found = sorted(error.errors(include_url=False), key=lambda detail: places.order(_place(detail, model)))
    lines = [places.prefix(_place(detail, model)) + sentence(detail, model) for detail in found[:MOST_ERRORS]]
    if len(found) > MOST_ERRORS:
        lines.append(f"and {len(found) - MOST_ERRORS} more")
    return "\n".join(lines)


def _place(detail: ErrorDetails, model: type[BaseModel]) -> Loc:
    """Where the value stands in the file that the error is about."""
    told_apart_by = (detail["ctx"]["discriminator"].strip("'"),) if detail["type"] == "union_tag_invalid" else ()
    return (*in_file(model, detail["loc"]), *told_apart_by)


def sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """One error, without its place in the file."""
    loc, value, kind = _place(detail, model), detail["input"], detail["type"]
    if kind == "extra_forbidden":
        return unknown(detail["loc"], model)
    if kind == "union_tag_invalid":
        return f"{dotted(loc)} = {shown(detail['ctx']['tag'])} — {_either(detail['ctx']['expected_tags'])}"
    if loc and loc[-1] == "[key]":
        return f"{dotted(loc[:-2])} has the key {shown(value)} — a name of 1 to 80 characters is needed"
    needs = needed(detail["loc"], model) or detail["msg"]
    if kind == "missing":
        return f"{dotted(loc)} is missing — {needs}"
    if kind in ("inconsistent", "value_error", "assertion_error"):
        needs = detail["msg"]
    elif kind == "finite_number":
        needs = f"not a finite number; {needs}"
    return f"{dotted(loc)} = {shown(value)} — {needs}" if loc else needs


def unknown(place: Loc, model: type[BaseModel]) -> str:
    """A key that the schema does not have, with the nearest one that it has."""
    kind, _, depth = follow(model, place)
    table, wrong, loc = in_file(model, place[:depth]), str(place[depth]), in_file(model, place)
    depth = len(table)
    inner = model_in(kind)
    siblings = list(inner.model_fields) if inner else []
    if instead := getattr(inner, "gone", {}).get(wrong):
        return f"{dotted(loc)} is gone: {instead}"
    known = {key.rsplit(".", 1)[-1]: key for key, _ in leaves(model)}
    if wrong in known:
        return f"{dotted(loc)} is not known; did you mean {known[wrong]}?"
    if near := nearest(wrong, siblings):
        return f"{dotted(loc)} is not known; did you mean {dotted((*table, near, *loc[depth + 1 :]))}?"
    if near := nearest(wrong, known):
        return f"{dotted(loc)} is not known; did you mean {known[near]}?"
    if siblings:
        return f"{dotted(loc)} is not known; {dotted(table) or 'the file'} can have {listing(siblings, most=40)}"
    return f"{dotted(loc)} is not known; {dotted(table)} is a single value"


def _either(tags: str) -> str:
    """``"none" or "sweep" is needed``, of pydantic's ``'none', 'sweep'``."""
    return f"{' or '.join(shown(tag.strip(chr(39))) for tag in tags.split(', '))} is needed"


def needed(loc: Loc, model: type[BaseModel]) -> str | None:
    """What is allowed at a place, in words; None where the schema does not say it plainly."""
    kind, field, depth = follow(model, loc)
    if field is None or depth < len(loc):
        return None
    kind, whole = bare(kind), kind is field.annotation  # whole: the field itself, not an entry of it
    what = _kind_in_words(kind, field, loc, whole)
    if what is None:
        return None
    return f"{what} is needed" + (_range(field) + _default(field) if whole else "")


def _kind_in_words(kind: Any, field: FieldInfo, loc: Loc, whole: bool) -> str | None:
    unit = str(extra(field).get("unit", ""))
    of_unit = UNIT_WORDS.get(unit, f" of {unit}") if whole else ""
    plain = {float: f"a number{of_unit}", int: f"a whole number{of_unit}", bool: "true or false", str: "a text in quotes"}
    if kind in plain:
        return plain[kind]
    if get_origin(kind) is Literal:
        return " or ".join(shown(choice) for choice in get_args(kind))
    if model_in(kind):
        return f"a table [{dotted(loc)}]"
    if get_origin(kind) is dict:
        return f"at least one table [{dotted(loc)}.NAME]"
    if get_origin(kind) in (list, tuple):
        return f"a list of tables, [[{dotted(loc)}]]," if model_in(element(kind, 0)) else f"a list{of_unit}"
    return None


def extra(field: FieldInfo) -> dict[str, Any]:
    """What a field says of itself beyond its type: unit, source, evidence, off, mechanism."""
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}


def limit(field: FieldInfo, *names: str) -> Any:
    """The first limit of one of these names ("ge", "min_length") that a field has, or None."""
    found = (getattr(entry, name, None) for entry in field.metadata for name in names)
    return next((value for value in found if value is not None), None)


def _range(field: FieldInfo) -> str:
    low, high = limit(field, "ge"), limit(field, "le")
    above, below = limit(field, "gt"), limit(field, "lt")
    fewest, most = limit(field, "min_length"), limit(field, "max_length")
    if get_origin(bare(field.annotation)) is dict:
        fewest = most = None  # counting tables helps nobody
    counted = "characters" if bare(field.annotation) is str else "entries"
    limits = [
        span(low, high, limit(field, "smallest")),
        f"at least {number(low)}" if low is not None and high is None else "",
        f"at most {number(high)}" if high is not None and low is None else "",
        f"above {number(above)}" if above is not None else "",
        f"below {number(below)}" if below is not None else "",
        f"{fewest or 0} to {most} {counted}" if most is not None else "",
    ]
    return "".join(f", {words}" for words in limits if words)


def _default(field: FieldInfo) -> str:
    if isinstance(field.default, float):
        return f" (default {number(field.default)})"
    return f" (default {shown(field.default)})" if isinstance(field.default, str | int) and field.default != "" else ""
