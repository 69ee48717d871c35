"""Verdicts in plain words."""

from __future__ import annotations

import math

from sim.report.measure_names import in_words, of_difference, scale_of
from sim.report.numbers import three, with_range
from sim.report.phrases import plural, signed
from sim.study.verdict import Verdict


def in_plain_words(verdict: Verdict) -> str:
    """The verdict in a few sentences, each number with its interval."""
    metric = in_words(verdict.metric)
    sentences = [f"{verdict.hypothesis}: {verdict.ruling}. {_because(verdict)}"]
    if math.isfinite(verdict.effect.low):
        amount, limits = signed(verdict.effect, verdict.unit)
        sentences.append(f"{verdict.compared}: {amount} in {metric} ({limits}; {verdict.replications} replications).")
    if not verdict.reason and math.isfinite(verdict.superiority.low):
        _, share, low_share, high_share = verdict.superiority
        chance, limits = with_range(100.0 * share, 100.0 * low_share, 100.0 * high_share)
        sentences.append(f"Better in {chance}% of single runs ({limits}).")
    if verdict.points > 1 and math.isfinite(verdict.spread.low):
        low, high = (three(scale_of(verdict.unit) * value) for value in verdict.spread)
        flips = ", of both signs" if verdict.spread.low < 0.0 < verdict.spread.high else ""
        reach = f"from {low} to {high}{of_difference(verdict.unit)}{flips}"
        sentences.append(f"Over {verdict.points} design points the effect goes {reach}.")
    if verdict.left_out and not verdict.reason:
        of = "" if verdict.pairs is None else f" of {verdict.left_out + verdict.pairs}"
        sentences.append(f"{verdict.left_out}{of} pairs are left out: no number for {metric} there.")
    if verdict.censored:
        runs = f"{plural(verdict.censored, 'run')} behind it {'was' if verdict.censored == 1 else 'were'}"
        sentences.append(f"{runs} not done at the horizon and counted only up to then.")
    return " ".join(sentences)


def _because(verdict: Verdict) -> str:
    """What the ruling rests on, in a sentence."""
    kind = verdict.kind
    if verdict.reason:
        return f"Not judged: {verdict.reason}."
    bar = three(verdict.smallest_effect * scale_of(verdict.unit)) + of_difference(verdict.unit)
    at_most = -verdict.together.low if kind == "less" else verdict.together.high
    if kind == "equivalent":
        return {
            "supported": f"The difference is within {bar} either way.",
            "contradicted": f"The difference is beyond {bar}.",
        }.get(verdict.ruling, f"A difference within {bar} and one beyond it are both possible.")
    beyond = f" by more than {bar}" if verdict.smallest_effect else ""
    if verdict.ruling == "supported":
        return f"It is {kind}{beyond}."
    if verdict.ruling == "equivalent":
        return f"Too small to matter: within {bar} either way."
    opposite = "greater" if kind == "less" else "less"
    if verdict.ruling == "contradicted":
        return f"The opposite is so: it is {opposite}." if at_most <= 0.0 else f"It is not {kind}{beyond}."
    return f"It may be {kind}{beyond}, and it may not."
