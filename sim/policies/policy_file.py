"""A policy from a TOML file made of the parts. A file never imports or runs code, and may not ask for the truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import PolicyError
from sim.policies import admission as rules
from sim.policies.catalogue import make
from sim.policies.names import POLICY_NAMES
from sim.policies.parts import Authority, Cadence, Evaluators, Promise, QueueRule
from sim.policies.policy import Policy, PolicyOfParts, Responses
from sim.toml.shown import listing, shown
from sim.toml.toml_file import parse, read_model, read_text

RULES: dict[str, type[rules.Admission]] = {
    "everything": rules.Everything, "capacity": rules.Capacity, "budget": rules.Budget, "after-planned": rules.AfterPlanned,
    "threshold": rules.Threshold, "warned": rules.Warned, "veto": rules.Veto, "ranked": rules.Ranked, "lots": rules.Lots,
}  # fmt: skip
Rule = Literal["everything", "capacity", "budget", "after-planned", "threshold", "warned", "veto", "ranked", "lots"]
CONTROLS = ("placebo", "clairvoyant")
Part = TypeVar("Part")


def _value(meaning: str, unit: str = "1", low: float = 0.0, high: float = 10_000.0) -> Any:
    """A value that a file may leave to the policy it starts from; None is "not said"."""
    return Field(None, description=meaning, ge=low, le=high, json_schema_extra={"unit": unit})


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def said(self) -> dict[str, Any]:
        """What the file says itself."""
        return {key: getattr(self, key) for key in self.model_fields_set}


class CadenceTable(_Table):
    """When requests are looked at."""

    days: float | None = _value("days between sessions; 0: each request at once", "days")
    at_most: int | None = _value("most requests decided in one session; 0 for no limit", "requests")
    with_reviews: bool = Field(False, description="whether sessions come with each review of delivered work")


class EvaluatorsTable(_Table):
    """Who judges a request."""

    customer: bool = False
    experts: bool = False
    ai: bool = False


class AuthorityTable(_Table):
    """How much each side's judgement weighs."""

    customer: float | None = _value("weight of the customer's judgement")
    experts: float | None = _value("weight of the experts' judgement")
    ai: float | None = _value("weight of the AI aid's judgement")


class AdmissionTable(_Table):
    """Which rule says yes, no or later, and its settings."""

    rule: Rule
    k: int | None = _value("for capacity, ranked: places", "requests", low=1)
    share: float | None = _value("for budget: share of the planned effort; for lots: chance of a yes", high=10.0)
    at_least: float | None = _value("for threshold, warned: least worth", "k€/pd", low=-1000.0, high=1000.0)
    reserve: float | None = _value("for warned: factor on the forecast of open work", low=0.1, high=10.0)
    below: float | None = _value("for veto: worth below which experts object", "k€/pd", low=-1000.0, high=1000.0)
    patience: float | None = _value("for ranked: days after which a request that waits is refused", "days")

    @model_validator(mode="after")
    def _settings_belong_to_the_rule(self) -> AdmissionTable:
        known = list(getattr(RULES[self.rule], "__dataclass_fields__", {}))
        for key in self.model_fields_set - {"rule"}:
            if key not in known:
                has = listing(known) or "no settings"
                raise PydanticCustomError("inconsistent", "the rule {rule} has {has}, not {key}", {
                    "rule": shown(self.rule), "has": has, "key": key})  # fmt: skip
        return self

    def made(self) -> rules.Admission:
        """The rule with its settings."""
        return RULES[self.rule](**{key: value for key, value in self.said().items() if key != "rule"})


class ResponsesTable(_Table):
    """How a verdict becomes an answer."""

    reshape_from: float | None = _value("estimated effort from which only the core is agreed on", "pd")
    prototype_from: float | None = _value("estimated effort from which a prototype is made first", "pd")
    counter: bool = False
    counter_above: float | None = _value("worth above which another solution is proposed", "k€/pd", low=-1000.0, high=1000.0)
    defer: bool = True


