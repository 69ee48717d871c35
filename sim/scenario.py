"""The scenario: every assumption about a project as one frozen, validated value.

Each field says what it means, its unit, range, default, off value (where it switches a mechanism) and source. Validation,
the JSON Schema, the register of assumptions and dotted overrides all come from here. Units: a *day* is a working day of
8 hours (5 a week, 21 a month, 65 a quarter); a *pd* is a person-day; money is in k€ (any currency, in thousands).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from sim.assumptions.field import assumption

Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Pair = Annotated[tuple[float, float], Field(strict=False)]  # not strict: TOML has lists, no tuples
PROJECT = "a fact of the project; the default is only a place to start from"
OURS = "no measurement found; our assumption, to be swept in a study"
NAMED: JsonDict = {"unit": "text", "source": PROJECT, "evidence": "project"}


def by_name(tables: dict[str, Any]) -> dict[str, Any]:
    """The same tables in alphabetical order, so that their order in a file can never change a number."""
    return dict(sorted(tables.items()))


class Frozen(BaseModel):
    """Base of every group: immutable, no unknown keys, no NaN or infinity, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Project(Frozen):
    """What was promised: planned scope, deadline, budget, and how long the simulation looks."""

    planned_items: int = assumption(
        60, "work items in the planned backlog at day 0; 0 for a stream of requests without planned scope (then a deadline of "
        "0 as well, unless the stream itself is to end by a day)",
        unit="items", low=0, high=100_000, source=PROJECT, evidence="project")
    planned_effort: float = assumption(
        8.0, "mean effort of a planned item", unit="pd", low=0.01, high=1000, source=PROJECT, evidence="project")
    planned_sigma: float = assumption(
        0.7, "spread of planned effort: standard deviation of its logarithm", unit="1", low=0, high=2, off=0.0,
        mechanism="effort-spread",
        source="within-project sigma of single work packages is 1.375 (median of 32 CESAW projects); planned items bundle "
        "several, so less is assumed", evidence="assumed")
    planned_benefit: float = assumption(
        1.5, "benefit of planned work per person-day of it, if delivered in time", unit="k€/pd", low=-100, high=100,
        source=OURS, evidence="project")
    planned_novelty: float = assumption(
        0.3, "mean novelty of planned items (Beta on 0..1)", unit="1", low=0, high=0.99, source=OURS)
    planned_ambiguity: float = assumption(
        0.05, "mean chance that a planned item, built as specified, is not what was meant (Beta)", unit="1",
        low=0, high=0.99, off=0.0, mechanism="ambiguity",
        source="with the defect rate and drift gives the 13% of first reviews that fail (1,441 "
        "reviews of 1,156 branches); the split between the three causes is assumed", evidence="assumed")
    deadline: float = assumption(
        120.0, "day by which the planned scope is promised; 0 for none", unit="days", low=0, high=20_000, source=PROJECT,
        evidence="project")
    budget: float = assumption(
        0.0, "money set aside for the whole project; 0 for none", unit="k€", low=0, high=1e7, source=PROJECT,
        evidence="project")
    horizon: float = assumption(
        400.0, "last simulated day; a project that is not done by then is censored and counted as such", unit="days",
        low=1, high=1_000_000, source=PROJECT, evidence="project")
    warm_up: float = assumption(
        0.0, "for streams: requests that arrive before this day are worked on but not measured", unit="days",
        low=0, high=1_000_000, source=PROJECT, evidence="project")
    benefit_window: float = assumption(
        250.0, "days over which late benefit fades to nothing, counted from the deadline (planned work, and requests too) or, "
        "where there is no deadline, from the request's arrival; 0: benefit does not fade", unit="days",
        low=0, high=100_000, off=0.0, mechanism="cost-of-delay", source=OURS)


