"""The built-in policies and scenarios as lists to read or to process."""

from __future__ import annotations

import textwrap
from dataclasses import fields
from typing import Any

from sim.errors import ExperimentError
from sim.policies.admission import Admission
from sim.policies.catalogue import make, maker, settings
from sim.policies.names import POLICY_NAMES
from sim.policies.policy import PolicyOfParts


def metrics_text(width: int) -> str:
    """Every measure: name, unit, which way is better, and what it is."""
    from sim.model.outcome import METRICS

    wide = max(map(len, METRICS))
    lines = []
    for name, metric in METRICS.items():
        better = {"lower": "less is better", "higher": "more is better"}.get(metric.better, "neither way is better")
        unit = "" if metric.unit == "1" else f"{metric.unit}; "
        lines += textwrap.wrap(
            f"{name:<{wide}}  {metric.meaning} ({unit}{better})", max(width, 40), subsequent_indent=" " * (wide + 2),
            break_on_hyphens=False)
    return "\n".join(lines)


def policies_json() -> list[dict[str, Any]]:
    """Each policy with its sentence, settings and parts."""
    return [_policy(name) for name in POLICY_NAMES]


def _policy(name: str) -> dict[str, Any]:
    policy = make(name)
    parts = {
        "cadence": str(policy.cadence), "evaluators": str(policy.evaluators), "authority": str(policy.authority),
        "promise": str(policy.promise), "explanation": policy.explanation, "queue": str(policy.queue),
    }  # fmt: skip
    if isinstance(policy, PolicyOfParts):
        parts |= {"admission": _rule(policy.admission), "responses": str(policy.responses), "fast_lane": policy.fast_lane}
    sentence = " ".join((maker(name).__doc__ or "").split())
    return {"name": name, "sentence": sentence, "control": policy.is_control, "settings": settings(name), "parts": parts}


def _rule(rule: Admission) -> str:
    """``threshold(at_least=0)``: an admission rule as it would be written."""
    values = ", ".join(f"{entry.name}={getattr(rule, entry.name):g}" for entry in fields(rule))  # type: ignore[arg-type]
    name = "".join(f"-{char.lower()}" if char.isupper() else char for char in type(rule).__name__).lstrip("-")
    return f"{name}({values})" if values else name


def policies_text(width: int) -> str:
    """The same to read."""
    blocks = []
    for policy in policies_json():
        parts = policy["parts"]
        told = [
            policy["sentence"],
            f"{parts['cadence']} · judged by {parts['evaluators']} · {parts['admission']} · {parts['responses']} · "
            f"promise {parts['promise']} · explanation {parts['explanation']:g} · queue {parts['queue']}",
        ]
        if policy["settings"]:
            told.append("settings: " + ", ".join(f"{key}={value}" for key, value in policy["settings"].items()))
        lines = [line for text in told for line in textwrap.wrap(
            text, max(width - 2, 40), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)]
        blocks.append("\n".join([policy["name"], *lines]))
    return "\n\n".join(blocks)


def scenarios_text(width: int) -> str:
    """Names and titles of the built-in scenarios."""
    from sim.scenario import Scenario
    from sim.toml.shipped import builtin_names

    names = builtin_names("scenarios")
    first = max(map(len, names), default=0)
    return "\n".join(
        textwrap.fill(
            f"{name:<{first}}  {Scenario.load(name).title}", max(width, 40), subsequent_indent=" " * (first + 2))
        for name in names)


def experiments_text(width: int) -> str:
    """The built-in experiments, each with its question."""
    from sim.study.experiment import Experiment
    from sim.toml.shipped import builtin_names, builtin_path
    from sim.toml.toml_file import read_model

    blocks = []
    for name in builtin_names("experiments"):
        asked = read_model(builtin_path("experiments", name), Experiment, ExperimentError)
        told = textwrap.fill(asked.question, max(width, 40), initial_indent="  ", subsequent_indent="  ")
        blocks.append(f"{name}\n{told}")
    return "\n\n".join(blocks) or "there are none"