class PromiseTable(_Table):
    """The day that is promised with a yes."""

    basis: Literal["wish", "forecast", "none"] = "wish"
    safety: float | None = _value("factor on the promised time", low=0.01, high=100.0)


class QueueTable(_Table):
    """Which open work is done next."""

    order: Literal["fcfs", "requests-first", "planned-first", "urgency", "wsjf"] = "fcfs"
    preempt: bool = False


class PolicyTable(_Table):
    """A policy made of parts; what is not said comes from `base`, or is the plainest choice."""

    base: str = ""
    cadence: CadenceTable = CadenceTable()
    evaluators: EvaluatorsTable = EvaluatorsTable()
    authority: AuthorityTable = AuthorityTable()
    admission: AdmissionTable | None = None
    responses: ResponsesTable = ResponsesTable()
    promise: PromiseTable = PromiseTable()
    explanation: float | None = _value("how well a no is explained, from 0 to 1", high=1.0)
    queue: QueueTable = QueueTable()
    fast_lane: float | None = _value("estimated effort below which a request is accepted at once", "pd")

    @field_validator("base")
    @classmethod
    def _base_is_a_policy_that_can_be_adopted(cls, base: str) -> str:
        name, _, _ = base.partition(":")
        adoptable = [known for known in POLICY_NAMES if known not in CONTROLS]
        if name in CONTROLS:
            raise PydanticCustomError("inconsistent", "a control, which nobody can adopt; there are: {names}", {
                "names": listing(adoptable, most=14)})  # fmt: skip
        if base:
            try:
                make(base)
            except PolicyError as error:
                raise PydanticCustomError("inconsistent", "{why}", {"why": str(error)}) from None
        return base

    def called(self, name: str) -> Policy:
        """The policy that the table describes."""
        base = make(self.base) if self.base else PolicyOfParts()
        assert isinstance(base, PolicyOfParts)
        cadence = self.cadence.said()
        if cadence.pop("with_reviews", False):
            cadence["days"] = None
        parts: dict[str, Any] = {
            "name": name,
            "cadence": _changed(base.cadence, cadence),
            "evaluators": _changed(base.evaluators, self.evaluators.said()),
            "authority": _changed(base.authority, self.authority.said()),
            "responses": _changed(base.responses, self.responses.said()),
            "promise": _changed(base.promise, self.promise.said()),
            "queue": _changed(base.queue, self.queue.said()),
            **{key: value for key, value in self.said().items() if key in ("explanation", "fast_lane")},
        }
        if self.admission is not None:
            parts["admission"] = self.admission.made()
        return base.with_parts(**parts)


class PolicyFile(PolicyTable):
    """The same as a file of its own, with a name."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]

    def made(self) -> Policy:
        """The policy that the file describes."""
        return self.called(self.name)


def _changed(part: Part, said: dict[str, Any]) -> Part:
    """The same part with what the file says about it."""
    changed: Part = replace(part, **said)  # type: ignore[type-var]
    return changed


def load_policy(path: str | Path) -> Policy:
    """A policy from a TOML file.

    Parameters
    ----------
    path
        The file, see ``docs/examples/my-board.toml``.

    Raises
    ------
    PolicyError
        With file, line, key, value and what is allowed.
    """
    return read_model(Path(path), PolicyFile, PolicyError).made()


PARTS = (Authority, Cadence, Evaluators, Promise, QueueRule, Responses)
"""The parts that a file can describe, beside the admission rule; a test holds the tables above against their fields."""


def is_policy_file(path: Path) -> bool:
    """Whether a TOML file has tables that only policies have; False for what cannot be read."""
    try:
        data = parse(read_text(path, PolicyError), str(path), PolicyError)
    except PolicyError:
        return False
    return bool(data.keys() & (PolicyFile.model_fields.keys() - {"name"}))
