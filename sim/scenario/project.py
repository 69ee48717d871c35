"""What was promised: `[project]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import OURS, PROJECT, Frozen, assumption


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
        equation="ln effort is normal, of planned work with the standard deviation `planned_sigma` about the mean `planned_effort`,"
        " of requests with `effort_sigma` about the median `effort_median`; with `visit_spread` exponential each stage visit "
        "scatters about its effort",
        left_out="large work brings no more and no less benefit per person-day than small work; no tail is heavier than the "
        "lognormal's",
        source="within-project sigma of single work packages is 1.375 (median of 32 CESAW projects); planned items bundle "
        "several, so less is assumed", evidence="assumed")
    planned_benefit: float = assumption(
        1.5, "benefit of planned work per person-day of it, if delivered in time", unit="k€/pd", low=-100, high=100,
        source=OURS, evidence="project")
    planned_novelty: float = assumption(
        0.3, "mean novelty of planned items (Beta on 0..1)", unit="1", low=0, high=0.99,
        equation="novelty, ambiguity, flexibility and core share are Beta variates of the given mean m: Beta(1, (1 − m)/m) up to m "
        "= 1/2, Beta(m/(1 − m), 1) above; the spread follows from the mean",
        source=OURS)
    planned_ambiguity: float = assumption(
        0.05, "mean chance that a planned item, built as specified, is not what was meant (Beta)", unit="1",
        low=0, high=0.99, off=0.0, mechanism="ambiguity",
        equation="work fails its review by what is left of its ambiguity (its mean: `planned_ambiguity`, of requests `ambiguity`); "
        "a failure by it halves it",
        left_out="a misunderstanding stays within its item; ideas have none",
        source="with the defect rate and drift gives the 13% of first reviews that fail (1,441 "
        "reviews of 1,156 branches); the split between the three causes is assumed", evidence="assumed")
    deadline: float = assumption(
        120.0, "day by which the planned scope is promised; 0 for none", unit="days", low=0, high=20_000,
        equation="schedule pressure p, looked at weekly: work left / (capacity of the scarcest role × days to the deadline, at "
        "least 10), at most 2; the deadline is a promise too, and once missed it is felt again every month",
        source=PROJECT,
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
        low=0, high=100_000, off=0.0, mechanism="cost-of-delay",
        equation="benefit of late work × (1 − days late / `benefit_window`), at least 0, counted from the deadline or, without one,"
        " from the arrival; × exp(−`urgency` × days since the arrival), `urgency` scattering exponentially over requests",
        left_out="a loss does not fade; what comes early brings nothing more",
        source=OURS)
    delay_cost: float = assumption(
        0.001, "share of the planned benefit that each day until the planned scope is finished takes away", unit="1/day",
        low=0, high=0.0026, off=0.0,
        equation="benefit of planned work × (1 − `delay_cost` × day on which the planned scope is finished), beside what a missed "
        "deadline takes away",
        left_out="parts of the planned scope that are delivered earlier earn nothing earlier; a loss does not fade",
        source=OURS)
