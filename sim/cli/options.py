"""What several commands take, and how a name on the command line becomes a scenario or a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.errors import IntakeLabError, PolicyError

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.scenario import Scenario

MOST_REPLICATIONS = 1_000_000

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="A built-in scenario or a TOML file.")]
Policies = Annotated[list[str] | None, typer.Option(
    "--policy", "-p", metavar="NAME", help="A name, name:setting=value,..., or a TOML file made of parts. Repeat for more.")]
Settings = Annotated[list[str] | None, typer.Option(
    "--set", "-s", metavar="KEY=VALUE", help="Replace a value of the scenario. Repeat for more.")]
Seed = Annotated[int, typer.Option(min=0, help="Fixes all luck: the same seed brings the same customers.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Workers = Annotated[int | None, typer.Option(min=1, max=10_000, help="Processes; 1 is this one.  [default: all cores]")]
Plugins = Annotated[list[str] | None, typer.Option(
    "--plugin", metavar="MODULE", help="A Python module or file with policies of your own; its code runs. Repeat for more.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no advice.")]


def scenario_of(source: str, settings: list[str] | None) -> Scenario:
    """A scenario with what ``--set`` replaces."""
    from sim.policies.policy_file import is_policy_file
    from sim.scenario import Scenario
    from sim.scenario.overrides import parse_overrides

    if source.endswith(".toml") and Path(source).is_file():
        if is_experiment_file(Path(source)):
            raise IntakeLabError(f"{source}: is an experiment, not a scenario; intakelab run {source}")
        if is_policy_file(Path(source)):
            raise IntakeLabError(f"{source}: is a policy, not a scenario; intakelab compare --policy {source}")
    return Scenario.load(source, parse_overrides(settings or []))


def policy_of(text: str, plugins: list[str] | None = None) -> Policy:
    """A policy by name, from a TOML file, or from a plugin."""
    from sim.policies.catalogue import make

    if plugins:
        from sim.study.plugin import load_plugins

        own = load_plugins(plugins).policies
        if text in own:
            return own[text]
    if text.endswith(".py"):
        raise PolicyError(f"policy {text}: a policy in Python comes with --plugin {text}, and is then called by its own name")
    name, dot, ending = text.partition(":")[0].partition(".")
    if dot and ending != "toml" and "/" not in text and "\\" not in text:
        raise PolicyError(f"policy {text}: is neither a policy's name nor a TOML file; did you mean {name}.toml?")
    if text.endswith(".toml") or "/" in text or "\\" in text:
        from sim.policies.policy_file import load_policy

        return load_policy(text)
    return make(text)


def is_experiment_file(path: Path) -> bool:
    """Whether a TOML file asks a question; False for what cannot be read."""
    from sim.errors import ExperimentError
    from sim.toml.toml_file import parse, read_text

    try:
        return "question" in parse(read_text(path, ExperimentError), str(path), ExperimentError)
    except ExperimentError:
        return False
