"""The arithmetic of the model: rules, rates and effects as plain functions of plain numbers.

Nothing here knows SimPy, time or people; another engine that calls these functions reproduces the same trajectories.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from sim.model.calendar import HOURS

PRESSURE_CEILING = 2.0
"""People cannot be pressed more than twofold: pressure above this has no further effect."""

DEADLINE_GRACE = 10.0
"""Days over which work is spread that is due now or overdue; keeps pressure finite at and after the deadline."""


BEST_INSIGHT = 0.99
"""No look, however long, tells the whole truth."""

LARGEST_MERIT = 30.0
"""Standard deviations beyond which nothing looks any better or worse."""

NEGLIGIBLE = 1e-12
"""Forgetting so little is forgetting nothing: its closed form would divide by almost nothing."""

MOST_MENTORING = 0.5
"""Share of anybody's working time that newcomers take at most."""

CONFIRMED = 0.7
"""Satisfaction with what turned out just as expected."""


# --- distributions: inverse transforms with closed forms, so that bits do not depend on a library of special functions ---


def betas_from_uniforms(uniforms: Sequence[float], mean: float) -> list[float]:
    """Beta variates with the given mean: Beta(1, (1-m)/m) up to m = 1/2, Beta(m/(1-m), 1) above.

    These are the Beta distributions whose inverse has a closed form; mean 0 gives 0.
    """
    if mean <= 0.0:
        return [0.0] * len(uniforms)
    if mean <= 0.5:
        power = mean / (1.0 - mean)
        return [1.0 - math.pow(1.0 - u, power) for u in uniforms]
    power = (1.0 - mean) / mean
    return [math.pow(u, power) for u in uniforms]


def batch_size(u: float, dispersion: float) -> int:
    """Requests in one bunch: logarithmic distribution, so that counts are negative binomial with that index of dispersion.

    A compound Poisson count with batches B has variance/mean = E[B^2]/E[B] = 1/(1-p), for any window length.
    """
    if dispersion <= 1.0:
        return 1
    p = 1.0 - 1.0 / dispersion
    probability = -p / math.log(1.0 - p)
    size, upper = 1, probability
    while u >= upper and size < 10_000:
        probability *= p * size / (size + 1)
        size += 1
        upper += probability
    return size


def mean_batch_size(dispersion: float) -> float:
    """Mean of `batch_size`."""
    if dispersion <= 1.0:
        return 1.0
    p = 1.0 - 1.0 / dispersion
    return -p / ((1.0 - p) * math.log(1.0 - p))


# --- worth ---


def merit(share: float, need: float, fit: float) -> float:
    """Z = sqrt(q) N + sqrt(1 - q) F, q the need's share."""
    return math.sqrt(share) * need + math.sqrt(1.0 - share) * fit


def lognormal_worth(value: float, spread: float, upkeep: float, merit: float, known: float = 1.0) -> float:
    """Worth in k€ per person-day: v exp(tau Z - tau^2 / 2) - u, so that the mean gross value is v for any tau.

    Where of merit only the mean m is known, and of its variance the share `known`, this is the mean worth v exp(tau m - tau^2
    known / 2) - u.
    """
    return value * math.exp(spread * merit - 0.5 * spread * spread * known) - upkeep


def capped_worth(value: float, spread: float, upkeep: float, merit: float, cap: float) -> float:
    """Worth of an idea: the same, but gross at most `cap` times the value (0: no such limit)."""
    gross = lognormal_worth(value, spread, 0.0, merit)
    return (min(gross, cap * value) if cap > 0.0 else gross) - upkeep


def core_worth(worth: float, upkeep: float, share: float, exponent: float) -> float:
    """What the core, a share s of the effort, is worth per person-day of the whole: gross s^beta - upkeep s."""
    return (worth + upkeep) * math.pow(share, exponent) - upkeep * share


def merit_of_worth(value: float, spread: float, upkeep: float, worth: float) -> float:
    """The merit Z at which something is worth so much; 0 where all are worth the same, a very poor one for less than nothing."""
    if not (value > 0.0 and spread > 0.0):
        return 0.0
    gross = worth + upkeep
    return (math.log(gross / value) + 0.5 * spread * spread) / spread if gross > 0.0 else -LARGEST_MERIT


# --- judging ---


def signal(quality: float, truth: float, error: float) -> float:
    """What a judge sees of a need, or of a fit, X: S = r X + sqrt(1 - r^2) e; standard normal, correlation r with X."""
    return quality * truth + math.sqrt(1.0 - quality * quality) * error


def insight(quality: float, hours: float, halfway: float) -> float:
    """Quality of a judge who looks so many hours at a request: a sqrt(h (1 + k) / (h + k)), a at one hour, at most .99.

    With k = `halfway` = 0 it is a for every h.
    """
    if halfway <= 0.0:
        return quality
    return min(quality * math.sqrt(hours * (1.0 + halfway) / (hours + halfway)), BEST_INSIGHT)


