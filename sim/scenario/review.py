"""Review and rework: `[review]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import OURS, Frozen, Interval, assumption


class Review(Frozen):
    """Validation of delivered work with the customer, and the rework that follows."""

    cadence: Interval = assumption(
        10.0, "days between reviews of delivered work with the customer; 0: each item at once", unit="days", low=0, high=1000,
        off=0.0, mechanism="review-time",
        equation="finished work waits for the review, every `cadence` days (0: none); a meeting takes `meeting_hours` of one person"
        " of the last stage's role and of the customer, and `team_hours` and `customer_hours` an item",
        left_out="a meeting is never moved or called off",
        source="two weeks is usual; feedback cycles have an interior optimum", evidence="published")
    when_idle: bool = assumption(
        False, "whether a review is also called as soon as all open work waits for one, so that nobody has other items to work on",
        unit="-", off=False,
        equation="with `when_idle` a meeting is also called when every open item waits for one",
        left_out="everybody who is needed at such a meeting comes when called",
        source=OURS)
    meeting_hours: float = assumption(
        1.0, "fixed time per review meeting of one person of each role in the last stage and of the customer", unit="hours",
        low=0, high=40, off=0.0, mechanism="review-time", source=OURS)
    team_hours: float = assumption(
        0.25, "time of one person of the last stage per item reviewed", unit="hours", low=0, high=40, off=0.0,
        mechanism="review-time", source=OURS)
    customer_hours: float = assumption(
        0.25, "time of a customer representative per item reviewed", unit="hours", low=0, high=40, off=0.0,
        mechanism="review-time", source=OURS)
    rework_share: float = assumption(
        0.4, "effort of mending a failed item as a share of the whole", unit="1", low=0, high=2, off=0.0, mechanism="rework",
        equation="failed work goes through all stages again for `rework_share` of its effort; chances of failing a later review × "
        "`repeat_failure`; more than `max_rework` failures, and it is given up without benefit",
        left_out="what was delivered never fails after its review",
        source="with 13% failing first gives rework of 5 to 15% of effort; avoidable rework 15% (0-45)", evidence="published")
    repeat_failure: float = assumption(
        2.0, "factor on all chances of failure at a second and later review", unit="1", low=0, high=10, off=1.0,
        mechanism="rework",
        source="26% fail a second review given a first failure against 13% (1,441 reviews)", evidence="measured")
    max_rework: int = assumption(
        4, "times an item is mended before it is given up without benefit", unit="times", low=0, high=10_000, source=OURS)
