"""Walking a pydantic model by dotted key, so that every reader of the schema (register, messages, template) walks alike."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Loc = tuple[int | str, ...]
"""A place in a file as pydantic names it: keys and list indices from the outside in."""

ANY_NAME = "NAME"
"""Stands in a dotted key for a name that the writer of the file chooses (a role, a customer group)."""


def bare(annotation: Any) -> Any:
    """The type itself, without the ``Annotated`` around it and without an "or None"."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        others = [kind for kind in get_args(annotation) if kind is not type(None)]
        return bare(others[0]) if len(others) == 1 else annotation
    return annotation


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model itself, or None where the type is none."""
    kind = bare(annotation)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def element(annotation: Any, part: int | str) -> Any:
    """The type of one entry of a dict, list or tuple, or of the member of a union that has this tag; None where there is none."""
    kind, args = get_origin(bare(annotation)), get_args(bare(annotation))
    if kind in (Union, UnionType):
        return next((member for member in args if part in tags(member)), None)
    if kind is dict:
        return args[1]
    if kind is list or (kind is tuple and args[-1] is Ellipsis):
        return args[0]
    if kind is tuple and isinstance(part, int) and part < len(args):
        return args[part]
    return None


def tags(member: Any) -> tuple[Any, ...]:
    """The names by which a member of a union of models is told apart: its field that is one of a few texts."""
    inner = model_in(member)
    kinds = [bare(field.annotation) for field in inner.model_fields.values()] if inner else []
    return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


def in_file(model: type[BaseModel], loc: Loc) -> Loc:
    """A place as it stands in the file: pydantic puts the tag of a union's member into it."""
    return tuple(part for depth, part in enumerate(loc) if not _is_tag(follow(model, loc[:depth])[0], part))


def _is_tag(kind: Any, part: int | str) -> bool:
    return get_origin(bare(kind)) in (Union, UnionType) and element(kind, part) is not None


def follow(model: type[BaseModel], loc: Loc) -> tuple[Any, FieldInfo | None, int]:
    """Follow a place into a model as far as it goes.

    Returns
    -------
    tuple
        The type at the last part that exists, the field it belongs to, and how many parts of ``loc`` exist.
    """
    kind: Any = model
    field: FieldInfo | None = None
    for depth, part in enumerate(loc):
        inner = model_in(kind)
        if inner is not None:
            if part not in inner.model_fields:
                return kind, field, depth
            field = inner.model_fields[str(part)]
            kind = field.annotation
        else:
            entry = element(kind, part)
            if entry is None:
                return kind, field, depth
            kind = entry
    return kind, field, len(loc)


def leaves(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Every value that a file can set, as (dotted key, field), in the order of the schema.

    A model that stands in two places (customer groups are customers) is walked in the first one only.
    """
    yield from _leaves(model, "", {model})


def _leaves(model: type[BaseModel], prefix: str, seen: set[type[BaseModel]]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        key, inner = prefix + name, model_in(field.annotation)
        entries = "" if inner else f".{_entry(field.annotation)}"
        inner = inner or model_in(element(field.annotation, 0))
        if inner is None:
            yield key, field
        elif inner not in seen:
            yield from _leaves(inner, f"{key}{entries}.", seen | {inner})
            seen.add(inner)


def _entry(annotation: Any) -> str:
    return ANY_NAME if get_origin(bare(annotation)) is dict else "0"
