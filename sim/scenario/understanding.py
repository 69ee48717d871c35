"""What customers learn: `[understanding]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import OURS, Frozen, assumption


class Understanding(Frozen):
    """How each customer group comes to understand what the technology can do, and what it asks for then."""

    start: float = assumption(
        0.0, "understanding of each customer group at day 0", unit="0..1", low=0, high=1, off=0.0, mechanism="understanding",
        equation="a group's understanding u = 1 − (1 − `start`) exp(−x). Its exposure x starts at 0 and grows by `sessions` for "
        "each of its requests that customer and experts judge together, by `explanations` × explanation of the policy "
        "for each refusal, by `prototypes` for each prototype of what it asked for, by `reviews` for each review "
        "meeting that it attends; between them x′ = `calendar` − `forgetting` x. When it asks, the chance that what is "
        "asked for cannot be built is (1 − feasibility) × (1 − u), its optimism is optimism × (1 − u), and the fit of "
        "what is asked for is `fit_gain` × u better",
        left_out="to teach takes no more time than to judge, explain, build and review; teams learn nothing of the customer's "
        "trade; who leaves does not take his understanding along",
        source=OURS)
    sessions: float = assumption(
        0.03, "exposure by a request that customer and experts judge together; 23 of them teach half of all there is", unit="1",
        low=0, high=1, off=0.0, mechanism="understanding", source=OURS)
    explanations: float = assumption(
        0.03, "exposure by a refusal that is fully explained", unit="1", low=0, high=1, off=0.0, mechanism="understanding",
        source=OURS)
    prototypes: float = assumption(
        0.03, "exposure by a prototype of what was asked for", unit="1", low=0, high=1, off=0.0, mechanism="understanding",
        source=OURS)
    reviews: float = assumption(
        0.03, "exposure by a review meeting", unit="1", low=0, high=1, off=0.0, mechanism="understanding", source=OURS)
    calendar: float = assumption(
        0.0025, "exposure by time alone; in 277 days it teaches half of all there is", unit="1/day", low=0, high=1, off=0.0,
        mechanism="understanding", source=OURS)
    forgetting: float = assumption(
        0.002, "rate at which exposure is forgotten, or leaves with those who had it; half in 347 days", unit="1/day",
        low=0, high=1, off=0.0, mechanism="understanding", alone=False, source=OURS)
    fit_gain: float = assumption(
        0.5, "by how much better what is asked for meets the need, where the customer understands all of what can be done",
        unit="SD of fit", low=0, high=5, off=0.0, mechanism="understanding", alone=False, source=OURS)
