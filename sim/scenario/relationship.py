"""The relationship: `[relationship]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import OURS, Frozen, assumption


class Relationship(Frozen):
    """How trust, satisfaction and the experts' voice move."""

    trust_start: float = assumption(0.7, "trust of each customer group at day 0", unit="0..1", low=0, high=1, source=OURS)
    satisfaction_start: float = assumption(0.7, "satisfaction at day 0", unit="0..1", low=0, high=1, source=OURS)
    voice_start: float = assumption(0.7, "the experts' readiness to speak up at day 0", unit="0..1", low=0, high=1, source=OURS)
    trust_rate: float = assumption(
        0.05, "how far one experience moves trust", unit="1", low=0, high=1, off=0.0, mechanism="relationship",
        equation="trust T after an experience x: T + `trust_rate` x (1 − T) for a gain, T + `trust_rate` `loss_aversion` x T for a "
        "loss, where x is 1 for a promise kept and −1 for one missed, −`refusal_weight` for a refusal or a silence, "
        "`hearing_weight` for being heard in a joint session, benefit met minus benefit expected for a delivery (both as logistic "
        "functions of merit). Satisfaction moves by `satisfaction_rate` towards `expectation_weight` × expectation + (1 − "
        "`expectation_weight`) × what is felt: 0.7 + what was met − what was expected, a loss × `loss_aversion`",
        left_out="trust has no memory beyond its level; the sizes are not measured, only their directions can be relied on",
        source=OURS)
    satisfaction_rate: float = assumption(
        0.1, "weight of one experience in satisfaction", unit="1", low=0, high=1, off=0.0, mechanism="relationship",
        source=OURS)
    voice_rate: float = assumption(
        0.03, "how far one piece of advice heard or overruled moves voice", unit="1", low=0, high=1, off=0.0, mechanism="voice",
        equation="the experts' voice moves as trust does, by `voice_rate`: up where their advice is followed, down where it is "
        "overruled; ideas come at their rate × (1 − `silence` × (1 − voice))",
        left_out="advice that was not asked for counts neither way; all experts have one voice",
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
        equation="a refusal hurts, and is escalated, less by the share `explanation_effect` × explanation of the policy; explaining"
        " takes `explanation_hours` × explanation of one expert",
        left_out="explanations do not wear off",
        source="moderate effect of explanations over 54 samples (Shaw et al. 2003); 0 to .5 SD",
        evidence="published")
    expectation_weight: float = assumption(
        0.3, "weight of the expectation itself in satisfaction: lower expectations are not free", unit="1", low=0, high=1,
        off=0.0, mechanism="relationship",
        source="assimilation beside disconfirmation (Oliver 1980); the size is assumed", evidence="contested")
    walk_away: float = assumption(
        0.0, "trust below which the customer ends the project", unit="0..1", low=0, high=1, off=0.0,
        equation="the customer ends the project where trust falls below `walk_away`",
        left_out="nobody is paid after that, so cost looks low; no contract holds the customer",
        source=OURS)
