"""The commands check, new and schema: files that people write. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kinds import ANY_OF_OURS, EXPERIMENT, POLICY, SCENARIO, expecting, kind_of
from sim.cli.options import Plugins, plan_of, policies_of
from sim.cli.output import cannot_write, show, write_text
from sim.errors import IntakeLabError, ScenarioError
from sim.toml.shown import escaped, nearest

if TYPE_CHECKING:
    from pydantic import BaseModel

commands = typer.Typer()


@commands.command()
def check(
    file: Annotated[str, typer.Argument(help="A scenario, a policy or an experiment.")], plugin: Plugins = None,
) -> None:
    """Say what is wrong with a file.

    Or, where nothing is, what it describes.
    """
    from sim.report.describe import describe_plan, describe_policy, describe_scenario
    from sim.scenario import Scenario

    try:
        said, after = describe_scenario(Scenario.load(file)), ["compare", file]
    except ScenarioError:
        kind = kind_of(file)
        if kind is POLICY:
            [made] = policies_of([file]) or []
            said, after = describe_policy(made), ["compare", "--policy", file, "--policy", "co-evaluated"]
        elif kind is EXPERIMENT:
            said, after = describe_plan(plan_of(file, plugin)), ["run", file, "--quick"]
        else:
            with expecting(SCENARIO if kind is SCENARIO else ANY_OF_OURS, file):
                raise
    show(f"{file}: fine. {said}")
    show("Next: " + shlex.join(["intakelab", *after]))


@commands.command()
def new(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]) -> None:
    """Write a commented scenario to start from."""
    from sim.scenario.template import new_scenario_text

    try:
        with open(file, "x", encoding="utf-8") as target:
            target.write(new_scenario_text(file.stem or "my-project"))
    except FileExistsError:
        raise IntakeLabError(f"{file}: exists already; intakelab new overwrites nothing") from None
    except (OSError, ValueError) as error:
        raise cannot_write(file, error) from None
    show(f"{file}: written; put in your own numbers.\nNext: " + shlex.join(["intakelab", "check", str(file)]))


@commands.command()
def schema(
    of: Annotated[str, typer.Argument(metavar="scenario|experiment|policy", help="Of which kind of file.")] = "scenario",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Print the JSON Schema of a scenario, an experiment or a policy file.

    For editors that complete and check TOML.
    """
    from sim.scenario.editor import editor_schema

    text = json.dumps(editor_schema(_model(of)), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        print(text, end="")
        return
    write_text(out, text)
    show(f"{out}: written. First line of a file beside it: #:schema ./{out.name}")


def _model(kind: str) -> type[BaseModel]:
    from sim.policies.policy_file import PolicyFile
    from sim.scenario import Scenario
    from sim.study.experiment import Experiment

    models: dict[str, type[BaseModel]] = {"scenario": Scenario, "experiment": Experiment, "policy": PolicyFile}
    if kind not in models:
        near = nearest(kind, models)
        hint = f"did you mean {near}? " if near else ""
        raise IntakeLabError(f"schema {escaped(kind)!r}: is not known; {hint}there are {', '.join(models)}")
    return models[kind]