class Role(Frozen):
    """People who can do the same work."""

    headcount: int = assumption(2, "people in this role", unit="people", low=1, high=1000, source=PROJECT, evidence="project")
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
    split_above: float = assumption(
        5.0, "work larger than this is split into parts that several people can work on; 0: one person does it all", unit="pd",
        low=0, high=10_000, off=0.0, source="sprint-sized pieces are usual practice; the size is assumed")
    switch_cost: float = assumption(
        0.4, "work lost each time a person is interrupted, paid when the interrupted work resumes", unit="hours",
        low=0, high=16, off=0.0, mechanism="switching",
        source="0.4 h fits 17% of effort lost over projects; Weinberg's 20% per project "
        "overestimates; the XIT case needs about 3.3 h", evidence="contested")
    visit_spread: Literal["none", "exponential"] = assumption(
        "none", "scatter of the time of one stage visit about its effort: none, or exponential (for comparison with "
        "textbook queues)", unit="-", off="none", mechanism="effort-spread",
        source="effort already carries the measured spread", evidence="assumed")
    overtime_cap: float = assumption(
        0.15, "most that schedule pressure can raise the working speed by (overtime)", unit="1", low=0, high=1, off=0.0,
        mechanism="overtime",
        source=OURS)
    overtime_premium: float = assumption(
        0.5, "surcharge on overtime hours", unit="1", low=0, high=2, off=0.0, mechanism="overtime",
        source="usual surcharge in labour agreements, 25-100%", evidence="published")
    defect_rate: float = assumption(
        0.06, "chance that delivered work fails its review by a defect", unit="1", low=0, high=0.95, off=0.0,
        mechanism="defects",
        source="with ambiguity and drift gives the 13% of first reviews that fail (1,441 reviews of 1,156 branches)",
        evidence="assumed")
    pressure_errors: float = assumption(
        0.5, "rise of the defect rate per unit of schedule pressure above 1", unit="1", low=0, high=10, off=0.0,
        mechanism="defects", source=OURS)
    complexity: float = assumption(
        0.03, "how much heavier the remaining work becomes per 100 person-days of delivered additions", unit="1/100 pd",
        low=0, high=2, off=0.0, source=OURS)
    ripple: float = assumption(
        1.0, "cost of a change when the planned scope is finished, relative to the same change at its start; in between "
        "linear in what is finished", unit="1", low=1, high=10, off=1.0,
        source="flat: Menzies et al. 2017 found no delayed-issue effect in 171 projects; far higher NASA figures are of "
        "another kind of work", evidence="measured")


