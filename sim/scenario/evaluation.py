"""Judging requests: `[evaluation]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from typing import ClassVar

from sim.scenario.assumption import OURS, PROJECT, Frozen, Name, assumption


class Evaluation(Frozen):
    """What judges can see of a request, and what it costs to look."""

    gone: ClassVar[dict[str, str]] = {
        "customer_quality": "need and fit are judged apart: say evaluation.customer_need_quality and .customer_fit_quality",
        "expert_quality": "need and fit are judged apart: say evaluation.expert_need_quality and .expert_fit_quality",
        "counter_merit": "another solution keeps the need and has a fit of its own: say evaluation.counter_fit"}

    customer_need_quality: float = assumption(
        0.45, "correlation of the customer's judgement of the need with the need", unit="1", low=0, high=1,
        equation="a judge sees need and fit apart: of each X a signal S = r X + √(1 − r²) e, r his quality for that question, e "
        "standard normal; errors e of two judges correlate by `error_correlation`. Signals of each question are added with the "
        "policy's authority as weights and scaled to unit variance, so that a threshold admits the same share whoever judges: k "
        "equal judges together see r √k / √(1 + (k − 1) ρ), ρ = r² + (1 − r²) `error_correlation`. At face value signals are taken "
        "for the truth; calibrated, known biases are taken off and worth is `value` × exp(τ m − τ² r*² / 2) − `upkeep`, τ = "
        "`value_spread`, m = √q A S_N + √(1 − q) B S_F, r*² = q A² + (1 − q) B² with the pooled qualities A, B and q = "
        "`need_share`, times the chance that it can be built",
        source="no direct measurement: who has the need knows it best; with the other three and error_correlation it gives the "
        "agreement of .14 between stakeholders (Regnell's ten managers, mean pairwise Spearman .14 and .09)", evidence="assumed")
    customer_fit_quality: float = assumption(
        0.15, "correlation of the customer's judgement of the fit with the fit", unit="1", low=0, high=1,
        source="no direct measurement; see customer_need_quality", evidence="assumed")
    expert_need_quality: float = assumption(
        0.20, "correlation of one expert's judgement of the need with the need, after one hour", unit="1", low=0, high=1,
        source="no direct measurement; see customer_need_quality", evidence="assumed")
    expert_fit_quality: float = assumption(
        0.50, "correlation of one expert's judgement of the fit with the fit, after one hour", unit="1", low=0, high=1,
        source="no direct measurement: who builds it knows best what meets a need; see customer_need_quality",
        evidence="assumed")
    insight_hours: float = assumption(
        3.0, "hours of looking at a request in which half is seen (of the variance) of what can be seen at all", unit="hours",
        low=0, high=1000, off=0.0, mechanism="insight",
        equation="quality of an expert who looks h = `expert_hours` at a request: a √(h (1 + k) / (h + k)), k = `insight_hours`, "
        "a as stated for one hour, at most .99",
        left_out="the customer sees no more by looking longer; practice makes nobody better",
        source=OURS)
    overhead: float = assumption(
        0.3, "what a requested person-day takes beyond its build, in rework, reviews and ripple, as a share of it", unit="1",
        low=0, high=5, off=0.0,
        equation="the bar: a request is worth building where its worth per person-day is above c × (1 + `overhead`), c the cost of "
        "a person-day of the workflow",
        left_out="the bar is the same on every day and for every request",
        source="accept-all against no requests takes 1.1 to 1.4 times the build: `python -m sim.study.overhead` measures it",
        evidence="assumed")
    ai_gain: float = assumption(
        0.0, "quality of the AI aid's judgement minus that of one expert after one hour", unit="1", low=-1, high=1,
        equation="the AI aid is one more judge, whose qualities are those of an expert after one hour + `ai_gain`",
        source="sign uncertain, -.1 to +.2: human+AI worse than the better alone in decisions (g = -.23); +12% tasks inside, "
        "-19 points outside the frontier", evidence="contested")
    forecast_spread: float = assumption(
        0.5, "error of a forecast by an aid that knows nothing: standard deviation of the logarithm of the time to go", unit="1",
        low=0, high=3, off=0.0, mechanism="forecast-error",
        equation="an AI aid of quality q that is asked for a forecast (for an early warning) says (work open + effort of the "
        "request) / capacity × exp(`forecast_spread` √(1 − q²) N(0, 1)) days to go: a deadline that would be missed by the factor "
        "x is warned of with the chance Φ(ln x / (`forecast_spread` √(1 − q²))). It is asked at the price of the aid",
        left_out="forecasts for two requests err independently, also on one day; the aid knows nothing of rework to come",
        source="lognormal and no narrower near the end, its ninetieth percentile three to four times its tenth: .43 to .54 (Little "
        "2006)", evidence="published")
    error_correlation: float = assumption(
        0.07, "correlation between the errors of any two judges", unit="1", low=0, high=1,
        source="the value at which customer and expert agree as Regnell's managers did: (.45*.20 + .15*.50)/2 + .07*.87 = .14",
        evidence="measured")
    disclosure: float = assumption(
        0.3, "share of the customer's judgement that is kept back at no trust", unit="1", low=0, high=1, off=0.0,
        equation="the customer's qualities as a judge × (1 − `disclosure` × (1 − trust))",
        left_out="what is kept back does not come out later",
        source=OURS)
    facilitation: float = assumption(
        0.8, "how much of the judges' pooling a session achieves; 0: the judge with most authority alone, 1: all of it",
        unit="1", low=0, high=1, off=0.0,
        equation="weights in a judgement: `facilitation` × authority + (1 − `facilitation`) for the judge with most authority",
        left_out="it does not matter who speaks first, or who is afraid of whom",
        source=OURS)
    expert_bias: float = assumption(
        0.0, "by how much experts overrate merit (below 0: underrate)", unit="SD of merit", low=-5, high=5, off=0.0,
        equation="what experts see + `expert_bias`",
        left_out="all experts err to the same side, always",
        source=OURS)
    automation_bias: float = assumption(
        0.1, "chance that people simply follow the AI aid", unit="1", low=0, high=1, off=0.0,
        equation="with the chance `automation_bias` people follow what the AI aid sees and nothing else",
        left_out="nobody learns when to trust the aid",
        source="+25 to +33% omission errors with a wrong aid; range 0 to .5", evidence="published")
    judges: tuple[Name, ...] = assumption(
        (), "roles that each send one expert to judge a request; empty: the role of the first stage", unit="roles",
        source=PROJECT, evidence="project", strict=False, max_length=20)
    expert_hours: float = assumption(
        1.0, "time that each judging expert looks at a request", unit="hours", low=0, high=200,
        source="4 h + 4 h for a rough estimate in the XIT case; triage in meetings is shorter", evidence="assumed")
    charged: float = assumption(
        1.0, "share of the experts' time of looking that is taken out of their day; 0: judging costs nothing, and is still judging",
        unit="1", low=0, high=1, off=0.0, mechanism="evaluation-time",
        equation="a look takes `charged` × `expert_hours` of one person of each judging role and `customer_hours` of a "
        "representative a request, a scheduled session `session_hours` more of each; agreeing on another form takes "
        "`negotiation_hours` on both sides",
        left_out="large requests take no longer to judge than small ones",
        source="ours: an hour is an hour")
    customer_hours: float = assumption(
        0.5, "time of a customer representative per request judged", unit="hours", low=0, high=200, off=0.0,
        mechanism="evaluation-time", source=OURS)
    session_hours: float = assumption(
        1.0, "fixed time of each participant per scheduled session, however many requests", unit="hours", low=0, high=40,
        off=0.0, mechanism="evaluation-time", source=OURS)
    negotiation_hours: float = assumption(
        0.5, "time on both sides to agree on a reshaped or counter-proposed request", unit="hours", low=0, high=40, off=0.0,
        mechanism="evaluation-time",
        source=OURS)
    explanation_hours: float = assumption(
        0.25, "an expert's time to explain one refusal fully", unit="hours", low=0, high=40, off=0.0, mechanism="explanation",
        source=OURS)
    latency: float = assumption(
        0.0, "median wait of a request judged on demand until the organisation gets round to it (lognormal)", unit="days",
        low=0, high=500, off=0.0,
        equation="a judgement on demand waits `latency` × exp(`latency_sigma` × N(0, 1)) days before anybody looks",
        left_out="the wait does not depend on the load",
        source="median 9 d, mean 12.5, p90 28 over 691 requests (after Wnuk); minutes to months; "
        "off because policies bring their own cadence", evidence="measured")
    latency_sigma: float = assumption(
        0.81, "standard deviation of the logarithm of that wait", unit="1", low=0, high=2, source="mean 12.5 over median 9",
        evidence="measured")
    estimate_intercept: float = assumption(
        0.066, "a in ln actual = a + b ln estimate + N(0, sigma), in hours", unit="ln hours", low=-3, high=3, off=0.0,
        mechanism="estimate-error",
        equation="actual A on estimate E: ln A = `estimate_intercept` + `estimate_slope` × ln E + N(0, `estimate_sigma`), in hours;"
        " estimates have the joint distribution that this and the spread of effort imply, a first glance the share `glance` of "
        "that knowledge. Where `estimate_sigma` exceeds the spread, estimates tell nothing",
        left_out="estimates do not get better while the work is done",
        source="fitted on CESAW; predicts the effort-weighted ratio 1.12 against 1.105", evidence="measured")
    estimate_slope: float = assumption(
        0.941, "b in the same equation: large estimates are not exceeded by as much", unit="1", low=0.2, high=2, off=1.0,
        mechanism="estimate-error",
        source="fitted on CESAW", evidence="measured")
    estimate_sigma: float = assumption(
        0.797, "sigma in the same equation", unit="1", low=0, high=2, off=0.0, mechanism="estimate-error",
        source="fitted on CESAW; SiP: median ratio 1.0, sigma .83", evidence="measured")
    glance: float = assumption(
        0.5, "how much of an expert's knowledge of the effort a first glance has", unit="1", low=0, high=1, source=OURS)
    detection: float = assumption(
        0.5, "chance that experts see beforehand that a request is infeasible", unit="1", low=0, high=1,
        equation="experts see with the chance `detection` that a request cannot be built as asked",
        source=OURS)
    clarification: float = assumption(
        0.3, "share of the ambiguity that is removed when customer and experts talk about a request", unit="1", low=0, high=1,
        off=0.0,
        equation="ambiguity × (1 − `clarification`) when customer and experts first judge a request together",
        left_out="experts among themselves clarify nothing",
        source=OURS)
    counter_fit: float = assumption(
        0.5, "mean fit of another solution that the experts find for the same need", unit="SD of fit", low=-2, high=5,
        off=0.0, mechanism="counter-proposals",
        equation="another solution keeps the need and has a fit of its own, `counter_fit` + N(0, 1), and `counter_novelty` more "
        "novelty (at most 1); it can be built; somebody proposes it with the chance voice",
        left_out="it takes as long as what was asked for",
        source=OURS)
    counter_novelty: float = assumption(
        0.2, "rise of novelty of such a solution", unit="1", low=0, high=1, off=0.0, mechanism="counter-proposals", source=OURS)
    prototype_share: float = assumption(
        0.15, "effort of a prototype as a share of the whole", unit="1", low=0.01, high=1, source=OURS)
    prototype_learning: float = assumption(
        0.6, "share of the ambiguity, and chance of the infeasibility, that a prototype reveals", unit="1", low=0, high=1,
        off=0.0, mechanism="prototypes",
        equation="a prototype takes `prototype_share` of the effort; it removes the share `prototype_learning` of the ambiguity and"
        " reveals with that chance what cannot be built; then the policy decides again",
        left_out="nothing of a prototype is used again",
        source=OURS)
    ai_latency: float = assumption(
        0.1, "wait for the AI aid", unit="days", low=0, high=100, off=0.0, mechanism="ai-effort", source=OURS)
    ai_cost: float = assumption(
        0.02, "cost of asking the AI aid about one request", unit="k€", low=0, high=100, off=0.0, mechanism="ai-effort",
        source=OURS)
    ai_hours: float = assumption(
        0.2, "time of one expert to check what the AI aid says", unit="hours", low=0, high=40, off=0.0, mechanism="ai-effort",
        equation="asking the AI aid takes `ai_latency` days, `ai_cost`, and `ai_hours` of one person of each judging role",
        left_out="introducing and keeping the aid costs nothing",
        source="+19% time in a field trial; people check", evidence="assumed")