def shared_error(common: float, own: float, correlation: float) -> float:
    """A judge's error, correlated with the other judges'."""
    return math.sqrt(correlation) * common + math.sqrt(1.0 - correlation) * own


def pooling_coefficients(
    qualities: Sequence[float], weights: Sequence[float], correlation: float, facilitation: float
) -> list[float]:
    """Coefficients by which the judges' signals are added up to one signal of unit variance.

    Parameters
    ----------
    qualities, weights
        Correlation with the truth and authority of each judge.
    correlation
        Correlation between the errors of any two judges.
    facilitation
        1: the weighted mean of all judges; 0: only the judge with most authority (the first of them); between: the mixture.

    Notes
    -----
    Unit variance means that a threshold admits the same share whoever judges: judges differ in which, not in how many.
    With k equal judges the pooled correlation with the truth is r sqrt(k) / sqrt(1 + (k-1) rho), rho = r^2 + (1-r^2) correlation.
    """
    total = math.fsum(weights)
    lead = max(range(len(weights)), key=lambda i: (weights[i], -i))
    mix = [facilitation * w / total + ((1.0 - facilitation) if i == lead else 0.0) for i, w in enumerate(weights)]
    blur = [math.sqrt(1.0 - r * r) for r in qualities]
    variance = 0.0
    for i, a in enumerate(mix):
        for j, b in enumerate(mix):
            shared = 1.0 if i == j else qualities[i] * qualities[j] + blur[i] * blur[j] * correlation
            variance += a * b * shared
    scale = 1.0 / math.sqrt(variance)
    return [a * scale for a in mix]


def pooled(coefficients: Sequence[float], signals: Sequence[float]) -> float:
    """The judges' signals added up."""
    return sum(c * s for c, s in zip(coefficients, signals, strict=True))


def forecast_spread(spread: float, quality: float) -> float:
    """Standard deviation of the logarithm of the time that an aid of this quality forecasts, about the right one."""
    return spread * math.sqrt(1.0 - quality * quality)


class EffortEstimator:
    """Estimates with the joint distribution that the fitted regression of actual on estimate implies.

    ln A = a + b ln E + N(0, sigma) in hours was fitted; ln A has standard deviation `spread` here. If ln E is normal with
    standard deviation s, then b^2 s^2 + sigma^2 = spread^2, and given A: ln E = m + s (c z + sqrt(1 - c^2) e) with z the
    standardised ln A and c = b s / spread. Where sigma exceeds the spread, estimates know nothing (s = 0).
    """

    def __init__(self, median: float, spread: float, intercept: float, slope: float, sigma: float) -> None:
        self.intercept, self.slope, self.sigma = intercept, slope, sigma
        self.informs = sigma < spread or sigma == spread == 0.0
        self.centre = (math.log(median * HOURS) - intercept) / slope - math.log(HOURS)
        signal_variance = max(0.0, spread * spread - sigma * sigma)
        self.scale = math.sqrt(signal_variance) / slope
        # At most 1: the square of a tiny spread loses digits, and its root may come out above the spread.
        self.knowledge = min(math.sqrt(signal_variance) / spread, 1.0) if spread > 0.0 else 1.0

    def estimate(self, z: float, error: float, insight: float = 1.0) -> float:
        """Person-days estimated for an item whose ln effort is `z` standard deviations above its median."""
        c = insight * self.knowledge
        return math.exp(self.centre + self.scale * (c * z + math.sqrt(1.0 - c * c) * error))

    def effort(self, estimate: float, error: float) -> float:
        """Person-days of an item whose estimate is known, by the regression itself; for estimates that know something."""
        return math.exp(self.intercept + self.slope * math.log(estimate * HOURS) + self.sigma * error) / HOURS


def chance_left(doubt: float, unseen: float) -> float:
    """Chance that all is well where nothing was seen: doubt `doubt` before, and a flaw remains unseen with the chance `unseen`."""
    well = max(1.0 - doubt, 0.0)
    return well / (well + (1.0 - well) * unseen) if well > 0.0 else 0.0


# --- work ---


def share_left_by_mentoring(newcomers: int, experienced: int, mentoring: float) -> float:
    """Share of the working time of each experienced person in a role that its newcomers leave."""
    if not newcomers or not experienced:
        return 1.0
    return 1.0 - min(mentoring * newcomers / experienced, MOST_MENTORING)


def bottleneck(people: Mapping[str, float], stages: Iterable[tuple[str, float]]) -> float:
    """Person-days of items that the scarcest role lets through per day; `stages` are roles with their share of an item."""
    load: dict[str, float] = {}
    for role, share in stages:
        load[role] = load.get(role, 0.0) + share
    return min(people[role] / share for role, share in load.items())


