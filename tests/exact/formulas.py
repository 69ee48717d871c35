"""Exact results of queueing and selection theory, by formula."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import gamma, norm, poisson


def erlang_b(servers: int, load: float) -> float:
    """Share of arrivals lost in M/G/c/c."""
    lost = 1.0
    for c in range(1, servers + 1):
        lost = load * lost / (c + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """Share of arrivals that wait in M/M/c."""
    lost = erlang_b(servers, load)
    return lost / (1.0 - load / servers * (1.0 - lost))


def wait_mmc(servers: int, rate: float, mean: float) -> float:
    """Mean wait in M/M/c."""
    return erlang_c(servers, rate * mean) * mean / (servers - rate * mean)


def wait_mg1(rate: float, mean: float, second_moment: float) -> float:
    """Pollaczek-Khinchine."""
    return rate * second_moment / (2.0 * (1.0 - rate * mean))


def lognormal_second_moment(mean: float, sigma: float) -> float:
    """E[S^2] of a lognormal."""
    return mean * mean * math.exp(sigma * sigma)


def finite_queue(servers: int, places: int, load: float) -> tuple[float, float, float]:
    """Loss, mean number and mean time in system of M/M/c/K with mean service 1."""
    weights = [1.0]
    for n in range(1, places + 1):
        weights.append(weights[-1] * load / min(n, servers))
    total = math.fsum(weights)
    loss = weights[-1] / total
    number = math.fsum(n * w for n, w in enumerate(weights)) / total
    return loss, number, number / (load * (1.0 - loss))


def cobham(rates: list[float], mean: float = 1.0, preemptive: bool = False) -> list[float]:
    """Waits (time in system if preemptive) per priority class, highest first, exponential service of one mean."""
    residual = math.fsum(rates) * mean * mean
    result, before = [], 0.0
    for i, rate in enumerate(rates):
        upto = before + rate * mean
        if preemptive:
            ahead = math.fsum(rates[: i + 1]) * mean * mean
            result.append(mean / (1.0 - before) + ahead / ((1.0 - before) * (1.0 - upto)))
        else:
            result.append(residual / ((1.0 - before) * (1.0 - upto)))
        before = upto
    return result


def board_wait(rate: float, days: float, mean: float = 1.0) -> float:
    """Wait from arrival to start of work behind a board every `days`, one exponential server.

    Half a period for the board, the work left from earlier boards (a D/G/1 queue, by Spitzer's identity), the work of those
    decided earlier on the same day.
    """
    left, k = 0.0, 1
    while True:
        t = k * days
        n = np.arange(1, int(rate * t + 12 * math.sqrt(rate * t) + 20))
        over = n * mean * gamma.sf(t, n + 1, scale=mean) - t * gamma.sf(t, n, scale=mean)
        term = float(poisson.pmf(n, rate * t) @ over) / k
        left += term
        if term < 1e-7:
            break
        k += 1
    return days / 2.0 + left + rate * days / 2.0 * mean


def bulk_decision_wait(rate: float, days: float, at_most: int) -> float:
    """Wait for a board every `days` that decides at most so many: a bulk-service queue, solved as a Markov chain."""
    size = 300
    arrive = poisson.pmf(np.arange(size), rate * days)
    state = np.zeros(size)
    state[0] = 1.0
    for _ in range(5000):
        grown = np.convolve(state, arrive)
        following = np.concatenate([[grown[: at_most + 1].sum()], grown[at_most + 1 : at_most + size]])
        done = np.abs(following - state).max() < 1e-13
        state = following
        if done:
            break
    after = float(np.arange(size) @ state)
    return (after + rate * days / 2.0) / rate


def reneging_share(servers: int, rate: float, mean: float, theta: float) -> float:
    """Share that gives up in M/M/c+M: theta Lq / lambda."""
    weights = [1.0]
    for n in range(1, 2000):
        death = min(n, servers) / mean + max(n - servers, 0) * theta
        weights.append(weights[-1] * rate / death)
        if weights[-1] < 1e-16 * weights[0]:
            break
    total = math.fsum(weights)
    queue = math.fsum(max(n - servers, 0) * w for n, w in enumerate(weights)) / total
    return theta * queue / rate


def worth_building(value: float, spread: float, takes: float) -> float:
    """Share of requests worth more than they take (upkeep and bar): Phi((ln(v / (u + c')) - tau^2 / 2) / tau)."""
    return float(norm.cdf((math.log(value / takes) - spread**2 / 2.0) / spread))


def value_for(share: float, spread: float, takes: float) -> float:
    """The mean gross value at which a share is worth building: (u + c') exp(tau Phi^-1(P) + tau^2 / 2)."""
    return takes * math.exp(spread * float(norm.ppf(share)) + spread**2 / 2.0)


def signal_at(value: float, spread: float, takes: float) -> float:
    """The merit that is just worth what it takes."""
    return (math.log(takes / value) + spread**2 / 2.0) / spread


def admitted_worth(value: float, spread: float, upkeep: float, quality: float, least: float) -> float:
    """E[w; S >= s], worth of what is admitted above a signal s of quality r, per request asked: v Phi(r tau - s) - u Phi(-s)."""
    return float(value * norm.cdf(quality * spread - least) - upkeep * norm.cdf(-least))


def pooled_quality(quality: float, judges: int, error_correlation: float) -> float:
    """Correlation with the truth of the mean of k equal judges."""
    rho = quality**2 + (1.0 - quality**2) * error_correlation
    return quality * math.sqrt(judges) / math.sqrt(1.0 + (judges - 1) * rho)