class Customer(Frozen):
    """A group of customers: what they ask for, what it is worth, and how they behave."""

    request_rate: float = assumption(
        0.8, "mean arrivals before appetite", unit="requests/day", low=0, high=50, source=PROJECT, evidence="project")
    profile: tuple[Pair, ...] = Field(
        default=(), strict=False, max_length=1000,
        description="factors on the request rate over time: [[day, factor], ...], each valid from its day on; before the "
        "first one the factor is 1",
        json_schema_extra={"unit": "[days, 1]", "off": [], "source": PROJECT, "evidence": "project"})
    burstiness: float = assumption(
        2.0, "index of dispersion of weekly counts; requests come in bunches (after demos, steering meetings); 1 is Poisson",
        unit="1", low=1, high=20, off=1.0, source="negative binomial fits Hadoop with 1.4-2.1 (CDF gap .026 against .096 for "
        "Poisson); Apache medians 1.2-1.9, service desks 2-3 inside a quarter", evidence="measured")
    appetite: float = assumption(
        0.3, "rise of the request rate when every answer is yes (what is free is asked for more)", unit="1", low=0, high=5,
        off=0.0, source=OURS)
    appetite_memory: float = assumption(
        10.0, "answers over which the customer forms a picture of how permissive the team is", unit="answers", low=1,
        high=1000, source=OURS)
    effort_median: float = assumption(
        1.5, "median effort of a request", unit="pd", low=0.001, high=1000,
        source="belongs to the project; 2 to 5 h a task seen, scenarios may be coarser", evidence="project")
    effort_sigma: float = assumption(
        1.4, "spread of request effort: standard deviation of its logarithm", unit="1", low=0, high=2, off=0.0,
        mechanism="effort-spread",
        source="1.375 median within-project (32 CESAW projects, lognormal KS .018 against .133 for gamma), 1.46 SiP "
        "enhancements, 1.35 public Jira", evidence="measured")
    benefit_mean: float = assumption(
        -0.8614, "mean benefit of a request per person-day of effort, net of cost of ownership, before its build cost",
        unit="k€/pd", low=-100, high=100,
        source="with benefit_spread gives P(benefit > 0) = 1/3: 66% to 92% of ideas fail in online experiments; that setting "
        "only", evidence="published")
    benefit_spread: float = assumption(
        2.0, "standard deviation between requests of the benefit per person-day", unit="k€/pd", low=0, high=100, off=0.0,
        mechanism="merit-spread",
        source=OURS)
    feasibility: float = assumption(
        0.95, "chance that a request can be built as asked", unit="1", low=0, high=1, off=1.0, mechanism="infeasibility",
        source=OURS)
    early_infeasible: float = assumption(
        0.0, "further chance of being infeasible at day 0, fading with learning_days (unrealistic early demands)", unit="1",
        low=0, high=1, off=0.0, mechanism="infeasibility", source=OURS)
    learning_days: float = assumption(
        30.0, "days in which unrealistic early demands fade to 37%", unit="days", low=0.1, high=10_000, source=OURS)
    ambiguity: float = assumption(
        0.12, "mean chance that a request, built as worded, is not what was meant (Beta)", unit="1", low=0, high=0.99, off=0.0,
        mechanism="ambiguity",
        source="requests are less worked out than planned items; the size is assumed", evidence="assumed")
    novelty: float = assumption(
        0.3, "mean novelty of requests (Beta on 0..1)", unit="1", low=0, high=0.99, source=OURS)
    flexibility: float = assumption(
        0.5, "mean readiness to accept another solution than the one asked for (Beta)", unit="1", low=0, high=0.99, source=OURS)
    core_share: float = assumption(
        0.5, "mean share of the effort that carries most of the benefit (Beta)", unit="1", low=0.01, high=0.99,
        source="ordering by value/cost reaches 80% of value at 51% of cost, 77% at 45% (Karlsson & Ryan)",
        evidence="published")
    core_value: float = assumption(
        0.33, "exponent: the share s of the effort brings s**core_value of the benefit; 1 is proportional", unit="1",
        low=0.05, high=1, off=1.0, mechanism="core", source="ln .80 / ln .51 = .33; ln .77 / ln .45 = .33 (Karlsson & Ryan)",
        evidence="published")
    urgency: float = assumption(
        0.002, "mean share of the benefit lost per day of waiting since the request (exponential over requests)",
        unit="1/day", low=0, high=1, off=0.0, mechanism="cost-of-delay", source=OURS)
    exaggeration: float = assumption(
        0.5, "blur of what the customer says about urgency: standard deviation of its logarithm", unit="1", low=0, high=2,
        off=0.0, mechanism="optimism", source=OURS)
    optimism: float = assumption(
        0.5, "how much the customer overrates the merit of a request when asking for it", unit="SD of merit", low=0, high=5,
        off=0.0, source=OURS)
    mandatory_share: float = assumption(
        0.05, "share of requests that law or contract makes mandatory: every policy admits them", unit="1", low=0, high=1,
        off=0.0, mechanism="mandatory", source=PROJECT, evidence="project")
    withdrawal_rate: float = assumption(
        0.005, "rate at which the requester of an undecided or deferred request gives up (1 / mean patience)", unit="1/day",
        low=0, high=100, off=0.0, mechanism="withdrawal", source=OURS)
    escalation: float = assumption(
        0.2, "chance that a refused requester comes back louder, at no trust and without explanation", unit="1", low=0, high=1,
        off=0.0, source="about 10% of refused expense declarations were handed in again (BPI Challenge 2020), at middling "
        "trust", evidence="measured")
    escalation_delay: float = assumption(
        10.0, "mean days until a refused requester comes back (exponential)", unit="days", low=0, high=1000, source=OURS)
    loudness: float = assumption(
        0.5, "rise of the stated merit each time a request comes back", unit="SD of merit", low=0, high=5, off=0.0,
        mechanism="escalation",
        source=OURS)
    drift: float = assumption(
        0.001, "rate at which the need behind a request moves away from what was agreed", unit="1/day", low=0, high=1,
        off=0.0, source="2% a month of scope (Jones; SPR); one in five successful projects above 5% (Kulk & Verhoef)",
        evidence="published")
    representatives: int = assumption(
        1, "people who can speak for this group", unit="people", low=1, high=1000, source=PROJECT, evidence="project")
    hours_per_week: float = assumption(
        8.0, "hours a week that each representative has for the project", unit="hours/week", low=0.1, high=40, source=PROJECT,
        evidence="project")


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


