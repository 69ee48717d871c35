"""Everything that an experiment is read from, as texts: from files on disk, or from the manifest of results.

An experiment names scenarios, policies and tables by file. What counts is their text at the time of the run; so all of them
are gathered once, the study is made from the gathered texts only, and the same texts are kept with the results.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sim.errors import ExperimentError, IntakeLabError, ScenarioError
from sim.runs.manifest import Manifest
from sim.study.experiment import Experiment
from sim.toml.regular_file import LONGEST_PATH
from sim.toml.shipped import builtin_names, builtin_path, find_file
from sim.toml.shown import escaped, nearest
from sim.toml.toml_file import model_from_text, read_text

EXPERIMENT = "experiment"


class Text(NamedTuple):
    """A text, and what messages call it."""

    label: str
    text: str


Texts = Mapping[str, Text]
"""By role: "experiment", "scenario NAME", "policy FILE", "table FILE", each as the experiment names it."""


def gather(source: str | Path) -> tuple[Experiment, dict[str, Text]]:
    """An experiment and all texts that it names.

    Parameters
    ----------
    source
        The name of a built-in experiment, or a path. Files that the experiment names are looked for beside it.

    Raises
    ------
    ExperimentError, ScenarioError
        With file, line, key, value and what is allowed.
    """
    path = find_file("experiments", source, ExperimentError)
    texts = {EXPERIMENT: _read(path, ExperimentError)}
    experiment = read_experiment(texts)
    for name in experiment.scenarios:
        texts[f"scenario {name}"] = _read(_scenario_path(name, path), ScenarioError)
    for name in _policy_files(experiment):
        texts[f"policy {name}"] = _read(path.parent / name, ExperimentError)
    for name in experiment.design.files():
        texts[f"table {name}"] = _read(path.parent / name, ExperimentError)
    return experiment, texts


def kept(manifest: Manifest, where: Path) -> dict[str, Text]:
    """The texts that results were made from.

    Raises
    ------
    ExperimentError
        Where the manifest has none.
    """
    named = manifest.sessions[-1].texts if manifest.sessions else {}
    if EXPERIMENT not in named:
        raise ExperimentError(f"{where}: the manifest has no experiment; these are not results of intakelab run")
    return {role: Text(f"{where} ({role})", manifest.texts[digest]) for role, digest in named.items()}


def text_of(texts: Texts, role: str) -> Text:
    """One of the texts.

    Raises
    ------
    ExperimentError
        Where it is not there: a manifest was altered.
    """
    if role not in texts:
        raise ExperimentError(f"{texts[EXPERIMENT].label}: the text of {role!r} is not there")
    return texts[role]


def read_experiment(texts: Texts) -> Experiment:
    """The experiment itself."""
    label, text = texts[EXPERIMENT]
    return model_from_text(text, label, Experiment, ExperimentError)


def _scenario_path(name: str, experiment: Path) -> Path:
    if name in builtin_names("scenarios"):
        return builtin_path("scenarios", name)
    path = experiment.parent / name
    if path.exists():
        return path
    near = nearest(Path(name).stem, builtin_names("scenarios"))
    raise ScenarioError(f"{experiment}: scenario {escaped(name)} is neither built in nor a file beside the experiment"
                        + (f"; did you mean {near}?" if near else ""))


def _policy_files(experiment: Experiment) -> list[str]:
    return [name for name in experiment.policy_names() if name.endswith(".toml")]


def _read(path: Path, error: type[IntakeLabError]) -> Text:
    return Text(escaped(str(path), LONGEST_PATH), read_text(path, error))
