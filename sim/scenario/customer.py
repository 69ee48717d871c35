"""The customers: `[customer]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.scenario.assumption import OURS, PROJECT, Frozen, Opening, Pair, assumption


class Customer(Frozen):
    """A group of customers: what they ask for, what it is worth, and how they behave."""

    gone: ClassVar[dict[str, str]] = {
        "benefit_mean": "worth is lognormal now: say customer.value (gross, k€/pd) and customer.upkeep",
        "benefit_spread": "worth is lognormal now: say customer.value_spread (of the logarithm)"}

    request_rate: float = assumption(
        0.8, "mean arrivals before appetite", unit="requests/day", low=0, high=50,
        equation="requests a day: `request_rate` × `profile` × (1 + `appetite` × permissiveness); candidates at the largest rate "
        "stand on the tape and are thinned",
        left_out="requests do not depend on each other",
        source=PROJECT, evidence="project")
    profile: tuple[Pair, ...] = assumption(
        (), "factors on the request rate over time: [[day, factor], ...], each valid from its day on; before the first one the "
        "factor is 1", unit="[days, 1]", off=[],
        equation="the rate × the factor of the last step of `profile` up to the day, 1 before the first",
        left_out="the profile is known and the same in every replication",
        source=PROJECT, evidence="project", strict=False, max_length=1000)
    opening: tuple[Opening, ...] = assumption(
        (), "requests that are open when the project begins: [[age], [age, estimate], ...], the age in days, and what has "
        "been estimated, where it is known", unit="[days, pd]", off=[],
        equation="each of `opening` was asked so many days before day 0, when it comes before all others to the policy's door; "
        "what it costs and is worth is drawn as any request's; where its estimate E is known, effort A follows ln A = "
        "`estimate_intercept` + `estimate_slope` × ln E + `estimate_sigma` × N(0, 1), in hours",
        left_out="nobody has begun to work on them, and what their waiting did to trust is in its start",
        source=PROJECT, evidence="project", strict=False, max_length=10_000)
    burstiness: float = assumption(
        2.0, "index of dispersion of weekly counts; requests come in bunches (after demos, steering meetings); 1 is Poisson",
        unit="1", low=1, high=20, off=1.0,
        equation="requests come in bunches whose size has the logarithmic distribution with p = 1 − 1/`burstiness`: counts at a "
        "constant rate are negative binomial with that index of dispersion over any window; a bunch is thinned as a whole",
        left_out="a bunch may fall on any day, whatever sets it off",
        source="negative binomial fits Hadoop with 1.4-2.1 (CDF gap .026 against .096 for "
        "Poisson); Apache medians 1.2-1.9, service desks 2-3 inside a quarter", evidence="measured")
    appetite: float = assumption(
        0.3, "rise of the request rate when every answer is yes (what is free is asked for more)", unit="1", low=0, high=5,
        off=0.0,
        equation="the rate × (1 + `appetite` × permissiveness); permissiveness is the share of yes, exponentially smoothed over "
        "`appetite_memory` answers, 1/2 at the start",
        left_out="a group sees only the answers to its own requests",
        source=OURS)
    appetite_memory: float = assumption(
        10.0, "answers over which the customer forms a picture of how permissive the team is", unit="answers", low=1,
        high=1000, source=OURS)
    asks_until: Literal["done", "deadline"] = assumption(
        "done", "until when requests come up: until the planned scope is done, so that a project that lasts longer is asked for "
        "more, or until the deadline at the latest", unit="-", off="done",
        equation="nobody asks, or comes back after a refusal, once the planned scope is done, and with `asks_until` deadline after "
        "that day either",
        left_out="needs that come up later are nobody's",
        source=OURS)
    effort_median: float = assumption(
        1.5, "median effort of a request", unit="pd", low=0.001, high=1000,
        source="belongs to the project; 2 to 5 h a task seen, scenarios may be coarser", evidence="project")
    effort_sigma: float = assumption(
        1.4, "spread of request effort: standard deviation of its logarithm", unit="1", low=0, high=2, off=0.0,
        mechanism="effort-spread",
        source="1.375 median within-project (32 CESAW projects, lognormal KS .018 against .133 for gamma), 1.46 SiP "
        "enhancements, 1.35 public Jira", evidence="measured")
    value: float = assumption(
        1.13, "mean gross value of a request per person-day of effort", unit="k€/pd", low=0, high=100,
        source="with upkeep, value_spread and the default team one request in three is worth building: 66% to 92% of ideas fail in "
        "online experiments; that setting only", evidence="published")
    value_spread: float = assumption(
        0.95, "spread of that value: standard deviation of its logarithm", unit="1", low=0, high=2, off=0.0,
        mechanism="merit-spread",
        equation="worth per person-day w = `value` × exp(`value_spread` × Z − `value_spread`² / 2) − `upkeep`, merit Z standard "
        "normal; a request is worth building where w is above the bar (`evaluation.overhead`)",
        left_out="worth per person-day does not depend on size; prices are constant",
        source="best fit to portfolios of 14 and 11 requirements, in which 51% and 45% of the cost brought 80% and 77% of the "
        "value (Karlsson & Ryan); 95% of fits .7 to 1.5", evidence="published")
    upkeep: float = assumption(
        0.3, "cost of ownership of what is built, per person-day, taken off its gross value", unit="k€/pd", low=0, high=100,
        off=0.0,
        equation="what is built costs `upkeep` × its effort to own: a core of the share s brings less of the value, and costs "
        "less to own",
        left_out="the whole cost of ownership is known and paid at delivery",
        source=OURS)
    need_share: float = assumption(
        0.5, "share of the need in the merit of a request; the rest is how well what is asked for meets it", unit="1", low=0,
        high=1, off=1.0,
        equation="merit Z = √`need_share` × N + √(1 − `need_share`) × F; need N and fit F independent, standard normal",
        left_out="a great need is met no better and no worse than a small one",
        source=OURS)
    feasibility: float = assumption(
        0.95, "chance that a request can be built as asked, where the customer understands nothing of what can be done", unit="1",
        low=0, high=1, off=1.0, mechanism="infeasibility",
        equation="a request cannot be built as asked with the chance (1 − `feasibility`) × (1 − understanding) + "
        "`early_infeasible` × exp(−day / `learning_days`); what cannot fails every review",
        left_out="nothing is nearly feasible; planned work and ideas always are",
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
        0.5, "mean readiness to accept another solution than the one asked for (Beta)", unit="1", low=0, high=0.99,
        equation="the customer agrees to a smaller version with the chance flexibility × (1 + trust) / 2, to another solution with "
        "flexibility × trust",
        source=OURS)
    core_share: float = assumption(
        0.5, "mean share of the effort that carries most of the benefit (Beta)", unit="1", low=0.01, high=0.99,
        source="ordering by value/cost reaches 80% of value at 51% of cost, 77% at 45% (Karlsson & Ryan)",
        evidence="published")
    core_value: float = assumption(
        0.33, "exponent: the share s of the effort brings s**core_value of the gross value; 1 is proportional", unit="1",
        low=0.05, high=1, off=1.0, mechanism="core",
        equation="the core, a share s of the effort, brings s^`core_value` of the gross value, and costs s of the upkeep",
        left_out="the rest is not asked for again",
        source="ln .80 / ln .51 = .33; ln .77 / ln .45 = .33 (Karlsson & Ryan)",
        evidence="published")
    urgency: float = assumption(
        0.002, "mean share of the benefit lost per day of waiting since the request (exponential over requests)",
        unit="1/day", low=0, high=1, off=0.0, mechanism="cost-of-delay", source=OURS)
    exaggeration: float = assumption(
        0.5, "blur of what the customer says about urgency: standard deviation of its logarithm", unit="1", low=0, high=2,
        off=0.0, mechanism="optimism", source=OURS)
    optimism: float = assumption(
        0.5, "how much the customer overrates the merit of a request when asking for it", unit="SD of merit", low=0, high=5,
        off=0.0,
        equation="the merit that the customer states and hopes for is `optimism` higher than what he sees; the urgency that he "
        "states is the true one × exp(`exaggeration` × N(0, 1))",
        left_out="whoever has been refused does not ask for less",
        source=OURS)
    mandatory_share: float = assumption(
        0.05, "share of requests that law or contract makes mandatory: every policy admits them", unit="1", low=0, high=1,
        off=0.0, mechanism="mandatory",
        equation="a request is mandatory with the chance `mandatory_share`: every policy admits it, after the same wait and look, "
        "and its requester does not give up",
        left_out="to miss an obligation would cost nothing",
        source=PROJECT, evidence="project")
    withdrawal_rate: float = assumption(
        0.005, "rate at which the requester of an undecided or deferred request gives up (1 / mean patience)", unit="1/day",
        low=0, high=100, off=0.0, mechanism="withdrawal",
        equation="the requester of an undecided or deferred request gives up at the rate `withdrawal_rate`, until somebody has "
        "begun to look at it",
        left_out="patience depends neither on urgency nor on trust",
        source=OURS)
    escalation: float = assumption(
        0.2, "chance that a refused requester comes back louder, at no trust and without explanation", unit="1", low=0, high=1,
        off=0.0,
        equation="a refused requester comes back, at most three times, with the chance `escalation` × (1 − trust) × (1 − "
        "`explanation_effect` × explanation), after `escalation_delay` days on average; each time he states `loudness` more merit",
        left_out="nobody goes over the team's head",
        source="about 10% of refused expense declarations were handed in again (BPI Challenge 2020), at middling "
        "trust", evidence="measured")
    escalation_delay: float = assumption(
        10.0, "mean days until a refused requester comes back (exponential)", unit="days", low=0, high=1000, source=OURS)
    loudness: float = assumption(
        0.5, "rise of the stated merit each time a request comes back", unit="SD of merit", low=0, high=5, off=0.0,
        mechanism="escalation", alone=False, source=OURS)
    drift: float = assumption(
        0.001, "rate at which the need behind a request moves away from what was agreed", unit="1/day", low=0, high=1,
        off=0.0,
        equation="chance of failing the review 1 − exp(−`drift` × days since the last talk with the customer about it): when it "
        "was asked for or planned, when he judged it or agreed to another form, or when it failed a review",
        left_out="a need that has moved is worth as much as before; ideas do not go stale",
        source="2% a month of scope (Jones; SPR); one in five successful projects above 5% (Kulk & Verhoef)",
        evidence="published")
    representatives: int = assumption(
        1, "people who can speak for this group", unit="people", low=1, high=1000, source=PROJECT, evidence="project")
    hours_per_week: float = assumption(
        8.0, "hours a week that each representative has for the project", unit="hours/week", low=0.1, high=40,
        equation="a representative works on what he is asked at the speed `hours_per_week` / 40, first come, first served",
        left_out="a customer group has one voice",
        source=PROJECT,
        evidence="project")