class Evaluation(Frozen):
    """What judges can see of a request, and what it costs to look."""

    customer_quality: float = assumption(
        0.30, "correlation of the customer's judgement with true merit", unit="1", low=0, high=1,
        source="no direct measurement; with expert_quality and error_correlation it gives the agreement of .14 between "
        "stakeholders (Regnell's ten managers, mean pairwise Spearman .14 and .09)", evidence="assumed")
    expert_quality: float = assumption(
        0.35, "correlation of one expert's judgement with true merit", unit="1", low=0, high=1,
        source="no direct measurement; see customer_quality; break-even for admitting the top third is .395",
        evidence="assumed")
    ai_gain: float = assumption(
        0.0, "quality of the AI aid's judgement minus that of one expert", unit="1", low=-1, high=1,
        source="sign uncertain, -.1 to +.2: human+AI worse than the better alone in decisions (g = -.23); +12% tasks inside, "
        "-19 points outside the frontier", evidence="contested")
    error_correlation: float = assumption(
        0.04, "correlation between the errors of any two judges", unit="1", low=0, high=1,
        source="the value at which judges of quality .30 and .35 agree as Regnell's did: .30*.35 + .04*.89 = .14",
        evidence="measured")
    disclosure: float = assumption(
        0.3, "share of the customer's judgement that is kept back at no trust", unit="1", low=0, high=1, off=0.0, source=OURS)
    facilitation: float = assumption(
        0.8, "how much of the judges' pooling a session achieves; 0: the judge with most authority alone, 1: all of it",
        unit="1", low=0, high=1, off=0.0, source=OURS)
    expert_bias: float = assumption(
        0.0, "by how much experts overrate merit (below 0: underrate)", unit="SD of merit", low=-5, high=5, off=0.0,
        source=OURS)
    automation_bias: float = assumption(
        0.1, "chance that people simply follow the AI aid", unit="1", low=0, high=1, off=0.0,
        source="+25 to +33% omission errors with a wrong aid; range 0 to .5", evidence="published")
    judges: tuple[Name, ...] = Field(
        default=(), strict=False, max_length=20,
        description="roles that each send one expert to judge a request; empty: the role of the first stage",
        json_schema_extra={"unit": "roles", "source": PROJECT, "evidence": "project"})
    expert_hours: float = assumption(
        1.0, "time of each judging expert per request", unit="hours", low=0, high=200, off=0.0, mechanism="evaluation-time",
        source="4 h + 4 h for a rough estimate in the XIT case; triage in meetings is shorter", evidence="assumed")
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
        low=0, high=500, off=0.0, source="median 9 d, mean 12.5, p90 28 over 691 requests (after Wnuk); minutes to months; "
        "off because policies bring their own cadence", evidence="measured")
    latency_sigma: float = assumption(
        0.81, "standard deviation of the logarithm of that wait", unit="1", low=0, high=2, source="mean 12.5 over median 9",
        evidence="measured")
    estimate_intercept: float = assumption(
        0.066, "a in ln actual = a + b ln estimate + N(0, sigma), in hours", unit="ln hours", low=-3, high=3, off=0.0,
        mechanism="estimate-error",
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
        0.5, "chance that experts see beforehand that a request is infeasible", unit="1", low=0, high=1, source=OURS)
    clarification: float = assumption(
        0.3, "share of the ambiguity that is removed when customer and experts talk about a request", unit="1", low=0, high=1,
        off=0.0, source=OURS)
    counter_merit: float = assumption(
        0.3, "rise of merit when the experts find another solution for the same need", unit="SD of merit", low=-2, high=5,
        off=0.0, mechanism="counter-proposals", source=OURS)
    counter_novelty: float = assumption(
        0.2, "rise of novelty of such a solution", unit="1", low=0, high=1, off=0.0, mechanism="counter-proposals", source=OURS)
    prototype_share: float = assumption(
        0.15, "effort of a prototype as a share of the whole", unit="1", low=0.01, high=1, source=OURS)
    prototype_learning: float = assumption(
        0.6, "share of the ambiguity, and chance of the infeasibility, that a prototype reveals", unit="1", low=0, high=1,
        off=0.0, mechanism="prototypes", source=OURS)
    ai_latency: float = assumption(
        0.1, "wait for the AI aid", unit="days", low=0, high=100, off=0.0, mechanism="ai-effort", source=OURS)
    ai_cost: float = assumption(
        0.02, "cost of asking the AI aid about one request", unit="k€", low=0, high=100, off=0.0, mechanism="ai-effort",
        source=OURS)
    ai_hours: float = assumption(
        0.2, "time of one expert to check what the AI aid says", unit="hours", low=0, high=40, off=0.0, mechanism="ai-effort",
        source="+19% time in a field trial; people check", evidence="assumed")


