"""The two controls that stand beside the real policies: nobody can adopt them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from sim.policies.admission import AtLeast, Lots, Threshold
from sim.policies.parts import TRUTH
from sim.policies.policy import Policy, PolicyOfParts, Responses
from sim.policies.view import Decision, Estimate, ProjectView

AdmittedAs = Literal["accept", "reshape", "counter-propose"]


@dataclass(frozen=True)
class Placebo(PolicyOfParts):
    """Everything as in the reference policy, sessions and costs included, but which requests are admitted is drawn by lot.

    Does judgement help, or merely saying no? `shares` are the reference's shares of final answers in the same replication,
    filled in by `calibrated`; the replication runs the reference first.
    """

    reference: Policy | None = None
    shares: tuple[tuple[AdmittedAs, float], ...] = ()

    is_control: ClassVar[bool] = True

    def calibrated(self, shares: tuple[tuple[AdmittedAs, float], ...]) -> Placebo:
        """The same control with the reference's shares of answers filled in."""
        return self.with_parts(shares=shares)  # type: ignore[return-value]

    def at_once(self, glance: Estimate) -> bool:
        return self.reference is not None and self.reference.at_once(glance)

    def bar(self, project: ProjectView) -> float:
        return super().bar(project) if self.reference is None else self.reference.bar(project)

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        upper = 0.0
        for answer, share in self.shares:
            upper += share
            if estimate.lot < upper:
                # As in the collaborative policies: who insists on more than the core gets it, who insists on a bad idea does not.
                otherwise: Literal["accept", "decline"] = "accept" if answer == "reshape" else "decline"
                return Decision(answer, f"lot {estimate.lot:.2f}, share {upper:.2f}", otherwise=otherwise)
        return Decision("decline", f"lot {estimate.lot:.2f}, share {upper:.2f}")


def placebo_of(model: Policy) -> Policy:
    """The placebo of a policy: the same share admitted, with the same sessions, but drawn by lot."""
    return Placebo(
        name="placebo", cadence=model.cadence, evaluators=model.evaluators, authority=model.authority, promise=model.promise,
        explanation=model.explanation, queue=model.queue, admission=Lots(), responses=Responses(), reference=model)


@dataclass(frozen=True)
class Clairvoyant(PolicyOfParts):
    """Marks the policy that sees true merit, effort and feasibility.

    It is no bound where customers learn: it judges best what is asked, and holds no session that would teach anybody to ask better.
    """

    is_control: ClassVar[bool] = True


def clairvoyant(at_least: AtLeast = 0.0) -> Policy:
    """Control: sees the truth at once and at no cost, and admits what is worth building. How much is there to win?"""
    return Clairvoyant(
        name="clairvoyant", evaluators=TRUTH, admission=Threshold(at_least), explanation=1.0)
