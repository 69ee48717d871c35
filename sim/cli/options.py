"""What several commands take, and how a name that is typed becomes a scenario, a policy, an experiment or a results folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kinds import EXPERIMENT, PLUGIN, POLICY, RESULTS, SCENARIO, expecting
from sim.errors import IntakeLabError

if TYPE_CHECKING:
    from sim.policies.policy import Policy
    from sim.runs.results_folder import ResultsFolder
    from sim.scenario import Scenario
    from sim.study.plan import Plan
    from sim.study.plugin import Plugin

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="A built-in scenario or a TOML file.")]
Policies = Annotated[list[str] | None, typer.Option(
    "--policy", "-p", metavar="NAME", help="A name, name:setting=value,..., or a TOML file made of parts. Repeat for more.")]
Anchors = Annotated[bool, typer.Option(
    "--anchors/--no-anchors", help="Whether accept-all and refuse-all are compared too where they are not named.")]
Settings = Annotated[list[str] | None, typer.Option(
    "--set", "-s", metavar="KEY=VALUE", help="Replace a value of the scenario. Repeat for more.")]
Seed = Annotated[int, typer.Option(min=0, help="Fixes all luck: the same seed brings the same customers.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Workers = Annotated[int | None, typer.Option(min=1, max=10_000, help="Processes; 1 is this one.  [default: all cores]")]
Plugins = Annotated[list[str] | None, typer.Option(
    "--plugin", metavar="MODULE", help="A Python module or file with policies of your own; its code runs. Repeat for more.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no advice.")]


def scenario_of(source: str, settings: list[str] | None = None) -> Scenario:
    """A scenario with what ``--set`` replaces."""
    from sim.scenario import Scenario
    from sim.scenario.overrides import parse_overrides

    with expecting(SCENARIO, source):
        return Scenario.load(source, parse_overrides(settings or []))


def policies_of(texts: list[str] | None, plugins: list[str] | None = None) -> list[Policy] | None:
    """Policies by name, from TOML files, or from plugins; None where none is named."""
    if not texts:
        return None
    from sim.policies.policy_file import policy_from

    own, found = plugin_of(plugins).policies, []
    for text in texts:
        with expecting(POLICY, text):
            found.append(policy_from(text, own))
    return found


def plugin_of(modules: list[str] | None) -> Plugin:
    """Policies of somebody's own; their code runs."""
    from sim.study.plugin import load_plugins

    with ExitStack() as expected:
        for module in modules or []:
            expected.enter_context(expecting(PLUGIN, module))
        return load_plugins(modules or [])


def plan_of(source: str, plugins: list[str] | None) -> Plan:
    """The plan of an experiment."""
    from sim.study.plan import plan_from

    plugin = plugin_of(plugins)
    with expecting(EXPERIMENT, source):
        return plan_from(source, plugin)


def results_in(folder: Path) -> ResultsFolder:
    """A results folder."""
    from sim.runs.results_folder import ResultsFolder

    with expecting(RESULTS, str(folder)):
        if folder.is_file():
            raise IntakeLabError(f"{folder}: is a file, not a results folder")
        return ResultsFolder.open(folder)


def repeated(option: str, texts: list[str] | None) -> Iterator[str]:
    """An option as it was typed, once for each text."""
    for text in texts or []:
        yield from (option, text)
