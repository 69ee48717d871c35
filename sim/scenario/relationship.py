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
        "loss. Three kinds of experience move it. Ability: `ability_weight` × met for a request delivered, met the logistic "
        "function of its merit; −`ability_weight` for one given up; −`ability_weight` × `failure_weight` for a review that it "
        "failed; the same for a planned item × `plan_weight` × its share of the plan's effort, in every group. Integrity: 1 for a "
        "promise kept, −1 for one missed. Benevolence: `hearing_weight` for being heard in a joint session, −`refusal_weight` for "
        "a refusal or a silence. Satisfaction moves by `satisfaction_rate` (of a planned item × `plan_weight` × share) towards "
        "`expectation_weight` × expected + (1 − `expectation_weight`) × felt: 0.7 + met − expected, a loss × `loss_aversion`; of a "
        "request is expected what it is worth seen with `optimism`, of the plan what was planned",
        left_out="trust has no memory beyond its level, and the three kinds add up to one; ideas are not felt, nor that at last "
        "works what had been taken for done; the sizes are not measured, only their directions can be relied on",
        source="ability, integrity and benevolence: Mayer, Davis & Schoorman 1995; the sizes are ours, to be swept")
    satisfaction_rate: float = assumption(
        0.1, "weight of one experience in satisfaction", unit="1", low=0, high=1, off=0.0, mechanism="relationship",
        source=OURS)
    voice_rate: float = assumption(
        0.03, "how far one piece of advice heard or overruled moves voice", unit="1", low=0, high=1, off=0.0, mechanism="voice",
        equation="the experts' voice moves as trust does, by `voice_rate`: x is 1 where their advice is followed or their "
        "counter-proposal is agreed to, −1 where it is overruled, −`unasked_weight` for a yes on which they were not asked. Advice "
        "is what they see, held against the policy's own bar; it counts where another side judges too. Ideas come at their rate × "
        "(1 − `silence` × (1 − voice))",
        left_out="a refusal without asking them makes no work, and costs no voice; all experts have one voice",
        source=OURS)
    unasked_weight: float = assumption(
        0.2, "size of a yes on which the experts were not asked, relative to advice overruled", unit="1", low=0, high=1, off=0.0,
        mechanism="voice", alone=False, source=OURS)
    loss_aversion: float = assumption(
        1.5, "weight of a loss against a gain of the same size", unit="1", low=1, high=3, off=1.0, mechanism="relationship",
        source="contested; 1 to 3 in the literature", evidence="contested")
    ability_weight: float = assumption(
        0.5, "size of a request delivered as good as can be, relative to a promise kept; given up, it is a loss of that size",
        unit="1", low=0, high=2, off=0.0, mechanism="relationship", source=OURS)
    plan_weight: float = assumption(
        10.0, "size of the whole plan delivered (or given up), in requests delivered", unit="requests", low=0, high=100, off=0.0,
        mechanism="relationship", alone=False, source=OURS)
    failure_weight: float = assumption(
        0.2, "size of a failed review (or of a flaw that comes to light later), relative to work given up", unit="1", low=0, high=1,
        off=0.0, mechanism="relationship", alone=False, source=OURS)
    refusal_weight: float = assumption(
        0.5, "size of a refusal as an experience, relative to a missed promise", unit="1", low=0, high=2, off=0.0,
        mechanism="relationship", source=OURS)
    hearing_weight: float = assumption(
        0.2, "size of being heard in a joint session, relative to a kept promise", unit="1", low=0, high=2, off=0.0,
        mechanism="relationship", source=OURS)
    deferral_weight: float = assumption(
        0.3, "size of a later as an experience, relative to a refusal", unit="1", low=0, high=1, off=0.0, mechanism="waiting",
        source=OURS)
    waiting_weight: float = assumption(
        0.05, "size of a week without a yes or no as an experience, relative to a missed promise", unit="1/week", low=0, high=2,
        off=0.0, mechanism="waiting",
        equation="the first later is a refusal, explained as that is, of size `deferral_weight`; a wait of w weeks for a yes or "
        "no is an experience −1 of size min(`waiting_weight` w, 1), of which nothing was met, felt when the answer comes, the "
        "requester gives up or the project ends; both rates, of trust and of satisfaction, are multiplied by the size",
        left_out="until the answer comes, trust is as if nobody waited; all weeks weigh the same",
        source=OURS)
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