def pressure(remaining: float, capacity: float, day: float, deadline: float) -> float:
    """Remaining work over remaining capacity to the deadline; 0 without a deadline."""
    if deadline <= 0.0:
        return 0.0
    days = max(deadline - day, DEADLINE_GRACE)
    return min(remaining / (capacity * days), PRESSURE_CEILING)


def speed_under(pressure: float, cap: float) -> float:
    """Working speed: overtime makes up for pressure above 1, up to the cap."""
    return 1.0 + min(max(pressure - 1.0, 0.0), cap)


def exploration_under(pressure: float, share: float, crowding: float) -> float:
    """Share of time left for exploration when pressure crowds it out."""
    return share / (1.0 + crowding * 4.0 * max(pressure - 1.0, 0.0))


def defect_chance(base: float, pressure: float, slope: float) -> float:
    """Chance of a defect under schedule pressure."""
    return min(base * (1.0 + slope * max(pressure - 1.0, 0.0)), 1.0)


def heaviness(delivered_additions: float, complexity: float) -> float:
    """Factor on the effort of remaining work after so many person-days of delivered additions."""
    return 1.0 + complexity * delivered_additions / 100.0


def ripple_factor(finished_share: float, ripple: float) -> float:
    """Factor on the effort of a change when that share of the planned scope is finished."""
    return 1.0 + (ripple - 1.0) * finished_share


def drift_chance(rate: float, age: float) -> float:
    """Chance that the need has moved since it was last talked about, `age` days ago."""
    return 1.0 - math.exp(-rate * age)


def benefit_left(delivered: float, arrived: float, deadline: float, window: float, urgency: float) -> float:
    """Share of the benefit still to be had on day `delivered`."""
    share = 1.0
    if window > 0.0:
        since = deadline if deadline > 0.0 else arrived
        share = min(max(1.0 - (delivered - since) / window, 0.0), 1.0)
    return share * math.exp(-urgency * (delivered - arrived)) if urgency > 0.0 else share


def slipped(finish: float, cost: float) -> float:
    """Share of the planned benefit still to be had when the planned scope is finished on that day."""
    return max(1.0 - cost * finish, 0.0)


# --- customers who learn ---


def exposure_after(exposure: float, days: float, calendar: float, forgetting: float) -> float:
    """Exposure x some days later, nothing having happened: the solution of x' = calendar - forgetting x."""
    if forgetting * days < NEGLIGIBLE:
        return exposure + calendar * days
    forgotten = -math.expm1(-forgetting * days)
    return exposure * (1.0 - forgotten) + calendar * forgotten / forgetting


def understanding(start: float, exposure: float) -> float:
    """Understanding u = 1 - (1 - u0) exp(-x) on [0, 1]."""
    return 1.0 - (1.0 - start) * math.exp(-exposure)


def infeasible_chance(
    feasibility: float, early: float, day: float, learning_days: float, understanding: float = 0.0
) -> float:
    """Chance that what is asked for on a day cannot be built: what is not understood, and what early demands add.

    What was asked for before the project began is as early as can be.
    """
    return (1.0 - feasibility) * (1.0 - understanding) + early * math.exp(-max(day, 0.0) / learning_days)


# --- the relationship ---


def moved(level: float, experience: float, rate: float, loss_aversion: float) -> float:
    """Trust (or voice) on [0, 1] after an experience (1: a promise kept, -1: one missed); losses weigh more."""
    if experience >= 0.0:
        return level + min(rate * experience, 1.0) * (1.0 - level)
    return max(level + min(rate * loss_aversion, 1.0) * experience * level, 0.0)


def satisfied(level: float, expected: float, met: float, weight: float, rate: float, loss_aversion: float) -> float:
    """Satisfaction on [0, 1] after something expected (0..1) turned out as `met` (0..1).

    Disconfirmation (met - expected, losses weighing more) beside the expectation itself with the given weight (Oliver 1980);
    what turns out just as expected is felt as `CONFIRMED`.
    """
    gap = met - expected
    felt = min(max(CONFIRMED + (gap if gap >= 0.0 else loss_aversion * gap), 0.0), 1.0)
    return level + rate * (weight * expected + (1.0 - weight) * felt - level)


def appeal(benefit_z: float) -> float:
    """How good something looks or is, on (0, 1), from its merit in standard deviations (logistic)."""
    return 1.0 / (1.0 + math.exp(-min(max(benefit_z, -LARGEST_MERIT), LARGEST_MERIT)))


def refusal_sting(weight: float, explanation_effect: float, explanation: float) -> float:
    """Size of a refusal as an experience, softened by explanation."""
    return weight * (1.0 - explanation_effect * explanation)


def smoothed(level: float, observation: float, memory: float) -> float:
    """Exponentially smoothed level over about `memory` observations."""
    return level + (observation - level) / memory


def rate_factor(profile: Sequence[tuple[float, float]], day: float) -> float:
    """The profile's factor on a day: that of the last step before it, 1 before the first."""
    factor = 1.0
    for start, value in profile:
        if start > day:
            break
        factor = value
    return factor
