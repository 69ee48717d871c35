"""The built-in policies and scenarios as lists to read or to process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sim.errors import ExperimentError, IntakeLabError
from sim.model.outcome import GONE, METRICS, Metric
from sim.policies.catalogue import POLICY_NAMES, make, settings_of
from sim.policies.parts import part_in_words
from sim.policies.policy import PolicyOfParts, authority_in_words
from sim.policies.setting import Slot
from sim.report.describe import sentence_with_settings
from sim.report.phrases import filled
from sim.toml.harmless import markdown
from sim.toml.shipped import builtin_names, builtin_path
from sim.toml.shown import escaped, listing, nearest
from sim.toml.toml_file import read_model


def metrics_text(width: int, names: Sequence[str] = ()) -> str:
    """Every measure, or those of these names: name, unit, which way is better, and what it is.

    Raises
    ------
    IntakeLabError
        For a measure that is not there.
    """
    for name in names:
        if name in GONE:
            raise IntakeLabError(f"measure {name!r} is gone: {GONE[name]}")
        _known("measure", name, METRICS)
    return _explained([(name, _measure(METRICS[name])) for name in names or METRICS], width)


def _measure(metric: Metric) -> str:
    better = {"lower": "less is better", "higher": "more is better"}.get(metric.better, "neither way is better")
    return f"{metric.meaning} ({'' if metric.unit == '1' else metric.unit + '; '}{better})"


def _explained(names: Sequence[tuple[str, str]], width: int) -> str:
    """Names one below the other, each with what is said of it."""
    wide = max((len(name) for name, _ in names), default=0)
    return "\n".join(filled(f"{name:<{wide}}  {said}", width, hanging=" " * (wide + 2)) for name, said in names)


def policies_json(names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each policy, or those of these names, with its sentence, settings and parts."""
    return [_policy(name) for name in names or POLICY_NAMES]


def _policy(text: str) -> dict[str, Any]:
    policy = make(text)
    parts = {
        "cadence": str(policy.cadence), "evaluators": str(policy.evaluators), "authority": authority_in_words(policy),
        "reading": policy.reading,
        "promise": part_in_words(policy.promise), "explanation": policy.explanation, "queue": part_in_words(policy.queue),
    }
    if isinstance(policy, PolicyOfParts):
        parts |= {"admission": str(policy.admission), "responses": str(policy.responses), "fast_lane": policy.fast_lane}
    settings = {key: slot.default for key, slot in settings_of(policy).items()}
    return {"name": policy.name, "sentence": sentence_with_settings(text), "control": policy.is_control, "settings": settings,
            "parts": parts}


def policies_text(width: int, names: Sequence[str] = ()) -> str:
    """The same to read; of those that are asked for by name also what each setting means."""
    blocks = []
    for policy in policies_json(names):
        parts, settings = policy["parts"], settings_of(make(policy["name"]))
        told = [
            policy["sentence"],
            f"{parts['cadence']} · judged by {parts['evaluators']} · {parts['admission']} · {parts['responses']} · "
            f"promise {parts['promise']} · explanation {parts['explanation']:g} · queue {parts['queue']}",
        ]
        if settings and not names:
            told.append("settings: " + ", ".join(f"{key}={slot.by_default}" for key, slot in settings.items()))
        if names:
            told += [f"{key}={slot.by_default}: {_meaning(slot)}" for key, slot in settings.items()]
        blocks.append("\n".join([policy["name"], *(filled(text, width - 2, "  ") for text in told)]))
    return "\n\n".join(blocks)


def _meaning(slot: Slot) -> str:
    return ", ".join(part for part in (slot.says.meaning, slot.wanted.rstrip(",")) if part)


def _known(kind: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        near = nearest(name, names)
        hint = f"did you mean {near}?" if near else f"there are {listing(names, most=len(names))}"
        raise IntakeLabError(f"{kind} {escaped(name)!r} is not known; {hint}")


def settings_table() -> str:
    """What each setting of the built-in policies means, as a Markdown table: the one in ``docs/policies.md``."""
    of: dict[tuple[str, Slot], list[str]] = {}
    for name in POLICY_NAMES:
        for key, slot in settings_of(make(name)).items():
            of.setdefault((key, slot._replace(default=None)), []).append(name)
    lines = [
        f"| `{key}` | {', '.join(names)} | {markdown(slot.says.meaning)} | {slot.says.unit} | {slot.range} |"
        for (key, slot), names in of.items()]
    return "\n".join(["| setting | of | meaning | unit | range |", "|---|---|---|---|---|", *lines])


def scenarios_text(width: int) -> str:
    """Names and titles of the built-in scenarios."""
    from sim.scenario import Scenario

    return _explained([(name, Scenario.load(name).title) for name in builtin_names("scenarios")], width)


def experiments_text(width: int) -> str:
    """The built-in experiments, each with its question."""
    from sim.study.experiment import Experiment

    blocks = []
    for name in builtin_names("experiments"):
        asked = read_model(builtin_path("experiments", name), Experiment, ExperimentError)
        blocks.append(f"{name}\n{filled(asked.question, width, '  ')}")
    return "\n\n".join(blocks) or "there are none"
