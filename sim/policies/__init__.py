"""Policies: who answers a customer's request, when, on whose judgement, and how. Standard library only."""

from sim.policies.admission import Admission, Verdict
from sim.policies.catalogue import ADOPTABLE, POLICY_NAMES, all_policies, make
from sim.policies.parts import Authority, Cadence, Evaluators, Promise, QueueRule
from sim.policies.policy import Policy, PolicyFromFunction, PolicyOfParts, Responses
from sim.policies.setting import Setting
from sim.policies.view import Decision, Estimate, ProjectView, Ticket, accept, decline, defer

__all__ = [
    "ADOPTABLE", "POLICY_NAMES", "Admission", "Authority", "Cadence", "Decision", "Estimate", "Evaluators", "Policy",
    "PolicyFromFunction", "PolicyOfParts", "ProjectView", "Promise", "QueueRule", "Responses", "Setting", "Ticket", "Verdict",
    "accept", "all_policies", "decline", "defer", "make",
]