class Review(Frozen):
    """Validation of delivered work with the customer, and the rework that follows."""

    cadence: float = assumption(
        10.0, "days between reviews of delivered work with the customer; 0: each item at once", unit="days", low=0, high=1000,
        off=0.0, mechanism="review-time",
        source="two weeks is usual; feedback cycles have an interior optimum", evidence="published")
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
        source="with 13% failing first gives rework of 5 to 15% of effort; avoidable rework 15% (0-45)", evidence="published")
    repeat_failure: float = assumption(
        2.0, "factor on all chances of failure at a second and later review", unit="1", low=0, high=10, off=1.0,
        mechanism="rework",
        source="26% fail a second review given a first failure against 13% (1,441 reviews)", evidence="measured")
    max_rework: int = assumption(
        4, "times an item is mended before it is given up without benefit", unit="times", low=0, high=10_000, source=OURS)


class Innovation(Frozen):
    """Exploration, and the ideas of the team that nobody asked for."""

    exploration_share: float = assumption(
        0.08, "share of the team's time kept for exploration", unit="1", low=0, high=0.9, off=0.0, mechanism="exploration",
        source="slack against innovation is an inverted U (Nohria & Gulati, 264 departments); the share is assumed",
        evidence="assumed")
    crowding: float = assumption(
        1.0, "how strongly schedule pressure above 1 crowds out exploration: share / (1 + crowding * 4 * (pressure - 1))",
        unit="1", low=0, high=10, off=0.0, mechanism="exploration", source=OURS)
    silence: float = assumption(
        1.0, "how far low voice silences ideas: rate * (1 - silence * (1 - voice))", unit="1", low=0, high=1, off=0.0,
        mechanism="voice",
        source=OURS)
    idea_rate: float = assumption(
        0.15, "ideas per person-day of exploration", unit="1/pd", low=0, high=10, off=0.0, mechanism="exploration", source=OURS)
    idea_effort: float = assumption(3.0, "median effort of an idea", unit="pd", low=0.001, high=1000, source=OURS)
    idea_sigma: float = assumption(
        1.0, "standard deviation of the logarithm of an idea's effort", unit="1", low=0, high=2, source=OURS)
    idea_value: float = assumption(
        3.0, "mean gross benefit of an idea per person-day (lognormal)", unit="k€/pd", low=0, high=100, source=OURS)
    idea_tail: float = assumption(
        1.2, "heaviness of that benefit's tail: standard deviation of its logarithm", unit="1", low=0, high=2.5, source=OURS)
    idea_upkeep: float = assumption(
        2.448, "cost of ownership of an idea per person-day, taken off its gross benefit", unit="k€/pd", low=0, high=100,
        source="the value at which one idea in three has a positive benefit, as for requests", evidence="published")
    idea_novelty: float = assumption(0.7, "mean novelty of ideas (Beta)", unit="1", low=0, high=0.99, source=OURS)
    hearing_hours: float = assumption(
        0.5, "time of the experts and of the customer to hear one idea", unit="hours", low=0, high=40, off=0.0,
        mechanism="exploration", source=OURS)


