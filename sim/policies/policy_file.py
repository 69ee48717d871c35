"""A policy from a TOML file made of the parts. A file never imports or runs code, and may not ask for the truth.

The tables are those parts: their settings, types, units and ranges are read from the annotations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import PolicyError
from sim.policies.admission import RULES, Admission
from sim.policies.catalogue import ADOPTABLE, NONE, make
from sim.policies.parts import HOUSE_PARTS, Authority, Cadence
from sim.policies.policy import Policy, PolicyFromFunction, PolicyOfParts
from sim.policies.setting import Slot, slots
from sim.policies.view import Decision, Estimate, ProjectView
from sim.toml.interval import ZeroOr
from sim.toml.names import LONGEST_NAME, NAME_RULE, is_name
from sim.toml.shown import listing, shown
from sim.toml.toml_file import read_model

NOT_IN_FILES = ("name", "truth")
BESIDES: dict[type, dict[str, Any]] = {
    Cadence: {"with_reviews": (bool, Field(False, description="whether sessions come with each review of delivered work"))}}
"""TOML has no word for the None of ``Cadence.days``."""
OPTIONAL: dict[str, Any] = {**HOUSE_PARTS, "fit_authority": Authority}
"""Parts that a policy may leave out: to the house, or to what it says about the need."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def said(self) -> dict[str, Any]:
        """What the file says itself."""
        return {key: getattr(self, key) for key in self.model_fields_set}


def _table(part: type) -> Any:
    """The table of a part: a key for each of its settings."""
    keys: Any = {**_fields(part), **BESIDES.get(part, {})}
    return create_model(f"{part.__name__}Table", __base__=_Table, __doc__=part.__doc__, **keys)


def _fields(part: Any) -> dict[str, Any]:
    known, found = slots(part), {}
    for field in fields(part):
        if field.name in known and field.name not in NOT_IN_FILES:
            found[field.name] = _field(known[field.name])
        elif is_dataclass(field.default):
            table = _table(type(field.default))
            found[field.name] = (table, table())
        elif field.name in OPTIONAL:
            found[field.name] = (_table(OPTIONAL[field.name]) | None, None)
    return found


def _field(slot: Slot, meaning: str = "") -> tuple[Any, Any]:
    """A setting as a key. A number that is not said is None, and comes from the policy that the file starts from."""
    says, meaning = slot.says, meaning or slot.says.meaning
    if slot.kind in (bool, str):
        return Literal[slot.choices] if slot.choices else slot.kind, Field(slot.default, description=meaning)
    kind: Any = Annotated[slot.kind | None, ZeroOr(says.smallest)] if says.smallest else slot.kind | None
    return kind, Field(None, description=meaning, ge=says.low, le=says.high, json_schema_extra={"unit": says.unit})


# --- admission: one table for all rules ---


class _Rule(_Table):
    """Which rule says yes, no or later, and its settings."""

    rule: str

    @model_validator(mode="after")
    def _settings_belong_to_the_rule(self) -> _Rule:
        known = slots(RULES[self.rule])
        for key, value in self.settings().items():
            if key not in known:
                has = listing(known) or "no settings"
                raise PydanticCustomError("inconsistent", "the rule {rule} has {has}, not {key}", {
                    "rule": shown(self.rule), "has": has, "key": key})
            if not known[key].takes(value):
                raise PydanticCustomError("inconsistent", "{key} = {value}: with the rule {rule}, {wanted} is needed", {
                    "key": key, "value": shown(value), "wanted": known[key].wanted, "rule": shown(self.rule)})
        return self

    def settings(self) -> dict[str, Any]:
        """What the file says itself."""
        return {key: value for key, value in self.said().items() if key != "rule"}

    def made(self) -> Admission:
        """The rule with its settings."""
        return RULES[self.rule](**self.settings())


def _rule_table() -> Any:
    """A key for each setting that some rule has: what it means to which rule, and the widest of their ranges."""
    of_key: dict[str, dict[str, Slot]] = {}
    for rule, made_by in RULES.items():
        for key, slot in slots(made_by).items():
            of_key.setdefault(key, {})[rule] = slot
    keys: Any = {"rule": (Literal[tuple(RULES)], ...)}
    keys |= {key: _field(_widest(list(of.values())), _told(of)) for key, of in of_key.items()}
    return create_model("AdmissionTable", __base__=_Rule, __doc__=_Rule.__doc__, **keys)


def _widest(of: list[Slot]) -> Slot:
    low, high = min(slot.says.low for slot in of), max(slot.says.high for slot in of)
    return of[0]._replace(says=replace(of[0].says, low=low, high=high))


