"""The team: `[team]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from sim.scenario.assumption import NAMED, OURS, PROJECT, Frozen, Name, People, assumption


def by_name(tables: dict[str, Any]) -> dict[str, Any]:
    """The same tables in alphabetical order, so that their order in a file can never change a number."""
    return dict(sorted(tables.items()))


class Role(Frozen):
    """People who can do the same work."""

    headcount: int = assumption(
        2, "people in this role", unit="people", low=1, high=1000,
        left_out="people differ only by role, and newcomers for a while; nobody falls ill",
        source=PROJECT, evidence="project")
    joins: tuple[People, ...] = assumption(
        (), "people who join later: [[day, people], ...]", unit="[days, people]", off=[], mechanism="turnover",
        equation="people come on the days of `joins` and go on the days of `leaves`, who has been there longest first; what he "
        "worked on another takes up, for `switch_cost`. A newcomer works at `newcomer_speed` and rises to 1 in "
        "`ramp_days`, in a line; until then he takes the share `mentoring` of one person's working time, spread over all "
        "of the role who are past that (of each at most half). People are paid while they are there; capacity, as "
        "pressure and policies see it, is that of the day",
        left_out="the days are known, and nobody leaves for being pressed; newcomers make no more errors and judge as well as "
        "others; more people need no more talk among each other",
        source=PROJECT, evidence="project", strict=False, max_length=1000)
    leaves: tuple[People, ...] = assumption(
        (), "people who leave: [[day, people], ...]; one at least stays", unit="[days, people]", off=[], mechanism="turnover",
        source=PROJECT, evidence="project", strict=False, max_length=1000)
    day_rate: float = assumption(0.6, "cost of one person for one day", unit="k€/pd", low=0, high=100, source=PROJECT,
                                 evidence="project")


class Stage(Frozen):
    """A step of the workflow, done by one role."""

    name: Name = Field(description="the step's name, shown in logs", json_schema_extra=NAMED)
    role: Name = Field(description="the role that does it", json_schema_extra=NAMED)
    share: float = assumption(1.0, "share of an item's effort spent in this stage; shares of a workflow add up to 1",
                              unit="1", low=1e-6, high=1, source=PROJECT, evidence="project")


class Team(Frozen):
    """The finite people who do the work, and what working under pressure does to them."""

    roles: Annotated[dict[Name, Role], AfterValidator(by_name)] = Field(
        default={"developer": Role(headcount=4)}, description="the roles by name", min_length=1)
    workflow: tuple[Stage, ...] = Field(
        default=(Stage(name="build", role="developer", share=1.0),), min_length=1, max_length=50,
        description="the stages each work item goes through, in order", strict=False)
    queue: Literal["by-date", "planned-first", "wsjf", "fcfs"] = assumption(
        "by-date", "which open work is done next under every policy that has no queue of its own", unit="-", off="fcfs",
        equation="by-date: item i of n planned ones (from 0) stands at i/n of planned effort / capacity, a request at the day that "
        "it was asked, an idea at the day that it was agreed to, and the lowest day is served first (`queue`); planned-first: no "
        "request before planned work; wsjf: most benefit said to be lost per day and person-day first; fcfs: as admitted, which "
        "is planned-first in disguise, since the whole plan joins on day 0",
        left_out="nobody plans anew, and people start early what is next",
        source="ours: work in the order in which it falls due is ordinary practice; to be swept, since planned-first hides work on "
        "requests in paid idle time and wsjf believes what customers say")
    promise: Literal["forecast", "wish", "none"] = assumption(
        "forecast", "which day is promised with a yes under every policy that has no promise of its own", unit="-", off="forecast",
        equation="the day promised with a yes (`promise`) is 1.25 × (estimate + review cadence + backlog / capacity) from now by "
        "forecast, estimate + review cadence by wish, and none where nothing is promised",
        left_out="a promise is made once and never told anew",
        source="ours: every policy of the first world but always-accept promised by forecast; to be swept")
    split_above: float = assumption(
        5.0, "work larger than this is split into parts that several people can work on; 0: one person does it all", unit="pd",
        low=0, high=10_000, off=0.0,
        equation="work above `split_above` is split into equal parts that several people can do at a time; the last part takes the "
        "item to its review",
        left_out="parts cost nothing to coordinate",
        source="sprint-sized pieces are usual practice; the size is assumed")
    newcomer_speed: float = assumption(
        0.1, "speed of work of people on the day they join", unit="1", low=0.05, high=1, off=1.0, mechanism="turnover", alone=False,
        source="in a line from .1 to 1 newcomers count about half on average, as in Abdel-Hamid & Madnick 1991; where they begin "
        "is ours", evidence="published")
    ramp_days: float = assumption(
        80.0, "days in which they become as fast as the others", unit="days", low=0, high=1000, off=0.0, mechanism="turnover",
        alone=False, source="average delay of assimilation in Abdel-Hamid & Madnick 1991, from interviews and the literature",
        evidence="published")
    mentoring: float = assumption(
        0.2, "share of one person's working time that each newcomer takes until then", unit="1", low=0, high=1, off=0.0,
        mechanism="turnover", alone=False, source="trainers per newcomer in Abdel-Hamid & Madnick 1991", evidence="published")
    switch_cost: float = assumption(
        0.4, "work lost each time a person is interrupted, paid when the interrupted work resumes", unit="hours",
        low=0, high=16, off=0.0, mechanism="switching",
        equation="each interruption adds `switch_cost` to the work left, also while an earlier loss is being made up",
        left_out="the loss is the same for every person and all work; what is never taken up again shows none",
        source="0.4 h fits 17% of effort lost over projects; Weinberg's 20% per project "
        "overestimates; the XIT case needs about 3.3 h", evidence="contested")
    visit_spread: Literal["none", "exponential"] = assumption(
        "none", "scatter of the time of one stage visit about its effort: none, or exponential (for comparison with "
        "textbook queues)", unit="-", off="none", mechanism="effort-spread",
        source="effort already carries the measured spread", evidence="assumed")
    after_plan: Literal["released", "kept"] = assumption(
        "released", "what people do who have nothing to do once the planned scope is delivered: they are released, and paid for "
        "the time only that something takes, or kept and paid to the end; without a plan they are kept", unit="-", off="kept",
        equation="from the day on which the planned scope is finished people are, with `after_plan` released, paid for work and "
        "meetings only; kept, until nothing is open",
        left_out="who is released is there at once when something comes up",
        source=OURS)
    overtime_cap: float = assumption(
        0.15, "most that schedule pressure can raise the working speed by (overtime)", unit="1", low=0, high=1, off=0.0,
        mechanism="overtime",
        equation="working speed 1 + min(p − 1, `overtime_cap`) where pressure p is above 1; overtime costs 1 + `overtime_premium` "
        "times the day rate",
        left_out="nobody tires of overtime, nobody leaves for it",
        source=OURS)
    overtime_premium: float = assumption(
        0.5, "surcharge on overtime hours", unit="1", low=0, high=2, off=0.0, mechanism="overtime", alone=False,
        source="usual surcharge in labour agreements, 25-100%", evidence="published")
    defect_rate: float = assumption(
        0.06, "chance that delivered work fails its review by a defect", unit="1", low=0, high=0.95, off=0.0,
        mechanism="defects",
        equation="chance of a defect at the first review: `defect_rate` × (1 + `pressure_errors` × (p − 1)) where pressure p is "
        "above 1, at most 1",
        left_out="every defect is found at its review; none reaches the customer",
        source="with ambiguity and drift gives the 13% of first reviews that fail (1,441 reviews of 1,156 branches)",
        evidence="assumed")
    pressure_errors: float = assumption(
        0.5, "rise of the defect rate per unit of schedule pressure above 1", unit="1", low=0, high=10, off=0.0,
        mechanism="defects", alone=False, source=OURS)
    complexity: float = assumption(
        0.03, "how much heavier the remaining work becomes per 100 person-days of delivered additions", unit="1/100 pd",
        low=0, high=2, off=0.0,
        equation="effort × (1 + `complexity` × delivered additions / 100 pd)",
        left_out="nothing reduces complexity once it is there: in a stream of many years it grows without bound and should be off",
        source=OURS)
    ripple: float = assumption(
        1.0, "cost of a change when the planned scope is finished, relative to the same change at its start; in between "
        "linear in what is finished", unit="1", low=1, high=10, off=1.0,
        equation="effort of a change × (1 + (`ripple` − 1) × finished share of the planned scope)",
        left_out="all changes get dearer alike, whatever they touch",
        source="flat: Menzies et al. 2017 found no delayed-issue effect in 171 projects; far higher NASA figures are of "
        "another kind of work", evidence="measured")
