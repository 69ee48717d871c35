"""Anatomy: a policy of parts with each part taken out, and each put into a plain policy. Which part does the work?

Taking out shows what the whole loses without a part, putting in what the part gains alone; where the two disagree the parts
work together (a judgement gains nothing where everything is accepted anyhow).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field

from sim.design.design import Design, Given, Parts
from sim.design.point import DesignPoint, Draft, numbered
from sim.errors import StudyError
from sim.policies.open_door import always_accept
from sim.policies.policy import PolicyOfParts
from sim.scenario.assumption import Name

Graft = Callable[[PolicyOfParts, PolicyOfParts], PolicyOfParts]
"""(receiver, donor) -> the receiver with one part of the donor."""


def _field(name: str) -> Graft:
    def graft(receiver: PolicyOfParts, donor: PolicyOfParts) -> PolicyOfParts:
        return replace(receiver, **{name: getattr(donor, name)})

    return graft


def _responses(*names: str) -> Graft:
    def graft(receiver: PolicyOfParts, donor: PolicyOfParts) -> PolicyOfParts:
        return replace(receiver, responses=replace(receiver.responses, **{name: getattr(donor.responses, name) for name in names}))

    return graft


def _authority(receiver: PolicyOfParts, donor: PolicyOfParts) -> PolicyOfParts:
    """About the need and about the fit. Only the ratio of the weights counts: 1 : 1 : 1 is the same as .5 : .5 : .5."""
    same = _ratios(receiver) == _ratios(donor)
    return receiver if same else replace(receiver, authority=donor.authority, fit_authority=donor.fit_authority)


def _ratios(policy: PolicyOfParts) -> list[float]:
    found = []
    for authority in (policy.authority, policy.fit_authority or policy.authority):
        weights = (authority.customer, authority.experts, authority.ai)
        found += [round(weight / (sum(weights) or 1.0), 12) for weight in weights]
    return found


PARTS: Mapping[str, Graft] = {
    "cadence": _field("cadence"),
    "evaluators": _field("evaluators"),
    "authority": _authority,
    "reading": _field("reading"),
    "admission": _field("admission"),
    "reshaping": _responses("reshape_from"),
    "counter-proposals": _responses("counter", "counter_above"),
    "prototypes": _responses("prototype_from"),
    "deferring": _responses("defer"),
    "promise": _field("promise"),
    "explanation": _field("explanation"),
    "queue": _field("queue"),
    "fast lane": _field("fast_lane"),
}
"""The parts of a policy by name, each as a graft."""


class Anatomy(Design):
    """`policy` without each of its parts, and `plain` with each (`swaps` for other donors)."""

    kind: Literal["anatomy"]
    policy: Name = Field(default="co-evaluated", description="the policy that is taken apart")
    plain: Name = Field(default="always-accept", description="the policy that gives the replacements")
    swaps: dict[Name, Name] = Field(default={}, description="for a part, the policy that gives another one")

    def policies(self) -> Mapping[str, str]:
        return {"policy": self.policy, "plain": self.plain, **{f"swaps.{part}": name for part, name in self.swaps.items()}}

    def derived(self, parts: Parts) -> tuple[PolicyOfParts, ...]:
        made = {key: parts(name, f"design.{key}") for key, name in self.policies().items()}
        return anatomy(made["policy"], made["plain"], {part: made[f"swaps.{part}"] for part in self.swaps})

    def points(self, given: Given) -> tuple[DesignPoint, ...]:
        """One a scenario: the scenario as it is, under all the derived policies (and so with the same luck)."""
        return numbered(given.scenarios, [Draft((), "anatomy")])


def anatomy(
    policy: PolicyOfParts,
    plain: PolicyOfParts | None = None,
    swaps: Mapping[str, PolicyOfParts] | None = None,
    together: Sequence[Sequence[str]] = (("evaluators", "admission"),),
) -> tuple[PolicyOfParts, ...]:
    """The policy, without each part, the plain policy, and that with each part; named after what was done.

    Parameters
    ----------
    policy, plain
        The policy under the knife, and the plain one that gives the replacements (by default always-accept). Parts that the
        two have in common are left alone.
    swaps
        For a part, another donor than `plain`: then the part is swapped, and the name says for whose.
    together
        Parts that are also moved as one, because either alone means little.

    Returns
    -------
    tuple of PolicyOfParts
        ``co-evaluated``, ``co-evaluated - explanation``, ..., ``always-accept``, ``always-accept + explanation``, ...

    Raises
    ------
    StudyError
        For an unknown part, or a policy that does not differ from the plain one.

    Examples
    --------
    >>> from sim.policies.catalogue import make
    >>> [policy.name for policy in anatomy(make("capacity-limit"), together=())][:3]
    ['capacity-limit', 'capacity-limit - admission', 'capacity-limit - promise']
    """
    plain = plain or _always_accept()
    swaps = swaps or {}
    groups = [(name,) for name in PARTS] + [tuple(group) for group in together]
    for name in [*swaps, *(name for group in groups for name in group)]:
        if name not in PARTS:
            raise StudyError(f"a policy has no part {name!r}; there are {', '.join(PARTS)}")
    different = [name for name, graft in PARTS.items() if graft(policy, plain) != policy]
    if not different:
        raise StudyError(f"{policy.name} has no part that {plain.name} does not have")
    moved = [group for group in groups if set(group) <= set(different)]
    without = [_grafted(policy, plain, group, _listed("-", group)) for group in moved]
    swapped = [_grafted(policy, donor, (name,), f"- {name} + {donor.name}'s") for name, donor in swaps.items()
               if PARTS[name](policy, donor) != policy]
    alone = [_grafted(plain, policy, group, _listed("+", group)) for group in moved]
    return (policy, *without, *swapped, plain, *alone)


def _listed(sign: str, group: Sequence[str]) -> str:
    return " ".join(f"{sign} {name}" for name in group)


def _grafted(receiver: PolicyOfParts, donor: PolicyOfParts, group: Sequence[str], done: str) -> PolicyOfParts:
    made = receiver
    for name in group:
        made = PARTS[name](made, donor)
    return replace(made, name=f"{receiver.name} {done}")


def _always_accept() -> PolicyOfParts:
    made = always_accept()
    assert isinstance(made, PolicyOfParts)
    return made