class Adoption(Frozen):
    """A change of policy in the middle of the project."""

    day: float = assumption(
        0.0, "day on which the policy under study is adopted; 0: from the start", unit="days", low=0, high=100_000, off=0.0,
        mechanism="adoption",
        source=PROJECT, evidence="project")
    before: Name = Field(
        default="always-accept", description="name of the policy in force before that day",
        json_schema_extra={"unit": "policy", "source": PROJECT, "evidence": "project"})
    learning_days: float = assumption(
        0.0, "days after adoption in which sessions still cost more", unit="days", low=0, high=10_000, off=0.0,
        mechanism="adoption", source=OURS)
    learning_cost: float = assumption(
        0.5, "by how much sessions cost more on the first day, falling linearly", unit="1", low=0, high=10, off=0.0,
        mechanism="adoption", source=OURS)


class Scenario(Frozen):
    """A project worth comparing policies on.

    Attributes
    ----------
    customer, groups
        ``customer`` describes the customers in general. ``groups`` names several groups; each takes from ``customer`` whatever
        it does not say itself. Without groups there is one, called "customer".

    Examples
    --------
    >>> from sim import Scenario
    >>> ai = Scenario.load("ai-project")
    >>> ai.with_values({"customer.request_rate": 0.4}).customer.request_rate
    0.4
    """

    name: Name = Field(default="unnamed", description="a short name for tables and files", json_schema_extra=NAMED)
    title: str = Field(default="", max_length=200, description="one line for people", json_schema_extra=NAMED)
    project: Project = Project()
    team: Team = Team()
    customer: Customer = Customer()
    groups: Annotated[dict[Name, Customer], AfterValidator(by_name)] = Field(
        default={}, max_length=50, description="customer groups by name")
    relationship: Relationship = Relationship()
    evaluation: Evaluation = Evaluation()
    review: Review = Review()
    innovation: Innovation = Innovation()
    adoption: Adoption = Adoption()

    @model_validator(mode="after")
    def _fits_together(self) -> Scenario:
        from sim.assumptions.checks import check_consistency

        check_consistency(self)
        return self

    @property
    def customers(self) -> tuple[tuple[str, Customer], ...]:
        """The customer groups as (name, group) pairs, each completed from ``customer``."""
        if not self.groups:
            return (("customer", self.customer),)
        return tuple(
            (name, self.customer.model_copy(update={key: getattr(group, key) for key in group.model_fields_set}))
            for name, group in self.groups.items()
        )

    @property
    def judges(self) -> tuple[str, ...]:
        """Roles that each send one expert to judge a request."""
        return self.evaluation.judges or (self.team.workflow[0].role,)

    @classmethod
    def load(cls, source: str | Path, overrides: dict[str, Any] | None = None) -> Scenario:
        """Load a built-in scenario by name, or a TOML file by path.

        Parameters
        ----------
        source
            The name of a built-in scenario (``intakelab scenarios`` lists them) or the path of a TOML file.
        overrides
            Dotted keys with values that replace what the file says, for example ``{"team.switch_cost": 0.0}``.

        Raises
        ------
        ScenarioError
            With file, line, key, value and what is allowed.
        """
        from sim.files.scenario_file import load_scenario

        return load_scenario(source, overrides or {})

    def with_values(self, overrides: dict[str, Any]) -> Scenario:
        """A copy with dotted keys replaced, validated again."""
        from sim.files.scenario_file import override

        return override(self, overrides)

    def off(self) -> Scenario:
        """A copy with every mechanism at its off value: a textbook queue."""
        from sim.assumptions.register import off_values

        return self.with_values(off_values(self))

    def digest(self) -> str:
        """SHA-256 of the scenario's content; the same for files that say the same in other words."""
        import hashlib
        import json

        content = self.model_dump(mode="json", exclude={"title", "customer", "groups"})
        content["customers"] = {name: group.model_dump(mode="json") for name, group in self.customers}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