def _told(of: dict[str, Slot]) -> str:
    meanings: dict[str, list[str]] = {}
    for rule, slot in of.items():
        meanings.setdefault(slot.says.meaning, []).append(rule)
    return "; ".join(f"for {', '.join(rules)}: {meaning}" for meaning, rules in meanings.items())


AdmissionTable: Any = _rule_table()
_Parts: Any = create_model(
    "_Parts", __base__=_Table, **_fields(PolicyOfParts), admission=(AdmissionTable | None, None))


# --- the file ---


class PolicyTable(_Parts):
    """A policy made of parts; what is not said comes from `base`, or is the plainest choice."""

    base: str = Field("", description="a built-in policy to start from, also with settings: change-board:days=20")

    @field_validator("base")
    @classmethod
    def _base_is_a_policy_that_can_be_adopted(cls, base: str) -> str:
        if not base:
            return base
        try:
            made = make(base)
        except PolicyError as error:
            raise PydanticCustomError("inconsistent", "{why}", {"why": str(error)}) from None
        if made.is_control:
            raise PydanticCustomError("inconsistent", "a control, which nobody can adopt; there are: {names}", {
                "names": listing(ADOPTABLE, most=len(ADOPTABLE))})
        return base

    @model_validator(mode="after")
    def _parts_make_a_policy(self) -> PolicyTable:
        try:
            self.called(getattr(self, "name", "") or "policy")
        except PolicyError as error:
            raise PydanticCustomError("inconsistent", "{why}", {"why": str(error)}) from None
        return self

    def called(self, name: str) -> Policy:
        """The policy that the table describes."""
        base: Any = make(self.base) if self.base else PolicyOfParts()
        return base.with_parts(name=name, **{  # type: ignore[no-any-return]
            key: _made(key, getattr(base, key), value) for key, value in self.said().items() if key not in ("name", "base")})


def _made(key: str, part: Any, said: Any) -> Any:
    """What a key stands for: a value, an admission rule, or the part of the base with what the table says about it.

    A part that the base leaves out starts from the plainest of its kind.
    """
    if isinstance(said, _Rule):
        return said.made()
    if not isinstance(said, _Table):
        return said
    changes = said.said()
    if changes.pop("with_reviews", False):
        changes["days"] = None
    return replace(OPTIONAL[key]() if part is None else part, **changes)


class PolicyFile(PolicyTable):
    """The same as a file of its own, with a name."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]

    @field_validator("name")
    @classmethod
    def _name_is_a_name(cls, name: str) -> str:
        if not is_name(name):
            raise PydanticCustomError("inconsistent", NAME_RULE)
        return name

    def made(self) -> Policy:
        """The policy that the file describes."""
        return self.called(self.name)


def load_policy(path: str | Path) -> Policy:
    """A policy from a TOML file such as ``docs/examples/my-board.toml``.

    Raises
    ------
    PolicyError
        With file, line, key, value and what is allowed.
    """
    return read_model(Path(path), PolicyFile, PolicyError).made()


Function = Callable[[Estimate, ProjectView], Decision]


def policy_from(policy: str | Path | Policy | Function, own: Mapping[str, Policy] = NONE) -> Policy:
    """A policy from whatever means one.

    Parameters
    ----------
    policy
        A policy; its name, with settings after a colon (``change-board:days=20``); the path of a TOML file made of parts; or a
        function ``decide(estimate, project)``, which gives the policy its name.
    own
        Policies of somebody's own by name, see `sim.policies.catalogue.make`.

    Raises
    ------
    PolicyError
        Where it is none of these.

    Examples
    --------
    >>> policy_from("change-board:days=20").cadence.days
    20.0
    """
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, Path):
        return load_policy(policy)
    if isinstance(policy, str):
        return _from_text(policy, own)
    if callable(policy) and not isinstance(policy, type):
        return PolicyFromFunction(name=getattr(policy, "__name__", "function").replace("_", "-"), function=policy)
    hint = "; write an instance: MyPolicy()" if isinstance(policy, type) and issubclass(policy, Policy) else ""
    raise PolicyError(f"{policy!r} is no policy: a name, a Policy or a function decide(estimate, project) is needed{hint}")


def _from_text(text: str, own: Mapping[str, Policy]) -> Policy:
    if text in own:
        return own[text]
    if text.endswith(".py"):
        raise PolicyError(f"policy {text}: a policy in Python comes with --plugin {text}, and is then called by its own name")
    is_path = "/" in text or "\\" in text
    name, dot, ending = text.partition(":")[0].partition(".")
    if dot and ending != "toml" and not is_path:
        raise PolicyError(f"policy {text}: is neither a policy's name nor a TOML file; did you mean {name}.toml?")
    return load_policy(text) if is_path or text.endswith(".toml") else make(text, own)
