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
        True, "whether a review is also called as soon as all open work waits for one, so that nobody has other items to work on",
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
        left_out="mending takes the same share whatever was wrong",
        source="with 13% failing first gives rework of 5 to 15% of effort; avoidable rework 15% (0-45)", evidence="published")
    repeat_failure: float = assumption(
        2.0, "factor on all chances of failure at a second and later review", unit="1", low=0, high=10, off=1.0,
        mechanism="rework",
        source="26% fail a second review given a first failure against 13% (1,441 reviews)", evidence="measured")
    max_rework: int = assumption(
        4, "times an item is mended before it is given up without benefit", unit="times", low=0, high=10_000, source=OURS)
    revealed: float = assumption(
        1.0, "chance that a failed review shows that an item cannot be built at all", unit="1", low=0, high=1, off=0.0,
        equation="what cannot be built fails every review; each of them shows it with the chance `revealed`, and the item is given "
        "up without benefit: what it took is sunk",
        left_out="nobody sees it while the work is done",
        source=OURS)
    escape: float = assumption(
        0.0, "share of the failures that a review does not find: the item passes, and comes back later", unit="1", low=0, high=1,
        off=0.0, mechanism="undiscovered-rework",
        equation="of what would fail a review (but for what cannot be built) the share `escape` passes; it comes back after an "
        "exponential time of mean `discovery_days` and is mended as what failed, also after the plan is thought to be done. It "
        "brings its benefit from the day on which it passes without a flaw, and the plan is finished when all of it has",
        left_out="work built upon a flaw is not spoilt by it; its delivery is felt once, when it first passes",
        source="Lyneis & Ford 2007: undiscovered rework is what sets models of projects apart; no size that carries over")
    discovery_days: float = assumption(
        40.0, "mean days until such a flaw is discovered", unit="days", low=0, high=10_000, mechanism="undiscovered-rework",
        alone=False, off=0.0,
        source="ours; Cooper 1993 tells of a quarter to three quarters of the time of the work itself, in large design projects")
