"""Settings of policies as factors: ``policy.change-board.days``, or a part's part, ``policy.my-board.cadence.days``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from sim.design.factor import Value
from sim.errors import StudyError
from sim.policies.catalogue import settings_of, with_settings
from sim.policies.controls import Placebo
from sim.policies.parts import HOUSE_PARTS
from sim.policies.policy import Policy
from sim.policies.setting import slots

POLICY = "policy."


def change_policies(policies: Sequence[Policy], values: Sequence[tuple[str, Value]]) -> tuple[Policy, ...]:
    """The same policies, under the same names, with settings replaced. A placebo follows the policy that it imitates."""
    wanted: dict[str, dict[str, Value]] = {}
    for key, value in values:
        policy, setting = _found(policies, key)
        wanted.setdefault(policy.name, {})[setting] = value
    changed = {policy.name: _changed(policy, wanted[policy.name]) for policy in policies if policy.name in wanted}
    return tuple(_following(changed.get(policy.name, policy), policies, changed) for policy in policies)


def policy_value(policies: Sequence[Policy], key: str) -> Value:
    """The value that a policy has by itself at a key."""
    policy, setting = _found(policies, key)
    named = settings_of(policy)
    if setting in named:
        return named[setting].default
    value: Any = policy
    for part in setting.split("."):
        value = _part(policy, value, part)
    return value


def _found(policies: Sequence[Policy], key: str) -> tuple[Policy, str]:
    """The policy that a key names, and the setting. Names may have dots in them: the longest one counts."""
    rest = key.removeprefix(POLICY)
    fitting = [policy for policy in policies if rest.startswith(f"{policy.name}.")]
    if not fitting:
        known = ", ".join(policy.name for policy in policies) or "none"
        raise StudyError(f"{key}: no policy of this experiment is called so; there are {known}")
    policy = max(fitting, key=lambda found: len(found.name))
    return policy, rest.removeprefix(f"{policy.name}.")


def _changed(policy: Policy, values: dict[str, Value]) -> Policy:
    named = settings_of(policy)
    policy = with_settings(policy, {key: value for key, value in values.items() if key in named})
    for path, value in values.items():
        if path not in named:
            policy = _with(policy, policy, path.split("."), value)
    return policy


def _with(policy: Policy, owner: Any, path: list[str], value: Value) -> Any:
    """A copy of a policy, or of one of its parts, with one value at the end of a path replaced."""
    inner = _part(policy, owner, path[0])
    if len(path) > 1:
        return replace(owner, **{path[0]: _with(policy, inner, path[1:], value)})
    if is_dataclass(inner):
        raise StudyError(f"policy {policy.name}: {path[0]} has parts: {', '.join(field.name for field in fields(inner))}")
    if isinstance(inner, bool | str) and type(value) is not type(inner):
        raise StudyError(f"policy {policy.name}: {path[0]} = {value!r} must be like {inner!r}")
    known = slots(type(owner)).get(path[0])
    if known is not None and not known.takes(value):
        raise StudyError(f"policy {policy.name}: {path[0]} = {value!r} — {known.wanted} is needed")
    return replace(owner, **{path[0]: value})


def _part(policy: Policy, owner: Any, name: str) -> Any:
    known = [field.name for field in fields(owner) if field.name != "name"] if is_dataclass(owner) else []
    if name not in known:
        has = ", ".join(dict.fromkeys([*(settings_of(policy) if owner is policy else ()), *known])) or "no parts"
        raise StudyError(f"policy {policy.name}: {name!r} is not known; there are {has}")
    if owner is policy and name in HOUSE_PARTS and getattr(policy, name) is None:
        raise StudyError(f"policy {policy.name}: its {name} is the house's; team.{name} is the factor that changes it")
    return getattr(owner, name)


def _following(policy: Policy, before: Sequence[Policy], changed: dict[str, Policy]) -> Policy:
    if not isinstance(policy, Placebo) or policy.reference is None or policy.reference.name not in changed:
        return policy
    if policy.reference not in before:
        return policy  # it imitates another policy of the same name
    model = changed[policy.reference.name]
    return policy.with_parts(
        reference=model, cadence=model.cadence, evaluators=model.evaluators, authority=model.authority, promise=model.promise,
        explanation=model.explanation, queue=model.queue)
