"""The relationship: `[relationship]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import OURS, Frozen, assumption


class Relationship(Frozen):
    """How trust, satisfaction and the experts' voice move."""

    trust_start: float = assumption(0.7, "trust of each customer group at day 0", unit="0..1", low=0, high=1, source=OURS)
    satisfaction_start: float = assumption(0.7, "satisfaction at day 0", unit="0..1", low=0, high=1, source=OURS)
    voice_start: float = assumption(0.7, "the experts' readiness to speak up at day 0", unit="0..1", low=0, high=1, source=OURS)
    trust_rate: float = assumption(
        0.05, "how far one experience moves trust", unit="1", low=0, high=1, off=0.0, mechanism="relationship", source=OURS)
    satisfaction_rate: float = assumption(
        0.1, "weight of one experience in satisfaction", unit="1", low=0, high=1, off=0.0, mechanism="relationship",
        source=OURS)
    voice_rate: float = assumption(
        0.03, "how far one piece of advice heard or overruled moves voice", unit="1", low=0, high=1, off=0.0, mechanism="voice",
        source=OURS)
    loss_aversion: float = assumption(
        1.5, "weight of a loss against a gain of the same size", unit="1", low=1, high=3, off=1.0, mechanism="relationship",
        source="contested; 1 to 3 in the literature", evidence="contested")
    refusal_weight: float = assumption(
        0.5, "size of a refusal as an experience, relative to a missed promise", unit="1", low=0, high=2, off=0.0,
        mechanism="relationship", source=OURS)
    hearing_weight: float = assumption(
        0.2, "size of being heard in a joint session, relative to a kept promise", unit="1", low=0, high=2, off=0.0,
        mechanism="relationship", source=OURS)
    explanation_effect: float = assumption(
        0.3, "share of a refusal's sting (and of the escalation that follows) that a full explanation takes away", unit="1",
        low=0, high=1, off=0.0, mechanism="explanation",
        source="moderate effect of explanations over 54 samples (Shaw et al. 2003); 0 to .5 SD",
        evidence="published")
    expectation_weight: float = assumption(
        0.3, "weight of the expectation itself in satisfaction: lower expectations are not free", unit="1", low=0, high=1,
        off=0.0, mechanism="relationship",
        source="assimilation beside disconfirmation (Oliver 1980); the size is assumed", evidence="contested")
    walk_away: float = assumption(
        0.0, "trust below which the customer ends the project", unit="0..1", low=0, high=1, off=0.0, source=OURS)
