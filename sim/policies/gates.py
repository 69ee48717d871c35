"""Policies in which one side judges."""

from __future__ import annotations

from sim.policies.admission import AtLeast, Below, Places, Ranked, Threshold, Veto
from sim.policies.parts import CUSTOMER, EXPERTS, AtMost, Cadence, Days, QueueRule
from sim.policies.policy import Policy, PolicyOfParts, Reading


def gatekeeper(at_least: AtLeast = 0.0, reading: Reading = "face-value") -> Policy:
    """A product owner decides at once on the value that the customer states."""
    return PolicyOfParts(
        name="gatekeeper", evaluators=CUSTOMER, reading=reading, admission=Threshold(at_least), explanation=0.3)


def expert_veto(below: Below = -0.5) -> Policy:
    """An expert looks at each request at once and may object; otherwise it is accepted."""
    return PolicyOfParts(
        name="expert-veto", evaluators=EXPERTS, admission=Veto(below), explanation=0.3)


def change_board(
    days: Days = 10.0, at_least: AtLeast = 0.0, at_most: AtMost = 0, reading: Reading = "face-value"
) -> Policy:
    """A board of experts meets every `days` days and admits what is worth at least `at_least` k€/pd more than the bar."""
    return PolicyOfParts(
        name="change-board", cadence=Cadence(days, at_most), evaluators=EXPERTS, reading=reading, admission=Threshold(at_least),
        explanation=0.5)


def value_ranked(days: Days = 10.0, k: Places = None) -> Policy:
    """Every `days` days experts rank what waits by cost of delay / duration and fill places from the top: there are `k`."""
    return PolicyOfParts(
        name="value-ranked", cadence=Cadence(days), evaluators=EXPERTS, admission=Ranked(k),
        explanation=0.5, queue=QueueRule("wsjf"))
