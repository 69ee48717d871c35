"""Choosing among many policies: simultaneous comparisons, selection of the best, Pareto front, weights, regret."""
